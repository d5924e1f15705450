"""Which typefaces there are: installed font packages, never the machine's own fonts."""

from functools import cache
from pathlib import Path

import fontpkg

BASE = "Atkinson Hyperlegible"
"""Drawn for readers with low vision; four static faces, so quick to embed."""

LETTERS = "Fira Sans"
"""Has the letters that the base family lacks (Welsh, Māori, Turkish, Vietnamese, Yoruba, Greek,
Cyrillic), whole, and says where accents stand on them: Source Sans does not, Noto Sans takes “ṣ”
and “ị” apart. Of about the same height, and four static faces, too."""

SCRIPTS = ("IBM Plex Sans Arabic",)
"""Families for the scripts that the base family lacks.

Noto Sans Arabic draws dots as glyphs of their own, which WeasyPrint cannot map back to
text: its words come out wrong when read aloud, and fail PDF/UA. Plex's do not.
"""


@cache
def folder(family: str) -> Path | None:
    """Where the files of an installed family lie, or None when no package brings it."""
    try:
        found = fontpkg.family(family)
    except fontpkg.FamilyNotInstalled:
        return None
    if found.name.casefold() != family.casefold():
        return None
    return Path(found.files[0].path).parent


def package(family: str) -> str:
    """The name of the Python package that would bring a family."""
    return f"fontpkg-{fontpkg.slugify(family)}"


MOST = 6
"""How many letters that no font has are named; they stand for the rest of their script."""


def lacking(letters: list[str]) -> str:
    """What to do about letters that no typeface has, each with the accents upon it."""
    named = [
        f"“{letter}” ({' '.join(f'U+{ord(each):04X}' for each in letter)})" for letter in letters
    ]
    more = [f"{len(named) - MOST} more"] if len(named) > MOST else []
    return (
        f"no font has {', '.join([*named[:MOST], *more])}: write it another way, or "
        "name a typeface that has it under `typography` in `_brand.yml`"
    )

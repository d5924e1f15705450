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


GENERIC = {
    "serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "math", "emoji",
    "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded", "-apple-system",
    "blinkmacsystemfont",
}  # fmt: skip
"""Names by which style sheets ask for any typeface of a kind."""

SYSTEM = {
    "arial", "arial black", "aptos", "avenir", "avenir next", "calibri", "cambria", "candara",
    "century gothic", "consolas", "courier", "courier new", "franklin gothic", "frutiger", "futura",
    "garamond", "georgia", "gill sans", "helvetica", "helvetica neue", "impact", "lucida grande",
    "menlo", "monaco", "optima", "palatino", "palatino linotype", "san francisco", "segoe ui",
    "tahoma", "times", "times new roman", "trebuchet ms", "verdana",
}  # fmt: skip
"""Families that come with systems and offices, and that no package may bring."""


def families(stack: str) -> list[str]:
    """The families of a list as style sheets write it, kinds of typefaces left out."""
    named = (name.strip().strip("\"'").strip() for name in stack.split(","))
    return [name for name in named if name and name.casefold() not in GENERIC]


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

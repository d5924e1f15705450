"""Which typefaces there are: installed font packages, never the machine's own fonts."""

from functools import cache
from pathlib import Path

import fontpkg

BASE = "Atkinson Hyperlegible"
"""Drawn for readers with low vision; four static faces, so quick to embed."""

SCRIPTS = ("IBM Plex Sans Arabic",)
"""Families for the scripts that the base family lacks.

Noto Sans Arabic draws dots as glyphs of their own, which WeasyPrint cannot map back to
text: its words come out wrong when read aloud, and fail PDF/UA. Plex's do not; though some
viewers, where words are copied, turn round the letters of a ligature such as lam-alef.
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

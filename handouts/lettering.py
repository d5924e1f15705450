"""Which letters the typefaces have, and words set whole in a typeface that has all of theirs.

Where a typeface lacks a letter such as “ŷ”, HarfBuzz takes it apart, and its accent stands beside
it; and a word of two typefaces looks like a fault. So such a word is set in `fonts.LETTERS`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from handouts import fonts, nodes
from handouts.model import Typeface

PLAIN = frozenset(
    map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x108), *b"\t\n", *map(ord, "–—‘’“”„…•−")])
)
"""Letters that the base family has: where there are no others, no file needs to be read."""

SHORT = 8
"""Up to how many words are set in one typeface, such as a clinic's name; of more, those only
that have to be."""

_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
"""Where they stand upon a letter, a typeface has to say; that it has both is not enough."""

_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def missing(text: str, typefaces: Iterable[Typeface] = ()) -> Iterator[str]:
    """The letters, each with its accents, that neither these typefaces nor our own can draw."""
    if PLAIN.issuperset(text):
        return
    families = (fonts.BASE, fonts.LETTERS, *fonts.SCRIPTS)
    faces = (*map(Typeface, families), *typefaces)
    for letter in _letters(text):
        if not any(_has(face, letter) for face in faces):
            yield letter


def unanchored(html: str, faces: Iterable[Typeface]) -> list[str]:
    """The letters of a page with accents for which no typeface has a place upon them."""
    if _ACCENT.search(unicodedata.normalize("NFC", html)) is None:
        return []
    words = Markup(html.partition("<body")[2]).striptags()  # noqa: S704  read, not printed
    return [letter for letter in missing(words, faces) if len(letter) > 1]


_ACCENT = re.compile("[\u0300-\u036f]")


def needs_letters(text: str, faces: Iterable[Typeface]) -> bool:
    """Whether a text has letters that one of its typefaces lacks and `fonts.LETTERS` has."""
    seen = set(unicodedata.normalize("NFC", text))
    if all(face == Typeface(fonts.BASE) for face in faces):
        seen -= PLAIN
    if not seen:
        return False
    lacking = seen - frozenset.intersection(*map(_coverage, faces))
    return not (lacking | (seen & _ACCENTS)).isdisjoint(_coverage(Typeface(fonts.LETTERS)))


def whole_words(html: str, faces: tuple[Typeface, ...]) -> str:
    """The page; words in which one of its typefaces lacks a letter are set in one that has all."""
    if not needs_letters(html, faces):
        return html

    def lacking(words: str) -> bool:
        """Signs may be of another typeface than the letters beside them."""
        letters = (each for each in _letters(words) if unicodedata.category(each[0])[0] in "LN")
        return any(not _has(face, each) for each in letters for face in faces)

    def change(html: str, _ltr: bool) -> str:
        text = unicodedata.normalize("NFC", unescape(html))
        words = re.split(r"(\s+)", text)
        if len(words) < 2 * SHORT and lacking(text):
            words = [text]
        return str(Markup("").join(map(_set, words, map(lacking, words))))

    return nodes.changed(html, change)


_OTHER = Markup("<span style=\"font-family: '{}'\">{}</span>")


def _set(words: str, lacking: bool) -> Markup:
    other = Typeface(fonts.LETTERS)
    if lacking and all(_has(other, letter) for letter in _letters(words)):
        return _OTHER.format(fonts.LETTERS, words)
    return escape(words)


def _letters(text: str) -> Iterator[str]:
    """What is to be seen of a text, letter by letter, each with the accents that follow it."""
    for found in re.finditer(
        r"[^\u0300-\u036f][\u0300-\u036f]*", unicodedata.normalize("NFC", text)
    ):
        if unicodedata.category(found[0][0]) not in _UNSEEN:
            yield found[0]


def _has(face: Typeface, letter: str) -> bool:
    known = _coverage(face)
    return all(each in known for each in letter) and (len(letter) == 1 or _anchored(face, letter))


@lru_cache(64)
def _coverage(face: Typeface) -> frozenset[str]:
    """The letters that all files of a typeface have."""
    found = [frozenset(map(chr, font.getBestCmap())) for font in _opened(face)]
    return frozenset.intersection(*found) if found else frozenset()


@lru_cache(1024)
def _anchored(face: Typeface, letter: str) -> bool:
    """Whether all files say where the accents stand upon just this letter."""
    return all(_has_anchors(font, letter) for font in _opened(face))


def _has_anchors(font: Any, letter: str) -> bool:
    names = font.getBestCmap()
    base, *marks = (names[ord(each)] for each in letter)
    below = [base, *marks]
    return all(
        any(_holds(table, mark, base if at == 0 else below[at]) for table in _tables(font))
        for at, mark in enumerate(marks)
    )


def _tables(font: Any) -> Iterator[Any]:
    """A font's tables of where marks stand, on letters and on other marks."""
    lookups = font["GPOS"].table.LookupList.Lookup if "GPOS" in font else ()
    for lookup in lookups:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if inner.LookupType in (4, 6):
                yield inner


def _holds(table: Any, mark: str, below: str) -> bool:
    on_letter = table.LookupType == 4
    upper = table.MarkCoverage if on_letter else table.Mark1Coverage
    lower = table.BaseCoverage if on_letter else table.Mark2Coverage
    return mark in upper.glyphs and below in lower.glyphs


@cache
def _family(family: str) -> tuple[Any, ...]:
    folder = fonts.folder(family)
    files = sorted(folder.iterdir()) if folder else ()
    return tuple(_open(file) for file in files if file.suffix in (".ttf", ".otf"))


def _opened(face: Typeface) -> tuple[Any, ...]:
    if not face.files:
        return _family(face.family)
    return tuple(_open(BytesIO(file.data)) for file in face.files)


def _open(file: Path | BytesIO) -> Any:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  slow to import, and seldom needed

    return TTFont(file, lazy=True)

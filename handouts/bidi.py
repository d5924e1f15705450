"""What runs from the left, set apart where a page runs from the right.

A page of Arabic has telephone numbers, names and addresses in Latin letters. Left to themselves,
the groups of a number come out reversed: what is between them runs as the page does. So each such
run is isolated, wherever it comes from. The groups of a number are held together by no-break
spaces: else PDFium reverses them again where it gives the text of the page. Numbers with a word
between them, or with an en dash, are not one run: “from 24 to 72” and “10–14” are read as the
page is.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from markupsafe import Markup, escape

from handouts import nodes

_PART = r"(?:\(\+?D+\)|\+?D+(?:[.,:/-]D+)*)"
_NUMBER = re.compile(rf"S? ?{_PART}(?:[ -]?{_PART})* ?%?")
"""A number, its groups and its sign, as `_classes` has them."""

_ALONE = re.compile(r"[LM]+|D+(?:[.,:/]D+)*")
"""What comes out right by itself, even on a page that runs from the right."""

_SENTENCE = re.compile(r"[.,:;!?] (?=[^L]*$)")
"""Where a number begins another sentence than the Latin words before it."""


def isolated(html: str) -> str:
    """A page or a piece that runs from the right, each run from the left in its words isolated."""
    return nodes.changed(html, _isolated)


def _isolated(html: str, ltr: bool) -> str:
    text = unescape(html)
    runs = [] if ltr else list(_runs(text))
    if not runs:
        return html
    done, place = [], 0
    for start, end, number in runs:
        run = text[start:end].replace(" ", "\N{NO-BREAK SPACE}") if number else text[start:end]
        done += [escape(text[place:start]), Markup('<bdi dir="ltr">{}</bdi>').format(run)]
        place = end
    return str(Markup("").join([*done, escape(text[place:])]))


def _runs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Each run from the left that needs it: its start, its end, whether it is a number."""
    classes = "".join(map(_class, text))
    for found in re.finditer(r"[^R]+", classes):
        if "L" not in found[0]:
            for number in _NUMBER.finditer(found[0]):
                yield from _needed(found.start() + number.start(), number[0], number=True)
            continue
        for piece in _pieces(found[0]):
            start, run = found.start() + piece.start(), piece[0]
            sentence = _SENTENCE.search(run) if found.end() < len(classes) else None
            run = run[: sentence.start()] if sentence else run
            yield from _needed(start, run, number=False)


def _pieces(run: str) -> Iterator[re.Match[str]]:
    """A run with Latin letters, in pieces that have both of their brackets, if any."""
    whole = run.count("(") == run.count(")") and run.find("(") <= run.find(")")
    pattern = r"[^\n]+" if whole else r"[^()\n]+"
    for piece in re.finditer(pattern, run):
        if "L" in piece[0]:
            yield piece


def _needed(start: int, run: str, *, number: bool) -> Iterator[tuple[int, int, bool]]:
    kept = run.rstrip(" ") if number else re.sub(r"[^LDM%)]+$", "", run)
    lead = len(kept) - len(kept.lstrip(" ") if number else re.sub(r"^[^LDS+(]+", "", kept))
    kept = kept[lead:]
    if kept and not _ALONE.fullmatch(kept):
        yield start + lead, start + lead + len(kept), number


def _class(letter: str) -> str:
    """A letter of a line by what it does to its direction; punctuation as it is."""
    way = unicodedata.bidirectional(letter)
    if way in ("R", "AL"):
        return "R"
    if way in ("EN", "AN"):
        return "D"
    if unicodedata.category(letter) == "Sc":
        return "S"
    if letter in "\u00a0\u202f\t\n":
        return " "
    known = {"L": "L", "NSM": "M", "\u2011": "-"}
    return known.get(letter, known.get(way, letter))

"""What runs from the left, set apart where a page runs from the right.

A page of Arabic has telephone numbers, names and addresses in Latin letters. Left to themselves,
the groups of a number come out reversed: what is between them runs as the page does. So each such
run is isolated, wherever it comes from. Numbers with a word between them, or with an en dash, are
not one run: “from 24 to 72” and “10–14” are read as the page is.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from markupsafe import Markup, escape

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|[^>\"])*)>|<[!?][^>]*>")
_DIRECTION = re.compile(r"\bdir\s*=\s*[\"']?(ltr|rtl)")
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}

_PART = r"(?:\(\+?D+\)|\+?D+(?:[.,:/-]D+)*)"
_NUMBER = re.compile(rf"S? ?{_PART}(?:[ -]?{_PART})* ?%?")
"""A number, its groups and its sign, as `_classes` has them."""

_ALONE = re.compile(r"[LM]+|D+(?:[.,:/]D+)*")
"""What comes out right by itself, even on a page that runs from the right."""

_SENTENCE = re.compile(r"[.,:;!?] (?=[^L]*$)")
"""Where a number begins another sentence than the Latin words before it."""


def isolated(html: str) -> str:
    """A page or a piece that runs from the right, each run from the left in its words isolated."""
    start = html.find("<body")
    done, place = [html[: max(start, 0)]], max(start, 0)
    open_: list[tuple[str, bool]] = []
    for tag in _TAG.finditer(html, place):
        ltr = bool(open_) and open_[-1][1]
        text = html[place : tag.start()]
        done += [text if ltr else _isolated(text), tag[0]]
        place = tag.end()
        _follow(tag, open_)
    return "".join([*done, html[place:]])


def _follow(tag: re.Match[str], open_: list[tuple[str, bool]]) -> None:
    """Note which elements are open after a tag, and whether they run from the left."""
    name = (tag[2] or "").lower()
    if tag[1] and name in {each for each, _ in open_}:
        while open_.pop()[0] != name:
            pass
    elif name and not tag[1] and name not in _VOID:
        own = _DIRECTION.search(tag[3])
        open_.append((name, own[1] == "ltr" if own else bool(open_) and open_[-1][1]))


def _isolated(html: str) -> str:
    text = unescape(html)
    runs = list(_runs(text))
    if not runs:
        return html
    done, place = [], 0
    for start, end, number in runs:
        kept = Markup(' class="digits"') if number else ""
        run = Markup('<bdi dir="ltr"{}>{}</bdi>').format(kept, text[start:end])
        done += [escape(text[place:start]), run]
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

"""Characters that nobody sees, or takes for others, in what people have typed or pasted."""

import re
import unicodedata
from collections.abc import Iterator

INVISIBLE = re.compile(
    r"[\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800"
    r"\u3164\ufe00-\ufe0d\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]"
)
"""Characters that no text needs and no eye sees: within a word they hide it from every rule."""

JOINERS = re.compile(r"[\u200c\u200d]")
MARKS = re.compile(r"[\u200e\u200f\u061c]")
SELECTORS = re.compile(r"[\ufe0e\ufe0f]")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
JOINED = (
    "ARABIC", "SYRIAC", "MANDAIC", "NKO", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA",
    "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "MONGOLIAN", "KHMER", "MYANMAR", "THAANA",
)  # fmt: skip
"""Scripts, by the names of their letters, in which a joiner changes how letters look."""

WIDE = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
HOLE = re.compile(rf"[{WIDE}][ {WIDE}]*[{WIDE}]")
"""Several spaces that nothing draws together: a gap in which words seem to be missing."""

DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", "-"))
QUOTED = re.compile(r"[“„‟][^“”„‟]*[”“]|[‘‚‛][^‘’‚‛]*[’‘]")
STRANGE = re.compile(rf"[{WIDE}\u2010\u2011\u200c-\u200f\u061c\uff01-\uff5e]")


def named(character: str) -> str:
    """The character's number and name, such as `U+00A0 NO-BREAK SPACE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def tidied(raw: object) -> object:
    """Text of one token with what was pasted for plain spaces, hyphens and digits put right."""
    if not isinstance(raw, str) or raw.isascii():
        return raw
    return unicodedata.normalize("NFKC", raw).translate(DASHES).strip()


def strange(text: str) -> int | None:
    """Where in a text of one token the first character stands that looks like another."""
    found = STRANGE.search(text)
    return found.start() if found else None


def faults(text: str, *, told: bool = True) -> Iterator[tuple[int, str]]:
    """What cannot be seen in a text: where in it, and what to do.

    `told`: people are to read it, so that it has to hold something to be read.
    """
    if not text.isascii():
        yield from _hidden(text)
        if found := HOLE.search(text):
            said = f"{named(found[0][0])} and more: several wide spaces leave a hole"
            yield found.start(), f"{said}: write one space"
    if told and text.strip() and is_blank(text):
        first = text.strip()[0]
        what = "a text of nothing that can be read"
        yield 0, f"{what}, only {named(first)}: write the words, or take it out"


def is_blank(text: str) -> bool:
    """Whether a text holds no letter, figure or sign that a reader sees."""
    return not any(
        unicodedata.category(each)[0] in "LNS" and not INVISIBLE.match(each) for each in text
    )


def is_quoted(text: str) -> bool:
    """Whether a text stands in one pair of curly quotes, typed where straight ones were meant."""
    return bool(QUOTED.fullmatch(text))


def _hidden(text: str) -> Iterator[tuple[int, str]]:
    for found in INVISIBLE.finditer(text):
        yield found.start(), _refused(found[0])
    for found in JOINERS.finditer(text):
        if not _joins(text, found.start()):
            yield found.start(), _refused(found[0])
    for found in MARKS.finditer(text):
        around = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        if not RIGHT_TO_LEFT.search(text) or all(map(str.isalpha, around)):
            yield found.start(), _refused(found[0])
    for found in SELECTORS.finditer(text):
        before = text[found.start() - 1 : found.start()] or " "
        if unicodedata.category(before)[0] != "S" and before not in "#*0123456789":
            yield found.start(), _refused(found[0])


def _refused(character: str) -> str:
    return f"{named(character)}, which nobody sees: delete it"


def _joins(text: str, index: int) -> bool:
    """Whether a joiner stands after a letter of a script that needs it, or within an emblem."""
    before = text[:index].rstrip("\ufe0f")[-1:]
    return unicodedata.name(before or " ").startswith(JOINED) or (
        unicodedata.category(before or " ") == "So"
    )

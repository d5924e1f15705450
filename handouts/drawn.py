"""What a page shows, drawn in the order in which it is read.

Whoever takes text from a PDF without its tags (copy and paste, search, portals, translators)
takes it as it is drawn. WeasyPrint draws as CSS layers say: what is positioned last of all, so
that a label such as “Do not” would follow what it is about. Here the texts of a page are drawn
again in the order of the structure tree, after all that lies behind them.
"""

import re
from collections.abc import Iterator
from typing import Any, cast

import pikepdf
from pikepdf import Array, Dictionary

from handouts.errors import LayoutError

_MARK = re.compile(rb"/\w+\s*<<\s*/MCID (\d+)\s*>>\s*BDC")

_OPERATOR = re.compile(rb"[A-Za-z*]+$")

_PATH = {b"m", b"l", b"c", b"v", b"y", b"h", b"re"}

_SETS = {
    operator.encode(): what
    for what, operators in {
        "fill": "cs g rg k",
        "fill shade": "sc scn",
        "stroke": "CS G RG K",
        "stroke shade": "SC SCN",
        "width": "w",
        "cap": "J",
        "join": "j",
        "miter": "M",
        "dash": "d",
        "font": "Tf",
        "letters": "Tc",
        "words": "Tw",
        "scale": "Tz",
        "leading": "TL",
        "mode": "Tr",
        "rise": "Ts",
    }.items()
    for operator in operators.split()
}
"""Operators that set one thing each, until the same is set anew; with a colour goes its shade."""


class _Level:
    """How things are drawn since a `q`: where, within what, in which colour and letters."""

    def __init__(self) -> None:
        self._where: list[bytes] = []
        self._set: dict[str | bytes, bytes] = {}

    def moved(self, *lines: bytes) -> None:
        self._where += lines

    def set(self, what: str | bytes, line: bytes) -> None:
        self._set.pop(what, None)
        if what in ("fill", "stroke"):
            self._set.pop(f"{what} shade", None)
        self._set[what] = line

    def lines(self) -> Iterator[bytes]:
        yield from self._where
        yield from self._set.values()


class _Page:
    """A page's content, taken apart into its texts and all else."""

    def __init__(self, texts: set[int]) -> None:
        self._texts = texts
        self._levels = [_Level()]
        self._path: list[bytes] = []
        self._clips = False
        self.rest: list[bytes] = []
        self.drawn: dict[int, list[bytes]] = {}
        self.behind = 0
        self.reopened: list[bytes] = []
        """How many lines of the rest lie before the last text, and what brings about anew
        what holds there."""

    def read(self, content: bytes) -> None:
        text: list[bytes] | None = None
        depth = 0
        for line in _MARK.sub(_in_one_line, content).split(b"\n"):
            if text is None:
                mark = _MARK.match(line)
                if mark and int(mark[1]) in self._texts:
                    depth, text = 1, [b"q", *self._now(), line]
                    self.drawn[int(mark[1])] = text
                    continue
                self.rest.append(line)
                self._follow(line)
                continue
            text.append(line)
            depth += line.endswith((b"BDC", b"BMC")) - line.endswith(b"EMC")
            if self._follow(line):
                self.rest.append(line)
            if not depth:
                text.append(b"Q")
                text = None
                self._note_place()

    def _now(self) -> Iterator[bytes]:
        for level in self._levels:
            yield from level.lines()

    def _note_place(self) -> None:
        self.behind = len(self.rest)
        first, *others = self._levels
        self.reopened = [b"q", *first.lines()]
        for level in others:
            self.reopened += [b"q", *level.lines()]

    def _follow(self, line: bytes) -> bool:
        """Note what a line changes of how things are drawn; whether it does."""
        found = _OPERATOR.search(line)
        operator = found[0] if found else b""
        if operator == b"q":
            self._levels.append(_Level())
        elif operator == b"Q":
            self._levels.pop()
        elif operator == b"cm":
            self._levels[-1].moved(line)
        elif operator == b"gs":
            self._levels[-1].set(line, line)
        elif operator in _SETS:
            self._levels[-1].set(_SETS[operator], line)
        else:
            self._follow_path(operator, line)
            return False
        return True

    def _follow_path(self, operator: bytes, line: bytes) -> None:
        if operator in _PATH:
            self._path.append(line)
        elif operator in (b"W", b"W*"):
            self._path.append(line)
            self._clips = True
        elif self._path:
            if self._clips:
                self._levels[-1].moved(*self._path, b"n")
            self._path, self._clips = [], False


def _in_one_line(mark: re.Match[bytes]) -> bytes:
    return b" ".join(mark[0].split())


def in_reading_order(document: pikepdf.Pdf) -> None:
    """Draw the texts of each page, and what fills its slots, in the order of the structure tree.

    Pictures stay where they are drawn, for there may be something drawn upon them. LayoutError
    for texts that are drawn apart from their page, all at once.
    """
    order = _order(document)
    for page in document.pages:
        wanted = order.get(cast(tuple[int, int], page.objgen), [])
        content = page.Contents.read_bytes()
        page.Contents.write(_ordered(content, wanted))


def _ordered(content: bytes, wanted: list[int]) -> bytes:
    page = _Page(set(wanted))
    page.read(content)
    if not set(wanted) <= set(page.drawn):
        raise LayoutError(
            "a style sheet fades text by `opacity`: give it a lighter `color` instead"
        )
    if wanted == list(page.drawn):
        return content
    depth = page.reopened.count(b"q")
    texts = [line for number in wanted for line in page.drawn[number]]
    before, after = page.rest[: page.behind], page.rest[page.behind :]
    closed = [b"Q"] * depth
    return b"\n".join([b"q", *before, *closed, *texts, *page.reopened, *after, b"Q"])


def _order(document: pikepdf.Pdf) -> dict[tuple[int, int], list[int]]:
    """The numbers of each page's texts and slots, as the structure tree has them."""
    found: dict[tuple[int, int], list[int]] = {}
    for element, number in _content(document.Root.StructTreeRoot.K[0]):
        if element.S != "/Figure" or str(element.get("/Alt", "")).startswith("slot:"):
            found.setdefault(element.Pg.objgen, []).append(number)
    return found


def _content(element: Any) -> Iterator[tuple[Any, int]]:
    """Each piece of marked content below an element, by its number, and whose it is."""
    kids = element.get("/K", ())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, int):
            yield element, kid
        elif isinstance(kid, Dictionary) and "/S" in kid:
            yield from _content(kid)

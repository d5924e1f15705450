"""A PDF's pages as pictures to look at on a screen, and where two of them differ."""

import threading
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

import pypdfium2
from PIL import Image, ImageChops

from handouts.errors import HandoutsError

SCALE = 2
"""Pixels to the pt: A4 is 1,191 of them wide, more than it is read at."""

COLORS = 96
"""How many a picture has: the inks of a sheet and the rims of its letters do with fewer."""

CELL = 8
"""In pixels: what differs is found in squares of 1.4 mm."""

REACH = range(-2, 3)
"""How many squares away from each other what differs is still one place: words of a line."""

_ONE_AT_A_TIME = threading.Lock()
"""pdfium serves one thread; what takes long is to pack the pictures, which all can do."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Picture:
    """A page as a PNG."""

    png: bytes
    width: int
    height: int

    @property
    def uri(self) -> str:
        """The picture itself, as an address."""
        return f"data:image/png;base64,{b64encode(self.png).decode()}"


@dataclass(frozen=True)
class Facing:
    """The same page of two PDFs; one of them may not have it. `marks`: where they differ.

    Of pages that are alike, one picture does for both.
    """

    number: int
    old: Picture | None
    new: Picture | None
    marks: tuple[Box, ...] = ()

    @property
    def same(self) -> bool:
        return bool(self.old and self.new) and not self.marks


def pictures(
    pdf: Path, numbers: Iterable[int] | None = None, scale: float = SCALE
) -> list[Picture]:
    """The pages, or those of these numbers that there are, counted from 1."""
    return [_packed(page) for page in _drawn(pdf, numbers, scale)]


def facing(old: Path | None, new: Path | None) -> list[Facing]:
    """Two PDFs page by page; one that is not there has no pages."""
    pages = (_drawn(pdf) if pdf else [] for pdf in (old, new))
    return [_faced(number, *pair) for number, pair in enumerate(zip_longest(*pages), 1)]


def first_difference(one: Path, other: Path) -> int | None:
    """The number of the first page that differs, if there is one."""
    pairs = zip_longest(_drawn(one), _drawn(other))
    differ = (not (old and new) or any(_marks(old, new)) for old, new in pairs)
    return next((number for number, each in enumerate(differ, 1) if each), None)


@dataclass(frozen=True)
class Pace:
    """How many are drawn at a time, and who is told how far that is."""

    jobs: int
    progress: Callable[[int, int], None]


def each(do: Callable[[Task], Result], tasks: Sequence[Task], pace: Pace) -> list[Result]:
    """What comes of the tasks, in their order, some done at the same time."""
    found = []
    with ThreadPoolExecutor(pace.jobs) as threads:
        for done, result in enumerate(threads.map(do, tasks), 1):
            found.append(result)
            pace.progress(done, len(tasks))
    return found


def _drawn(
    pdf: Path, numbers: Iterable[int] | None = None, scale: float = SCALE
) -> list[Image.Image]:
    with _ONE_AT_A_TIME:
        document = _opened(pdf)
        try:
            wanted = range(1, len(document) + 1) if numbers is None else numbers
            there = [number for number in wanted if number <= len(document)]
            return [_page(document[number - 1], scale) for number in there]
        finally:
            document.close()


def _opened(pdf: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise HandoutsError(f"{pdf} is damaged, so it cannot be shown") from None


def _page(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture.convert("RGB")


def _packed(page: Image.Image) -> Picture:
    few = page.quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    target = BytesIO()
    few.save(target, "PNG")
    return Picture(target.getvalue(), page.width, page.height)


def _faced(number: int, old: Image.Image | None, new: Image.Image | None) -> Facing:
    if old is None or new is None:
        return Facing(number, _packed(old) if old else None, _packed(new) if new else None)
    marks = tuple(_marks(old, new))
    first = _packed(old)
    return Facing(number, first, _packed(new) if marks else first, marks)


def _marks(old: Image.Image, new: Image.Image) -> Iterator[Box]:
    """Boxes round all that differs by as much as a shade, from the top down."""
    size = max(old.width, new.width), max(old.height, new.height)
    if old.size != new.size:
        yield 0, 0, *size
        return
    differing = reduce(ImageChops.lighter, ImageChops.difference(old, new).split())
    if differing.getbbox():
        boxes = [_in_pixels(size, island) for island in _islands(_cells(differing))]
        yield from sorted(filter(partial(_is_outermost, boxes), boxes), key=_place)


def _cells(differing: Image.Image) -> set[tuple[int, int]]:
    """The squares in which anything differs."""
    across, down = -(-differing.width // CELL), -(-differing.height // CELL)
    whole = Image.new("L", (across * CELL, down * CELL))
    whole.paste(differing.point(SEEN))
    levels = whole.reduce(CELL).tobytes()
    return {(at % across, at // across) for at, level in enumerate(levels) if level}


SEEN = [0] + [255] * 255
"""A pixel that differs at all outshines the rest of its square."""


def _islands(cells: set[tuple[int, int]]) -> Iterator[Box]:
    """Boxes round those that are near each other, in squares."""
    left = set(cells)
    while left:
        edge = {left.pop()}
        island = set(edge)
        while edge:
            edge = {(x + i, y + j) for x, y in edge for i in REACH for j in REACH} & left
            left -= edge
            island |= edge
        columns, rows = zip(*island, strict=True)
        yield min(columns), min(rows), max(columns) + 1, max(rows) + 1


def _in_pixels(size: tuple[int, int], box: Box) -> Box:
    left, top, right, bottom = (edge * CELL for edge in box)
    return left, top, min(right, size[0]), min(bottom, size[1])


def _is_outermost(boxes: list[Box], box: Box) -> bool:
    """Whether a box lies in none of the others."""
    left, top, right, bottom = box
    return not any(
        other != box
        and (other[0] <= left and other[1] <= top and right <= other[2] and bottom <= other[3])
        for other in boxes
    )


def _place(box: Box) -> tuple[int, int]:
    return box[1], box[0]

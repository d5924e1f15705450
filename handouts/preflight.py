"""What a PDF is like on paper, page by page, as pdfium draws it."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, combinations, groupby
from math import ceil, floor, hypot

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageStat

from handouts.color import contrast, luma
from handouts.sheet import EDGE

MM = 25.4 / 72
"""One pt in mm."""

SCALE = 2
"""Pixels to the pt: one is 0.18 mm, which is finer than `TOLERANCE`."""

TOLERANCE = 0.3
"""In mm: what rounding to pixels and the curves of letters may come to."""

BLANK = 245
"""The least that each of red, green and blue has where paper is as good as bare."""

SPECK = 0.05
"""The share of a text's ground that does not count: a hairline, the rim of a box."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in mm, from the upper left corner of the paper."""


@dataclass(frozen=True)
class Text:
    """Words that were set in one go, mostly a line of them; `box` goes round their letters.

    `behind`: the grey that they stand on, or of several the one on which they are read worst.
    `contrast`: how far they stand out from it, as WCAG reckons it, both turned to grey.
    """

    words: str
    size_pt: float
    color: str
    behind: str
    contrast: float
    box: Box
    page: int


@dataclass(frozen=True)
class Ink:
    """How much of a page's area is covered, from 0 for bare paper to 1 for black all over.

    `color`: the mean of 1−R, 1−G and 1−B over all pixels, which is about what a printer lays
    down of cyan, magenta and yellow. `mono`: the mean of 1−Y, where Y is the grey that a
    printer without colour makes of a pixel (0.299 R + 0.587 G + 0.114 B).
    """

    color: float
    mono: float


@dataclass(frozen=True)
class Page:
    """A page as it is printed; `printed` goes round all that can be seen, if there is any."""

    number: int
    width_mm: float
    height_mm: float
    texts: tuple[Text, ...]
    ink: Ink
    printed: Box | None

    @property
    def edge(self) -> float:
        """How near anything comes to an edge of the paper, in mm; below 0 it is off the page."""
        boxes = [text.box for text in self.texts]
        if self.printed:
            boxes.append(self.printed)
        return min(map(self.from_edge, boxes), default=min(self.width_mm, self.height_mm) / 2)

    def from_edge(self, box: Box) -> float:
        """How far a box is from the edge that it is nearest to, in mm."""
        left, top, right, bottom = box
        return min(left, top, self.width_mm - right, self.height_mm - bottom)


def outside(page: Page) -> list[Text]:
    """The texts that are off the page, or where an office printer may not print them."""
    return [text for text in page.texts if page.from_edge(text.box) < EDGE - TOLERANCE]


def overlaps(page: Page) -> list[tuple[Text, Text]]:
    """The pairs of texts whose letters lie upon each other."""
    return [(one, other) for one, other in combinations(page.texts, 2) if _meet(one.box, other.box)]


def _meet(one: Box, other: Box) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return min(width, height) > TOLERANCE


def pages(pdf: bytes) -> tuple[Page, ...]:
    """The pages of a PDF, measured."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_page(page, number) for number, page in enumerate(document, 1))
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = (size * MM for size in page.get_size())
    runs = list(_runs(page))
    picture = _drawn(page)
    ink = Ink(_covered(ImageStat.Stat(picture).mean), _covered(ImageStat.Stat(_grey(picture)).mean))
    _hide_texts(page)
    ground = _grey(_drawn(page))
    across, down = width / ground.width, height / ground.height
    texts = tuple(run.text(number, height, lambda box: _levels(ground, box)) for run in runs)
    found = _not_blank(picture)
    printed = _scaled(found, across, down) if found else None
    return Page(number, width, height, texts, ink, printed)


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    picture: Image.Image = page.render(scale=SCALE).to_pil()
    return picture.convert("RGB")


def _grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L")


def _covered(means: list[float]) -> float:
    return 1 - sum(means) / len(means) / 255


def _not_blank(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The box, in pixels, round all that is not bare paper."""
    red, green, blue = picture.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return darkest.point([255 * (level < BLANK) for level in range(256)]).getbbox()


def _scaled(box: tuple[float, ...], across: float, down: float) -> Box:
    left, top, right, bottom = box
    return left * across, top * down, right * across, bottom * down


def _hide_texts(page: pypdfium2.PdfPage) -> None:
    """Make the page show what lies behind its texts; what stands in a form is reached too."""
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=DEPTH):
        pdfium.FPDFTextObj_SetTextRenderMode(item, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


DEPTH = 15
"""How many forms within forms are looked into; ours are one or two deep."""


def _levels(ground: Image.Image, box: Box) -> list[int]:
    """How many pixels of each grey there are in a box."""
    left, top, right, bottom = (edge / MM * SCALE for edge in box)
    left, top = max(floor(left), 0), max(floor(top), 0)
    right, bottom = min(ceil(right), ground.width), min(ceil(bottom), ground.height)
    if left >= right or top >= bottom:
        return [0] * 256
    return ground.crop((left, top, right, bottom)).histogram()


@dataclass(frozen=True)
class _Run:
    """Letters with one font, size and fill; `box` in pt, from the lower left corner."""

    words: str
    size_pt: float
    fill: tuple[int, int, int, int]
    box: tuple[float, float, float, float]

    def text(self, page: int, height: float, levels: Callable[[Box], list[int]]) -> Text:
        left, bottom, right, top = (edge * MM for edge in self.box)
        box = left, height - top, right, height - bottom
        ratio, behind = _worst(self.fill, levels(box))
        red, green, blue, _ = self.fill
        color = f"#{red:02x}{green:02x}{blue:02x}"
        return Text(self.words, self.size_pt, color, behind, ratio, box, page)


def _worst(fill: tuple[int, int, int, int], levels: list[int]) -> tuple[float, str]:
    """The contrast of a text where it is read worst, specks aside, and the grey behind it."""
    *color, alpha = fill
    own = luma(*color)
    grounds = [level for level, count in enumerate(levels) if count] or [255]
    seen = {level: level + (own - level) * alpha / 255 for level in grounds}
    ratios = sorted((contrast(_hex(seen[level]), _hex(level)), _hex(level)) for level in grounds)
    shares = accumulate(levels[int(behind[1:3], 16)] for _, behind in ratios)
    return next(
        found for found, share in zip(ratios, shares, strict=True) if share >= SPECK * sum(levels)
    )


def _hex(level: float) -> str:
    return "#" + f"{round(level):02x}" * 3


def _runs(page: pypdfium2.PdfPage) -> Iterator[_Run]:
    """The texts of a page, those in forms too, each as large as all matrices make it."""
    textpage = page.get_textpage()

    def whose(index: int) -> int | None:
        owner = pdfium.FPDFText_GetTextObject(textpage, index)
        return ctypes.cast(owner, ctypes.c_void_p).value

    letters = (
        index
        for index in range(textpage.count_chars())
        if pdfium.FPDFText_IsGenerated(textpage, index) != 1
    )
    for _, group in groupby(letters, whose):
        inked = list(group)
        words = "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in inked)
        boxes = [
            textpage.get_charbox(i)
            for i, letter in zip(inked, words, strict=True)
            if letter.strip()
        ]
        if boxes:
            left, bottom, right, top = zip(*boxes, strict=True)
            box = min(left), min(bottom), max(right), max(top)
            yield _Run(_plain(words), _size(textpage, inked[0]), _fill(textpage, inked[0]), box)


def _plain(words: str) -> str:
    """The words without what a terminal might obey; pdfium marks a line's last hyphen so."""
    return "".join(letter for letter in words.replace("\x02", "-") if letter.isprintable()).strip()


def _size(textpage: pypdfium2.PdfTextPage, index: int) -> float:
    """The size of a letter on the page: its font's, times what all matrices make of its height."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    return float(pdfium.FPDFText_GetFontSize(textpage, index) * hypot(matrix.c, matrix.d))


def _fill(textpage: pypdfium2.PdfTextPage, index: int) -> tuple[int, int, int, int]:
    """Red, green, blue and how opaque; inks are told as what fills them."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha)
    return red.value, green.value, blue.value, alpha.value

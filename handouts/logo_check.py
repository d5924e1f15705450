"""Whether the logo on a finished page looks as its file does."""

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from handouts import artwork, similarity
from handouts.artwork import LogoPrint

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in pt, from the lower left corner of the page."""

SHAPE = 0.03
"""How much the width by the height may differ from the file's: what rounding comes to."""

ACROSS = 256
"""Pixels of the longer side at which logo and page are compared."""

DEPTH = 4
"""How many forms within forms are looked into: a booklet's page, its letterhead, the logo."""

FINER = 3
"""How much finer both are drawn, so that it does not matter where their pixels begin."""


def differing(pdf: bytes, logo: LogoPrint) -> float | None:
    """The share of a logo's ink that looks otherwise on the first page; None if it is not there."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        found = [_compared(page, box, logo) for box in boxes(page, logo)]
        return min(found, default=None)
    finally:
        document.close()


def boxes(page: pypdfium2.PdfPage, logo: LogoPrint) -> Iterator[Box]:
    """Where a picture of the logo's shape stands in a form on the page."""
    kinds = [pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_IMAGE]
    for item in page.get_objects(filter=kinds, max_depth=DEPTH):
        if item.container is None:
            continue
        (left, bottom), (right, top) = (0.0, 0.0), (1.0, 1.0)
        while item is not None:
            matrix, item = item.get_matrix(), item.container  # noqa: PLW2901  outwards
            left, bottom = matrix.on_point(left, bottom)
            right, top = matrix.on_point(right, top)
        width, height = right - left, top - bottom
        if width > 0 and height > 0:
            shape = width / height / (logo.width / logo.height)
            if abs(shape - 1) <= SHAPE:
                yield left, bottom, right, top


def reference(logo: LogoPrint, across: int = ACROSS) -> Image.Image:
    """How the logo should look on its ground, `across` pixels on its longer side."""
    width = max(1, round(across * min(1.0, logo.artwork.aspect)))
    height = max(1, round(width / logo.artwork.aspect))
    seen = artwork.drawn(logo.artwork, FINER * width)
    shown = artwork.printed(seen, logo.ground, grey=logo.grey, turned=logo.turned)
    return shown.resize((width, height), Image.Resampling.BOX)


def _compared(page: pypdfium2.PdfPage, box: Box, logo: LogoPrint) -> float:
    wanted = reference(logo)
    scale = FINER * wanted.width / (box[2] - box[0])
    drawn: Image.Image = page.render(scale=scale, crop=_around(page, box)).to_pil()
    cut = drawn.convert("RGB").resize(wanted.size, Image.Resampling.BOX)
    return similarity.differing(wanted, cut)


def _around(page: pypdfium2.PdfPage, box: Box) -> tuple[float, float, float, float]:
    """What to leave out at the left, the bottom, the right and the top."""
    width, height = page.get_size()
    left, bottom, right, top = box
    return left, bottom, width - right, height - top

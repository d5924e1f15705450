"""The page pictures in the README, drawn from the PDFs in output/.

make pdfs && .venv/bin/python -m tests.pictures
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from handouts.build import How
from handouts.load import load_with_places
from handouts.plan import Plan, Selection, plan
from handouts.proofs import make
from tests.contact import LETTERHEADS, dressed

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / ".github/pictures"

STRIPS = {
    "three-sheets": [
        ("rosewater/en/microneedling-risks.pdf", 1),
        ("al-noor/ar/microneedling-aftercare.pdf", 1),
        ("juniper-bay/en/microneedling-consent.pdf", 1),
    ],
    "letterheads": [
        (f"rosewater-{name}/en/microneedling-aftercare.pdf", 1) for name in LETTERHEADS
    ],
    "formats": [
        ("rosewater/en/microneedling-aftercare.pdf", 2),
        ("rosewater/en/microneedling-aftercare-mono.pdf", 2),
        ("rosewater/en/microneedling-aftercare-large-print.pdf", 1),
    ],
}
"""Each picture's pages from left to right: the PDF in output/, or one of `in_every_letterhead`,
and the number of the page."""


def in_every_letterhead(folder: Path) -> None:
    """Rosewater's aftercare in each letterhead, as PDFs in a folder of its own for each."""
    library, documents = load_with_places(ROOT)
    wanted = Selection(("rosewater",), handouts=("aftercare",), formats=("standard",))
    (edition,) = plan(library, wanted, date.today()).editions
    todo = Plan(tuple(dressed(edition, name) for name in LETTERHEADS))
    report = make(todo, ROOT, folder, How(), documents)
    assert report.exit_code == 0, report.complaints()


WIDTH, GAP = 1600, 34
PAPER, EDGE, SHADOW = (255, 255, 255), (208, 212, 217), (168, 174, 182)
MAX_BYTES = 250_000


def page_picture(pdf: Path, number: int, pixels_per_point: float) -> Image.Image:
    """One page; drawn four times as large first, so that small letters stay clear."""
    page = pypdfium2.PdfDocument(pdf)[number - 1]
    size = round(page.get_width() * pixels_per_point), round(page.get_height() * pixels_per_point)
    large = page.render(scale=4 * pixels_per_point).to_pil().convert("RGB")
    return large.resize(size, Image.Resampling.LANCZOS)


def strip(pages: list[tuple[Path, int]]) -> Image.Image:
    """The pages side by side on white, all at one scale, each with an edge and a shadow."""
    points = sum(pypdfium2.PdfDocument(pdf)[number - 1].get_width() for pdf, number in pages)
    scale = (WIDTH - GAP * (len(pages) + 1)) / points
    pictures = [page_picture(pdf, number, scale) for pdf, number in pages]
    canvas = Image.new("RGB", (WIDTH, max(one.height for one in pictures) + 2 * GAP), PAPER)
    boxes, left = [], GAP
    for picture in pictures:
        boxes.append((left, GAP, left + picture.width, GAP + picture.height))
        left += picture.width + GAP
    draw = ImageDraw.Draw(canvas)
    for x, y, right, bottom in boxes:
        draw.rectangle((x + 1, y + 4, right + 1, bottom + 5), fill=SHADOW)
    canvas = canvas.filter(ImageFilter.GaussianBlur(5))
    draw = ImageDraw.Draw(canvas)
    for picture, (x, y, right, bottom) in zip(pictures, boxes, strict=True):
        canvas.paste(picture, (x, y))
        draw.rectangle((x - 1, y - 1, right, bottom), outline=EDGE)
    return canvas


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        in_every_letterhead(Path(name))
        for strip_name, pages in STRIPS.items():
            draw(strip_name, [(_path(pdf, Path(name)), number) for pdf, number in pages])


def _path(pdf: str, folder: Path) -> Path:
    return folder / pdf if (folder / pdf).is_file() else ROOT / "output" / pdf


def draw(name: str, pages: list[tuple[Path, int]]) -> None:
    """Draw one picture into the repository, with few enough colours to be small."""
    picture = strip(pages)
    path = PICTURES / f"{name}.png"
    few = picture.quantize(255, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {picture.width} × {picture.height}  {size:,} bytes")
    assert size < MAX_BYTES, "too large for a README: fewer colours or pages"


if __name__ == "__main__":
    main()

"""The page pictures in the README, drawn from the PDFs in output/.

make pdfs && .venv/bin/python -m tests.pictures
"""

from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / ".github/pictures"

STRIPS = {
    "three-sheets": [
        ("rosewater/en/microneedling-risks.pdf", 1),
        ("al-noor/ar/microneedling-aftercare.pdf", 1),
        ("juniper-bay/en/microneedling-consent.pdf", 1),
    ],
    "three-brands": [
        ("rosewater/en/microneedling-aftercare.pdf", 1),
        ("juniper-bay/en/microneedling-aftercare.pdf", 1),
        ("al-noor/en/microneedling-aftercare.pdf", 1),
    ],
}
"""Each picture's pages from left to right: the PDF in output/ and the number of the page."""

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
    for name, pages in STRIPS.items():
        picture = strip([(ROOT / "output" / pdf, number) for pdf, number in pages])
        path = PICTURES / f"{name}.png"
        few = picture.quantize(255, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        size = path.stat().st_size
        print(f"{path.relative_to(ROOT)}  {picture.width} × {picture.height}  {size:,} bytes")
        assert size < MAX_BYTES, "too large for a README: fewer colours or pages"


if __name__ == "__main__":
    main()

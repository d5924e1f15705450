"""Texts are drawn in the order in which they are read, whatever a style sheet does."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import ImageChops

from handouts import fonts
from handouts.compose import _slot_images
from handouts.errors import LayoutError
from handouts.render import lay_out
from handouts.sheet import Sheet, Typeface
from tests.texts import bare, by_pdfium, by_pypdf, by_tags

PAGE = """<html lang="en"><head><title>Care</title></head><body>
<h1>Care</h1>
<div class="group"><p class="label">Do not</p><p class="what">Pick the flakes.</p></div>
<div class="group"><p class="label">Do</p><p class="what">Use the gel.</p></div>
<p class="end">Call us.</p>
</body></html>"""
READ = "Care Do not Pick the flakes. Do Use the gel. Call us."
STYLES = {
    "absolute": ".group { position: relative; padding-left: 30mm }"
    ".label { position: absolute; left: 0; top: 0 }",
    "relative": ".label { position: relative; top: 1mm; color: #a00 }",
    "z-index": "h1, .label { position: relative; z-index: 2 } .what { color: #00a }",
    "float": ".group { padding-left: 30mm } .label { float: left; margin-left: -30mm }",
    "turned": ".label { transform: rotate(4deg) } .what { text-decoration: underline }",
    "clipped": ".group { position: relative; overflow: hidden; padding-left: 30mm;"
    "background: #eee } .label { position: absolute; left: 0; top: 0 }",
}


def laid_out(css: str) -> bytes:
    base = f"html {{ font: 12pt '{fonts.BASE}' }} @page {{ size: 120mm 90mm; margin: 8mm }} "
    return lay_out(Sheet(PAGE, base + css, _slot_images(), (Typeface(fonts.BASE),))).pdf


@pytest.mark.parametrize("style", STYLES)
def test_a_style_sheet_changes_the_look_and_not_the_order(style: str) -> None:
    pdf = laid_out(STYLES[style])
    plate = bare(pdf)
    assert by_pdfium(plate) == by_pypdf(plate) == [READ]
    assert by_tags(plate)[0].replace(" ", "") == READ.replace(" ", "")
    before, after = (
        pypdfium2.PdfDocument(BytesIO(each))[0].render(scale=3).to_pil() for each in (pdf, plate)
    )
    assert ImageChops.difference(before, after).getbbox() is None


def test_laid_out_positioned_boxes_do_come_last() -> None:
    assert by_pdfium(laid_out(STYLES["absolute"])) != [READ]


def test_text_that_is_faded_cannot_be_put_in_order() -> None:
    with pytest.raises(LayoutError, match="fades text by `opacity`: give it a lighter `color`"):
        bare(laid_out(".label { opacity: .5 }"))

"""A plate is opened once, and an edition is the plate with one section appended."""

from dataclasses import replace
from io import BytesIO

import page
import pikepdf
import pypdfium2
import pytest

from handouts import fonts
from handouts.compose import _slot_images
from handouts.layouts import Job, lay_out
from handouts.overprint import Imprint, Plate, Stationery, overprint
from handouts.plates import make_stationery
from handouts.sheet import Piece, Sheet, Typeface

FACES = (Typeface(fonts.BASE),)
IMPRINT = Imprint(
    "Risks – Röse & <Co>",
    "Röse & <Co>",
    "MN-RISKS-EN",
    (("primary", "#ff0000"), ("accent", "#0000ff")),
)
HTML = """<html lang="en"><head><title>Risks</title></head><body>
<div class="head"><img alt="slot:letterhead" src="asset:letterhead.png"></div>
<h1>Risks</h1><p class="ink">Words</p><img alt="slot:contact" src="asset:contact.png">
<p class="next">More</p>
</body></html>"""
CSS = f"""html {{ font-family: '{fonts.BASE}' }}
@page {{ size: 100mm 100mm; margin: 25mm 10mm 10mm; @top-center {{ content: element(head) }} }}
.head {{ position: running(head) }} .head img {{ width: 80mm; height: 10mm }}
.ink {{ background: color(--primary 1); border-left: 5mm solid color(--accent .5) }}
.next {{ break-before: page }} img {{ display: block; width: 50mm; height: 12mm }}"""
PIECES = (Piece("letterhead", 80, 10), Piece("contact", 50, 12))
BRAND = """<html lang="en"><body><div style="page: a">Röse Clinic</div>
<div style="page: b; color: color(--primary 1)">
<p>020 7946 0181</p><p>Call us</p></div></body></html>"""
BRAND_CSS = f"""html {{ font-family: '{fonts.BASE}' }} body, p {{ margin: 0 }}
@page a {{ size: 280mm 310mm; margin: 0 200mm 0 0 }}
@page b {{ size: 250mm 312mm; margin: 0 200mm 0 0 }}"""


def made(job: Job, kind: type) -> Plate | Stationery:
    record = lay_out(job)
    assert isinstance(record, kind)
    return record


@pytest.fixture(scope="module")
def plate() -> Plate:
    return made(Job(Sheet(HTML, CSS, _slot_images(), FACES)), Plate)


@pytest.fixture(scope="module")
def stationery() -> Stationery:
    return made(Job(Sheet(BRAND, BRAND_CSS, (), FACES), PIECES), Stationery)


def texts(pdf: bytes) -> list[str]:
    return [sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(pdf)]


def test_a_plate_knows_its_inks_slots_and_readings(plate):
    assert {"primary", "accent 0.5", "#000000"} == set(plate.swatches)
    assert set(plate.slots) == {"letterhead", "contact"}
    assert plate.readings["letterhead"] == ()
    assert len(plate.readings["contact"]) == 1
    assert (plate.pages, plate.language) == (2, "en")


def test_the_plate_is_not_rewritten(plate, stationery):
    pdf = overprint(plate, stationery, IMPRINT)
    assert pdf.startswith(plate.pdf)
    assert len(pdf) < len(plate.pdf) + 30_000


def test_stationery_shows_on_every_page_that_has_its_slot(plate, stationery):
    first, second = texts(overprint(plate, stationery, IMPRINT))
    assert "Röse Clinic" in first
    assert "Röse Clinic" in second
    assert "020 7946 0181" in first
    assert "020 7946 0181" not in second


def test_inks_are_filled_and_tints_are_mixed_with_paper(plate, stationery):
    picture = (
        pypdfium2.PdfDocument(overprint(plate, stationery, IMPRINT))[0]
        .render(scale=2)
        .to_pil()
        .convert("RGB")
    )
    colors = {color for _, color in picture.getcolors(100_000)}
    assert (255, 0, 0) in colors
    assert any(
        abs(red - 128) < 3 and abs(green - 128) < 3 and blue == 255 for red, green, blue in colors
    )


def test_an_overprinted_plate_is_valid_pdf_ua(plate, stationery):
    report = page.validate_pdf_bytes(overprint(plate, stationery, IMPRINT), profile="ua1")
    assert [failure.message for failure in report.failures] == []


def test_strict_readers_find_nothing_to_repair(plate, stationery):
    with pikepdf.open(BytesIO(overprint(plate, stationery, IMPRINT))) as document:
        assert document.get_warnings() == []
        assert document.check_pdf_syntax() == []
        assert document.docinfo.Title == IMPRINT.title
        assert document.docinfo.Author == IMPRINT.author
        assert b"<dc:identifier>MN-RISKS-EN</dc:identifier>" in document.Root.Metadata.read_bytes()


def test_what_repeats_on_every_page_is_an_artifact(plate, stationery):
    with pikepdf.open(BytesIO(overprint(plate, stationery, IMPRINT))) as document:
        for sheet in document.pages:
            assert b"/Artifact << /Type /Pagination >> BDC" in sheet.Contents.read_bytes()
        figures = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert figures == []


def test_a_slot_is_read_out_as_a_paragraph_of_its_words(plate, stationery):
    with pikepdf.open(BytesIO(overprint(plate, stationery, IMPRINT))) as document:
        element = document.get_object(plate.readings["contact"][0][0], 0)
        assert element.S == "/P"
        assert str(element.ActualText) == "020 7946 0181. Call us"
        assert "/Alt" not in element
        kid = document.Root.StructTreeRoot.ParentTree.Nums[1][int(element.K[0])]
        assert kid.objgen == element.objgen


def test_equal_input_gives_equal_bytes_and_any_difference_another_identifier(plate, stationery):
    def identifier(pdf: bytes) -> bytes:
        with pikepdf.open(BytesIO(pdf)) as document:
            return bytes(document.trailer.ID[1])

    one = overprint(plate, stationery, IMPRINT)
    assert overprint(plate, stationery, IMPRINT) == one
    others = [
        overprint(plate, stationery, replace(IMPRINT, author="Other")),
        overprint(
            plate,
            stationery,
            replace(IMPRINT, inks=(("primary", "#ff0001"), ("accent", "#0000ff"))),
        ),
        overprint(
            plate, replace(stationery, words={**stationery.words, "contact": "Other"}), IMPRINT
        ),
    ]
    assert len({identifier(pdf) for pdf in (one, *others)}) == 4


def test_appended_objects_are_numbered_right_after_the_plates(plate, stationery):
    with pikepdf.open(BytesIO(overprint(plate, stationery, IMPRINT))) as document:
        added = len(stationery.objects) + 2
        assert len(document.objects) == plate.size - 1 + added
        assert document.trailer.Size == plate.size + added


def test_numbers_inside_streams_are_left_alone():
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 300))
    document.pages[0].Contents = document.make_stream(b"% 5 0 R 7 0 obj\n")
    pdf = BytesIO()
    document.save(pdf, compress_streams=False)
    made = make_stationery(pdf.getvalue(), (Piece("contact", 50, 12),), ("x",))
    assert any(
        b"% 5 0 R 7 0 obj" in part for part in made.forms["contact"] if isinstance(part, bytes)
    )


def test_no_two_font_subsets_share_a_name(plate, stationery):
    with pikepdf.open(BytesIO(overprint(plate, stationery, IMPRINT))) as document:
        names = [
            str(item.FontName)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
    assert len(names) == len(set(names)) > 2

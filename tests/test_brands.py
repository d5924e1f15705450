"""Whatever a clinic brings, it gets a good page or is told what to do: no page is half made."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import page
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageChops

from handouts import logo_check, placing
from handouts.build import How, build
from handouts.inks import fills
from handouts.load import load
from handouts.packs import faults, proof
from handouts.plan import Edition, Selection, plan
from handouts.preflight import MM, Box, Page, Text, overlaps, pages
from handouts.report import Row
from handouts.sheet import size
from tests import brands
from tests.brands import BRANDS

SCALE = 4
"""Pixels to the pt at which a logo is looked for."""

NEAR = 0.5
"""In mm: what smooth edges and the rounding of a slot's place may come to."""


@dataclass(frozen=True)
class Tried:
    """What came of all brands: each edition, and the row of each that was to be made."""

    root: Path
    editions: dict[str, Edition]
    rows: tuple[Row, ...]

    def of(self, name: str) -> list[Row]:
        return [row for row in self.rows if row.path.split("/")[0] == name]

    def pdf(self, path: str) -> bytes:
        return (self.root / "output" / path).read_bytes()


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    root = tmp_path_factory.mktemp("brands")
    for name, content in brands.files().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = plan(load(root), Selection())
    editions = tuple(filter(is_wanted, found.editions))
    report = build(replace(found, editions=editions), root, root / "output", How())
    return Tried(root, {each.path: each for each in editions}, tuple(report.rows))


def is_wanted(edition: Edition) -> bool:
    """One sheet will do: that with all slots, or the one that may be folded."""
    return edition.handout == ("leaf" if edition.format.startswith("booklet") else "card")


def test_every_letterhead_style_format_and_paper_is_tried(tried: Tried) -> None:
    made = [tried.editions[row.path] for row in tried.rows if row.outcome == "made"]
    looks = Counter(edition.clinic.livery.style for edition in made)
    assert len({name for name in BRANDS if tried.of(name)}) == len(BRANDS) >= 36
    assert len(looks) == 4 * 3 * 2
    assert len({(edition.format, edition.body.paper) for edition in made}) == 6 * 2


@pytest.mark.parametrize("name", BRANDS)
def test_a_brand_gets_good_pages_or_is_told_what_to_do(tried: Tried, name: str) -> None:
    expected = BRANDS[name].error
    rows = tried.of(name)
    assert rows
    assert all(any(is_for(form, row.path) for row in rows) for form in expected)
    for row in rows:
        told = next((words for form, words in expected.items() if is_for(form, row.path)), "")
        if told:
            assert row.outcome in {"failed", "refused"}, row.path
            assert re.match(rf"data/clinics/{name}/(clinic\.yaml|_brand\.yml):", row.why), row.why
            assert told in row.why
            assert "\n" not in row.why
            assert not (tried.root / "output" / row.path).is_file()
        else:
            assert (row.outcome, row.why) == ("made", "new"), row.why
            assert list(wrong(tried.editions[row.path], tried.pdf(row.path))) == []


def is_for(form: str, path: str) -> bool:
    """Whether what is said of a format, or of all, is said of this file."""
    if form in {"", "standard"}:
        return not form or path.endswith("-card.pdf")
    return re.search(rf"-(card|leaf)-{form}\.pdf$", path) is not None


def test_a_logo_grows_with_the_print(tried: Tried) -> None:
    for edition in tried.editions.values():
        livery = edition.clinic.livery
        small, large = placing.place(livery).logo, placing.place(livery, large=True).logo
        assert large.width * large.height >= 1.8 * small.width * small.height


def share_differing(edition: Edition, pdf: bytes) -> float | None:
    large = edition.body.layout == "large-print"
    placed = placing.place(edition.clinic.livery, large=large, mono=edition.mono)
    return logo_check.differing(pdf, placed.logo)


def wrong(edition: Edition, pdf: bytes) -> Iterator[str]:
    """All that is wrong with a sheet, as its PDF has it and as it looks."""
    found = pages(pdf)
    yield from (
        f"{fault.said}: {fault.words}"
        for fault in faults([proof(edition, found, share_differing(edition, pdf))])
    )
    for each in found:
        yield from (f"{one.words} lies upon {other.words}" for one, other in overlaps(each))
    report = page.validate_pdf_bytes(pdf, profile="ua1")
    yield from (f"{failure.rule_id} {failure.message}" for failure in report.failures)
    seen = set()
    for sheet, measured in zip(pypdfium2.PdfDocument(pdf), found, strict=True):
        for slot, box in slots(edition, sheet):
            seen.add(slot)
            yield from out_of_place(slot, box, measured)
            yield from left_out(edition, slot, texts_in(box, measured))
            if slot == "letterhead":
                yield from logo_faults(edition, sheet, box, measured)
            if slot == "contact" and not any(holds(panel, box) for panel in panels(sheet)):
                yield "the contact panel is larger than its box"
    wanted = {"letterhead", "contact"} | ({"patient_label"} if edition.handout == "card" else set())
    yield from (f"no {slot}" for slot in wanted - seen)


def slots(edition: Edition, sheet: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """Where the pieces of stationery stand: forms of just the size that a slot has."""
    body = edition.body
    known = size(body.paper, body.layout, len(edition.clinic.contact.phone)).slots
    height = sheet.get_height()
    for form in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_FORM], max_depth=2):
        matrix = form.get_matrix()
        if form.container:
            matrix = matrix.multiply(form.container.get_matrix())
        left, width, top = matrix.e * MM, matrix.a * MM, (height - matrix.f - matrix.d) * MM
        for slot, (wide, high) in known.items():
            if abs(width - wide) < 0.1 and abs(matrix.d * MM - high) < 0.1:
                yield slot, (left, top, left + wide, top + high)


def panels(sheet: pypdfium2.PdfPage) -> Iterator[Box]:
    """The rectangles that are drawn on the sheet itself."""
    height = sheet.get_height()
    for path in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=2):
        left, bottom, right, top = path.get_bounds()
        shift = path.container.get_matrix().e if path.container else 0
        yield (
            (left + shift) * MM, (height - top) * MM, (right + shift) * MM, (height - bottom) * MM,
        )  # fmt: skip


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0] + NEAR
        and outer[1] <= inner[1] + NEAR
        and outer[2] >= inner[2] - NEAR
        and outer[3] >= inner[3] - NEAR
    )


def texts_in(box: Box, measured: Page) -> list[Text]:
    """The texts of which any part lies in a box."""
    return [
        text
        for text in measured.texts
        if min(text.box[2], box[2]) - max(text.box[0], box[0]) > NEAR
        and min(text.box[3], box[3]) - max(text.box[1], box[1]) > NEAR
    ]


def out_of_place(slot: str, box: Box, measured: Page) -> Iterator[str]:
    for text in texts_in(box, measured):
        if not holds(box, text.box):
            yield f"{text.words} leaves the {slot}"


def left_out(edition: Edition, slot: str, texts: list[Text]) -> Iterator[str]:
    """The words that a piece should show and does not; by their letters, for order gets lost."""
    shown = "".join(text.words for text in texts)
    letters = Counter(re.sub(r"\s", "", shown))
    for words in to_show(edition, slot):
        if Counter(re.sub(r"\s", "", words)) - letters:
            yield f"the {slot} does not show {words}: {shown}"


def to_show(edition: Edition, slot: str) -> list[str]:
    contact, language = edition.clinic.contact, edition.body.language
    name = contact.name_in(language)
    if slot == "letterhead":
        known = contact.other_names(language)
        return [name, *known, *contact.address, contact.phone[0].number, contact.website]
    if slot == "contact":
        labels = [line.label.text(language) for line in contact.phone if line.label]
        out = contact.out_of_hours
        times = [contact.hours.text(language), out.when.text(language), out.number]
        return [name, *(line.number for line in contact.phone), *labels, *times, contact.email]
    if slot == "patient_label" and contact.record_number:
        return [contact.record_number.text(language)]
    return [edition.page] if slot == "web" and edition.page else []


def logo_faults(
    edition: Edition, sheet: pypdfium2.PdfPage, box: Box, measured: Page
) -> Iterator[str]:
    """Whether the logo is seen, all of it, in its own shape, and no text lies upon it."""
    livery, mono = edition.clinic.livery, edition.mono
    placed = placing.place(livery, large=edition.body.layout == "large-print", mono=mono)
    picture = without_texts(sheet, box)
    letterhead = livery.style.letterhead
    ground = dict(fills(livery, mono=mono))["band"] if letterhead == "band" else "#ffffff"
    inked = seen_logo(picture, ground, edition, box)
    if inked is None:
        yield "the logo cannot be seen"
        return
    left, top, right, bottom = inked
    wide, high = right - left, bottom - top
    spare, logo = 2 * placing.PADDING if placed.chip else 0, placed.logo
    share = (wide - spare) / logo.width
    if not 0.5 < share < 1.05 or abs(high - spare - share * logo.height) > 2 * NEAR:
        yield f"the logo is {wide:.1f} × {high:.1f} mm, not {logo.width} × {logo.height}"
    for text in texts_in(inked, measured):
        yield f"{text.words} lies upon the logo"


def without_texts(sheet: pypdfium2.PdfPage, box: Box) -> Image.Image:
    """The part of the page in a box, as it is drawn without its texts."""
    for text in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=15):
        pdfium.FPDFTextObj_SetTextRenderMode(text, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    drawn = sheet.render(scale=SCALE).to_pil().convert("RGB")
    left, top, right, bottom = (round(edge / MM * SCALE) for edge in box)
    return drawn.crop((left, top, right, bottom))


def seen_logo(picture: Image.Image, ground: str, edition: Edition, box: Box) -> Box | None:
    """The box, on the paper, round all that is seen but for the letterhead's own lines."""
    differs = ImageChops.difference(picture, Image.new("RGB", picture.size, ground)).convert("L")
    seen = differs.point([255 * (level > 10) for level in range(256)])
    columns = seen.resize((picture.width, 1), Image.Resampling.BOX).tobytes()
    rows = seen.resize((1, picture.height), Image.Resampling.BOX).tobytes()
    for at, level in enumerate(rows):
        if level >= 160:  # a line, or what lies below a band
            seen.paste(0, (0, at - 2, picture.width, at + 3))
    if edition.clinic.livery.style.letterhead == "side":
        bar = max(range(len(columns)), key=lambda at: columns[at])
        near = round(1.8 / MM * SCALE)
        seen.paste(0, (bar - near, 0, bar + near, picture.height))
    found = seen.getbbox()
    if found is None:
        return None
    left, top, right, bottom = (edge / SCALE * MM for edge in found)
    return box[0] + left, box[1] + top, box[0] + right, box[1] + bottom

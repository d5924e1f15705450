"""The nine PDFs of the shipped library, as patients, front desks and viewers get them."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest

from handouts.build import build
from handouts.load import load
from handouts.plan import Edition, Plan, Selection, plan

ROOT = Path(__file__).parents[1]
PLAN = plan(load(ROOT), Selection())
EDITIONS = {edition.path: edition for edition in PLAN.editions}
PAGES = {
    "a4": {"aftercare": 2, "consent": 7, "risks": 6},
    "letter": {"aftercare": 2, "consent": 8, "risks": 6},
}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """All editions, built once for each test process; the layouts are shared by the store."""
    folder = tmp_path_factory.mktemp("output")
    report = build(PLAN, ROOT, folder, jobs=2)
    assert report.exit_code == 0, report.complaints()
    return folder


def text_of(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_three_clinics_have_three_handouts_each():
    assert not PLAN.refusals
    assert len(EDITIONS) == 9
    assert {edition.clinic.id for edition in PLAN.editions} == {
        "rosewater",
        "juniper-bay",
        "al-noor",
    }
    assert {edition.handout for edition in PLAN.editions} == set(PAGES["a4"])


@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_is_valid_pdf_ua(output, path):
    report = page.validate_pdf(output / path, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_says_what_it_is_and_whose(output, path):
    edition = EDITIONS[path]
    with pikepdf.open(output / path) as document:
        assert document.get_warnings() == []
        assert str(document.Root.Lang) == edition.body.locale
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo.Title) == edition.title
        assert str(document.docinfo.Author) == edition.clinic.contact.name
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == edition.title
            assert metadata["dc:creator"] == [edition.clinic.contact.name]
            assert metadata["dc:identifier"] == edition.body.code
        assert len(document.pages) == PAGES[edition.body.paper][edition.handout]


def test_no_two_editions_share_an_identifier(output):
    found = set()
    for path in EDITIONS:
        with pikepdf.open(output / path) as document:
            found.add(bytes(document.trailer.ID[0]))
    assert len(found) == 9


@pytest.mark.parametrize("path", EDITIONS)
def test_every_page_names_clinic_code_version_and_its_number(output, path):
    body, contact = EDITIONS[path].body, EDITIONS[path].clinic.contact
    pages = text_of(output / path)
    for number, text in enumerate(pages, 1):
        assert contact.name in text
        assert all(line.number in text for line in contact.phone)
        assert f"{body.code} · version {body.version}" in text
        assert "words of 21 Nov 2026 · next review by 21 Nov 2027" in text
        assert f"Page {number} of {len(pages)}" in text
        assert "DRAFT: not yet approved by a clinician" in text


@pytest.mark.parametrize("path", EDITIONS)
def test_the_call_box_has_every_number_a_patient_may_need(output, path):
    contact = EDITIONS[path].clinic.contact
    last = text_of(output / path)[-1]
    assert "Worried? Call us" in last
    assert contact.out_of_hours.number in last
    assert f"Call {contact.emergency}" in last


@pytest.mark.parametrize("path", [path for path in EDITIONS if "aftercare" not in path])
def test_no_risk_is_lost(output, path):
    words = "".join("".join(text_of(output / path)).split())
    library = load(ROOT).treatments["microneedling"]
    assert len(library.facts.risks) == len(EDITIONS[path].body.risks) == 15
    for risk in library.facts.risks:
        assert "".join(library.words["en"].risks[risk.id].name.split()) in words


@pytest.mark.parametrize("path", EDITIONS)
def test_nothing_is_left_to_fill_in_by_the_program(output, path):
    text = " ".join(text_of(output / path))
    assert not re.search(r"[{}]|slot:|None|Undefined", text)


@pytest.mark.parametrize("path", EDITIONS)
def test_words_to_read_are_at_least_12_points(output, path):
    """Smaller are only the letterhead, the foot, captions under lines, and the sources."""
    small = set()
    for sheet in pypdfium2.PdfDocument(output / path):
        for item in sheet.get_objects(max_depth=1):
            if isinstance(item, pypdfium2.PdfTextObj) and item.get_font_size() < 11.99:
                small.add(round(item.get_font_size(), 1))
    assert small <= {10.0, 10.5}


@pytest.mark.parametrize("path", [path for path in EDITIONS if "consent" in path])
def test_signatures_are_never_alone_on_a_page(output, path):
    for text in text_of(output / path):
        if "Signature Date Time" in text:
            assert re.search(r"Who can sign|On the day|Needle cartridge lot number", text)


VIEWERS = {
    "qpdf": lambda pdf: ["qpdf", "--check", pdf],
    "poppler": lambda pdf: ["pdftoppm", "-r", "30", "-png", pdf, f"{pdf}-poppler"],
    "ghostscript": lambda pdf: [
        "gs",
        "-q",
        "-dNOPAUSE",
        "-dBATCH",
        "-dPDFSTOPONWARNING",
        "-sDEVICE=nullpage",
        pdf,
    ],
}


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_opens_without_complaint(output, path, viewer):
    command = VIEWERS[viewer](str(output / path))
    assert shutil.which(command[0]), f"{command[0]} is missing: make test installs it"
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "WARNING" not in run.stdout


@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_is_drawn_on_every_page(output, path):
    for sheet in pypdfium2.PdfDocument(output / path):
        assert len(sheet.render(scale=0.3).to_pil().convert("L").getcolors()) > 10


def test_the_arabic_name_reads_as_it_is_written(output):
    text = text_of(output / "al-noor/en/microneedling-risks.pdf")[0]
    assert "مركز النور" in text


@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_is_its_plate_with_a_section_appended(output, path):
    data = (output / path).read_bytes()
    assert data.count(b"%%EOF") == 2
    plate = data[: data.index(b"%%EOF") + 6]
    with pikepdf.open(BytesIO(plate)) as document:
        assert "/Author" not in document.docinfo


def test_clinics_on_the_same_paper_with_the_same_words_share_a_plate(output):
    edition: Edition = EDITIONS["rosewater/en/microneedling-aftercare.pdf"]
    assert edition.body != EDITIONS["al-noor/en/microneedling-aftercare.pdf"].body
    plan_of_twins = Plan((edition, edition))
    assert build(plan_of_twins, ROOT, output, jobs=1).count("same") == 2

"""The PDFs of the shipped library, as patients, front desks and viewers get them."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from handouts import archive, reading
from handouts.build import How, build
from handouts.check import check
from handouts.compose import Composer
from handouts.load import load, load_with_places
from handouts.manuscript import manuscripts
from handouts.model import Local
from handouts.plan import Edition, Plan, Selection, plan
from handouts.render import lay_out
from handouts.resolve import values
from tests.texts import by_pdfium, by_poppler, by_pypdf, orders

ROOT = Path(__file__).parents[1]
PLAN = plan(load(ROOT), Selection())
EDITIONS = {edition.path: edition for edition in PLAN.editions}
PAGES = {
    ("a4", "en"): {"about": 5, "aftercare": 2, "before": 3, "consent": 8, "photos": 3, "risks": 6},
    ("letter", "en"): {
        "about": 5, "aftercare": 2, "before": 3, "consent": 8, "photos": 3, "risks": 6,
    },
    ("letter", "es"): {
        "about": 6, "aftercare": 2, "before": 4, "consent": 8, "photos": 3, "risks": 7,
    },
    ("a4", "ar"): {"aftercare": 2, "consent": 7},
    ("a4", "en", "large-print"): {
        "about": 11, "aftercare": 6, "before": 7, "consent": 16, "photos": 7, "risks": 13,
    },
    ("letter", "en", "large-print"): {
        "about": 12, "aftercare": 6, "before": 7, "consent": 16, "photos": 8, "risks": 14,
    },
    ("letter", "es", "large-print"): {
        "about": 12, "aftercare": 7, "before": 8, "consent": 18, "photos": 8, "risks": 15,
    },
    ("a4", "en", "booklet"): {"about": 6},
}  # fmt: skip
LATIN = [path for path in EDITIONS if "/ar/" not in path]
ARABIC = [path for path in EDITIONS if "/ar/" in path]
"""Viewers have numbers and Arabic words in an order of their own within a line."""


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """All editions and their copies, built once for each test process.

    The layouts are shared by the store.
    """
    folder = tmp_path_factory.mktemp("output")
    report = build(PLAN, ROOT, folder, How(jobs=2, archive=True))
    assert report.exit_code == 0, report.complaints()
    return folder


def text_of(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_three_clinics_have_their_handouts_in_their_languages():
    assert not PLAN.refusals
    assert not PLAN.problems
    found = {}
    for edition in PLAN.editions:
        place = edition.clinic.id, edition.body.language
        found.setdefault(place, {}).setdefault(edition.format, set()).add(edition.handout)
    six, two = set(PAGES["a4", "en"]), set(PAGES["a4", "ar"])
    large = {"standard": six, "large-print": six}
    assert found == {
        ("rosewater", "en"): {**large, "mono": six, "booklet": {"about"}},
        ("juniper-bay", "en"): large,
        ("juniper-bay", "es"): large,
        ("al-noor", "en"): {"standard": six, "mono": six},
        ("al-noor", "ar"): {"standard": two, "mono": two},
    }


def test_nobody_has_approved_anything():
    assert all(edition.standing.draft for edition in PLAN.editions)
    assert not (ROOT / "data/approvals.yaml").exists()


def test_the_library_passes_every_rule():
    library, documents = load_with_places(ROOT)
    problems = check(library, documents, date(2026, 11, 21)).problems
    assert [(each.path, each.rule) for each in problems] == [("data/wording/ar.yaml", "unchecked")]
    assert all(each.note for each in problems)


def test_every_sheet_is_easy_to_read():
    """English: US grade 7 at most, no section above 8. Spanish: quite easy, by INFLESZ."""
    library, documents = load_with_places(ROOT)
    found = list(manuscripts(library, documents))
    assert len(found) == 14
    for sheet in found:
        sections = [each.rating(sheet.language, sheet.terms) for each in sheet.sections]
        assert sheet.rating
        assert sheet.rating.longest <= 20
        if sheet.language == "en":
            assert sheet.rating.grade <= 7
            assert max(each.grade for each in sections if each and each.words >= 30) <= 8
        if sheet.language == "es":
            assert sheet.rating.ease >= 65
            assert min(each.ease for each in sections if each and each.words >= 30) >= 55


def test_headings_never_skip_a_level():
    composer = Composer(ROOT)
    for edition in PLAN.editions:
        levels = list(map(int, re.findall(r"<h([1-6])", composer.sheet(edition.body).html)))
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def numbers(value: object) -> set[str]:
    """Every number in a value of the facts or the settings."""
    if isinstance(value, Local):
        return set(re.findall(r"\d+", " ".join(value.root.values())))
    return {str(each) for each in (value if isinstance(value, tuple) else (value,))}


LISTED = {"10"}
"""Numbers that no figure gives: the people out of whom risks are counted."""


@pytest.mark.parametrize("path", EDITIONS)
def test_every_number_on_a_sheet_is_a_figure_a_setting_or_listed(path):
    edition = EDITIONS[path]
    treatment = load(ROOT).treatments[edition.treatment]
    known = set(LISTED)
    own = edition.clinic.contact.treatments[edition.treatment]
    for value in values(treatment, own).values():
        known |= numbers(value)
    for risk in treatment.facts.risks:
        known |= {str(count) for count in (risk.at_least, risk.cases, risk.up_to(10)) if count}
        known |= {str(10 - up_to)} if (up_to := risk.up_to(10)) else set()
        for study in risk.studies:
            known |= {str(study.events), str(study.total)}
    known |= {edition.body.emergency}
    said = [
        piece.text
        for piece in reading.pieces(edition.body)
        if piece.kind not in ("references", "leaflets", "foot", "lines")
    ]
    found = {number for text in said for number in re.findall(r"\d+", text)}
    assert len(found) > 3 or edition.handout == "photos"
    assert found - known == set()


def test_american_sheets_have_no_british_spelling():
    library = load(ROOT)
    british = {word.casefold() for word in library.spellings["en-US"]}
    american = [
        piece.text.casefold()
        for edition in PLAN.editions
        if edition.body.locale == "en-US"
        for piece in reading.pieces(edition.body)
        if piece.kind != "references"
    ]
    assert len(american) > 500
    words = {word for text in american for word in re.findall(r"[\w'-]+", text)}
    assert words & british == set()
    everywhere = " ".join(text for text in american)
    assert not [word for word in british if " " in word and word in everywhere]


def test_each_topic_is_on_a_sheet_that_patients_get():
    topics = load(ROOT).treatments["microneedling"].topics
    assert len(topics) > 50
    sheets = {edition.handout for edition in PLAN.editions}
    assert {place.split("/")[0] for places in topics.values() for place in places} <= sheets


@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_is_valid_pdf_ua(output, path):
    report = page.validate_pdf(output / path, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("profile", ["2a", "ua1"])
@pytest.mark.parametrize("path", EDITIONS)
def test_its_copy_for_the_archive_is_valid_pdf_a_and_pdf_ua(output, path, profile):
    report = page.validate_pdf(output / archive.place(path), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("path", EDITIONS)
def test_an_edition_says_what_it_is_and_whose(output, path):
    edition = EDITIONS[path]
    with pikepdf.open(output / path) as document:
        assert document.get_warnings() == []
        assert str(document.Root.Lang) == edition.body.locale
        assert document.Root.ViewerPreferences.DisplayDocTitle
        title = str(document.docinfo.Title)
        assert title.startswith(edition.title)
        assert (title == edition.title) == (edition.format == "standard")
        author = edition.clinic.contact.name_in(edition.body.language)
        assert str(document.docinfo.Author) == author
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == title
            assert metadata["dc:creator"] == [author]
            form = "" if edition.format == "standard" else f"-{edition.format.upper()}"
            assert metadata["dc:identifier"] == edition.body.code + form
            assert metadata["xmpMM:VersionID"] == edition.body.version
        body = edition.body
        layout = () if body.layout == "standard" else (body.layout,)
        assert len(document.pages) == PAGES[body.paper, body.language, *layout][edition.handout]


def test_no_two_editions_share_an_identifier(output):
    found = set()
    for path in EDITIONS:
        with pikepdf.open(output / path) as document:
            found.add(bytes(document.trailer.ID[0]))
    assert len(found) == len(EDITIONS) == 59


@pytest.mark.parametrize("path", LATIN)
def test_every_page_names_clinic_code_version_and_its_number(output, path):
    body, contact = EDITIONS[path].body, EDITIONS[path].clinic.contact
    wording = body.wording
    pages = text_of(output / path)
    if EDITIONS[path].body.layout == "booklet":
        pages = [" ".join(pages)]
    for number, text in enumerate(pages, 1):
        assert contact.name in text
        assert contact.phone[0].number in text
        assert f"{body.code} · {wording.version.format(version=body.version)}" in text
        for phrase, day in ((wording.written, body.written), (wording.review_by, body.review_by)):
            assert phrase.format(date=DAYS[body.locale][day.year]) in text
        if EDITIONS[path].body.layout != "booklet":
            assert wording.page.format(page=number, pages=len(pages)) in text
        assert wording.draft in text
        assert text.count(wording.draft_mark) >= 2


DAYS = {
    "en-GB": {2026: "21 Nov 2026", 2027: "21 Nov 2027"},
    "en-US": {2026: "Nov 21, 2026", 2027: "Nov 21, 2027"},
    "es-US": {2026: "21 nov 2026", 2027: "21 nov 2027"},
}


@pytest.mark.parametrize("path", LATIN)
def test_no_line_begins_with_a_dot_or_ends_in_the_midst_of_a_date(output, path):
    lines = [
        " ".join(line.split())
        for sheet in pypdfium2.PdfDocument(output / path)
        for line in sheet.get_textpage().get_text_bounded().splitlines()
    ]
    assert any("·" in line for line in lines)
    assert [line for line in lines if line.startswith("·")] == []
    days = DAYS[EDITIONS[path].body.locale].values()
    whole = sum(line.count(day) for line in lines for day in days)
    assert whole == sum(" ".join(lines).count(day) for day in days) > 0


def composed(path: str) -> list[str]:
    """The words of a sheet as they are composed, but for what repeats on every page."""
    html = Composer(ROOT).sheet(EDITIONS[path].body).html.partition("<body>")[2]
    html = re.sub(r'<div class="running-.*?</div>(?=\s*<(?:div|header))', "", html, flags=re.DOTALL)
    return re.findall(r"\w+", unescape(re.sub("<[^>]*>", " ", html)))


@pytest.mark.parametrize("path", EDITIONS)
def test_what_is_drawn_is_drawn_in_the_order_of_the_tags(output, path):
    drawn, tagged = orders(output / path)
    assert len(tagged) > 20
    assert drawn == tagged


@pytest.mark.parametrize("by", [by_pdfium, by_pypdf])
@pytest.mark.parametrize("path", [path for path in LATIN if "booklet" not in path])
def test_programs_that_read_no_tags_take_the_words_in_their_order(output, path, by):
    words = iter(re.findall(r"\w+", " ".join(by(output / path))))
    said = composed(path)
    assert len(said) > 150
    for index, word in enumerate(said):
        assert word in words, said[max(index - 8, 0) : index + 1]


@pytest.mark.parametrize("by", [by_pdfium, by_poppler, by_pypdf])
@pytest.mark.parametrize("path", ARABIC)
def test_every_arabic_word_is_taken_as_it_is_written(output, path, by):
    text = "".join(by(output / path)).replace(" ", "")
    words = {word for word in composed(path) if re.fullmatch("[\u0621-\u064a]+", word)}
    assert len(words) > 100
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("path", ARABIC)
def test_an_arabic_word_can_be_searched_for(output, path):
    pages = [sheet.get_textpage() for sheet in pypdfium2.PdfDocument(output / path)]
    for words in ("بالإبر", "لا", "في", "حتى", EDITIONS[path].clinic.contact.phone[0].number):
        assert any(page.search(words).get_next() for page in pages), words


@pytest.mark.parametrize("path", [path for path in EDITIONS if "/en/" not in path])
def test_what_is_in_another_language_says_so(output, path):
    with pikepdf.open(output / path) as document:
        languages = [
            str(item.Lang)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
            if "/Lang" in item
        ]
    assert set(languages) == {"en"}
    assert len(languages) >= sum(
        source.language(EDITIONS[path].body.language) == "en"
        for source in EDITIONS[path].body.references
    )


@pytest.mark.parametrize("path", ARABIC)
def test_an_arabic_page_has_its_numbers_the_right_way_round(output, path):
    body, contact = EDITIONS[path].body, EDITIONS[path].clinic.contact
    for text in text_of(output / path):
        assert all(part in text for part in body.code.split("-"))
        assert contact.phone[0].number in text
        assert contact.name.split(",")[0] in text
        assert contact.website in text
    assert f"{body.emergency}" in text


@pytest.mark.parametrize("path", EDITIONS)
def test_the_call_box_has_every_number_a_patient_may_need(output, path):
    contact, wording = EDITIONS[path].clinic.contact, EDITIONS[path].body.wording
    pages = text_of(output / path)
    last = pages[-1] if EDITIONS[path].body.layout == "standard" else " ".join(pages)
    assert contact.out_of_hours.number in last
    assert contact.emergency in last
    if path in LATIN:
        assert wording.call_us in last
        assert wording.emergency_call.format(number=contact.emergency) in last


@pytest.mark.parametrize("path", [path for path in LATIN if re.search("risks|consent", path)])
def test_no_risk_is_lost(output, path):
    words = "".join("".join(text_of(output / path)).split())
    library = load(ROOT).treatments["microneedling"]
    assert len(library.facts.risks) == len(EDITIONS[path].body.risks) == 15
    for risk in library.facts.risks:
        assert (
            "".join(library.words[EDITIONS[path].body.language].risks[risk.id].name.split())
            in words
        )


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


@pytest.mark.parametrize(
    "path", [path for path in EDITIONS if path.endswith("en/microneedling-consent.pdf")]
)
def test_signatures_are_never_alone_on_a_page(output, path):
    for text in text_of(output / path):
        if "Signature Date Time" in text:
            assert re.search(r"Who can sign|On the day|Needle lot number", text)


SIGNED = [path for path in EDITIONS if re.search("consent|photos", path)]
INITIALS = ((32, 11), (38, 13))
"""How wide and how high a box for initials is, in mm."""


def assert_initials_have_room(pdf, body):
    """Each statement has its box, and between two of them there is room for the rule."""
    document, found = pypdfium2.PdfDocument(pdf), 0
    for sheet in document:
        boxes = [
            (bottom, top)
            for item in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
            for left, bottom, right, top in [(edge / 72 * 25.4 for edge in item.get_bounds())]
            if any(abs(right - left - w) + abs(top - bottom - h) < 0.3 for w, h in INITIALS)
        ]
        found += len(boxes)
        for (_, lower), (upper, _) in pairwise(sorted(boxes)):
            assert upper - lower > 2
    assert found == sum(len(getattr(block, "statements", ())) for block in body.blocks) > 0


@pytest.mark.parametrize("path", SIGNED)
def test_boxes_for_initials_never_touch(output, path):
    assert_initials_have_room(output / path, EDITIONS[path].body)


@pytest.mark.parametrize("tighter", range(3))
@pytest.mark.parametrize("layout", ["standard", "large-print", "booklet"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_boxes_for_initials_never_touch_however_tight_the_sheet_is(language, layout, tighter):
    path = next(path for path in SIGNED if f"/{language}/" in path)
    body = EDITIONS[path].body
    blocks = tuple(block for block in body.blocks if block.kind == "statements")
    body = replace(body, layout=layout, blocks=blocks)
    sheet = Composer(ROOT).sheet(body)
    sheet = replace(sheet, css="".join((sheet.css, *sheet.tighter[:tighter])), tighter=())
    assert_initials_have_room(lay_out(sheet).pdf, body)


def test_the_heading_of_the_sources_is_never_alone_at_the_foot_of_a_page():
    body = EDITIONS["al-noor/ar/microneedling-aftercare.pdf"].body
    proof = lay_out(Composer(ROOT).sheet(replace(body, layout="large-print")))
    first = body.references[0].citation.text("ar").split()[0]
    (words,) = [words for words in proof.words if f"{body.wording.references}:" in words]
    assert first in words


WITH_PAGES = [path for path, edition in EDITIONS.items() if edition.page]


@pytest.mark.parametrize("path", WITH_PAGES)
def test_a_telephone_finds_the_sheets_own_page(output, path):
    document = pypdfium2.PdfDocument(output / path)
    pictures = [sheet.render(scale=150 / 72).to_pil() for sheet in document]
    found = [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
    assert found == [f"https://{EDITIONS[path].page}"]


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


COPIES = [archive.place(path) for path in EDITIONS if re.search("/(ar|es)/.*-consent", path)]


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("path", [*EDITIONS, *COPIES])
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
    assert data.count(b"%%EOF") == 1
    previous = int(re.findall(rb"/Prev (\d+)", data)[-1])
    assert re.match(rb"\d+ 0 obj\s*<<[^<]*/Type /XRef", data[previous:])
    with pytest.raises(pikepdf.PdfError):
        pikepdf.open(BytesIO(data[: data.rindex(b"endstream", 0, previous + 5000)]))


def test_clinics_on_the_same_paper_with_the_same_words_share_a_plate(output):
    edition: Edition = EDITIONS["rosewater/en/microneedling-aftercare.pdf"]
    assert edition.body != EDITIONS["al-noor/en/microneedling-aftercare.pdf"].body
    plan_of_twins = Plan((edition, edition))
    assert build(plan_of_twins, ROOT, output).count("same") == 2

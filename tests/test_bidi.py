"""On a page that runs from the right, what runs from the left keeps its order."""

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from handouts import bidi, fonts
from handouts.compose import Composer, _slot_images
from handouts.load import load
from handouts.model import Bullets, Local, Prose
from handouts.plan import Selection, plan
from handouts.render import lay_out
from handouts.sheet import Sheet, Typeface
from tests.texts import bare, by_pdfium, by_poppler, by_pypdf

ROOT = Path(__file__).parents[1]
NUMBER = "020 7946 0711"


def runs(text: str) -> list[str]:
    html = bidi.isolated(f"<body><p>{text}</p>").replace("\N{NO-BREAK SPACE}", " ")
    return re.findall('<bdi dir="ltr">(.*?)</bdi>', html)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"اتصل على {NUMBER} الآن", [NUMBER]),
        ("رقم +44 (0)20 7946 0711.", ["+44 (0)20 7946 0711"]),
        (f"{NUMBER}، 020 7946 0712", [NUMBER, "020 7946 0712"]),
        ("الرقم 020-7946-0711 أو 555‑0142", ["020-7946-0711", "555‑0142"]),
        ("٠٢٠ ٧٩٤٦ ٠٧١١ رقم", ["٠٢٠ ٧٩٤٦ ٠٧١١"]),
        ("من 24 إلى 72 ساعة، 10–14 يوما، 1.5 ملم، 10:30", []),
        ("يوم 2026-11-21 أو 21/11/2026", ["2026-11-21"]),
        ("خصم 5% من £190", ["5%", "£190"]),
        ("عامل SPF 30. 24 ساعة", ["SPF 30"]),
        ("UVA و UVB (واسع الطيف)", []),
        ("(SPF 30) للجلد", ["(SPF 30)"]),
        ("مركز Al Noor, Laser &amp; Co. في", ["Al Noor, Laser &amp; Co"]),
        ("hello@example.com", ["hello@example.com"]),
        ("Monday to Friday, 9 to 5", ["Monday to Friday, 9 to 5"]),
    ],
)
def test_what_runs_from_the_left_is_isolated(text: str, expected: list[str]) -> None:
    assert runs(text) == expected


def test_what_is_marked_as_running_from_the_left_is_left_alone() -> None:
    html = f'<body><p dir="ltr"><b>{NUMBER}</b><br>{NUMBER}</p><img alt="{NUMBER}"></body>'
    assert bidi.isolated(html) == html
    assert bidi.isolated(f"{html}<p>{NUMBER} ا</p>").count("<bdi") == 1


def page(words: str, *, isolated: bool = True) -> bytes:
    html = f'<html lang="ar" dir="rtl"><title>ا</title><body><p>{words}</p></body></html>'
    css = f"html {{ font: 12pt '{fonts.BASE}', '{fonts.SCRIPTS[0]}'; text-align: right }}"
    faces = tuple(Typeface(family) for family in (fonts.BASE, *fonts.SCRIPTS))
    sheet = Sheet(bidi.isolated(html) if isolated else html, css, _slot_images(), faces)
    return bare(lay_out(sheet).pdf)


def lefts(pdf: bytes) -> list[float]:
    """Where each group of the number begins on the page, from the left."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    found = [text.search(group).get_next() for group in NUMBER.split()]
    return [text.get_charbox(place[0])[0] for place in found if place]


def test_the_groups_of_a_number_stand_from_left_to_right() -> None:
    words = f"اتصل على {NUMBER} من 10 صباحا إلى 7 مساء"
    places = lefts(page(words))
    assert len(places) == 3
    assert places == sorted(places)
    reversed_ = lefts(page(words, isolated=False))
    assert reversed_ == sorted(reversed_, reverse=True)


def test_a_number_in_prose_hours_labels_settings_and_sources_is_isolated() -> None:
    library = load(ROOT)
    edition = next(
        edition for edition in plan(library, Selection()).editions if "/ar/" in edition.path
    )
    said = f"اتصل على {NUMBER} الآن"
    blocks = (*edition.body.blocks, Bullets(bullets=(Prose(said),)))
    composer = Composer(ROOT)
    isolated = f'<bdi dir="ltr">{NUMBER.replace(" ", chr(0xA0))}</bdi>'
    assert isolated in composer.sheet(replace(edition.body, blocks=blocks)).html
    contact = edition.clinic.contact
    local = Local(dict.fromkeys(contact.languages, said))
    lines = tuple(line.model_copy(update={"label": local}) for line in contact.phone)
    contact = contact.model_copy(update={"hours": local, "phone": lines})
    clinic = replace(edition.clinic, contact=contact)
    sheet, _ = composer.stationery(clinic, "ar", edition.body.wording)
    assert sheet.html.count(f"على {isolated}") == 1 + len(lines)


def test_programs_take_the_number_as_it_is_read_and_find_it() -> None:
    pdf = page(f"على {NUMBER} الآن")
    assert f"على {NUMBER} الآن" in by_pdfium(pdf)[0]
    assert NUMBER in by_pypdf(pdf)[0]
    assert NUMBER in by_poppler(pdf)[0]
    assert pypdfium2.PdfDocument(pdf)[0].get_textpage().search(NUMBER).get_next()

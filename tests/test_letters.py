"""Programs that take the text of a page get its letters in order."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import page as validation
import pikepdf
import pypdfium2
import pytest

from handouts import fonts
from handouts.compose import _slot_images
from handouts.render import lay_out
from handouts.sheet import Sheet, Typeface
from tests.texts import bare, by_pdfium, by_poppler, by_pypdf, letters

WORDS = "الوخز بالإبر لا في حتى بشرة نوفمبر سريع تنتشر الليزر إلى شيء"


def page(words: str, way: str = "rtl") -> bytes:
    faces = (fonts.BASE, fonts.LETTERS, *fonts.SCRIPTS)
    html = f'<html lang="ar" dir="{way}"><title>T</title><body><p>{words}</p></body></html>'
    css = f"html {{ font: 16pt {', '.join(map(repr, faces))} }} p {{ margin: 0 }}"
    sheet = Sheet(html, css, _slot_images(), tuple(map(Typeface, faces)))
    return bare(lay_out(sheet).pdf)


def texts(pdf: bytes) -> list[str]:
    """What the codes of all fonts stand for."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [
            text
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item
            for text in letters(item).values()
        ]


@pytest.mark.parametrize("by", [by_pdfium, by_poppler, by_pypdf])
def test_the_letters_of_a_ligature_come_in_order(by: Callable[[bytes], list[str]]) -> None:
    assert by(page(WORDS)) == [WORDS]


def test_each_letter_of_a_ligature_has_a_code_of_its_own() -> None:
    assert {len(text) for text in texts(page(WORDS))} == {1}


def test_a_word_with_ligatures_can_be_searched_for() -> None:
    text = pypdfium2.PdfDocument(page(WORDS))[0].get_textpage()
    assert all(text.search(word).get_next() for word in WORDS.split())


def test_marks_on_arabic_letters_stay_with_them() -> None:
    assert "" not in texts(page("مُحَمَّد لَا"))


def test_an_accent_of_its_own_makes_no_space_between_words() -> None:
    words = "Adébọ̀wálé Ọ̀ṣun"
    pdf = page(f'<span style="font-family: {fonts.LETTERS}">{words}</span>', "ltr")
    assert by_pdfium(pdf) == by_poppler(pdf) == [words]


@pytest.mark.parametrize("words", [WORDS, "Adébọ̀wálé"])
def test_what_shows_nothing_is_as_wide_as_pdf_ua_allows(words: str, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(page(words))
    found = [failure.rule_id for failure in validation.validate_pdf(path, profile="ua1").failures]
    assert [rule for rule in found if "FONT" in rule or "GLYPH" in rule] == []


def test_a_letter_stands_for_itself_after_it_was_seen_with_an_accent() -> None:
    words = "m̄ọ̀ mọ"
    pdf = page(f'<span style="font-family: {fonts.LETTERS}">{words}</span>', "ltr")
    assert sorted(texts(pdf)) == sorted(set(words))
    assert by_pdfium(pdf) == [words]


def test_brackets_are_those_that_are_seen() -> None:
    pdf = page('نوبة (تشنج)</p><p dir="ltr">Hospital (NHS)')
    assert by_pdfium(pdf) == ["نوبة (تشنج) Hospital (NHS)"]

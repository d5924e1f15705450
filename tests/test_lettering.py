"""Names of all languages in Latin letters are drawn right and read right, or refused."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from handouts import fonts, lettering
from handouts.build import How, build
from handouts.check import check
from handouts.load import load, load_with_places
from handouts.model import Typeface
from handouts.plan import Selection, plan
from tests.small import EN, HARBOR, WORDS, H, make_library
from tests.texts import by_pdfium, by_tags

NAMES = {
    "Polish": "Klinika Zażółć Gęślą Jaźń",
    "Welsh": "Clinig Croen Tŷ Gŵyr",
    "Māori": "Whānau Tōtara Ōtepoti",
    "Turkish": "DİYARBAKIR Işıl Kliniği",
    "Vietnamese": "Phòng khám Nguyễn Thuỷ Đường",
    "Yoruba": "Ilé Ìwòsàn Ọ̀ṣun Adébọ̀wálé",
}
BASE = Typeface(fonts.BASE)


def last(name: str) -> str:
    return name.rpartition(" ")[2]


def named(name: str) -> dict[str, str | bytes | None]:
    clinic = re.sub("^name:.*", f"name: {name}", HARBOR, flags=re.MULTILINE)
    return {f"{H}/clinic.yaml": clinic.replace("2 Dock Street", f"2 {last(name)} Street")}


def pdfs(root: Path) -> list[Path]:
    report = build(plan(load(root), Selection(("harbor",))), root, root / "output", How())
    assert report.exit_code == 0, report.complaints()
    return sorted((root / "output/harbor").rglob("*.pdf"))


@pytest.mark.parametrize("language", NAMES)
def test_a_name_is_read_as_it_is_written(language: str, tmp_path: Path) -> None:
    name = unicodedata.normalize("NFC", NAMES[language])
    root = make_library(tmp_path, named(name))
    for pdf in pdfs(root):
        for text in by_pdfium(pdf):
            assert name in text
            assert f"2 {last(name)} Street" in text
        if "aftercare" in pdf.name:
            assert any(name in text for text in by_tags(pdf))


@pytest.mark.parametrize("language", NAMES)
def test_a_name_is_set_in_one_typeface(language: str) -> None:
    html = f"<body><p>{NAMES[language]}</p></body>"
    styled = lettering.whole_words(html, (BASE, BASE))
    if language == "Polish":  # the base family has it all
        assert styled == html
    else:
        assert styled.count("<span") == 1
        assert f"font-family: '{fonts.LETTERS}'" in styled
        assert f">{unicodedata.normalize('NFC', NAMES[language])}</span></p>" in styled


def test_in_prose_only_the_words_that_need_it_are_set_in_another_typeface() -> None:
    prose = "Come to Tŷ Gŵyr on the day, or call us if you cannot come &amp; wait."
    html = lettering.whole_words(f"<body><p>{prose}</p></body>", (BASE, BASE))
    assert re.findall(r"<span[^>]*>(.*?)</span>", html) == ["Tŷ", "Gŵyr"]
    assert re.sub(r"</?span[^>]*>", "", html) == f"<body><p>{prose}</p></body>"


def test_letters_taken_apart_by_whoever_typed_them_are_put_together() -> None:
    html = lettering.whole_words("<body><p>Ty\u0302</p></body>", (BASE, BASE))
    assert ">Tŷ</span>" in html


def test_an_accent_that_has_no_place_upon_its_letter_is_set_in_another_typeface() -> None:
    assert all(letter in lettering._coverage(BASE) for letter in "m\u0304")
    assert ">m̄a</span>" in lettering.whole_words("<body><p>m̄a</p></body>", (BASE, BASE))


def test_a_sign_that_a_typeface_lacks_moves_no_word() -> None:
    html = "<body><p>Go → there</p></body>"
    assert lettering.whole_words(html, (BASE, BASE)) == html
    assert lettering.needs_letters(html, (BASE, BASE))


def test_a_treatments_own_words_are_read_as_they_are_written(tmp_path: Path) -> None:
    words = WORDS.replace("Tiny treatment", "Triniaeth Tŷ Bychan")
    assert words != WORDS
    root = make_library(tmp_path, {f"{EN}/_words.yaml": words})
    assert all("Triniaeth Tŷ Bychan" in by_pdfium(pdf)[0] for pdf in pdfs(root))


def test_letters_that_are_taken_to_be_plain_are_in_the_base_family() -> None:
    seen = {letter for letter in lettering.PLAIN if letter.isprintable()} - {"\u00ad"}
    assert {letter for letter in seen if not lettering._has(BASE, letter)} == set()


def complaints(root: Path) -> list[str]:
    library, documents = load_with_places(root)
    found = check(library, documents, date(2026, 1, 20)).problems
    return [problem.told() for problem in found if problem.rule == "letters"]


@pytest.mark.parametrize(
    ("letter", "code"), [("𖹭", "U+16E6D"), ("漢", "U+6F22"), ("1̂", "U+0031 U+0302")]
)
def test_check_finds_a_letter_that_no_typeface_has(letter: str, code: str, tmp_path: Path) -> None:
    clinic = re.sub("^name:.*", f"name: Skin {letter} Clinic", HARBOR, flags=re.MULTILINE)
    line = clinic[: clinic.index("name: Skin")].count("\n") + 1
    words = WORDS.replace("Tiny treatment", f"Tiny {letter}")
    root = make_library(tmp_path, {f"{H}/clinic.yaml": clinic, f"{EN}/_words.yaml": words})
    in_words, in_clinic = sorted(complaints(root), key=lambda said: said.startswith(H))
    told = f"no font has “{letter}” ({code}): write it another way"
    assert in_clinic.startswith(f"{H}/clinic.yaml:{line}:12: {told}")
    assert in_words.startswith(f"{EN}/_words.yaml:1:")
    report = build(plan(load(root), Selection()), root, root / "output", How())
    assert report.exit_code == 1
    assert f"no font has “{letter}” ({code})" in str(report.complaints())


def test_check_finds_nothing_in_names_that_can_be_printed(tmp_path: Path) -> None:
    for language, name in NAMES.items():
        assert complaints(make_library(tmp_path / language, named(name))) == []


def test_each_glyph_stands_for_its_own_letter(tmp_path: Path) -> None:
    root = make_library(tmp_path, named(NAMES["Yoruba"]))
    for pdf in pdfs(root):
        with pikepdf.open(pdf) as document:
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                    assert b"<>" not in item.ToUnicode.read_bytes()

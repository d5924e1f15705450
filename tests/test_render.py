"""Rendering sees only what it is handed, and complains rather than guesses."""

import logging
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from handouts import fonts, render
from handouts.compose import TIGHTER_SHEET
from handouts.errors import FitError, LayoutError
from handouts.sheet import Asset, Piece, Sheet, Typeface

PAGE = '<html lang="en"><head><title>A page</title></head><body>{}</body></html>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9"/></svg>'
FACES = (Typeface(fonts.BASE), *(Typeface(family) for family in fonts.SCRIPTS))
FAMILY = f"html {{ font: 12pt '{fonts.BASE}', '{fonts.SCRIPTS[0]}' }} "


def sheet(body: str, css: str = "", *assets: Asset, faces: tuple[Typeface, ...] = FACES) -> Sheet:
    return Sheet(PAGE.format(body), FAMILY + css, assets, faces)


def fonts_in(pdf: bytes, tmp_path: Path) -> set[str]:
    path = tmp_path / "fonts.pdf"
    path.write_bytes(pdf)
    with pikepdf.open(path) as document:
        return {
            str(item.BaseFont).partition("+")[2]
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        }


def test_a_sheet_becomes_pages_and_their_words():
    proof = render.lay_out(
        sheet("<h1>One</h1><p style='break-before: page'>Two <b>and</b> more</p>")
    )
    assert proof.pages == 2
    assert proof.words == ("One", "Two and more")


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="x" src="https://example.com/x.png">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="logo.png">',
        '<img alt="x" src="data:image/png;base64,AAAA">',
        '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
        '<link rel="stylesheet" href="https://example.com/x.css"><p>x</p>',
        '<link rel="attachment" href="file:///etc/passwd"><p>x</p>',
    ],
)
def test_nothing_outside_the_sheet_is_read(body):
    with pytest.raises(LayoutError, match=r"nothing outside it is read|Failed to load"):
        render.lay_out(sheet(body))


def test_a_logo_that_points_elsewhere_is_refused():
    logo = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" '
        b'xmlns:xlink="http://www.w3.org/1999/xlink">'
        b'<image xlink:href="file:///etc/hostname" width="9" height="9"/></svg>'
    )
    with pytest.raises(LayoutError, match=r"logo\.svg"):
        render.lay_out(sheet('<img alt="x" src="asset:logo.svg">', "", Asset("logo.svg", logo)))


@pytest.mark.parametrize(("body", "code"), [("<p>水</p>", "U+6C34"), ("<p>🩹</p>", "U+1FA79")])
def test_a_glyph_that_no_font_has_fails_the_sheet(body, code):
    with pytest.raises(LayoutError) as fault:
        render.lay_out(sheet(body))
    assert code in str(fault.value)


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("p { colour: red }", "colour"),
        ("p { width: -1mm }", "width"),
        ("@page { size: nonsense }", "size"),
    ],
)
def test_a_css_warning_fails_the_sheet(css, words):
    with pytest.raises(LayoutError, match=words):
        render.lay_out(sheet("<p>x</p>", css))


def test_an_image_without_words_fails_the_sheet():
    with pytest.raises(LayoutError, match="no required alt"):
        render.lay_out(sheet('<img alt="" src="asset:x.svg">', "", Asset("x.svg", SVG)))


def test_a_sheet_without_fault_logs_nothing(caplog):
    with caplog.at_level(logging.WARNING):
        render.lay_out(sheet("<p>x</p>"))
    assert caplog.records == []


def test_the_fonts_of_the_machine_are_invisible(tmp_path):
    proof = render.lay_out(sheet("<p style='font-family: DejaVu Sans, Arial, serif'>word</p>"))
    assert all("Hyperlegible" in name or "Plex" in name for name in fonts_in(proof.pdf, tmp_path))


def test_a_family_that_is_not_installed_names_its_package():
    with pytest.raises(LayoutError, match="pip install fontpkg-no-such-family"):
        render.lay_out(sheet("<p>x</p>", faces=(Typeface("No Such Family"),)))


def test_a_clinics_own_font_files_are_used(tmp_path):
    place = fonts.folder(fonts.SCRIPTS[0])
    assert place is not None
    own = tmp_path / "Own.ttf"
    shutil.copy(next(place.glob("*-Bold.ttf")), own)
    face = Typeface("IBM Plex Sans Arabic", (Asset(own.name, own.read_bytes()),))
    proof = render.lay_out(
        sheet("<p style=\"font-family: 'IBM Plex Sans Arabic'\">x</p>", faces=(face,))
    )
    assert {"Plex" in name and "Bold" in name for name in fonts_in(proof.pdf, tmp_path)} == {True}


PIECE = Piece("contact", 40, 10)
PIECE_CSS = "@page { size: 240mm 310mm; margin: 0 200mm 0 0 } p { margin: 0 } "


def fit(body: str) -> None:
    render.lay_out_pieces((sheet(body, PIECE_CSS),), (PIECE,))


def test_a_piece_that_fits_its_slot_passes():
    fit('<p data-field="phone">020 7946 0181</p>')


@pytest.mark.parametrize(
    "body",
    [
        '<p data-field="phone">' + "0" * 30 + "</p>",
        '<p>ok</p><p data-field="phone">1</p><p data-field="phone">2<br>3<br>4</p>',
        '<div style="width: 10mm" data-field="phone">020794601</div>',
        '<p data-field="phone" style="height: 12mm">1</p>',
        '<p data-field="phone" style="margin-bottom: 20mm">1</p>',
        '<table><tr><td data-field="phone">1<br>2<br>3<br>4</td></tr></table>',
    ],
)
def test_a_piece_that_leaves_its_slot_names_the_field(body):
    with pytest.raises(FitError, match=r"phone .*does not fit the contact \(40 × 10 mm\)"):
        fit(body)


def test_what_is_too_low_is_blamed_on_the_tallest_field():
    long = '<p data-field="name">One</p><p data-field="hours">1<br>2</p><p data-field="email">x</p>'
    with pytest.raises(FitError, match="hours “1 2” does not fit"):
        fit(long)


def test_the_same_sheet_gives_the_same_bytes():
    one, other = (render.lay_out(sheet("<h1>Same</h1><p>words</p>")).pdf for _ in range(2))
    assert one == other


def test_a_word_too_long_for_its_column_fails_the_sheet():
    with pytest.raises(FitError, match=r"“x{200}” is too long for its column"):
        render.lay_out(sheet("<p>" + "x" * 200 + "</p>"))


@pytest.mark.parametrize(
    "body",
    [
        '<h2 style="height: 0; margin: 0">Heading</h2><p style="margin: 0">Text</p>',
        '<p style="position: relative">Text<span style="position: absolute; left: 0">On</span></p>',
    ],
)
def test_words_upon_words_fail_the_sheet(body):
    with pytest.raises(FitError, match="lie upon each other"):
        render.lay_out(sheet(body))


def test_close_lines_and_columns_are_not_taken_for_overlaps():
    lines = "<p style='line-height: 1.05'>one two<br>three four</p>"
    render.lay_out(sheet(lines + "<table><tr><td>a</td><td>b</td></tr></table>"))


def test_a_field_of_fixed_height_is_blamed_for_its_own_words():
    long = '<p data-field="name">a</p><p data-field="number" style="height: 6mm">1<br>2</p>'
    with pytest.raises(FitError, match="number “2” does not fit"):
        fit(long)


def test_a_fault_in_what_sheets_share_is_told_of_each():
    for body in ("<p>One</p>", "<p>Two</p>"):
        with pytest.raises(LayoutError, match="unknown property"):
            render.lay_out(sheet(body, "p { colour: red }"))


SMALL = "@page { size: 60mm 60mm; margin: 5mm } p { margin: 0 0 4mm }"
CLOSER = ("p { margin-bottom: 3.6mm }", "p { margin-bottom: 2mm }")


def paragraphs(count: int, word: str = "Word") -> Sheet:
    """Each of them is a line, but for a last one of many words; five fit on a page."""
    return replace(sheet(f"{'<p>Word</p>' * (count - 1)}<p>{word}</p>", SMALL), tighter=CLOSER)


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many style sheets there were to each document that is laid out from now on."""
    found, real = [], render._document

    def document(html: object, css: list[str], **how: bool) -> object:
        found.append(len(css))
        return real(html, css, **how)

    monkeypatch.setattr(render, "_document", document)
    monkeypatch.setattr(render, "_KNOWN", {})
    return found


@pytest.mark.parametrize(
    ("count", "pages", "tried"),
    [(5, 1, [1]), (16, 3, [1, 2]), (11, 2, [1, 3]), (14, 3, [1])],
)
def test_a_sheet_is_laid_out_tighter_where_that_may_spare_a_page(layouts, count, pages, tried):
    assert render.lay_out(paragraphs(count)).pages == pages
    assert layouts == tried


@pytest.mark.parametrize(
    ("word", "tried"), [("Other", [3]), ("Words that take two lines here", [3, 1])]
)
def test_what_is_known_of_a_like_sheet_changes_nothing_but_the_time(layouts, word, tried):
    alone = render.lay_out(paragraphs(11, word))
    render._KNOWN.clear()
    render.lay_out(paragraphs(11))
    layouts.clear()
    assert render.lay_out(paragraphs(11, word)) == alone
    assert layouts == tried


@pytest.mark.parametrize(
    ("word", "tried"), [("Other", [3]), ("Words that take two lines here", [3, 1])]
)
def test_a_hint_changes_nothing_but_the_time(layouts, word, tried):
    alone, hint = render.lay_out(paragraphs(11, word)), render.lay_out(paragraphs(11)).way
    render._KNOWN.clear()
    layouts.clear()
    assert render.lay_out(paragraphs(11, word), hint) == alone
    assert layouts == tried


def test_a_hint_of_another_sheet_is_not_followed(layouts):
    hint = replace(paragraphs(11), css=SMALL + "p { color: red }")
    render.lay_out(paragraphs(5), render.lay_out(hint).way)
    assert layouts[-1:] == [1]


VERTICAL = {"min-height", "line-height", "top", "margin-top", "margin-bottom"}
VERTICAL |= {"padding-top", "padding-bottom"}


@pytest.mark.parametrize("name", TIGHTER_SHEET)
def test_ways_to_be_tighter_break_no_line_anew(name):
    css = Path("templates", name).read_text(encoding="utf-8")
    found = re.findall(r"[{;]\s*([\w-]+):", re.sub(r"\{[{%#].*?[}%#]\}", "x", css))
    assert found
    assert set(found) <= VERTICAL

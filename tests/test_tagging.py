"""What the tags of a page say: headings, lists, tables, languages, and words that stay apart."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from handouts import fonts
from handouts.build import How, build
from handouts.compose import _slot_images
from handouts.load import load
from handouts.plan import Selection, plan
from handouts.plates import _read_out
from handouts.render import Proof, lay_out
from handouts.sheet import Sheet, Typeface
from tests.small import make_library
from tests.texts import bare, by_tags


def laid_out(body: str, css: str = "", *, rtl: bool = False) -> Proof:
    way = "rtl" if rtl else "ltr"
    html = f'<html lang="en" dir="{way}"><title>T</title><body>{body}</body></html>'
    base = f"html {{ font: 12pt '{fonts.BASE}', '{fonts.SCRIPTS[0]}' }} "
    faces = tuple(Typeface(family) for family in (fonts.BASE, *fonts.SCRIPTS))
    return lay_out(Sheet(html, base + css, _slot_images(), faces))


def tags(pdf: bytes | Path) -> list[Any]:
    """The elements of a PDF, each as (its kind, those of its kids, its language)."""

    def below(element: Any) -> Iterator[Any]:
        kids = [kid for kid in element.get("/K", []) if isinstance(kid, pikepdf.Dictionary)]
        yield str(element.S), [str(kid.S) for kid in kids], str(element.get("/Lang", ""))
        for kid in kids:
            yield from below(kid)

    with pikepdf.open(BytesIO(pdf) if isinstance(pdf, bytes) else pdf) as document:
        return list(below(document.Root.StructTreeRoot.K[0]))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_library(tmp_path_factory.mktemp("tagged"))
    report = build(plan(load(root), Selection(("harbor",))), root, root / "output", How())
    assert report.exit_code == 0, report.complaints()
    return root / "output/harbor/en"


def test_a_list_in_columns_is_one_list() -> None:
    items = "".join(f"<li>Sign {number}</li>" for number in range(6))
    columns = "ul { columns: 2; list-style: none }"
    pdf = bare(laid_out(f"<ul>{items}</ul>", columns).pdf)
    assert [kids for kind, kids, _ in tags(pdf) if kind == "/L"] == [["/LI"] * 6]


def test_a_list_in_a_list_stays_one() -> None:
    nested = "<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>"
    pdf = bare(laid_out(nested, "ul { list-style: none }").pdf)
    assert sum(kind == "/L" for kind, _, _ in tags(pdf)) == 2


def test_periods_and_risks_are_headings_and_names_head_their_rows(output: Path) -> None:
    aftercare = tags(output / "tiny-aftercare.pdf")
    risks = tags(output / "tiny-risks.pdf")
    consent = tags(output / "tiny-consent.pdf")
    headings = {"/H1", "/H2", "/H3"}
    assert sum(kind in headings for kind, _, _ in aftercare) == 5
    assert sum(kind in headings for kind, _, _ in risks) > 3
    assert ["/TH", "/TD"] in [kids for kind, kids, _ in consent if kind == "/TR"]


def test_what_is_in_another_language_says_in_which() -> None:
    body = '<p>In English, <span lang="cy">yn Gymraeg</span>, in English.</p>'
    pdf = bare(laid_out(body).pdf)
    assert [language for _, _, language in tags(pdf) if language] == ["cy"]


SMALL = "@page { size: 80mm 140mm; margin: 5mm } p { overflow-wrap: anywhere }"
LONG = "Keep your skin out of the sun for two weeks, and call us if it becomes red or sore. " * 3
ARABIC = "ابتعد عن الشمس أسبوعين واتصل بنا إذا صار جلدك أحمر أو مؤلما جدا ثم اغسله بالماء " * 3


def test_the_words_of_two_lines_stay_apart() -> None:
    proof = laid_out(f"<p>{LONG.strip()}</p>", SMALL)
    assert by_tags(bare(proof.pdf)) == [LONG.strip()]
    assert proof.words == (LONG.strip(),)


def test_the_words_of_two_lines_stay_apart_from_the_right() -> None:
    proof = laid_out(f"<p>{ARABIC}</p>", SMALL, rtl=True)
    assert proof.words == (ARABIC.strip(),)
    (said,) = by_tags(bare(proof.pdf))
    assert sorted(said.split()) == sorted(word[::-1] for word in ARABIC.split())


def test_a_word_in_two_lines_stays_whole() -> None:
    address = "clinic.example.com/" + "microneedling-aftercare/" * 4
    proof = laid_out(f"<p>See {address} for more.<br>Call us.</p>", SMALL)
    assert by_tags(bare(proof.pdf)) == [f"See {address} for more. Call us."]
    assert proof.words == (f"See {address} for more. Call us.",)


def test_a_pause_is_one_dot() -> None:
    assert _read_out("De 9 a. m. a 5 p. m.\nNoches:\n999") == "De 9 a. m. a 5 p. m. Noches: 999"
    assert _read_out("Harbor Skin\nCall us") == "Harbor Skin. Call us"
    assert _read_out("020\N{NO-BREAK SPACE}7946") == "020 7946"
    assert _read_out("") == ""

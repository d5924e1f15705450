"""What comes off the printer is measured right, and whatever breaks a limit is found."""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from handouts import packlist
from handouts.formats import Format
from handouts.packs import Fault, Proof, faults, packs
from handouts.preflight import Ink, Page, Text, outside, overlaps, pages
from tests.program import laid_out, run
from tests.small import EN, FILES

Make = Callable[..., Path]

A4 = (595.276, 841.89)
MM = 72 / 25.4
TOP = A4[1] - 30 * MM
"""The height at which most texts stand here, some 30 mm below the upper edge."""

SPOT = """[/Separation /spot /DeviceRGB
  << /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [1 0 0] /N 1 >>]"""
"""An ink that is filled with red."""


def pdf(*contents: str, form: str = "") -> bytes:
    """A4 pages that draw just this, in Helvetica, /Form and the ink /spot."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    own = {"/Font": pikepdf.Dictionary(F=font)}
    box = pikepdf.Array([0, 0, 600, 900])
    stream = document.make_stream(form.encode())
    stream.update(
        {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": box,
         "/Resources": pikepdf.Dictionary(own)}
    )  # fmt: skip
    faint = pikepdf.Dictionary(ca=0.5)
    for content in contents:
        document.add_blank_page(page_size=A4)
        document.pages[-1].Contents = document.make_stream(content.encode())
        document.pages[-1].Resources = pikepdf.Dictionary({
            **own,
            "/XObject": pikepdf.Dictionary(Form=stream),
            "/ColorSpace": pikepdf.Dictionary(spot=pikepdf.Object.parse(SPOT.encode())),
            "/ExtGState": pikepdf.Dictionary(faint=faint),
        })  # fmt: skip
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def words(text: str, size: float = 12, x: float = 60, y: float = TOP, fill: str = "0 g") -> str:
    return f"q {fill} BT /F {size} Tf {x} {y} Td ({text}) Tj ET Q\n"


def block(x: float, y: float, width: float, height: float, fill: str = "0 g") -> str:
    """A filled area; in pt, from the lower left corner."""
    return f"q {fill} {x} {y} {width} {height} re f Q\n"


def only(content: str, **how: str) -> Page:
    (page,) = pages(pdf(content, **how))
    return page


def text(content: str, **how: str) -> Text:
    (found,) = only(content, **how).texts
    return found


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (words("Hello", 14.5), ""),
        (f"q .5 0 0 .5 0 0 cm {words('Hello', 29, y=2 * TOP, x=120)} Q", ""),
        ("q .5 0 0 .5 30 400 cm /Form Do Q", words("Hello", 29, 60, 700)),
        (f"BT /F 1 Tf 14.5 0 0 14.5 60 {TOP} Tm (Hello) Tj ET", ""),
        ("BT /F 1 Tf 0 14.5 -14.5 0 300 400 Tm (Hello) Tj ET", ""),
    ],
    ids=["plain", "scaled", "in a form", "by its matrix", "turned"],
)
def test_a_text_is_as_large_as_all_matrices_make_it(content: str, form: str) -> None:
    found = text(content, form=form)
    assert (found.words, round(found.size_pt, 2)) == ("Hello", 14.5)


def test_a_text_has_its_place_on_the_paper() -> None:
    left, top, right, bottom = text(words("HH", 72, 20 * MM, A4[1] - 50 * MM)).box
    assert left == pytest.approx(20 + 0.07 * 72 / MM, abs=0.5)
    assert bottom == pytest.approx(50, abs=0.2)
    assert top == pytest.approx(50 - 0.72 * 72 / MM, abs=0.5)
    assert right - left == pytest.approx(1.3 * 72 / MM, abs=1)


@pytest.mark.parametrize(
    ("fill", "color"),
    [("0 g", "#000000"), ("1 0 0 rg", "#ff0000"), ("/spot cs 1 scn", "#ff0000")],
)
def test_a_text_has_the_colour_that_fills_its_ink(fill: str, color: str) -> None:
    assert text(words("Hello", fill=fill)).color == color


DARK = block(50, TOP - 20, 300, 60, ".2 g")


@pytest.mark.parametrize(
    ("content", "behind", "ratio"),
    [
        (words("Hello"), "#ffffff", 21),
        (DARK + words("Hello", fill="1 g"), "#333333", 12.6),
        (DARK + words("Hello"), "#333333", 1.66),
        (
            block(50, TOP - 20, 300, 60, "/spot cs 1 scn") + words("Hello", fill="1 g"),
            "#4c4c4c",
            8.6,
        ),
        (words("Hello", fill="/faint gs 0 g"), "#ffffff", 3.95),
        (words("i", 2), "#ffffff", 21),
        (DARK + words(".", 4, fill="1 g"), "#333333", 12.6),
    ],
    ids=["black", "on dark", "black on dark", "on an ink", "see-through", "tiny", "tiny on dark"],
)
def test_contrast_is_that_with_what_lies_behind(content: str, behind: str, ratio: float) -> None:
    found = text(content)
    assert (found.behind, found.contrast) == (behind, pytest.approx(ratio, abs=0.06))


def test_contrast_is_told_in_grey() -> None:
    green = text(words("Hello", fill="0 .6 0 rg"))
    same = text(words("Hello", fill=f"{0.587 * 0.6} g"))
    assert green.contrast == pytest.approx(same.contrast, abs=0.1)


def test_a_text_half_on_its_own_colour_is_as_pale_as_that_half() -> None:
    half = block(50, TOP - 20, 40, 60) + words("Hello all of you", fill="1 g")
    assert text(half).contrast == 1
    hairline = block(50, TOP + 3, 300, 0.1) + words("Hello all of you")
    assert text(hairline).contrast > 12


def test_a_text_in_a_form_hides_no_text_behind_it() -> None:
    found = only(words("Hello") + "/Form Do", form=words("Hollo", 12, 62, TOP))
    assert {each.contrast for each in found.texts} == {21}


@pytest.mark.parametrize(
    ("fill", "color", "mono"),
    [("0 g", 0.25, 0.25), ("1 1 0 rg", 0.25 / 3, 0.25 * 0.114), ("1 0 0 rg", 0.5 / 3, 0.25 * 0.7)],
)
def test_ink_is_the_share_of_the_page_that_is_covered(fill: str, color: float, mono: float) -> None:
    page = only(block(0, 0, A4[0] / 2, A4[1] / 2, fill))
    assert page.ink.color == pytest.approx(color, abs=0.002)
    assert page.ink.mono == pytest.approx(mono, abs=0.002)


def test_a_bare_page_has_no_ink_and_no_edge() -> None:
    page = only("")
    assert (page.texts, page.ink.color, page.ink.mono, page.printed) == ((), 0, 0, None)
    assert page.edge > 100


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_the_distance_is_that_to_the_nearest_edge(side: str) -> None:
    near, far = 5 * MM, 40 * MM
    x = {"left": near, "right": A4[0] - near - 10}.get(side, far)
    y = {"bottom": near, "top": A4[1] - near - 10}.get(side, far)
    assert only(block(x, y, 10, 10)).edge == pytest.approx(5, abs=0.2)


def test_texts_off_the_page_and_near_its_edge_are_outside() -> None:
    page = only(words("fine") + words("near", x=5 * MM) + words("gone", x=-200, y=TOP - 50))
    assert {each.words for each in outside(page)} == {"near", "gone"}
    assert page.edge < -30
    page = only(words("fine", x=12.7 * MM))
    assert outside(page) == []


def test_texts_upon_each_other_are_found() -> None:
    page = only(words("Over") + words("Under", x=65, y=TOP + 3) + words("Apart", y=TOP - 14))
    assert [{one.words, other.words} for one, other in overlaps(page)] == [{"Over", "Under"}]


def measured(*contents: str, form: Format = "standard", path: str = "x.pdf") -> Proof:
    return Proof(path, "rosewater", "en", form, pages(pdf(*contents)))


def found(*contents: str, form: Format = "standard") -> list[Fault]:
    return faults([measured(*contents, form=form)])


SOUND = words("Sound")


@pytest.mark.parametrize(
    ("content", "limit", "value", "named"),
    [
        (words("Small", 9), "text", 9, ("Small",)),
        (words("Nearly", 11.9), "text", 11.9, ("Nearly",)),
        (words("Near", x=5 * MM), "edge", 5.3, ("Near",)),
        (block(5 * MM, 400, 20, 20), "edge", 5, ()),
        (words("Pale", fill=".6 g"), "contrast", 2.8, ("Pale",)),
        (DARK + words("Dim", fill=".5 g"), "contrast", 3.1, ("Dim",)),
    ],
)
def test_a_planted_fault_is_found_with_its_page_and_words(
    content: str, limit: str, value: float, named: tuple[str, ...]
) -> None:
    (fault,) = found(SOUND, SOUND.replace(str(TOP), "400") + content)
    assert (fault.path, fault.page, fault.limit, fault.words) == ("x.pdf", 2, limit, named)
    assert fault.value == pytest.approx(value, abs=0.21)


def test_a_full_page_is_a_fault_in_mono_alone() -> None:
    full = SOUND + block(50, 50, 300, 300)
    assert [fault.limit for fault in found(full, form="large-print-mono")] == ["ink"]
    assert found(full, form="large-print") == []
    assert found(SOUND, form="mono") == []


def test_a_contrast_that_just_misses_is_not_told_as_one_that_does() -> None:
    pale = Text("Pale", 12, "#777777", "#ffffff", 4.49, (20, 20, 40, 25), 1)
    page = Page(1, 210, 297, (pale,), Ink(0, 0), None)
    (fault,) = faults([Proof("x.pdf", "rosewater", "en", "standard", (page,))])
    assert (fault.limit, fault.value) == ("contrast", 4.4)


def test_what_just_keeps_to_the_limits_is_no_fault() -> None:
    keeps = words("Twelve", 11.96) + words("Grey", y=400, fill=".46 g")
    assert found(keeps + block(12.6 * MM, 300, 20, 20)) == []


@pytest.mark.parametrize(
    ("form", "count", "sheets"),
    [
        ("standard", 1, 1),
        ("standard", 2, 1),
        ("large-print", 5, 3),
    ],
)
def test_paper_is_printed_on_both_sides(form: Format, count: int, sheets: int) -> None:
    assert measured(*[SOUND] * count, form=form).sheets == sheets


def test_a_pack_is_of_one_clinic_language_and_format() -> None:
    dark = words("Sound", 14) + block(100, 100, 300, 300)
    proofs = [
        measured(SOUND, dark, SOUND),
        measured(SOUND, path="y.pdf"),
        measured(SOUND, form="mono"),
    ]
    first, second = packs(proofs)
    assert (first.format, first.handouts, first.pages, first.sheets) == ("standard", 2, 4, 3)
    assert (second.format, second.handouts, second.pages, second.sheets) == ("mono", 1, 1, 1)
    assert first.fullest.mono == pytest.approx(0.18, abs=0.01)
    assert first.ink.mono == pytest.approx(first.fullest.mono / 4, abs=0.01)
    assert first.smallest_text == pytest.approx(12)


def told(problems: Iterable[Fault]) -> list[str]:
    return list(packlist.told(problems))


def test_a_fault_is_told_once_with_all_its_pages() -> None:
    small, sound = words("Small", 9), SOUND
    proofs = [measured(small, small, sound, small, path=f"{n}.pdf") for n in range(5)]
    assert told(faults(proofs)) == [
        "text of 9 pt, under 12: “Small”",
        *(f"    {n}.pdf: pages 1-2, 4" for n in range(3)),
        "    and 2 PDFs more",
    ]


def test_what_a_build_lays_out_has_the_sizes_that_its_styles_give(built_once: Path) -> None:
    sheet = built_once / "output/rosewater/en/tiny-aftercare.pdf"
    found = {
        (text.words, round(text.size_pt, 1))
        for page in pages(sheet.read_bytes())
        for text in page.texts
    }
    assert {
        ("After your tiny treatment", 29),
        ("How to look after your skin.", 14.5),
        ("Drink water.", 12),
        ("Rosewater Clinic", 14.5),
        ("020 7946 0000", 21),
    } <= found


def test_what_a_build_lays_out_keeps_off_the_edge_and_off_itself(built_once: Path) -> None:
    seen = 0
    for path in sorted(built_once.glob("output/*/en/*.pdf")):
        for page in pages(path.read_bytes()):
            assert page.edge == pytest.approx(12.7, abs=0.3)
            assert overlaps(page) == outside(page) == []
            seen += len(page.texts)
    assert seen > 200


def test_looking_lays_nothing_out_anew_and_leaves_nothing(built: Path) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(built.rglob("*")) if path.is_file()}

    before = files()
    with laid_out() as jobs:
        result = run("check", "--print", "--root", built)
    assert (result.exit_code, result.stderr, jobs) == (0, "", [])
    assert "harbor\n" in result.stdout
    assert "no problems: 6 handouts, 8 pages, 6 sheets of paper\n" in result.stdout
    assert files() == before


def test_packs_of_chosen_clinics_and_formats_are_given_as_json(built: Path) -> None:
    chosen = ("rosewater", "-F", "standard", "-F", "mono")
    data = json.loads(run("check", "--print", "--json", *chosen, "--root", built).stdout)
    assert [(pack["clinic"], pack["format"]) for pack in data["packs"]] == [
        ("rosewater", "standard"),
        ("rosewater", "mono"),
    ]
    standard, mono = data["packs"]
    assert standard["ink"]["mono"] > mono["ink"]["mono"] > 0.02
    assert data["faults"] == []


def test_small_words_of_a_template_are_told_and_end_with_1(library: Make) -> None:
    css = (Path(__file__).parents[1] / "templates/sheet.css").read_text(encoding="utf-8")
    root = library({"templates/sheet.css": css + "\n.lead { font-size: 8pt; }\n"})
    result = run("check", "--print", "harbor", "--root", root)
    assert result.exit_code == 1
    assert "text of 8 pt, under 12: “How to look after your skin.”" in result.stdout
    assert "    harbor/en/tiny-aftercare.pdf: page 1\n" in result.stdout
    assert result.stderr.startswith("3 problems: 3 handouts")


@pytest.mark.parametrize(
    ("sheet", "old", "new"),
    [("risks", "lead:", "laed:"), ("aftercare", "Drink water.", "Drink \U00013000.")],
    ids=["refused", "failed"],
)
def test_a_sheet_that_cannot_be_made_is_told_as_a_build_does(
    sheet: str, old: str, new: str, library: Make
) -> None:
    path = f"{EN}/{sheet}.yaml"
    root = library({path: str(FILES[path]).replace(old, new)})
    result = run("check", "--print", "harbor", "--root", root)
    assert result.exit_code == 1
    assert f"{path}:" in result.stderr
    assert "not made: harbor/en/tiny-" in result.stderr
    assert "earlier PDF" not in result.stderr
    assert result.stdout.startswith("harbor\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rosewater"], "--print"),
        (["-F", "mono"], "--print"),
        (["--print", "--report", "x.html"], "leave out --print"),
        (["--print", "rosewatr"], "did you mean 'rosewater'?"),
        (["--print", "-F", "booklet"], "no PDF fits all of this"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_a_usage_error(
    arguments: list[str], said: str, library: Make
) -> None:
    result = run("check", *arguments, "--root", library())
    assert result.exit_code == 2
    assert said in result.stderr

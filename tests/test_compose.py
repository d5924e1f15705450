"""From a body to HTML: every kind of block, every word escaped, no value left out."""

import re
from pathlib import Path

import pytest

from handouts import compose, toolchain
from handouts.compose import Composer, ruled
from handouts.errors import TemplateError
from handouts.load import load
from handouts.model import KINDS
from handouts.plan import Edition, Selection, plan
from handouts.store import Store

GOLDENS = Path(__file__).parent / "goldens"


def editions(root: Path) -> dict[str, Edition]:
    library = load(root)
    assert library.problems == ()
    return {edition.path: edition for edition in plan(library, Selection()).editions}


def html(root: Path, handout: str) -> str:
    edition = next(item for item in editions(root).values() if item.handout == handout)
    return Composer(root).sheet(edition.body).html


def stationery(root: Path) -> str:
    edition = next(iter(editions(root).values()))
    body = edition.body
    return Composer(root).stationery(edition.clinic, body.language, body.wording)[0].html


def test_templates_compiled_by_another_version_are_not_used(library, tmp_path, monkeypatch):
    root, store = library(), Store(tmp_path / "records")
    body = next(iter(editions(root).values())).body
    with monkeypatch.context() as other:
        other.setattr(toolchain, "digest", lambda: "another version")
        other.setattr(compose, "_md", lambda text: f"otherwise: {text}")
        assert "otherwise: " in Composer(root, store).sheet(body).html
    assert Composer(root, store).sheet(body).html == Composer(root).sheet(body).html


def agrees_with_golden(request: pytest.FixtureRequest, name: str, text: str) -> None:
    golden = GOLDENS / name
    if request.config.getoption("--refresh-goldens"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("handout", ["risks", "consent", "aftercare"])
def test_a_sheet_is_composed_as_its_golden_shows(request, library, handout):
    agrees_with_golden(request, f"{handout}.html", html(library(), handout))


def test_stationery_is_composed_as_its_golden_shows(request, library):
    agrees_with_golden(request, "stationery.html", stationery(library()))


def test_the_goldens_hold_every_kind_of_block():
    shown = "".join(path.read_text(encoding="utf-8") for path in GOLDENS.glob("*.html"))
    for kind in set(KINDS) - {"heading"}:
        assert f'<div class="block {kind.replace("_", "-")}' in shown
    assert "<h2>" in shown


def test_words_are_escaped_wherever_they_come_from(library):
    root = library()
    for clinic in (root / "data/clinics").glob("*/clinic.yaml"):
        clinic.write_text(re.sub(r"^name: .*", "name: Skin & <Co>", clinic.read_text(), flags=re.M))
    shown = stationery(root)
    assert "Skin &amp; &lt;Co&gt;" in shown
    assert "<Co>" not in shown


def test_a_value_that_is_not_there_is_a_fault_and_not_a_blank(library):
    root = library({"templates/blocks/text.html": "<p>\n{{ block.txet }}</p>"})
    with pytest.raises(TemplateError, match=r"templates/blocks/text\.html:2: .*txet"):
        html(root, "risks")


def test_a_template_that_cannot_be_parsed_names_its_line(library):
    root = library({"templates/blocks/text.html": "<p>\n\n{% if %}</p>"})
    with pytest.raises(TemplateError, match=r"templates/blocks/text\.html:3: "):
        html(root, "risks")


def test_a_template_that_is_not_there_is_named(library):
    root = library({"templates/sheet.html": "{% include 'blocks/nothing.html' %}"})
    with pytest.raises(TemplateError, match=r"templates/blocks/nothing\.html is missing"):
        html(root, "risks")


def test_a_librarys_own_template_stands_before_the_programs(library):
    root = library({"templates/blocks/text.html": "<p>own</p>"})
    assert "<p>own</p>" in html(root, "risks")


def blocks(*kinds: str) -> tuple:
    raw = {
        "heading": "Title",
        "text": "Words",
        "statements": ["I agree"],
        "signatures": [{"who": "patient"}],
        "call_box": True,
    }
    return tuple(KINDS[kind].model_validate({kind: raw[kind]}) for kind in kinds)


def shape(*kinds: str) -> list[str]:
    return [
        f"{'wide' if section.wide else 'narrow'}{' titled' if section.titled else ''}"
        f"{' ruled' if section.ruled else ''} {' '.join(b.kind for b in section.blocks)}".strip()
        for section in ruled(blocks(*kinds))
    ]


def test_a_heading_starts_a_section_and_so_does_a_change_of_width():
    assert shape("text", "heading", "text", "statements", "text") == [
        "narrow ruled text",
        "narrow titled text",
        "wide statements",
        "narrow text",
    ]


def test_a_line_closes_a_section_before_a_title_or_the_call_box():
    assert shape("heading", "text", "heading", "signatures", "call_box") == [
        "narrow titled ruled text",
        "wide titled ruled signatures",
        "wide titled call_box",
    ]

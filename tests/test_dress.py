"""A clinic's own templates: what they change, for whom, and what they may not."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from tests.program import laid_out, run
from tests.small import R

Make = Callable[..., Path]

OWN = "templates/clinics/rosewater"
REACH = {
    f"{OWN}/stationery/letterheads/rule.html": (
        '{% extends "handouts/stationery/letterheads/rule.html" %}'
        '{% block reach %}{{ super() }}<div data-field="member">Member 123</div>{% endblock %}'
    )
}


def words(pdf: Path) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def built(root: Path) -> Path:
    result = run("build", "-j", 1, "--root", root)
    assert result.exit_code == 0, result.stderr
    return root / "output"


def test_a_clinics_letterhead_is_its_own_and_no_others(library: Make) -> None:
    output = built(library(REACH))
    assert "Member 123" in words(output / "rosewater/en/tiny-risks.pdf")
    assert "rosewater.example" in words(output / "rosewater/en/tiny-risks.pdf")
    assert "Member 123" not in words(output / "harbor/en/tiny-risks.pdf")


def test_a_letterhead_of_its_own_stands_on_booklets_too(library: Make) -> None:
    place = "data/treatments/tiny/en/risks.yaml"
    sheet = (library() / place).read_text(encoding="utf-8")
    root = library({**REACH, place: sheet.replace("blocks:", "booklet: true\nblocks:", 1)})
    result = run("build", "-j", 1, "-F", "booklet", "rosewater", "--root", root)
    assert result.exit_code == 0, result.stderr
    assert "Member 123" in words(root / "output/rosewater/en/tiny-risks-booklet.pdf")


def test_a_style_of_its_own_gives_a_clinic_plates_of_its_own(library: Make) -> None:
    root = library()
    built(root)
    library({f"{OWN}/sheet.css": block("sheet.css", "more", "h1 {font-size: 40pt}")})
    with laid_out() as jobs:
        built(root)
    plates = [job for job in jobs if not job.pieces]
    assert len(plates) == 3
    assert all("font-size: 40pt" in job.sheet.css for job in plates)


def test_clinics_can_share_a_folder(library: Make) -> None:
    group = {name.replace("rosewater", "group"): text for name, text in REACH.items()}
    clinic = (library() / R / "clinic.yaml").read_text(encoding="utf-8")
    output = built(library({**group, f"{R}/clinic.yaml": f"{clinic}templates: group\n"}))
    assert "Member 123" in words(output / "rosewater/en/tiny-risks.pdf")


def test_a_folder_that_is_not_there_is_named(library: Make) -> None:
    clinic = (library() / R / "clinic.yaml").read_text(encoding="utf-8")
    root = library({**REACH, f"{R}/clinic.yaml": f"{clinic}templates: rosewatr\n"})
    said = run("check", "--root", root)
    assert said.exit_code == 1
    assert "there is no templates/clinics/rosewatr/: did you mean 'rosewater'?" in said.stdout


def block(template: str, name: str, text: str) -> str:
    """A template that takes the place of another but for one of its blocks."""
    extends = f'{{% extends "handouts/{template}" %}}'
    return f"{extends}{{% block {name} %}}{text}{{% endblock %}}"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "sheet.html",
            block("sheet.html", "header", "{{ super() }}<p>Best!</p>"),
            "templates/clinics/rosewater/ adds “Best”: a sheet's words stand in data/",
        ),
        ("sheet.html", block("sheet.html", "header", ""), "leaves out “"),
        ("blocks/bullets.html", "", "leaves out “Drink water”"),
        ("sheet.css", block("sheet.css", "more", ".lead {display: none}"), "hides “"),
    ],
)
def test_words_are_neither_lost_nor_added(name: str, text: str, says: str, library: Make) -> None:
    root = library({f"{OWN}/{name}": text})
    result = run("build", "-j", 1, "-H", "aftercare", "--root", root)
    assert result.exit_code == 1
    assert says in result.stderr
    assert [path.parts[-3] for path in (root / "output").rglob("*.pdf")] == ["harbor"]

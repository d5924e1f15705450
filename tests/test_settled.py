"""A build that has nothing to do is told so quickly, and only when that is sure."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import build as building
from tests.program import run
from tests.small import EN, FILES, R, T
from tests.test_tidy import ALL

DAY = 86400
TODAY = 1795219200  # 2026-11-21
REVIEW = 1831075200  # 2028-01-10, the last day of every sheet


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TODAY))


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each build that really looks at the library."""
    count: list[int] = []
    real = building.build
    monkeypatch.setattr(
        building, "build", lambda *args, **how: count.append(1) or real(*args, **how)
    )
    return count


def test_nothing_is_looked_at_when_nothing_can_have_changed(built: Path, builds: list[int]) -> None:
    assert run("build", "--root", built).stdout.startswith("0 made, 6 unchanged")
    assert run("build", "-n", "--root", built).stdout.startswith("0 to make, 6 unchanged")
    rows = json.loads(run("build", "--json", "--root", built).stdout)["editions"]
    assert [(row["path"], row["outcome"]) for row in rows] == [(path, "same") for path in ALL]
    assert builds == []


def touch_clinic(root: Path) -> None:
    path = root / R / "clinic.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")


def add_template(root: Path) -> None:
    (root / "templates").mkdir()
    (root / "templates/own.css").write_text("p { color: red }", encoding="utf-8")


def alter_and_set_the_clock_back(root: Path) -> None:
    """As many bytes as before, at the same time as before."""
    path = root / "output" / ALL[0]
    status = path.stat()
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b" ")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


LOOK_AGAIN: dict[str, Callable[[Path], object]] = {
    "a comment in a clinic's file": touch_clinic,
    "a template of the library's own": add_template,
    "a new clinic's folder": lambda root: (
        (root / "data/clinics/new").mkdir()
        or (root / "data/clinics/new/clinic.yaml").write_text("x")
    ),
    "a PDF gone": lambda root: (root / "output" / ALL[0]).unlink(),
    "a PDF cut short": lambda root: (root / "output" / ALL[0]).write_bytes(b"x"),
    "a PDF altered by stealth": alter_and_set_the_clock_back,
    "the manifest altered": lambda root: (root / "output/manifest.json").write_text("{}"),
    "a stranger": lambda root: (root / "output/mine.txt").write_text("x"),
    "an approval": lambda root: run(
        "approve", "tiny/risks", "--by", "A", "--role", "B", "--root", root
    ),
    "a record that is damaged": lambda root: [
        path.write_bytes(b"x") for path in (root / ".handouts/settled").rglob("*") if path.is_file()
    ],
}


@pytest.mark.parametrize("what", LOOK_AGAIN)
def test_whatever_changes_is_looked_at(what: str, built: Path, builds: list[int]) -> None:
    LOOK_AGAIN[what](built)
    run("build", "-j", 1, "--root", built)
    assert builds == [1]


@pytest.mark.parametrize("options", [["-f"], ["rosewater"], ["-l", "en"], ["--final"]], ids=str)
def test_another_question_is_another_build(
    options: list[str], built: Path, builds: list[int]
) -> None:
    run("build", "-j", 1, *options, "--root", built)
    assert builds == [1]


@pytest.mark.parametrize(
    ("day", "looks"),
    [(TODAY, 0), (TODAY + 30 * DAY, 0), (REVIEW, 0), (REVIEW + DAY, 1), (TODAY - DAY, 1)],
)
def test_the_day_on_which_a_sheet_ends_is_noticed(
    day: int, looks: int, built: Path, builds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(day))
    run("build", "-j", 1, "--root", built)
    assert len(builds) == looks


def test_what_has_problems_is_never_settled(library: Callable[..., Path]) -> None:
    broken = str(FILES[f"{EN}/risks.yaml"]).replace("lead:", "laed:")
    root = library({f"{EN}/risks.yaml": broken})
    for _ in range(2):
        result = run("build", "-j", 1, "--root", root)
        assert result.exit_code == 1
        assert "laed" in result.stderr


def test_two_output_folders_are_settled_apart(built: Path, builds: list[int]) -> None:
    run("build", "-j", 1, "-o", built / "else", "--root", built)
    assert builds == [1]
    run("build", "--root", built)
    run("build", "-o", built / "else", "--root", built)
    assert builds == [1]
    (built / f"{T}/facts.yaml").write_text(
        str(FILES[f"{T}/facts.yaml"]).replace("24", "36"), encoding="utf-8"
    )
    assert run("build", "-j", 1, "--root", built).stdout.startswith("4 made")
    assert run("build", "-o", built / "else", "--root", built).stdout.startswith("4 made")


@pytest.mark.parametrize("moment", ["tidy", "_keep_words"])
def test_a_pdf_that_is_altered_while_a_build_goes_on_is_noticed_by_the_next(
    moment: str, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = built / "output" / ALL[0]
    right = path.read_bytes()
    place = building if moment == "tidy" else building._Work
    real = getattr(place, moment)

    def meanwhile(*arguments: object) -> object:
        path.write_bytes(right[:-1] + b" ")
        return real(*arguments)

    touch_clinic(built)
    monkeypatch.setattr(place, moment, meanwhile)
    run("build", "-j", 1, "--root", built)
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TODAY))
    assert run("build", "-j", 1, "--root", built).stdout.startswith("1 made, 5 unchanged")
    assert path.read_bytes() == right

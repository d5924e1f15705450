"""What is measured is what it says: the library, the changes, the others, the memory."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.load import load
from handouts.plan import Selection, plan
from tests.benchmarks import others, parts, scenarios, table
from tests.benchmarks.library import Size, make
from tests.benchmarks.measure import MeasureError, busy, run
from tests.benchmarks.parts import Bench, Rival
from tests.benchmarks.sample import sample
from tests.benchmarks.typesetting import document

SMALL = Size(clinics=2, languages=1, share=0)


def files(root: Path) -> dict[str, bytes]:
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def test_a_library_of_a_size_has_that_many_editions_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    size = Size(clinics=30, treatments=2, share=0.5)
    first = files(make(tmp_path / "one", size))
    library = load(tmp_path / "one")
    assert library.problems == ()
    found = plan(library).editions
    assert len(found) == size.editions == 1080
    own = {edition.body for edition in found if edition.handout == "before"}
    assert len(own) % 6 == 0
    assert 6 * 8 < len(own) < 6 * 24
    assert len({edition.body for edition in found}) == len(own) + 2 * 3 * 5
    assert files(make(tmp_path / "two", size)) == first


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A library of twelve editions that has been built."""
    bench = Bench(tmp_path_factory.mktemp("bench"), SMALL, cores=2)
    make(bench.root, SMALL)
    done = scenarios.cold(bench.root, SMALL)
    assert done.seconds > 0
    assert done.peak > 10**7
    return bench


def test_each_change_makes_what_it_is_to_make_and_then_nothing_is_left_to_do(built: Bench) -> None:
    for number in range(2):
        scenarios.reworded(built.root, SMALL, number, "consent")
    scenarios.rephoned(built.root, SMALL, 0)
    scenarios.recolored(built.root, SMALL, 0)
    assert parts.unchanged(built).rows[0].ratio == 1


def test_a_build_that_does_something_else_is_not_measured(built: Bench) -> None:
    with pytest.raises(MeasureError, match="'0 made, 10 unchanged: '"):
        scenarios.unchanged(built.root, replace(SMALL, handouts=5))
    with pytest.raises(MeasureError, match="exit code 2"):
        run(sys.executable, "-c", scenarios.PROGRAM, "build", "--nosuch")


def test_a_change_must_find_its_line(built: Bench) -> None:
    scenarios.recolored(built.root, SMALL, 9)
    with pytest.raises(MeasureError, match="places for"):
        scenarios.recolored(built.root, SMALL, 9)


def test_a_build_that_lays_out_loads_weasyprint(tmp_path: Path) -> None:
    size = replace(SMALL, clinics=1)
    make(tmp_path, size)
    assert scenarios.loads_weasyprint(tmp_path)
    assert not scenarios.loads_weasyprint(tmp_path)


def test_overprinting_is_measured_on_what_a_build_has_written(built: Bench) -> None:
    scenarios.recolored(built.root, SMALL, 20)
    copy, written, alone = parts.rate(built).rows
    assert copy.ratio == 1
    assert min(copy.seconds or 0, written.seconds or 0, alone.seconds or 0) > 0


@pytest.mark.parametrize("name", ["plain", "chromium", "typst"])
def test_others_make_the_same_editions(name: str, built: Bench) -> None:
    if others.remedy(name):
        pytest.skip(others.remedy(name))
    only = ("--handout", "aftercare", "--handout", "photos")
    row = parts.tried(built, Rival(name, name, 2, each=1), 100, *only)
    assert row.what.endswith("from 2")
    assert row.scaled
    assert row.seconds


def test_what_is_not_installed_is_named_with_how_to_get_it(
    built: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(others, "CHROMIUMS", ("no-such-browser",))
    row = parts.tried(built, Rival("chromium", "Chromium", 2), 100)
    assert row.what.startswith("Chromium: not installed (apt-get install chromium")
    assert "–  Chromium: not" in str(row)


def test_a_sample_has_editions_of_every_sheet_and_is_the_same_each_time(built: Bench) -> None:
    found = [edition.path for edition in sample(built.root, 1)]
    assert len(found) == len({path.rpartition("/")[2] for path in found}) == SMALL.handouts
    assert found == [edition.path for edition in sample(built.root, 1)]
    assert len(sample(built.root, 9, Selection(handouts=("about",)))) == SMALL.clinics


def test_typst_is_given_the_words_of_the_sheet(built: Bench) -> None:
    (edition,) = sample(built.root, 1, Selection(handouts=("photos",)))
    text = document(edition)
    assert f'#heading(level: 1, "{edition.body.title}")' in text
    assert edition.clinic.contact.name in text


@pytest.mark.parametrize("met", [True, False])
def test_a_goal_stands_beside_its_figure_whether_it_is_met_or_not(met: bool) -> None:
    goal = Bench(Path(), Size()).goal("under 1 s", met=met)
    row = table.Row("build", 1.5, 2_000_000, 30.0, goal, scaled=True)
    told = "met" if met else "MISSED"
    assert " ".join(str(row).split()) == f"30.0 × ~1.50 s 2 MB build [under 1 s: {told}]"
    assert Bench(Path(), SMALL).goal("under 1 s", met=met) is None


def test_how_busy_the_machine_is_can_be_told() -> None:
    share = busy(0.1)
    assert share is None or 0 <= share <= 1

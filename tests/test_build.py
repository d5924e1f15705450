"""A build makes what is not there, leaves what is, and never stops at one bad edition."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import Mock

import pikepdf
import pypdfium2
import pytest

from handouts import build as building
from handouts import layouts, workers
from handouts.build import How
from handouts.layouts import Job, Record
from handouts.load import load
from handouts.overprint import Plate, Stationery
from handouts.plan import Selection, plan
from handouts.report import Report
from tests.small import EN, FILES, H, R, make_library

Files = dict[str, str | bytes | None]

ALL = [
    f"{clinic}/en/tiny-{handout}.pdf"
    for clinic in ("harbor", "rosewater")
    for handout in ("aftercare", "consent", "risks")
]
EVERYTHING = Selection()
HARBOR, ROSEWATER = set(ALL[:3]), set(ALL[3:])
AFTERCARE, CONSENT, RISKS = ({ALL[i], ALL[i + 3]} for i in range(3))


@dataclass
class Bench:
    """A library, and what each build of it laid out."""

    root: Path
    laid_out: list[type[Record]] = field(default_factory=list)

    @property
    def output(self) -> Path:
        return self.root / "output"

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert text.count(old) == 1
        (self.root / path).write_text(text.replace(old, new))

    def build(self, selection: Selection = EVERYTHING, **how: Any) -> Report:
        self.laid_out.clear()
        todo = plan(load(self.root), selection)
        return building.build(todo, self.root, self.output, How(**how))

    def pdfs(self) -> dict[str, bytes]:
        files = sorted(self.output.rglob("*.pdf")) if self.output.exists() else []
        found = [path for path in files if path.is_file()]
        return {path.relative_to(self.output).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Bench]:
    """The small library with files laid over it, not yet built."""

    def new(files: Files | None = None) -> Bench:
        return Bench(make_library(tmp_path, files), _spied(monkeypatch))

    return new


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Bench(make_library(tmp_path_factory.mktemp("model")))
    assert outcomes(bench.build()) == dict.fromkeys(ALL, "made")
    return bench.root


@pytest.fixture
def built(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The small library, already built."""
    shutil.copytree(model, tmp_path / "built")
    return Bench(tmp_path / "built", _spied(monkeypatch))


def _spied(monkeypatch: pytest.MonkeyPatch) -> list[type[Record]]:
    seen: list[type[Record]] = []
    real = layouts.lay_out_together

    def lay_out(jobs: tuple[Job, ...]) -> tuple[Record, ...]:
        seen.extend(job.kind for job in jobs)
        return real(jobs)

    monkeypatch.setattr(layouts, "lay_out_together", lay_out)
    return seen


def outcomes(report: Report) -> dict[str, str]:
    return {row.path: row.outcome for row in report.rows}


def made(report: Report) -> set[str]:
    return {row.path for row in report.rows if row.outcome == "made"}


def failed(report: Report) -> dict[str, str]:
    return {row.path: row.why for row in report.rows if row.outcome == "failed"}


def words(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(texts).split())


def test_every_edition_is_a_pdf_of_its_own(built: Bench) -> None:
    expected = {
        "harbor": ("Harbor Skin", "(207) 555-0100", "$150", (612, 792)),
        "rosewater": ("Rosewater Clinic", "020 7946 0000", "£120", (595, 842)),
    }
    assert list(built.pdfs()) == ALL
    for row in built.build().rows:
        name, phone, price, size = expected[row.path.split("/")[0]]
        with pikepdf.open(built.output / row.path) as pdf:
            assert str(pdf.docinfo.Title) == row.title
            assert row.title.endswith(f" – {name}")
            assert str(pdf.docinfo.Author) == name
            assert str(pdf.Root.Lang) in ("en-GB", "en-US")
            assert len(pdf.pages) == row.pages
            assert tuple(round(float(side)) for side in pdf.pages[0].mediabox[2:]) == size
        text = words(built.output / row.path)
        assert name in text
        assert phone in text
        assert (price in text) == (row.path in RISKS)
        assert "slot:" not in text


def test_a_second_build_makes_and_lays_out_nothing(built: Bench) -> None:
    built.build()
    times = {path: path.stat().st_mtime_ns for path in built.root.rglob("*")}
    report = built.build()
    assert outcomes(report) == dict.fromkeys(ALL, "same")
    assert report.exit_code == 0
    assert built.laid_out == []
    assert {path: path.stat().st_mtime_ns for path in built.root.rglob("*")} == times


def test_a_changed_word_remakes_just_the_sheets_that_say_it(built: Bench) -> None:
    before = built.pdfs()
    built.change(f"{EN}/aftercare.yaml", "Drink water.", "Drink tea.")
    report = built.build()
    assert made(report) == AFTERCARE
    assert built.laid_out == [Plate, Plate]
    after = built.pdfs()
    assert {path for path in ALL if before[path] != after[path]} == AFTERCARE
    assert "Drink tea." in words(built.output / ALL[0])


def test_a_changed_setting_remakes_just_that_clinics_sheet_that_names_it(built: Bench) -> None:
    built.change(f"{H}/clinic.yaml", "$150", "$160")
    assert made(built.build()) == HARBOR & RISKS
    assert built.laid_out == [Plate]
    assert "$160" in words(built.output / ALL[2])


@pytest.mark.parametrize(
    ("path", "old", "new", "laid_out"),
    [
        (f"{R}/_brand.yml", "#A1004B", "#00614B", []),
        (f"{R}/clinic.yaml", "020 7946 0000", "020 7946 0001", [Stationery]),
        (f"{R}/clinic.yaml", "rosewater.example\nlang", "rosewater.test\nlang", [Stationery]),
        (f"{R}/clinic.yaml", "name: Rosewater Clinic", "name: Rosewater", [Stationery]),
        (f"{R}/logo.svg", 'fill="#a1004b"', 'fill="#00a14b"', [Stationery]),
    ],
    ids=["colour", "phone", "website", "name", "logo"],
)
def test_a_changed_brand_lays_out_no_plate(
    path: str, old: str, new: str, laid_out: list[type[Record]], built: Bench
) -> None:
    before = built.pdfs()
    built.change(path, old, new)
    assert made(built.build()) == ROSEWATER
    assert built.laid_out == laid_out
    after = built.pdfs()
    assert {name for name in ALL if before[name] != after[name]} == ROSEWATER


def test_what_is_changed_back_is_laid_out_no_more(built: Bench) -> None:
    before = built.pdfs()
    built.change(f"{EN}/risks.yaml", "A little.", "Hardly.")
    built.build()
    built.change(f"{EN}/risks.yaml", "Hardly.", "A little.")
    assert made(built.build()) == RISKS
    assert built.laid_out == []
    assert built.pdfs() == before


def test_clinics_with_equal_bodies_share_one_layout(make: Callable[..., Bench]) -> None:
    twin: Files = {f"data/clinics/twin/{Path(p).name}": FILES[p] for p in FILES if p.startswith(R)}
    bench = make(twin)
    report = bench.build(Selection(clinics=("rosewater", "twin")))
    assert len(made(report)) == 6
    assert sorted(kind.__name__ for kind in bench.laid_out) == ["Plate"] * 3 + ["Stationery"] * 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes() + b"\n"),
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes().replace(b"Harbor", b"Harbos")),
        lambda path: path.unlink(),
        lambda path: shutil.rmtree(path.parent),
    ],
    ids=["longer", "shorter", "empty", "altered", "deleted", "folder deleted"],
)
def test_an_output_that_was_spoilt_is_made_again(
    spoil: Callable[[Path], object], built: Bench
) -> None:
    before = built.pdfs()
    metadata = built.output / ALL[1]
    spoil(metadata)
    assert built.pdfs() != before
    report = built.build()
    assert ALL[1] in made(report) <= HARBOR
    assert built.laid_out == []
    assert built.pdfs() == before


def test_force_lays_everything_out_again(built: Bench) -> None:
    before = built.pdfs()
    report = built.build(force=True)
    assert built.laid_out.count(Plate) == 6
    assert built.laid_out.count(Stationery) == 4
    assert report.exit_code == 0
    assert built.pdfs() == before


def test_a_dry_run_on_nothing_writes_nothing(make: Callable[..., Bench]) -> None:
    bench = make()
    before = sorted(bench.root.rglob("*"))
    report = bench.build(dry_run=True)
    assert outcomes(report) == dict.fromkeys(ALL, "made")
    assert report.summary() == "6 to make, 0 unchanged"
    assert bench.laid_out == []
    assert sorted(bench.root.rglob("*")) == before


def test_a_dry_run_says_what_would_be_made(built: Bench) -> None:
    built.change(f"{EN}/aftercare.yaml", "Drink water.", "Drink tea.")
    (built.output / ALL[1]).unlink()
    before = built.pdfs()
    report = built.build(dry_run=True)
    assert made(report) == {*AFTERCARE, ALL[1]}
    assert report.count("same") == 3
    assert built.laid_out == []
    assert built.pdfs() == before


def test_a_part_leaves_the_others_alone(make: Callable[..., Bench]) -> None:
    bench = make()
    report = bench.build(Selection(clinics=("harbor",), handouts=("risks",)))
    assert outcomes(report) == {ALL[2]: "made"}
    assert list(bench.pdfs()) == [ALL[2]]


def changed(path: str, old: str, new: str) -> Files:
    text = FILES[path]
    assert isinstance(text, str)
    assert text.count(old) == 1
    return {path: text.replace(old, new)}


LONG = "Rosewater" * 12


@pytest.mark.parametrize(
    ("files", "hit", "said"),
    [
        (
            {"templates/blocks/questions.html": "<p>one</p>\n{{ nothing }}\n"},
            RISKS,
            ["templates/blocks/questions.html:2: ", "'nothing' is undefined"],
        ),
        (
            {"templates/blocks/questions.html": "{{ body.nothing }}"},
            RISKS,
            ["templates/blocks/questions.html:1: ", "no attribute 'nothing'"],
        ),
        (
            {"templates/blocks/questions.html": "<p>\n\n{% if %}"},
            RISKS,
            ["templates/blocks/questions.html:3: "],
        ),
        (
            {"templates/blocks/questions.html": "{{ 1 / 0 }}"},
            RISKS,
            ["templates/blocks/questions.html:1: ", "division by zero"],
        ),
        (
            {"templates/blocks/questions.html": "{% include 'blocks/nowhere.html' %}"},
            RISKS,
            ["templates/blocks/nowhere.html is missing"],
        ),
        (
            {"templates/blocks/questions.html": "<img src='file:///etc/hostname' alt='x'>"},
            RISKS,
            [f"{EN}/risks.yaml: ", "file:///etc/hostname"],
        ),
        (
            {"templates/blocks/questions.html": "<p style='colour: red'>x</p>"},
            RISKS,
            [f"{EN}/risks.yaml: ", "colour"],
        ),
        (changed(f"{EN}/risks.yaml", "A little.", "A 中."), RISKS, [f"{EN}/risks.yaml: ", "中"]),
        (changed(f"{EN}/risks.yaml", "A little.", "A 😀."), RISKS, [f"{EN}/risks.yaml: ", "😀"]),
        (
            changed(f"{R}/clinic.yaml", "£120", "中"),
            RISKS & ROSEWATER,
            [f"{EN}/risks.yaml: ", "中"],
        ),
        (
            changed(f"{R}/clinic.yaml", "name: Rosewater Clinic", f"name: {LONG}"),
            ROSEWATER,
            [f"{R}/clinic.yaml: name ", "does not fit"],
        ),
        (
            changed(f"{R}/clinic.yaml", "  - London N1 1AA", "  - London\n" * 30),
            ROSEWATER,
            [f"{R}/clinic.yaml: ", "does not fit the letterhead"],
        ),
        (
            changed(f"{R}/clinic.yaml", "Monday to Friday, 9 to 5", "Monday to Friday, " * 20),
            ROSEWATER,
            [f"{R}/clinic.yaml: ", "does not fit the contact"],
        ),
        (
            changed(f"{R}/clinic.yaml", "name: Rosewater Clinic", "name: Rosewater 中"),
            ROSEWATER,
            [f"{R}/clinic.yaml: ", "中"],
        ),
    ],
    ids=[
        "undefined name", "undefined attribute", "template syntax", "template exception",
        "template missing", "file outside", "warning", "no glyph", "emoji", "no glyph in a setting",
        "name too long", "address too long", "hours too long", "no glyph in a name",
    ],
)  # fmt: skip
def test_what_fails_is_named_and_stops_no_other(
    files: Files, hit: set[str], said: list[str], make: Callable[..., Bench]
) -> None:
    bench = make(files)
    report = bench.build()
    assert set(failed(report)) == hit
    assert made(report) == set(ALL) - hit == set(bench.pdfs())
    assert report.exit_code == 1
    (complaint,) = report.complaints()
    assert all(part in complaint for part in said)
    assert all(path in complaint for path in hit)
    assert complaint.count("\n") == 1


def test_what_fails_leaves_the_older_pdf_and_fails_again(built: Bench) -> None:
    before = built.pdfs()
    built.change(f"{EN}/risks.yaml", "A little.", "A 中 little.")
    first, second = built.build(), built.build()
    assert outcomes(first) == outcomes(second)
    assert set(failed(second)) == RISKS
    assert built.laid_out == [Plate, Plate]
    assert built.pdfs() == before


def test_an_unforeseen_error_stops_no_other(
    make: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make()
    real = layouts.lay_out_together

    def lay_out(jobs: tuple[Job, ...]) -> tuple[Record, ...]:
        if "A little." in jobs[0].sheet.html:
            raise ZeroDivisionError("by chance")
        return real(jobs)

    monkeypatch.setattr(layouts, "lay_out_together", lay_out)
    report = bench.build()
    assert set(failed(report)) == RISKS
    assert made(report) == set(ALL) - RISKS
    assert "ZeroDivisionError: by chance" in report.complaints()[0]


def test_a_folder_in_the_place_of_a_pdf_is_named(make: Callable[..., Bench]) -> None:
    bench = make()
    (bench.output / ALL[1]).mkdir(parents=True)
    report = bench.build()
    assert list(failed(report)) == [ALL[1]]
    assert str(bench.output / ALL[1]) in failed(report)[ALL[1]]
    assert made(report) == set(ALL) - {ALL[1]}
    assert list((bench.output / "harbor/en").glob(".*")) == []


def test_a_pdf_that_may_not_be_replaced_is_said_to_be_open(
    built: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "tiny-consent.pdf" and "harbor" in str(target):
            raise PermissionError(13, "in use")
        return real(self, target)

    built.change(f"{EN}/consent.yaml", "I agree.", "I do agree.")
    before = built.pdfs()[ALL[1]]
    monkeypatch.setattr(Path, "replace", replace)
    report = built.build()
    assert "close it if it is open" in failed(report)[ALL[1]]
    assert made(report) == CONSENT - {ALL[1]}
    assert built.pdfs()[ALL[1]] == before


def test_a_file_in_the_place_of_a_clinics_folder_is_named(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.output.mkdir()
    (bench.output / "harbor").write_text("in the way")
    report = bench.build()
    assert set(failed(report)) == HARBOR
    assert made(report) == ROSEWATER


def test_a_store_that_cannot_be_written_stops_nothing(make: Callable[..., Bench]) -> None:
    bench = make({".handouts": "in the way"})
    assert made(bench.build()) == set(ALL)


def test_problems_refuse_and_the_rest_is_made(make: Callable[..., Bench]) -> None:
    bench = make({f"{EN}/risks.yaml": "title: [", f"{R}/clinic.yaml": "x"})
    report = bench.build()
    refused = dict.fromkeys((ALL[1], ALL[2], "rosewater"), "refused")
    assert outcomes(report) == {ALL[0]: "made"} | refused
    assert report.exit_code == 1
    said = report.complaints()
    assert len(said) == len(report.problems) >= 2
    assert all(":1:" in line for line in said)
    assert any(f"not made: {ALL[1]}, {ALL[2]}" in line for line in said)


def test_a_problem_that_touches_no_edition_is_reported(make: Callable[..., Bench]) -> None:
    report = make({"data/stray.txt": "x"}).build()
    assert made(report) == set(ALL)
    assert report.exit_code == 1
    (said,) = report.complaints()
    assert said.startswith("data/stray.txt:1:1: ")
    assert "not made" not in said


def test_a_damaged_record_is_laid_out_again(built: Bench) -> None:
    before = built.pdfs()
    records = list((built.root / ".handouts").glob("[ps]*[ey]/*/*"))
    assert len(records) == 10
    for path in records[:3]:
        path.write_bytes(path.read_bytes()[:-1])
    assert outcomes(built.build()) == dict.fromkeys(ALL, "same")
    assert len(built.laid_out) == 3
    assert built.pdfs() == before
    built.build()
    assert built.laid_out == []


def test_progress_is_told_layout_by_layout(make: Callable[..., Bench]) -> None:
    told: list[tuple[int, int]] = []
    make().build(progress=lambda *numbers: told.append(numbers))
    assert told == [(done, 10) for done in range(1, 11)]


BUILD = """
import sys
from multiprocessing import forkserver
from handouts.cli import main
try:
    main()
finally:
    forkserver._forkserver._stop()
"""


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder with a short name: a path to a socket may have a hundred letters at most."""
    with TemporaryDirectory(prefix="m") as folder:
        yield Path(folder)


def run(root: Path, tmp: Path, *arguments: str, **environment: str) -> str:
    """A build in a process of its own with no variables but these; gives what it prints."""
    command = [sys.executable, "-c", BUILD, "build", "--root", str(root), *arguments]
    for folder in ("home", "tmp"):
        (tmp / folder).mkdir(parents=True)
    places = {"HOME": str(tmp / "home"), "TMPDIR": str(tmp / "tmp"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, env={**places, **environment}, cwd=tmp, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    ("jobs", "environment"),
    [
        ("1", {"TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"}),
        ("2", {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"}),
    ],
    ids=["one process", "two processes"],
)
def test_the_same_library_gives_the_same_bytes_anywhere_and_leaves_nothing_else(
    jobs: str, environment: dict[str, str], model: Path, machine: Path, tmp_path: Path
) -> None:
    bench = Bench(make_library(tmp_path))
    said = run(bench.root, machine, "-j", jobs, **environment)
    assert said.startswith("6 made, 0 unchanged")
    assert bench.pdfs() == Bench(model).pdfs()
    assert sorted(path.name for path in machine.rglob("*")) == ["home", "tmp"]
    written = {path.name for path in bench.root.iterdir()}
    assert written == {"data", "output", ".handouts"}
    assert [path.name for path in bench.root.rglob(".*")] == [".handouts"]


def test_a_failure_in_a_process_is_named_and_stops_no_other(tmp_path: Path) -> None:
    long_name = changed(f"{R}/clinic.yaml", "name: Rosewater Clinic", f"name: {LONG}")
    report = Bench(make_library(tmp_path, long_name)).build(jobs=2)
    assert set(failed(report)) == ROSEWATER
    assert made(report) == HARBOR
    assert f"{R}/clinic.yaml: name " in report.complaints()[0]


@pytest.mark.parametrize("error", [OSError(38, "not implemented"), NotImplementedError()])
def test_a_machine_that_allows_no_processes_lays_out_in_this_one(
    error: Exception, make: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "processes", Mock(side_effect=error))
    bench = make()
    assert made(bench.build(jobs=2)) == set(ALL)
    assert len(bench.laid_out) == 10


@pytest.mark.parametrize("broken", [f"{R}/clinic.yaml", "data/treatments/tiny/facts.yaml"])
def test_an_earlier_pdf_of_what_is_not_made_is_pointed_out(broken: str, built: Bench) -> None:
    (built.root / broken).write_text("nonsense")
    report = built.build()
    complaints = "\n".join(report.complaints())
    assert report.count("refused") > 0
    assert all(row.older for row in report.rows if row.outcome == "refused")
    assert "an earlier PDF is still there, do not print it: " in complaints
    shutil.rmtree(built.output)
    complaints = "\n".join(built.build().complaints())
    assert "an earlier PDF" not in complaints


def test_what_ends_a_build_ends_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    process = Mock()
    monkeypatch.setattr(workers.multiprocessing, "active_children", lambda: [process])
    with pytest.raises(KeyboardInterrupt), workers.none_left():
        raise KeyboardInterrupt
    assert [call[0] for call in process.method_calls] == ["terminate", "join"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_missing_native_libraries_point_to_the_doctor(jobs: str, tmp_path: Path) -> None:
    fake = tmp_path / "fake" / "weasyprint" / "__init__.py"
    fake.parent.mkdir(parents=True)
    fake.write_text("raise OSError('cannot load library libpango')")
    run = subprocess.run(
        [sys.executable, "-c", "from handouts.cli import main; main()", "build", "-j", jobs],
        cwd=make_library(tmp_path / "library"),
        env={**os.environ, "PYTHONPATH": str(fake.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "native libraries are missing: run `handouts doctor`" in run.stderr
    assert "Traceback" not in run.stderr


def test_more_sheets_than_a_pool_lays_out_before_it_is_replaced_are_all_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool that replaced its own processes stood still after a few hundred sheets."""
    monkeypatch.setattr(layouts, "RECYCLE", 2)
    bench = Bench(make_library(tmp_path))
    assert made(bench.build(jobs=2)) == set(ALL)

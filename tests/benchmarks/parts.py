"""The parts of the table: each measures one thing that a house does, beside its goal.

All work is done in processes of its own, for a process's peak counts what started it as well:
so nothing heavy may be imported here.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks import others, scenarios
from tests.benchmarks.library import Size, make
from tests.benchmarks.measure import MeasureError, Run, middle, run
from tests.benchmarks.table import Goal, Part, Row

HERE = Path(__file__).parents[2]

LARGE = 1112
"""So many clinics have 20,016 editions."""

ROUNDS = 5


@dataclass(frozen=True)
class Bench:
    """A library on disk to measure on, and in how many processes others work."""

    folder: Path
    size: Size
    cores: int = os.cpu_count() or 1

    @property
    def root(self) -> Path:
        return self.folder / "library"

    def goal(self, text: str, *, met: bool) -> Goal | None:
        """The goal, if the library is of a size for which there are any."""
        return Goal(text, met) if self.size.clinics in (Size().clinics, LARGE) else None


@dataclass(frozen=True)
class Rival:
    """Another way to make the editions; it is tried on `each` editions of every sheet."""

    name: str
    what: str
    processes: int
    each: int = 4


def measure(bench: Bench) -> Iterator[Part]:
    """All parts but the large library's, in an order in which each leaves what the next needs."""
    make(bench.root, bench.size)
    yield cold(bench)
    yield from changes(bench)
    yield unchanged(bench)
    yield rate(bench)


def rivals(bench: Bench) -> Iterator[Rival]:
    """All others, first the plain loop in one process."""
    cores = bench.cores
    yield Rival("plain", "plain loop: Jinja and WeasyPrint for each edition", 1)
    yield Rival("plain", f"plain loop in {cores} processes", cores)
    yield Rival("chromium", f"Chromium kept warm, {cores} tabs", cores)
    yield Rival("typst", f"Typst kept warm in {cores} processes", cores, 40)


def cold(bench: Bench) -> Part:
    """Everything from nothing, ours before and after the one that the goal is set against."""
    alone, parallel, *more = rivals(bench)
    first = scenarios.cold(bench.root, bench.size)
    against = tried(bench, parallel, bench.size.editions)
    last = scenarios.cold(bench.root, bench.size)
    ours = middle([first, last])
    against = _beside(against, ours)
    goal = bench.goal("at least 30 × ours", met=(against.ratio or 0) >= 30)
    rows = [_beside(tried(bench, rival, bench.size.editions), ours) for rival in (alone, *more)]
    rows.insert(1, replace(against, goal=goal))
    notes = (
        f"ours is the mean of {first.seconds:.1f} s and {last.seconds:.1f} s, "
        f"before and after the {bench.cores} processes",
        "~ is scaled from a sample of every sheet; start and first PDF do not count for the others",
        "Chromium has the same HTML and fonts, but knows no running headers; Typst makes bare",
        "headings and paragraphs of the same words: neither makes the same pages",
    )
    title = f"Cold build of all {bench.size.editions:,} PDFs, {bench.cores} cores"
    return Part(title, (_ours("handouts build", ours), *rows), notes)


def changes(bench: Bench) -> Iterator[Part]:
    """One thing changed in a library that is built, each round another one."""
    root, size = bench.root, bench.size
    words: dict[str, list[Run]] = {handout: [] for handout in scenarios.SHEETS}
    phones, colors = [], []
    for number in range(ROUNDS):
        for handout, runs in words.items():
            runs.append(scenarios.reworded(root, size, number, handout))
        phones.append(scenarios.rephoned(root, size, number))
        colors.append(scenarios.recolored(root, size, number))
    for handout, runs in words.items():
        yield _words(bench, handout, middle(runs))
    for what, runs in (("phone number", phones), ("brand colour", colors)):
        done = middle(runs)
        row = _ours("handouts build", done, bench.goal("under 1.5 s", met=done.seconds < 1.5))
        made = size.editions // size.clinics
        yield Part(f"One clinic's {what} changed: {made} PDFs of {size.editions:,}", (row,))


def _words(bench: Bench, handout: str, ours: Run) -> Part:
    only = ("--handout", handout, "--language", scenarios.LANGUAGE)
    _, *parallel = rivals(bench)
    rows = [
        _beside(tried(bench, replace(rival, each=6 * rival.each), bench.size.clinics, *only), ours)
        for rival in parallel
    ]
    goal = bench.goal("at least 20 × ours", met=(rows[0].ratio or 0) >= 20)
    rows[0] = replace(rows[0], goal=goal)
    goal = bench.goal("at most 2.5 s", met=ours.seconds <= 2.5)
    many = f"{bench.size.clinics} PDFs of {bench.size.editions:,}"
    title = f"One wording changed in {handout}: {many}"
    return Part(title, (_ours("handouts build", ours, goal), *rows))


def unchanged(bench: Bench, most: float = 0.5) -> Part:
    """Nothing changed: that must be told without WeasyPrint."""
    done = middle([scenarios.unchanged(bench.root, bench.size) for _ in range(ROUNDS)])
    if scenarios.loads_weasyprint(bench.root):
        raise MeasureError("a build with nothing to do imports WeasyPrint")
    goal = bench.goal(f"under {most:g} s", met=done.seconds < most)
    title = f"Nothing changed: {bench.size.editions:,} PDFs"
    row = _ours("handouts build, WeasyPrint not imported", done, goal)
    return Part(title, (row,))


def rate(bench: Bench) -> Part:
    """Overprinting, with and without the files, beside a copy of the files."""
    command = (sys.executable, "-m", "tests.benchmarks.rate", bench.root)
    done = run(*command, "--rounds", ROUNDS, cwd=HERE)
    found = json.loads(done.out)
    write, copy = found["write"], found["copy"]
    goal = bench.goal("at most 3 × it", met=write / copy <= 3)
    both, alone = _per_second(found, write), _per_second(found, found["overprint"])
    rows = (
        Row("cp -r of the same files", copy, None, 1.0),
        Row(f"overprint and write: {both}", write, done.peak, write / copy, goal),
        Row(f"overprint alone: {alone}", found["overprint"], done.peak, found["overprint"] / copy),
    )
    title = f"Overprinting {bench.size.editions:,} PDFs from plates in memory, one process"
    return Part(title, rows)


def large(bench: Bench) -> Iterator[Part]:
    """A library of another size altogether, cold and with nothing changed."""
    make(bench.root, bench.size)
    done = scenarios.cold(bench.root, bench.size)
    title = f"Cold build of all {bench.size.editions:,} PDFs, {bench.cores} cores"
    yield Part(title, (_ours("handouts build", done),))
    yield unchanged(bench, 2)


def tried(bench: Bench, rival: Rival, editions: int, *only: str) -> Row:
    """A rival's time for so many editions, as its sample tells."""
    if remedy := others.remedy(rival.name):
        return Row(f"{rival.what}: not installed ({remedy})")
    output = bench.folder / f"rival-{time.monotonic_ns()}"
    command = (sys.executable, "-m", "tests.benchmarks.rivals", rival.name, bench.root, output)
    how = ("--processes", rival.processes, "--each", rival.each)
    done = run(*command, *how, *only, cwd=HERE)
    found = json.loads(done.out)
    if not 0 < found["made"] == found["asked"]:
        raise MeasureError(f"{rival.what} made {found['made']} of {found['asked']} PDFs")
    seconds = found["seconds"] / found["made"] * editions
    return Row(f"{rival.what}, from {found['made']}", seconds, done.peak, scaled=True)


def _ours(what: str, done: Run, goal: Goal | None = None) -> Row:
    return Row(what, done.seconds, done.peak, 1.0, goal)


def _beside(row: Row, ours: Run) -> Row:
    return row if row.seconds is None else replace(row, ratio=row.seconds / ours.seconds)


def _per_second(found: dict[str, float], seconds: float) -> str:
    editions, megabytes = found["editions"] / seconds, found["bytes"] / seconds / 1e6
    return f"{editions:,.0f} PDFs and {megabytes:,.0f} MB a second"

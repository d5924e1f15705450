"""What there is to make, and its making: `build`, `watch`, `list`, `clean`."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import asked
from handouts.cli.options import with_jobs, with_json, with_output, with_root, with_selection
from handouts.cli.saying import counted, mention, print_json, progress_bar, say_waiting, short

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from handouts.report import Report
    from handouts.workers import Crew


@click.command()
@with_selection
@with_output
@click.option("-f", "--force", is_flag=True, help="Lay out every page again.")
@click.option(
    "-n", "--dry-run", is_flag=True, help="Say what would be made, and why; write nothing."
)
@with_jobs
@click.option(
    "--executor",
    metavar="dask:ADDRESS",
    help="Lay out on the workers of this Dask scheduler, not on this machine.",
)
@click.option("--explain", is_flag=True, help="Say why each PDF is made or taken away.")
@click.option(
    "--final", is_flag=True, help="Refuse drafts, sheets past their day and invented clinics."
)
@click.option(
    "--archive", is_flag=True, help="Also keep a checked PDF/A-2a copy of each PDF in archive/."
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@with_json
@with_root
def build(  # noqa: PLR0913  each is a choice of its own
    root: Path | None,
    output: Path | None,
    *,
    force: bool,
    dry_run: bool,
    explain: bool,
    final: bool,
    archive: bool,
    jobs: int,
    executor: str | None,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> None:
    """Make the PDFs: of all clinics, or of each CLINIC named.

    A sheet whose words nobody has approved says DRAFT on every page.
    """
    from handouts import settled, workers

    place, today = asked.root(root), asked.today()
    folder = output or place / "output"
    if archive:
        _require_archive()
    gc.set_threshold(1_000_000)  # a library is many objects, and hardly one of them is garbage
    report = None
    if whole := not force and not any(selection.values()):
        before = settled.inputs(place, final=final)
        report = _nothing_to_do(place, folder, today, before, dry_run=dry_run, archive=archive)
    if report is None:
        if jobs > 1 and not dry_run and not executor:
            workers.warm_up()
        todo, documents = asked.to_build(place, selection, today, final=final, keep=not dry_run)
        from handouts.build import How
        from handouts.build import build as make

        with _executor(executor) as there, progress_bar(silent=quiet or as_json) as progress:
            how = How(
                jobs=jobs,
                force=force,
                dry_run=dry_run,
                archive=archive,
                executor=there,
                progress=progress,
                waiting=say_waiting,
            )
            report = make(todo, place, folder, how, documents)
        if whole and not (dry_run or report.exit_code or report.strangers):
            ends = [edition.standing.ends for edition in todo.editions]
            until = min((day for day in ends if day >= today), default=date.max)
            found = settled.Settled(before, today.isoformat(), until.isoformat())
            settled.settle(place, folder, found, report.touches, final=final)
    if as_json:
        print_json(report.as_data())
    else:
        _tell(report, folder, explain=explain or dry_run, quiet=quiet)
    gc.freeze()  # spares the process a search for garbage as it ends
    sys.exit(report.exit_code)


def _require_archive() -> None:
    from handouts import archive
    from handouts.errors import HandoutsError

    try:
        archive.require()
    except HandoutsError as error:
        raise click.UsageError(str(error)) from None


def _nothing_to_do(  # noqa: PLR0913  each is a choice of its own
    root: Path, output: Path, today: date, inputs: str, *, dry_run: bool, archive: bool
) -> "Report | None":
    """The report of a build that would find everything up to date, if that is sure."""
    from handouts import settled
    from handouts.archive import place
    from handouts.report import Report, Row
    from handouts.store import sweep

    found = settled.editions(root, output, today, inputs)
    if found is None or (archive and not all(each.archive for each in found)):
        return None
    if not dry_run:
        sweep(root / ".handouts")
    rows = [
        Row(each.path, "same", title=each.title, pages=each.pages, sha256=each.sha256)
        for each in found
    ]
    for each in found if archive else ():
        copy = place(each.path)
        rows.append(Row(copy, "same", title=each.title, pages=each.pages, sha256=each.archive))
    return Report(dry_run, rows)


@contextmanager
def _executor(where: str | None) -> "Iterator[Executor | None]":
    """What --executor names, or nothing."""
    if where is None:
        yield None
        return
    from handouts.cluster import executor
    from handouts.errors import HandoutsError

    try:
        with executor(where) as there:
            yield there
    except HandoutsError as error:
        raise click.UsageError(str(error)) from None


def _tell(report: "Report", output: Path, *, explain: bool, quiet: bool) -> None:
    for complaint in report.complaints():
        click.echo(complaint, err=True)
    if quiet:
        return
    for reason in report.reasons() if explain else ():
        click.echo(reason)
    for stranger in report.named_strangers():
        click.echo(f"{stranger}: no build has made this, so it is left", err=True)
    click.echo(f"{report.summary()}: {short(output)}{os.sep}")


@click.command()
@with_selection
@with_output
@with_jobs
@with_root
def watch(root: Path | None, output: Path | None, *, jobs: int, **selection: Any) -> None:
    """Make the PDFs, and again whenever a file changes, until Ctrl-C."""
    from handouts import workers
    from handouts.watching import bursts

    place = asked.root(root)
    folder = output or place / "output"
    crew = workers.Crew(jobs)
    try:
        made = 0
        click.echo(f"watching {short(place / 'data')}{os.sep}: Ctrl-C ends it", err=True)
        for _ in bursts(place):
            made += _build_watched(place, folder, selection, crew)
            if made > RENEW:
                crew.renew()
                made = 0
    except KeyboardInterrupt:
        pass
    finally:
        crew.dismiss()


RENEW = 500
"""PDFs made after which layout processes are replaced that stay from one build to the next."""


def _build_watched(root: Path, output: Path, selection: asked.Names, crew: "Crew") -> int:
    """Build, say in a line what was made and how long that took, then what is wrong with it."""
    from time import perf_counter

    from handouts import examined
    from handouts.build import How, build
    from handouts.load import load_with_places
    from handouts.store import Store

    start, today = perf_counter(), asked.today()
    try:
        library, documents = load_with_places(root)
        todo = asked.plan(library, selection, today)
        way = How(executor=crew.ready(), waiting=say_waiting)
        report = build(todo, root, output, way, documents)
    except (click.UsageError, OSError) as error:
        click.echo(f"nothing was made: {error}", err=True)
        return 0
    click.echo(f"{datetime.now().astimezone():%H:%M:%S} {report.line(perf_counter() - start)}")
    for complaint in report.complaints():
        click.echo(complaint, err=True)
    errors = examined.errors(library, documents, today, Store(root / ".handouts"))
    for problem in todo.concerned(errors):
        click.echo(problem.told(), err=True)
    return report.count("made")


@click.command("list")
@with_selection
@with_json
@with_root
def list_(root: Path | None, *, as_json: bool, **selection: tuple[str, ...]) -> None:
    """List the PDFs that there are to make."""
    todo = asked.plan(asked.library(asked.root(root)), selection, asked.today())
    rows = [
        {
            "path": edition.path,
            "clinic": edition.clinic.id,
            "language": edition.body.language,
            "format": edition.format,
            "treatment": edition.treatment,
            "handout": edition.handout,
            "code": edition.body.code,
            "version": edition.body.version,
            "review_by": edition.body.review_by.isoformat(),
            "draft": edition.standing.draft,
            "title": edition.title,
        }
        for edition in todo.editions
    ]
    if as_json:
        refused = [refusal.what for refusal in todo.refusals]
        print_json({"editions": rows, "refused": refused, "problems": len(todo.problems)})
    else:
        for row in rows:
            click.echo(f"{row['path']}  {row['code']} {row['version']}  {row['title']}")
        mention(todo)
    sys.exit(bool(todo.problems))


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also what the next build could use.")
@with_root
def clean(root: Path | None, *, everything: bool) -> None:
    """Take away laid-out pages that no sheet uses any more; PDFs are left alone."""
    from handouts import build as building
    from handouts.plan import plan

    place = asked.root(root)
    todo = plan(asked.library(place), today=asked.today())
    count, size = building.clean(todo, place, everything=everything)
    click.echo(f"{counted(count, 'record')} taken away, {size / 1e6:.1f} MB")

"""`check`: what is wrong with the words, or with the pages on paper."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli import asked, pages
from handouts.cli.options import with_formats, with_json, with_root
from handouts.cli.saying import counted, print_json, progress_bar, say_waiting

if TYPE_CHECKING:
    from handouts.model import Library


@click.command()
@click.argument("clinic", nargs=-1)
@click.option(
    "--print",
    "on_paper",
    is_flag=True,
    help="Look at the pages as they are printed, of all clinics or of each CLINIC named.",
)
@with_formats
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a page, in HTML, for whoever answers for the words.",
)
@with_json
@with_root
def check(  # noqa: PLR0913  each is a choice of its own
    root: Path | None,
    report: Path | None,
    clinic: tuple[str, ...],
    formats: tuple[str, ...],
    *,
    on_paper: bool,
    as_json: bool,
) -> None:
    """Look for problems in data/; make nothing.

    A rule is silenced for a line, with a reason, by a comment at its end or above it:
    `# allow RULE: why`.

    With --print, look at the pages instead: paper, ink, the smallest text, the palest, and what
    comes too near to the edge. output/ is left alone.
    """
    if on_paper and report:
        raise click.UsageError("--report is about the words: leave out --print")
    if on_paper:
        wanted = {**asked.NOTHING, "clinic": clinic, "formats": formats}
        sys.exit(_check_print(asked.root(root), wanted, as_json=as_json))
    if clinic or formats:
        raise click.UsageError("CLINIC and --format go with --print; without it, give neither")
    _check_words(root, report, as_json=as_json)


def _check_words(root: Path | None, report: Path | None, *, as_json: bool) -> None:
    from dataclasses import asdict

    from handouts.appraise import appraisals
    from handouts.check import check as examine
    from handouts.load import load_with_places

    if report and report.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("--report writes a page in HTML: give a name that ends in .html")
    place, today = asked.root(root), asked.today()
    library, documents = load_with_places(place)
    findings = examine(library, documents, today)
    found = sorted((*library.problems, *findings.problems))
    errors = [problem for problem in found if not problem.warning]
    if as_json:
        print_json({"problems": [asdict(problem) for problem in found]})
    else:
        for problem in found:
            click.echo(problem.told())
        warnings = sum(problem.warning and not problem.note for problem in found)
        click.echo(_state(library, len(errors), warnings), err=bool(errors))
    if report:
        found_in = list(appraisals(library, documents, findings, today))
        pages.write(report, place, "report.html", library=library, appraisals=found_in)
    sys.exit(bool(errors))


def _state(library: "Library", errors: int, warnings: int) -> str:
    handouts = sum(len(treatment.handouts) for treatment in library.treatments.values())
    return (
        f"{counted(errors, 'error')}, {counted(warnings, 'warning')}: "
        f"{counted(len(library.clinics), 'clinic')} and {counted(handouts, 'sheet')} are whole"
    )


def _check_print(root: Path, wanted: asked.Names, *, as_json: bool) -> int:
    """Say what the pages are like on paper; the exit code."""
    from handouts import packlist, packs, proofs
    from handouts.build import How

    todo, documents = asked.to_build(root, wanted, asked.today(), final=False, keep=True)
    with proofs.folder(root) as folder:
        with progress_bar(silent=as_json) as progress:
            how = How(os.cpu_count() or 1, progress=progress, waiting=say_waiting)
            report = proofs.make(todo, root, folder, how, documents)
        with progress_bar("Measuring", silent=as_json) as progress:
            measured = proofs.measure(todo, report, folder, progress)
    found, faults = packs.packs(measured), packs.faults(measured)
    if as_json:
        print_json(packlist.as_data(found, faults) | {"build": report.as_data()})
    else:
        for complaint in report.complaints():
            click.echo(complaint, err=True)
        for line in (*packlist.lines(found), *packlist.told(faults)):
            click.echo(line)
        click.echo(packlist.summary(found, faults), err=bool(faults))
    return int(bool(faults) or report.exit_code)

"""The commands; whatever is slow to import is imported inside the command that needs it."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from handouts.model import Library
    from handouts.plan import Plan, Selection

Command = Callable[..., Any]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handouts")
def main() -> None:
    """Print-ready patient handouts, one set for each clinic.

    The words are kept in data/, the PDFs appear in output/. Start with
    `handouts check`, then `handouts build`.
    """


def with_root(command: Command) -> Command:
    return click.option(
        "--root",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Where data/ lies (default: here, or the nearest folder above that has it).",
    )(command)


def with_json(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def with_selection(command: Command) -> Command:
    for decorate in (
        click.option("-l", "--language", multiple=True, metavar="L", help="Only this language."),
        click.option("-H", "--handout", multiple=True, metavar="H", help="Only this handout."),
        click.option("-t", "--treatment", multiple=True, metavar="T", help="Only this treatment."),
        click.argument("clinic", nargs=-1),
    ):
        command = decorate(command)
    return command


@main.command()
@with_selection
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the PDFs go (default: output/ beside data/).",
)
@click.option("-f", "--force", is_flag=True, help="Lay out every page again.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be made; write nothing.")
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=os.cpu_count,
    show_default="all cores",
    help="Lay out in N processes.",
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
    jobs: int,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> None:
    """Make the PDFs: of all clinics, or of each CLINIC named."""
    from handouts import build as building  # noqa: PLC0415

    place = _root(root)
    todo = _plan(_load(place), selection)
    folder = output or place / "output"
    with _progress_bar(silent=quiet or as_json) as progress:
        report = building.build(
            todo, place, folder, jobs=jobs, force=force, dry_run=dry_run, progress=progress
        )
    if as_json:
        _print_json(report.as_data())
    else:
        for complaint in report.complaints():
            click.echo(complaint, err=True)
        if not quiet:
            click.echo(f"{report.summary()}: {_shown(folder)}{os.sep}")
    sys.exit(report.exit_code)


@main.command()
@with_json
@with_root
def check(root: Path | None, *, as_json: bool) -> None:
    """Look for problems in data/; make nothing."""
    from dataclasses import asdict  # noqa: PLC0415

    place = _root(root)
    library = _load(place)
    if as_json:
        _print_json({"problems": [asdict(problem) for problem in library.problems]})
    else:
        for problem in library.problems:
            click.echo(problem)
        click.echo(_state(library), err=bool(library.problems))
    sys.exit(bool(library.problems))


@main.command("list")
@with_selection
@with_json
@with_root
def list_(root: Path | None, *, as_json: bool, **selection: tuple[str, ...]) -> None:
    """List the PDFs that there are to make."""
    todo = _plan(_load(_root(root)), selection)
    rows = [
        {
            "path": edition.path,
            "clinic": edition.clinic.id,
            "language": edition.body.language,
            "treatment": edition.treatment,
            "handout": edition.handout,
            "code": edition.body.code,
            "version": edition.body.version,
            "review_by": edition.body.review_by.isoformat(),
            "title": edition.title,
        }
        for edition in todo.editions
    ]
    if as_json:
        refused = [refusal.what for refusal in todo.refusals]
        _print_json({"editions": rows, "refused": refused, "problems": len(todo.problems)})
    else:
        for row in rows:
            click.echo(f"{row['path']}  {row['code']} {row['version']}  {row['title']}")
        for refusal in todo.refusals:
            click.echo(f"{refusal.what}: has problems", err=True)
        if todo.problems:
            click.echo(f"{_counted(len(todo.problems), 'problem')}: see `handouts check`", err=True)
    sys.exit(bool(todo.problems))


@main.command()
def doctor() -> None:
    """Look for what is missing on this machine, and say how to get it."""
    from handouts import doctor as doctoring  # noqa: PLC0415

    findings = doctoring.examine()
    for finding in findings:
        click.echo(f"{'ok     ' if finding.ok else 'MISSING'}  {finding.what}")
    for remedy in dict.fromkeys(finding.remedy for finding in findings if not finding.ok):
        click.echo(f"\nType this to mend it:\n  {remedy}")
    sys.exit(not all(finding.ok for finding in findings))


def _root(given: Path | None) -> Path:
    from handouts.load import find_root  # noqa: PLC0415

    place = given.resolve() if given else find_root(Path.cwd())
    if place is None:
        raise click.UsageError(
            "there is no data/ folder here or above: go to where it is, or give --root DIR"
        )
    return place


def _load(root: Path) -> "Library":
    from handouts.load import load  # noqa: PLC0415

    return load(root)


def _plan(library: "Library", asked: dict[str, tuple[str, ...]]) -> "Plan":
    """What was asked for, or a usage error if there is no such thing."""
    from handouts.plan import Plan, plan  # noqa: PLC0415

    todo = plan(library, _selection(library, asked))
    if todo == Plan():
        raise click.UsageError(
            "no PDF fits all of this: `handouts list` shows those that there are"
        )
    return todo


def _selection(library: "Library", asked: dict[str, tuple[str, ...]]) -> "Selection":
    """The selection, or a usage error for a name that is not in the library."""
    from difflib import get_close_matches  # noqa: PLC0415

    from handouts.plan import Selection, names  # noqa: PLC0415

    for kind, known in names(library).items():
        for name in asked[kind]:
            if known and name not in known:
                close = get_close_matches(name, known, 1)
                hint = (
                    f"did you mean {close[0]!r}?"
                    if close
                    else f"there is {', '.join(sorted(known))}"
                )
                raise click.UsageError(f"there is no {kind} {name!r}: {hint}")
    return Selection(asked["clinic"], asked["treatment"], asked["handout"], asked["language"])


def _counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'s' * (number != 1)}"


def _state(library: "Library") -> str:
    handouts = sum(len(treatment.handouts) for treatment in library.treatments.values())
    problems = len(library.problems)
    return (
        f"{_counted(problems, 'problem')}: "
        f"{_counted(len(library.clinics), 'clinic')} and {_counted(handouts, 'handout')} in order"
    )


@contextmanager
def _progress_bar(*, silent: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if silent or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    bar: Any = click.progressbar(length=1, label="Laying out", file=sys.stderr)

    def show(done: int, length: int) -> None:
        bar.length = length
        bar.update(done - bar.pos)

    with bar:
        yield show


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))

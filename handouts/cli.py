"""The commands; whatever is slow to import is imported inside the command that needs it."""

import gc
import json
import os
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from handouts.appraise import Appraisal
    from handouts.changes import Pair
    from handouts.manifest import Item
    from handouts.model import Format, Library
    from handouts.plan import Plan, Selection
    from handouts.preview import Side
    from handouts.printed import Printed
    from handouts.report import Report
    from handouts.workers import Crew
    from handouts.yamlfile import Document

Command = Callable[..., Any]

FORMATS = ("standard", "mono", "large-print", "large-print-mono", "booklet", "booklet-mono")


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


def with_output(command: Command) -> Command:
    return click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where the PDFs are (default: output/ beside data/).",
    )(command)


def with_jobs(command: Command) -> Command:
    return click.option(
        "-j",
        "--jobs",
        metavar="N",
        type=click.IntRange(min=1),
        default=os.cpu_count,
        show_default="all cores",
        help="Lay out in N processes.",
    )(command)


def with_json(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def with_formats(command: Command) -> Command:
    return click.option(
        "-F",
        "--format",
        "formats",
        multiple=True,
        type=click.Choice(FORMATS),
        metavar="F",
        help="In this format, not in those of clinic.yaml: " + ", ".join(FORMATS) + ".",
    )(command)


def with_selection(command: Command) -> Command:
    for decorate in (
        with_formats,
        click.option("-l", "--language", multiple=True, metavar="L", help="Only this language."),
        click.option("-H", "--handout", multiple=True, metavar="H", help="Only this handout."),
        click.option("-t", "--treatment", multiple=True, metavar="T", help="Only this treatment."),
        click.argument("clinic", nargs=-1),
    ):
        command = decorate(command)
    return command


@main.command()
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
@click.option("--final", is_flag=True, help="Refuse drafts and sheets past their day.")
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
    from handouts import settled, workers  # noqa: PLC0415

    place, today = _root(root), _today()
    folder = output or place / "output"
    if archive:
        _require_archive()
    gc.set_threshold(100_000)  # a library is many objects, and hardly one of them is garbage
    report = None
    if whole := not force and not any(selection.values()):
        before = settled.inputs(place, final=final)
        report = _nothing_to_do(place, folder, today, before, dry_run=dry_run, archive=archive)
    if report is None:
        if jobs > 1 and not dry_run and not executor:
            workers.warm_up()
        todo, documents = _to_build(place, selection, today, final=final, keep=not dry_run)
        how: dict[str, Any] = {"jobs": jobs, "force": force, "dry_run": dry_run, "archive": archive}
        with _executor(executor) as there, _progress_bar(silent=quiet or as_json) as progress:
            how |= {"executor": there, "progress": progress}
            report = _build(todo, place, folder, documents, **how)
        if whole and not (dry_run or report.exit_code or report.strangers):
            ends = [edition.standing.ends for edition in todo.editions]
            until = min((day for day in ends if day >= today), default=date.max)
            found = settled.Settled(before, today.isoformat(), until.isoformat())
            settled.settle(place, folder, found, report.touches, final=final)
    if as_json:
        _print_json(report.as_data())
    else:
        _tell(report, folder, explain=explain or dry_run, quiet=quiet)
    gc.freeze()  # spares the process a search for garbage as it ends
    sys.exit(report.exit_code)


def _require_archive() -> None:
    from handouts import archive  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415

    try:
        archive.require()
    except HandoutsError as error:
        raise click.UsageError(str(error)) from None


def _nothing_to_do(  # noqa: PLR0913  each is a choice of its own
    root: Path, output: Path, today: date, inputs: str, *, dry_run: bool, archive: bool
) -> "Report | None":
    """The report of a build that would find everything up to date, if that is sure."""
    from handouts import settled  # noqa: PLC0415
    from handouts.archive import place  # noqa: PLC0415
    from handouts.report import Report, Row  # noqa: PLC0415
    from handouts.store import sweep  # noqa: PLC0415

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


def _to_build(
    root: Path, selection: dict[str, tuple[str, ...]], today: date, *, final: bool, keep: bool
) -> "tuple[Plan, dict[str, Document]]":
    from dataclasses import replace  # noqa: PLC0415

    from handouts import examined  # noqa: PLC0415
    from handouts.final import only_final  # noqa: PLC0415
    from handouts.memory import load  # noqa: PLC0415
    from handouts.store import Store  # noqa: PLC0415

    store = Store(root / ".handouts")
    library, documents = load(root, store, keep=keep)
    todo = _plan(library, selection, today)
    errors = examined.errors(library, documents, today, store, keep=keep)
    todo = replace(todo, problems=(*todo.problems, *todo.concerned(errors)))
    return only_final(todo, errors, today) if final else todo, documents


def _build(
    todo: "Plan",
    root: Path,
    output: Path,
    documents: "dict[str, Document]",
    **how: Any,
) -> "Report":
    from handouts.build import How, build  # noqa: PLC0415

    return build(todo, root, output, How(waiting=_say_waiting, **how), documents)


@contextmanager
def _executor(where: str | None) -> "Iterator[Executor | None]":
    """What --executor names, or nothing."""
    if where is None:
        yield None
        return
    from handouts.cluster import executor  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415

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
    click.echo(f"{report.summary()}: {_shown(output)}{os.sep}")


@main.command()
@with_selection
@with_output
@with_jobs
@with_root
def watch(root: Path | None, output: Path | None, *, jobs: int, **selection: Any) -> None:
    """Make the PDFs, and again whenever a file changes, until Ctrl-C."""
    from handouts import workers  # noqa: PLC0415
    from handouts.watching import bursts  # noqa: PLC0415

    place = _root(root)
    folder = output or place / "output"
    crew = workers.Crew(jobs)
    try:
        made = 0
        click.echo(f"watching {_shown(place / 'data')}{os.sep}: Ctrl-C ends it", err=True)
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


def _build_watched(
    root: Path, output: Path, selection: dict[str, tuple[str, ...]], crew: "Crew"
) -> int:
    """Build, say in a line what was made and how long that took, then what is wrong with it."""
    from time import perf_counter  # noqa: PLC0415

    from handouts import examined  # noqa: PLC0415
    from handouts.build import How, build  # noqa: PLC0415
    from handouts.load import load_with_places  # noqa: PLC0415
    from handouts.store import Store  # noqa: PLC0415

    start, today = perf_counter(), _today()
    try:
        library, documents = load_with_places(root)
        todo = _plan(library, selection, today)
        way = How(executor=crew.ready(), waiting=_say_waiting)
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


@main.command()
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
        asked = {**NOTHING, "clinic": clinic, "formats": formats}
        sys.exit(_check_print(_root(root), asked, as_json=as_json))
    if clinic or formats:
        raise click.UsageError("CLINIC and --format go with --print; without it, give neither")
    _check_words(root, report, as_json=as_json)


def _check_words(root: Path | None, report: Path | None, *, as_json: bool) -> None:
    from dataclasses import asdict  # noqa: PLC0415

    from handouts.appraise import appraisals  # noqa: PLC0415
    from handouts.check import check as examine  # noqa: PLC0415
    from handouts.load import load_with_places  # noqa: PLC0415

    if report and report.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("--report writes a page in HTML: give a name that ends in .html")
    place, today = _root(root), _today()
    library, documents = load_with_places(place)
    findings = examine(library, documents, today)
    found = sorted((*library.problems, *findings.problems))
    errors = [problem for problem in found if not problem.warning]
    if as_json:
        _print_json({"problems": [asdict(problem) for problem in found]})
    else:
        for problem in found:
            click.echo(problem.told())
        warnings = sum(problem.warning and not problem.note for problem in found)
        click.echo(_state(library, len(errors), warnings), err=bool(errors))
    if report:
        _write_report(report, place, library, appraisals(library, documents, findings, today))
    sys.exit(bool(errors))


def _check_print(root: Path, asked: dict[str, tuple[str, ...]], *, as_json: bool) -> int:
    """Say what the pages are like on paper; the exit code."""
    from handouts import packlist, packs, proofs  # noqa: PLC0415
    from handouts.build import How  # noqa: PLC0415

    todo, documents = _to_build(root, asked, _today(), final=False, keep=True)
    with proofs.folder(root) as folder:
        with _progress_bar(silent=as_json) as progress:
            how = How(os.cpu_count() or 1, progress=progress, waiting=_say_waiting)
            report = proofs.make(todo, root, folder, how, documents)
        with _progress_bar("Measuring", silent=as_json) as progress:
            measured = proofs.measure(todo, report, folder, progress)
    found, faults = packs.packs(measured), packs.faults(measured)
    if as_json:
        _print_json(packlist.as_data(found, faults) | {"build": report.as_data()})
    else:
        for complaint in report.complaints():
            click.echo(complaint, err=True)
        for line in (*packlist.lines(found), *packlist.told(faults)):
            click.echo(line)
        click.echo(packlist.summary(found, faults), err=bool(faults))
    return int(bool(faults) or report.exit_code)


def _write_report(
    path: Path, root: Path, library: "Library", appraisals: "Iterator[Appraisal]"
) -> None:
    _write_page(path, root, "report.html", library=library, appraisals=list(appraisals))


def _write_page(path: Path, root: Path, template: str, **values: Any) -> None:
    from handouts.compose import Composer  # noqa: PLC0415
    from handouts.errors import TemplateError  # noqa: PLC0415
    from handouts.store import write_whole  # noqa: PLC0415

    try:
        write_whole(path, Composer(root).page(template, today=_today(), **values).encode())
    except TemplateError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None


def _told(_: click.Context, param: click.Parameter, value: str) -> str:
    """The value, if it is more than blanks."""
    if not value.strip():
        raise click.BadParameter("it is empty: say who answers for the words", param=param)
    return value.strip()


def _to_come(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    if value and value.date() < _today():
        raise click.BadParameter(f"{value:%Y-%m-%d} is past")
    return value.date() if value else None


def with_signature(command: Command) -> Command:
    for decorate in (
        click.option(
            "--until",
            metavar="DATE",
            type=click.DateTime(["%Y-%m-%d"]),
            callback=_to_come,
            help="The last day on which this holds.",
        ),
        click.option(
            "--role",
            required=True,
            metavar="ROLE",
            callback=_told,
            help="In what office; it is printed.",
        ),
        click.option(
            "--by", required=True, metavar="NAME", callback=_told, help="Who answers for the words."
        ),
    ):
        command = decorate(command)
    return command


@main.command()
@click.argument("sheet", metavar="TREATMENT/HANDOUT")
@click.option("-l", "--language", metavar="L", help="This language, not that of the original.")
@click.option("-c", "--clinic", multiple=True, metavar="C", help="For this clinic, no other.")
@with_signature
@with_root
def approve(
    root: Path | None,
    sheet: str,
    language: str | None,
    clinic: tuple[str, ...],
    **signature: Any,
) -> None:
    """Record that NAME answers for the words of a sheet.

    What is approved is exactly what patients read, in all clinics or in those named. Change
    a word or a number, and the sheet is a draft again. The brand may change.
    """
    from handouts import approve as approving  # noqa: PLC0415
    from handouts.check import check as examine  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415
    from handouts.load import load_with_places  # noqa: PLC0415

    place, today = _root(root), _today()
    library, documents = load_with_places(place)
    todo = _plan(library, _one_sheet(library, sheet, language, clinic), today)
    errors = examine(library, documents, today).errors
    for problem in (blocking := approving.in_the_way(todo, errors)):
        click.echo(problem.told(), err=True)
    if blocking:
        raise click.ClickException("nothing is approved: mend what is named first")
    only = tuple(sorted(set(clinic)))
    try:
        entry = approving.approval(library, todo.editions, on=today, only=only, **signature)
        path = approving.record(place, entry)
    except (HandoutsError, ValueError, OSError) as error:
        raise click.ClickException(_said(error)) from None
    texts, clinics = _counted(len(entry.words), "text"), _counted(len(todo.editions), "clinic")
    done = f"{sheet} {entry.version} in {entry.language} is approved"
    click.echo(f"{done}: {texts} for {clinics}, in {_shown(path)}")
    for open_question in approving.awaiting(todo):
        click.echo(f"with it you decide on: {open_question}", err=True)


def _one_sheet(
    library: "Library", sheet: str, language: str | None, clinics: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """The selection of one sheet; without a language, in that of its original."""
    treatment, _, handout = sheet.partition("/")
    known = library.treatments.get(treatment)
    chosen = language or (known.original(handout) if known else None)
    return {
        "clinic": clinics,
        "treatment": (treatment,),
        "handout": (handout,),
        "language": (chosen,) if chosen else (),
    }


@main.command()
@click.option(
    "--within",
    metavar="DAYS",
    default="90d",
    show_default=True,
    help="What is due by then is named.",
)
@click.option("-c", "--clinic", multiple=True, metavar="C", help="Only this clinic.")
@with_json
@with_root
def status(root: Path | None, within: str, clinic: tuple[str, ...], *, as_json: bool) -> None:
    """Say which sheets are approved, which are drafts, and which are due for review.

    Exit code 1 if a sheet printed today would be past its day.
    """
    from handouts import status as states  # noqa: PLC0415

    today = _today()
    todo = _plan(_load(_root(root)), {**NOTHING, "clinic": clinic}, today)
    found = states.rows(todo.editions, today, _days(within))
    if as_json:
        _print_json([row.as_data() for row in found])
    else:
        for line in states.lines(found):
            click.echo(line)
        click.echo(states.summary(found))
        _mention(todo)
    sys.exit(any(row.state == "expired" for row in found) or bool(todo.problems))


@main.command()
@click.argument("clinic", nargs=-1)
@with_json
@with_root
def overrides(root: Path | None, clinic: tuple[str, ...], *, as_json: bool) -> None:
    """List every sentence by which a clinic differs from the library, and why."""
    from dataclasses import asdict  # noqa: PLC0415

    from handouts.overrides import differences  # noqa: PLC0415

    library = _load(_root(root))
    todo = _plan(library, {**NOTHING, "clinic": clinic}, _today())
    found = list(differences(library, todo.editions))
    if as_json:
        _print_json([asdict(each) for each in found])
    else:
        for each in found:
            click.echo(f"{each.clinic}: {each.sheet} {each.language}, {each.state} ({each.reason})")
            for mark, texts in (("-", each.library), ("+", each.clinic_words)):
                for text in texts:
                    click.echo(f"  {mark} {text}")
        _mention(todo)
    sys.exit(bool(todo.problems))


@main.command()
@click.option("--all", "everything", is_flag=True, help="Also what the next build could use.")
@with_root
def clean(root: Path | None, *, everything: bool) -> None:
    """Take away laid-out pages that no sheet uses any more; PDFs are left alone."""
    from handouts import build as building  # noqa: PLC0415
    from handouts.plan import plan  # noqa: PLC0415

    place = _root(root)
    todo = plan(_load(place), today=_today())
    count, size = building.clean(todo, place, everything=everything)
    click.echo(f"{_counted(count, 'record')} taken away, {size / 1e6:.1f} MB")


@main.command("mark-printed")
@click.argument("clinic", nargs=-1)
@with_output
@with_root
def mark_printed(root: Path | None, output: Path | None, clinic: tuple[str, ...]) -> None:
    """Say that the front desks have printed what stands in output/, of all clinics or of some.

    `handouts diff` compares with it.
    """
    from handouts import manifest, printed  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415
    from handouts.store import Store  # noqa: PLC0415

    place = _root(root)
    folder = output or place / "output"
    _known_in(folder, clinic)
    try:
        marked = printed.mark(folder, Store(place / ".handouts"), clinic, _today())
    except HandoutsError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
    sheets, clinics = _counted(len(marked.items), "PDF"), _counted(len(marked.on), "clinic")
    click.echo(f"{sheets} of {clinics} marked as printed: {_shown(folder / manifest.PRINTED)}")


def _known_in(folder: Path, clinics: tuple[str, ...]) -> None:
    from handouts import manifest  # noqa: PLC0415

    known = {item.clinic for item in manifest.read(folder).values()}
    if not known:
        raise click.UsageError(f"nothing has been built in {_shown(folder)}: run `handouts build`")
    for clinic in clinics:
        if clinic not in known:
            shown = ", ".join(sorted(known)[:10])
            raise click.UsageError(f"nothing of a clinic {clinic!r} is there: there is {shown}")


@main.command()
@click.argument("clinic", nargs=-1)
@click.option(
    "--since",
    metavar="REVISION|FILE",
    help="Compare with a git revision, or with a manifest.json of an earlier build.",
)
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the report as a page.",
)
@click.option(
    "--lists",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write each clinic's list of what to pull and shred, a PDF.",
)
@with_output
@with_json
@with_root
def diff(  # noqa: PLR0913  each is a choice of its own
    root: Path | None,
    output: Path | None,
    clinic: tuple[str, ...],
    *,
    since: str | None,
    html: Path | None,
    lists: Path | None,
    as_json: bool,
) -> None:
    """Say what to print again: how output/ differs from what is on paper.

    That is what was there at the last `handouts mark-printed`, or as --since says.
    """
    from handouts import changes, printed, reprint  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415
    from handouts.store import Store  # noqa: PLC0415

    place, today = _root(root), _today()
    folder, store = output or place / "output", Store(place / ".handouts")
    try:
        old = _on_paper(place, folder, since, clinic).of(clinic)
        now = printed.standing(folder, store).of(clinic)
        pairs, found = list(changes.pairs(old, now)), changes.changes(old, now)
        named = since or f"printed on {', '.join(sorted({*old.on.values()})[-2:]) or 'no day'}"
        if html:
            _write_reprint(html, place, changes=found, since=named, summary=reprint.summary(pairs))
        if lists:
            _write_lists(lists, place, pairs, today)
    except HandoutsError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        _print_json({"since": named, "changes": reprint.as_data(found)})
    else:
        for line in reprint.told(found):
            click.echo(line)
        click.echo(f"{reprint.summary(pairs)}, since {named}")
    _mention_stale(place, folder, today)


def _on_paper(root: Path, output: Path, since: str | None, clinics: tuple[str, ...]) -> "Printed":
    """What --since names, or what was marked as printed."""
    from handouts import manifest, printed  # noqa: PLC0415
    from handouts.store import Store  # noqa: PLC0415

    path = Path(since) if since else output / manifest.PRINTED
    if path.exists():
        return printed.read(path, Store(root / ".handouts"))
    if since is None:
        raise click.UsageError(
            "nothing is marked as printed: run `handouts mark-printed` once it is, or give --since"
        )
    from handouts.build import How  # noqa: PLC0415
    from handouts.history import as_of  # noqa: PLC0415

    return as_of(root, since, clinics, _today(), How(os.cpu_count() or 1))


def _write_reprint(path: Path, root: Path, **values: Any) -> None:
    from handouts.reprint import heading  # noqa: PLC0415

    _write_page(path, root, "reprint.html", heading=heading, **values)


def _write_lists(folder: Path, root: Path, pairs: "list[Pair]", today: date) -> None:
    from handouts.pulls import pdfs  # noqa: PLC0415
    from handouts.store import write_whole  # noqa: PLC0415

    library = _load(root)
    try:
        for clinic, pdf in pdfs(pairs, library, root, today):
            write_whole(folder / f"{clinic}.pdf", pdf)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None


def _mention_stale(root: Path, output: Path, today: date) -> None:
    from handouts import settled  # noqa: PLC0415

    inputs = [settled.inputs(root, final=final) for final in (False, True)]
    if all(settled.editions(root, output, today, each) is None for each in inputs):
        click.echo("output/ may not be up to date: run `handouts build` first", err=True)


def with_page(name: str) -> Callable[[Command], Command]:
    """The options of a command that writes a page to look at, of this name unless told."""

    def decorate(command: Command) -> Command:
        to = click.option(
            "-o",
            "--output",
            "page",
            metavar="FILE",
            type=click.Path(dir_okay=False, path_type=Path),
            help=f"Where to write the page (default: .handouts/{name} beside data/).",
        )
        closed = click.option("--no-open", is_flag=True, help="Do not open it in the browser.")
        return to(closed(command))

    return decorate


@main.command()
@with_selection
@click.option(
    "--compare",
    "other",
    metavar="WITH",
    help="Side by side with another clinic; or, before and now: with `output`, as the last build "
    "has left it, or with a git revision.",
)
@with_page("preview.html")
@with_jobs
@with_root
def preview(
    root: Path | None,
    page: Path | None,
    *,
    other: str | None,
    jobs: int,
    no_open: bool,
    **selection: tuple[str, ...],
) -> None:
    """Show every page of every sheet in the browser, or with --compare what differs.

    The page is whole in itself: it can be sent to somebody. output/ is left alone.
    """
    from handouts import proofs  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415
    from handouts.preview import MOST  # noqa: PLC0415

    place = _root(root)
    asked = _with_other_clinic(place, selection, other)
    todo, documents = _to_build(place, asked, _today(), final=False, keep=True)
    if len(todo.editions) > MOST:
        many = f"{len(todo.editions)} PDFs are too many for one page"
        raise click.UsageError(f"{many}: name a clinic, or choose by -H or -l")
    with proofs.folder(place) as folder:
        report = _proofs(todo, place, folder, jobs, documents)
        try:
            if other:
                sides = _sides(place, folder, _asked_for(asked), other, jobs)
                values = _compared(todo, sides, jobs)
            else:
                values = _previewed(todo, folder, _asked_for(asked), jobs)
        except HandoutsError as error:
            raise click.ClickException(str(error)) from None
    path = page or place / ".handouts/preview.html"
    _write_page(path, place, "preview.html", complaints=report.complaints(), **values)
    _show(path, report.complaints(), values["summary"], no_open=no_open)


def _with_other_clinic(
    root: Path, selection: dict[str, tuple[str, ...]], other: str | None
) -> dict[str, tuple[str, ...]]:
    """The selection, with the clinic to compare with if that is what is named."""
    from handouts.disk import clinics  # noqa: PLC0415

    if other not in clinics(root):
        return selection
    if len(selection["clinic"]) != 1 or other in selection["clinic"]:
        raise click.UsageError(f"to compare with {other}, name one other clinic")
    return {**selection, "clinic": (*selection["clinic"], other)}


def _proofs(
    todo: "Plan", root: Path, folder: Path, jobs: int, documents: "dict[str, Document]"
) -> "Report":
    from handouts import proofs  # noqa: PLC0415
    from handouts.build import How  # noqa: PLC0415

    with _progress_bar(silent=False) as progress:
        how = How(jobs, progress=progress, waiting=_say_waiting)
        return proofs.make(todo, root, folder, how, documents)


def _previewed(todo: "Plan", folder: Path, asked: "Selection", jobs: int) -> dict[str, Any]:
    """What the page shows that has every sheet."""
    from handouts import preview as previews  # noqa: PLC0415
    from handouts.pictures import Pace  # noqa: PLC0415

    items = previews.standing(folder, asked)
    with _progress_bar("Drawing", silent=False) as progress:
        sheets = previews.shown(folder, items, Pace(jobs, progress))
    pages = sum(len(each.pages) for each in sheets)
    parts = previews.parts(sheets, todo)
    return {
        "heading": f"Sheets of {', '.join(dict.fromkeys(part.clinic_name for part in parts))}",
        "summary": f"{_counted(len(sheets), 'sheet')}, {_counted(pages, 'page')}",
        "columns": (),
        "parts": parts,
    }


def _compared(
    todo: "Plan",
    sides: "AbstractContextManager[tuple[Side, Side, Callable[[Item], Hashable]]]",
    jobs: int,
) -> dict[str, Any]:
    """What the page shows that has two of each sheet."""
    from handouts import preview as previews  # noqa: PLC0415
    from handouts.pictures import Pace  # noqa: PLC0415

    with sides as (old, new, key), _progress_bar("Drawing", silent=False) as progress:
        sheets = previews.compared(old, new, key, Pace(jobs, progress))
    names = {each.clinic.id: each.clinic.contact.name for each in todo.editions}
    columns = [names.get(side.name, side.name) for side in (old, new)]
    return {
        "heading": f"{columns[0]} and {columns[1]}, compared",
        "summary": previews.summary(sheets),
        "columns": columns,
        "parts": previews.parts(sheets, todo),
    }


@contextmanager
def _sides(
    root: Path, folder: Path, selection: "Selection", other: str, jobs: int
) -> "Iterator[tuple[Side, Side, Callable[[Item], Hashable]]]":
    """What is compared with what, and by what two sheets are known to be one."""
    from handouts.build import How  # noqa: PLC0415
    from handouts.errors import HandoutsError  # noqa: PLC0415
    from handouts.history import built  # noqa: PLC0415
    from handouts.preview import by_path, by_sheet, side  # noqa: PLC0415

    if other in selection.clinics[1:]:
        one, two = (side(name, folder, selection, (name,)) for name in selection.clinics)
        yield one, two, by_sheet
        return
    now = side("now", folder, selection)
    if other == "output":
        _known_in(root / "output", ())
        yield side("output/", root / "output", selection), now, by_path
        return
    with ExitStack() as stack:
        try:
            then = stack.enter_context(built(root, other, selection, _today(), How(jobs)))
        except HandoutsError as error:
            raise click.UsageError(
                f"{other!r} is neither a clinic nor `output`, and as a git revision: {error}"
            ) from None
        yield side(other, then / "output", selection), now, by_path


def _show(path: Path, complaints: list[str], summary: str, *, no_open: bool) -> None:
    """Say what could not be made and where the page is, open it, and end."""
    for complaint in complaints:
        click.echo(complaint, err=True)
    click.echo(f"{summary}: {_shown(path)}")
    if not no_open:
        _open(path)
    sys.exit(bool(complaints))


def _open(path: Path) -> None:
    """Open a page in the browser, if there is one with a window of its own."""
    import webbrowser  # noqa: PLC0415

    windows = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if windows or sys.platform in ("darwin", "win32"):
        webbrowser.open(path.resolve().as_uri())


@main.command()
@click.argument("clinic", required=False)
@click.option("-l", "--language", metavar="L", help="In this language, not in its first.")
@with_page("gallery.html")
@with_jobs
@with_root
def gallery(  # noqa: PLR0913  each is a choice of its own
    root: Path | None,
    page: Path | None,
    clinic: str | None,
    language: str | None,
    *,
    jobs: int,
    no_open: bool,
) -> None:
    """Show every letterhead and style on a sheet of CLINIC, or of the first clinic.

    Below each is what to write in `_brand.yml` for it. data/ and output/ are left alone.
    """
    from handouts import gallery as galleries  # noqa: PLC0415
    from handouts import proofs  # noqa: PLC0415
    from handouts.pictures import Pace  # noqa: PLC0415

    place = _root(root)
    library = _load(place)
    asked = _in_gallery(library, clinic, language)
    todo = _plan(library, asked, _today())
    if not todo.editions:
        _mention(todo)
        raise click.ClickException("none of its sheets can be made: see `handouts check`")
    shown = galleries.chosen(todo)
    dressed = galleries.variants(shown)
    with proofs.folder(place) as folder:
        report = _proofs(dressed, place, folder, jobs, {})
        with _progress_bar("Drawing", silent=False) as progress:
            choices = galleries.choices(dressed, shown[0], report, folder, Pace(jobs, progress))
    path, clinic_shown = page or place / ".handouts/gallery.html", shown[0].clinic
    _write_page(path, place, "gallery.html", edition=shown[0], choices=choices)
    said = f"{clinic_shown.contact.name}, in all styles"
    _show(path, galleries.faults(choices), said, no_open=no_open)


def _in_gallery(
    library: "Library", clinic: str | None, language: str | None
) -> dict[str, tuple[str, ...]]:
    """The clinic, or the first; the language, or its first; the formats that are shown."""
    from handouts.gallery import FORMATS as SHOWN  # noqa: PLC0415

    name = clinic or min(library.clinics, default=None)
    known = library.clinics.get(name) if name else None
    chosen = language or (known.contact.languages[0] if known else None)
    return {
        **NOTHING,
        "clinic": (name,) if name else (),
        "language": (chosen,) if chosen else (),
        "formats": SHOWN,
    }


def _say_waiting() -> None:
    click.echo("another build is at work: waiting for it", err=True)


@main.command("list")
@with_selection
@with_json
@with_root
def list_(root: Path | None, *, as_json: bool, **selection: tuple[str, ...]) -> None:
    """List the PDFs that there are to make."""
    todo = _plan(_load(_root(root)), selection, _today())
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
        _print_json({"editions": rows, "refused": refused, "problems": len(todo.problems)})
    else:
        for row in rows:
            click.echo(f"{row['path']}  {row['code']} {row['version']}  {row['title']}")
        _mention(todo)
    sys.exit(bool(todo.problems))


@main.command()
@click.argument("name", required=False)
@with_root
def schema(root: Path | None, name: str | None) -> None:
    """Write what editors need to complete and check the files in data/, as JSON Schemas.

    They stand in data/.schema/, and the first line of each file names its own. With NAME,
    such as clinic or brand, print that one.
    """
    from handouts import schema as schemas  # noqa: PLC0415
    from handouts.explain import did_you_mean  # noqa: PLC0415

    if name is None:
        _write_schemas(_root(root))
    elif name in schemas.FILES:
        click.echo(schemas.text(name), nl=False)
    else:
        meant = did_you_mean(name, schemas.FILES)
        hint = f"did you mean {meant!r}?" if meant else f"there is {', '.join(schemas.FILES)}"
        raise click.UsageError(f"there is no schema {name!r}: {hint}")


def _write_schemas(root: Path) -> None:
    from handouts import schema as schemas  # noqa: PLC0415

    try:
        written = schemas.write(root)
    except OSError as error:
        where = _shown(root / schemas.FOLDER)
        raise click.ClickException(f"{where} cannot be written: {error.strerror}") from None
    for path in written:
        click.echo(_shown(path))
    unchanged = len(schemas.FILES) - len(written)
    click.echo(
        f"{len(written)} written, {unchanged} unchanged: {_shown(root / schemas.FOLDER)}{os.sep}"
    )


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
    from handouts.disk import find_root  # noqa: PLC0415

    place = given.resolve() if given else find_root(Path.cwd())
    if place is None:
        raise click.UsageError(
            "there is no data/ folder here or above: go to where it is, or give --root DIR"
        )
    return place


def _load(root: Path) -> "Library":
    from handouts.load import load  # noqa: PLC0415

    return load(root)


NOTHING: dict[str, tuple[str, ...]] = {"clinic": (), "treatment": (), "handout": (), "language": ()}
"""A selection that leaves nothing out."""


def _today() -> date:
    """The day by which a sheet is judged; `SOURCE_DATE_EPOCH` stands in for the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now().astimezone().date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is a number of seconds, not {epoch!r}") from None


def _days(text: str) -> timedelta:
    number = text.removesuffix("d")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise click.UsageError(f"--within is a number of days, such as 90d, not {text!r}")
    return timedelta(days=int(number))


def _mention(todo: "Plan") -> None:
    """What of the plan cannot be told because its files have problems."""
    for refusal in todo.refusals:
        click.echo(f"{refusal.what}: has problems", err=True)
    if todo.problems:
        click.echo(f"{_counted(len(todo.problems), 'problem')}: see `handouts check`", err=True)


def _said(error: Exception) -> str:
    from pydantic import ValidationError  # noqa: PLC0415

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def _plan(library: "Library", asked: dict[str, tuple[str, ...]], today: date) -> "Plan":
    """What was asked for, or a usage error if there is no such thing."""
    from handouts.plan import Plan, plan  # noqa: PLC0415

    todo = plan(library, _selection(library, asked), today)
    if todo == Plan():
        raise click.UsageError(
            "no PDF fits all of this: `handouts list` shows those that there are"
        )
    return todo


def _selection(library: "Library", asked: dict[str, tuple[str, ...]]) -> "Selection":
    """The selection, or a usage error for a name that is not in the library."""
    from difflib import get_close_matches  # noqa: PLC0415

    from handouts.plan import names  # noqa: PLC0415

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
    return _asked_for(asked)


def _asked_for(asked: dict[str, tuple[str, ...]]) -> "Selection":
    from handouts.plan import Selection  # noqa: PLC0415

    return Selection(
        asked["clinic"],
        asked["treatment"],
        asked["handout"],
        asked["language"],
        cast("tuple[Format, ...]", asked.get("formats", ())),
    )


def _counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'s' * (number != 1)}"


def _state(library: "Library", errors: int, warnings: int) -> str:
    handouts = sum(len(treatment.handouts) for treatment in library.treatments.values())
    return (
        f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}: "
        f"{_counted(len(library.clinics), 'clinic')} and {_counted(handouts, 'sheet')} are whole"
    )


@contextmanager
def _progress_bar(
    label: str = "Laying out", *, silent: bool
) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if silent or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    bar: Any = click.progressbar(length=1, label=label, file=sys.stderr)

    def show(done: int, length: int) -> None:
        bar.length = length
        bar.update(done - bar.pos)

    with bar:
        yield show


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))

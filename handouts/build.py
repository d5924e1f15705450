"""The loop: compose, lay out what is new, overprint, write what differs."""

import fnmatch
import multiprocessing
import signal
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TypeVar

from handouts import fonts, manifest, overprint, turns
from handouts.body import Body
from handouts.compose import Composer
from handouts.errors import HandoutsError
from handouts.manifest import Item
from handouts.model import Clinic
from handouts.overprint import Imprint, Plate, Stationery
from handouts.plan import Edition, Plan
from handouts.reasons import UNCHANGED, Reasons, Snapshot, values
from handouts.report import BAD, Report, Row
from handouts.sheet import Piece, Sheet, Typeface
from handouts.store import Store, sweep, write_whole
from handouts.yamlfile import Document

RECYCLE = 200
"""Layouts after which worker processes are replaced: WeasyPrint's memory grows.

The pool is replaced as a whole: one that replaces its own processes (`max_tasks_per_child`)
can come to a standstill (CPython issue 115634).
"""

SPARE = 500
"""How many records a build leaves that it had no use for, besides two for each that it had:
going back to words or a brand of last week lays nothing out."""

MISSING = "output missing"

Progress = Callable[[int, int], None]
Record = Plate | Stationery
KINDS = (Plate, Stationery)
T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """One sheet to lay out: as stationery when it has pieces, else as a plate."""

    sheet: Sheet
    pieces: tuple[Piece, ...] = ()

    @property
    def kind(self) -> type[Record]:
        return Stationery if self.pieces else Plate


def lay_out(job: Job) -> Record:
    """Do the job; the one place from which WeasyPrint and pikepdf are imported."""
    from handouts import plates, render  # noqa: PLC0415  half a second, and only to lay out

    proof = render.lay_out(job.sheet, job.pieces)
    if job.pieces:
        return plates.make_stationery(proof.pdf, job.pieces, proof.words)
    return plates.make_plate(proof.pdf)


@dataclass
class _Batch:
    """What a build works on, all of it by key.

    `plates`, by the identity of the body (a plan has one for all that say the same, and to
    hash one takes long), and `stationery` say which key an edition needs; each key comes to
    stand in `records`, or in `faults` with the reason.
    """

    jobs: dict[str, Job] = field(default_factory=dict)
    plates: dict[int, str] = field(default_factory=dict)
    stationery: dict[tuple[str, str], str] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def build(  # noqa: PLR0913  each is a choice of its own
    plan: Plan,
    root: Path,
    output: Path,
    *,
    jobs: int,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
    waiting: Callable[[], None] = lambda: None,
    documents: dict[str, Document] | None = None,
) -> Report:
    """Make every edition of the plan; one that fails is reported and stops no other.

    `documents`: the library's files by path, from which the reasons of the report are told.
    """
    folder = root / ".handouts"
    with nullcontext() if dry_run else turns.alone(folder, output, waiting):
        if not dry_run:
            sweep(folder)
            sweep(output)
        composer = Composer(root)
        batch = _compose(plan, composer)
        if not force:
            batch.records = dict(_known(batch, Store(folder)))
        now = _snapshot(plan, batch, composer, documents or {})
        last = Store(folder).get(Snapshot, turns.name(output))
        report = Report(dry_run, problems=plan.problems)
        if not dry_run:
            _lay_out_new(batch, Store(folder), jobs, progress)
        rows = [_make(edition, batch, output, dry_run=dry_run) for edition in plan.editions]
        rows = _reasoned(rows, plan, Reasons(last, now), output)
        report.rows = [_dated(row, output, row.path) for row in rows]
        for refusal in plan.refusals:
            row = Row(refusal.what, "refused", "\n".join(map(str, refusal.problems)))
            report.rows.append(_dated(row, output, refusal.pdfs))
        _tidy(plan, report, output)
        if plan.whole and not dry_run:
            if now != last:
                Store(folder).put(turns.name(output), now)
            Store(folder).prune(KINDS, batch.jobs, SPARE + 2 * len(batch.jobs))
    return report


def _snapshot(
    plan: Plan, batch: _Batch, composer: Composer, documents: dict[str, Document]
) -> Snapshot:
    digests = composer.templates()
    made = {}
    for edition in plan.editions:
        clinic = edition.clinic
        folder = f"data/clinics/{clinic.id}"
        for asset in (clinic.logo, *clinic.typeface.files):
            digests[f"{folder}/{asset.name}"] = sha256(asset.data).hexdigest()
        owner = (clinic.id, edition.body.language)
        inks = f"{clinic.inks.primary} {clinic.inks.accent}"
        made[edition.path] = (batch.plates[id(edition.body)], batch.stationery[owner], inks)
    return Snapshot(values(documents), digests, _versions(), made)


def _reasoned(rows: list[Row], plan: Plan, reasons: Reasons, output: Path) -> list[Row]:
    """The rows, those of what was made with the reason why."""
    before = manifest.read(output)
    found = []
    for row, edition in zip(rows, plan.editions, strict=True):
        why = row.why
        if row.outcome == "made" and why == MISSING and row.path not in before:
            why = "new"
        if row.outcome == "made" and not why:
            why = reasons.why(edition)
            if why == UNCHANGED:
                why = "output altered" if row.path in before else "output not ours"
        found.append(replace(row, why=why))
    return found


def clean(plan: Plan, root: Path, *, everything: bool) -> tuple[int, int]:
    """Empty the store of all that this plan has no use for, or of everything.

    How many records are gone, and how many bytes they were.
    """
    folder = root / ".handouts"
    sweep(folder)
    used = {} if everything else _compose(plan, Composer(root)).jobs
    return Store(folder).prune(KINDS, used, 0)


def _tidy(plan: Plan, report: Report, output: Path) -> None:
    """Take away what there is no edition for any more, and write down what stands there now."""
    before = manifest.read(output)
    rows = {row.path: row for row in report.rows}
    items = dict(_items(plan, rows, before, output))
    broken = any(problem.rule == "data" for problem in plan.problems)
    if plan.whole and not broken:
        kept = {path for refusal in plan.refusals for path in fnmatch.filter(before, refusal.pdfs)}
        for path in sorted(before.keys() - rows.keys() - kept):
            row = _remove(before[path], output, dry_run=report.dry_run)
            report.rows.append(row)
            if row.outcome == "removed":
                items.pop(path, None)
    known = {*before, *(edition.path for edition in plan.editions)}
    report.strangers = tuple(_strangers(output, known))
    if not report.dry_run and (items or before):
        with suppress(OSError):
            manifest.write(output, items.values())


def _items(
    plan: Plan, rows: dict[str, Row], before: dict[str, Item], output: Path
) -> Iterator[tuple[str, Item]]:
    """What stands in the folder: from this build, and from those before it."""
    editions = {edition.path: edition for edition in plan.editions}
    for path, item in before.items():
        if path not in editions and (output / path).is_file():
            yield path, item
    for path, edition in editions.items():
        row = rows[path]
        if row.sha256 and row.outcome in ("made", "same"):
            yield path, _item(edition, row.pages or 0, row.sha256)
        elif path in before and (output / path).is_file():
            yield path, replace(before[path], current=False)
    for refusal in plan.refusals:
        for path in fnmatch.filter(before, refusal.pdfs):
            if (output / path).is_file():
                yield path, replace(before[path], current=False)


def _item(edition: Edition, pages: int, digest: str) -> Item:
    body = edition.body
    return Item(
        edition.path,
        edition.title,
        edition.clinic.id,
        edition.treatment,
        edition.handout,
        body.language,
        body.version,
        body.code,
        body.notice.state,
        pages,
        digest,
        current=True,
    )


def _remove(item: Item, output: Path, *, dry_run: bool) -> Row:
    """Take one PDF away, unless somebody has changed it."""
    path = output / item.path
    why = "there is no such edition any more"
    try:
        if path.is_file() and sha256(path.read_bytes()).hexdigest() != item.sha256:
            why = f"{why}, and somebody has changed the PDF: take it away by hand"
            return Row(item.path, "failed", why, item.title)
        if not dry_run:
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
                path.parent.parent.rmdir()
    except OSError as error:
        return Row(item.path, "failed", f"{path} cannot be removed: {error.strerror or error}")
    return Row(item.path, "removed", why, item.title)


def _strangers(output: Path, known: Collection[str]) -> Iterator[str]:
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output)
        hidden = any(part.startswith(".") for part in name.parts)
        known_name = name.as_posix() in known or name.as_posix() == manifest.NAME
        if not hidden and not known_name and path.is_file():
            yield name.as_posix()


def _dated(row: Row, output: Path, pdfs: str) -> Row:
    """The row, told whether PDFs are left from before of what could not be made."""
    return replace(row, older=row.outcome in BAD and any(output.glob(pdfs)))


def _compose(plan: Plan, composer: Composer) -> _Batch:
    batch = _Batch()
    for edition in plan.editions:
        body, clinic = edition.body, edition.clinic
        if id(body) not in batch.plates:
            batch.plates[id(body)] = _add(batch, edition.path, partial(_plate, composer, body))
        owner = (clinic.id, body.language)
        if owner not in batch.stationery:
            make = partial(_stationery, composer, clinic, body)
            batch.stationery[owner] = _add(batch, "/".join(owner), make)
    return batch


def _plate(composer: Composer, body: Body) -> Job:
    return Job(composer.sheet(body))


def _stationery(composer: Composer, clinic: Clinic, body: Body) -> Job:
    return Job(*composer.stationery(clinic, body.language, body.wording))


def _add(batch: _Batch, what: str, make: Callable[[], Job]) -> str:
    """The key of the job, or of the fault that keeps it from being composed."""
    try:
        job = make()
    except HandoutsError as error:
        batch.faults[what] = str(error)
        return what
    key = job_key(job)
    batch.jobs[key] = job
    return key


def job_key(job: Job) -> str:
    """A digest of all that the job's result depends on."""
    digest = sha256(_tools().encode())
    sheet = job.sheet
    parts = [sheet.html, sheet.css, repr(job.pieces)]
    parts += [f"{asset.name}:{sha256(asset.data).hexdigest()}" for asset in sheet.assets]
    parts += [_face(typeface) for typeface in sheet.typefaces]
    for part in parts:
        digest.update(sha256(part.encode()).digest())
    return digest.hexdigest()


@cache
def _tools() -> str:
    """The versions of what makes a record, our own modules by their very text."""
    names = (
        *("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen"),
        *("fonttools", "pillow", "pikepdf"),
    )
    versions = [f"{name} {version(name)}" for name in names]
    makers = map(Path(__file__).with_name, ("render.py", "plates.py", "overprint.py"))
    digests = [sha256(maker.read_bytes()).hexdigest() for maker in makers]
    return ",".join([*versions, *digests])


def _versions() -> dict[str, str]:
    """The tools by name, each with its version; our own code as one."""
    parts = _tools().split(",")
    named = [part.split(" ") for part in parts if " " in part]
    own = sha256("".join(part for part in parts if " " not in part).encode()).hexdigest()
    return {**{PRINTED.get(name, name): version for name, version in named}, "handouts": own[:12]}


PRINTED = {"weasyprint": "WeasyPrint"}


@cache
def _face(typeface: Typeface) -> str:
    if typeface.files:
        digests = [sha256(file.data).hexdigest() for file in typeface.files]
        return f"{typeface.family}:{','.join(digests)}"
    return f"{typeface.family} {version(fonts.package(typeface.family))}"


def _known(batch: _Batch, store: Store) -> Iterator[tuple[str, Record]]:
    for key, job in batch.jobs.items():
        record = store.get(job.kind, key)
        if record is not None:
            yield key, record


def _lay_out_new(batch: _Batch, store: Store, jobs: int, progress: Progress) -> None:
    new = {key: job for key, job in batch.jobs.items() if key not in batch.records}
    with _no_process_left():
        results = _one_by_one(new) if min(jobs, len(new)) <= 1 else _in_processes(new, jobs)
        for done, (key, result) in enumerate(results, 1):
            if isinstance(result, str):
                batch.faults[key] = result
            else:
                batch.records[key] = result
                store.put(key, result)
            progress(done, len(new))


def _one_by_one(wanted: dict[str, Job]) -> Iterator[tuple[str, Record | str]]:
    for key, job in wanted.items():
        try:
            yield key, lay_out(job)
        except Exception as error:
            yield key, _fault(error)


def _in_processes(wanted: dict[str, Job], jobs: int) -> Iterator[tuple[str, Record | str]]:
    for batch in batched(wanted.items(), RECYCLE * jobs):
        yield from _in_one_pool(dict(batch), jobs)


def _in_one_pool(wanted: dict[str, Job], jobs: int) -> Iterator[tuple[str, Record | str]]:
    try:
        executor = _executor(min(jobs, len(wanted)))
        futures = {executor.submit(lay_out, job): key for key, job in wanted.items()}
    except (OSError, NotImplementedError):  # a machine without shared memory or sockets
        yield from _one_by_one(wanted)
        return
    for future in as_completed(futures):
        error = future.exception()
        yield futures[future], _fault(error) if error else future.result()
    executor.shutdown()


def batched(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The items in tuples of this size, the last of what is left."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


@contextmanager
def _no_process_left() -> Iterator[None]:
    """Whatever ends what is done within, Ctrl-C among it, ends its processes too."""
    try:
        yield
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
            process.join(1)
        raise


def _fault(error: BaseException) -> str:
    if isinstance(error, HandoutsError):
        return str(error)
    if isinstance(error, BrokenProcessPool):
        return "a layout process died (out of memory?): build again, with -j 1"
    if isinstance(error, ImportError):
        return f"nothing can be laid out: {error}"
    return f"layout failed: {type(error).__name__}: {error}"


def _executor(workers: int) -> Executor:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        from multiprocessing import forkserver  # noqa: PLC0415  not on every system

        context.set_forkserver_preload(["handouts.render"])
        with _uninterrupted():
            forkserver.ensure_running()
    return ProcessPoolExecutor(workers, mp_context=context)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started within leave Ctrl-C to this one, which then ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _make(edition: Edition, batch: _Batch, output: Path, *, dry_run: bool) -> Row:
    """Overprint and write one edition, unless its file already holds just that."""
    plate_key = batch.plates[id(edition.body)]
    stationery_key = batch.stationery[edition.clinic.id, edition.body.language]
    for key, file in ((plate_key, _words_file(edition)), (stationery_key, _contact_file(edition))):
        if key in batch.faults:
            why = f"{file}: {batch.faults[key]}" if key in batch.jobs else batch.faults[key]
            return Row(edition.path, "failed", why, edition.title)
    plate, stationery = batch.records.get(plate_key), batch.records.get(stationery_key)
    if not isinstance(plate, Plate) or not isinstance(stationery, Stationery):
        why = "" if (output / edition.path).is_file() else MISSING
        return Row(edition.path, "made", why, edition.title)
    pdf = overprint.overprint(plate, stationery, imprint(edition))
    outcome, why = _write(output / edition.path, pdf, dry_run=dry_run)
    digest = sha256(pdf).hexdigest()
    return Row(edition.path, outcome, why, edition.title, plate.pages, sha256=digest)


def _words_file(edition: Edition) -> str:
    place = f"{edition.treatment}/{edition.body.language}/{edition.handout}"
    return f"data/treatments/{place}.yaml"


def _contact_file(edition: Edition) -> str:
    return f"data/clinics/{edition.clinic.id}/clinic.yaml"


def _write(path: Path, pdf: bytes, *, dry_run: bool) -> tuple[str, str]:
    why = "" if path.is_file() else MISSING
    try:
        if not why and path.read_bytes() == pdf:
            return "same", ""
        if not dry_run:
            write_whole(path, pdf)
    except PermissionError:
        return "failed", f"{path} cannot be written: close it if it is open, or allow writing there"
    except OSError as error:
        return "failed", f"{path} cannot be written: {error.strerror or error}"
    return "made", why


def imprint(edition: Edition) -> Imprint:
    """What the edition's PDF says of itself, and its clinic's colours."""
    inks = edition.clinic.inks
    colors = (("primary", inks.primary), ("accent", inks.accent))
    author = edition.clinic.contact.name_in(edition.body.language)
    return Imprint(edition.title, author, edition.body.code, colors)

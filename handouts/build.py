"""The loop: compose, lay out what is new, overprint, write what differs."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from handouts import archive, inks, layouts, manifest, outputs, overprint, toolchain, turns
from handouts.artwork import Artwork
from handouts.body import Body
from handouts.compose import Compiled, Composer
from handouts.errors import HandoutsError
from handouts.layouts import KINDS, Job
from handouts.manifest import Item
from handouts.outputs import Touch
from handouts.overprint import Imprint, Plate, Stationery
from handouts.plan import Edition, Plan
from handouts.reading import Transcript, transcript
from handouts.reasons import UNCHANGED, Made, Reasons, Snapshot, values
from handouts.report import BAD, Report, Row
from handouts.sheet import SETS, Way
from handouts.store import Shelf, Store, sweep, write_whole
from handouts.tidy import tidy
from handouts.yamlfile import Document

SPARE = 500
"""How many records a build leaves that it had no use for, besides two for each that it had:
going back to words or a brand of last week lays nothing out."""

MOST_LOGOS = 5_000
"""How many logos, as they were drawn, `clean` leaves."""

AT_HAND = 300
"""How many plates and pieces of stationery are held in memory: some 30 MB."""

CHECKED_TOGETHER = 100
"""How many copies for the archive are held in memory: some 8 MB."""

MISSING = "output missing"
TAKEN = "its pages were taken away while it was made: build again"
COPY = "to have a copy for the archive"
OUTDATED = "a copy for the archive of what is not printed any more: --archive makes a new one"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class How:
    """How a build goes about it. `jobs`: in how many processes it lays out.

    `executor`: what lays out instead of them. `force`: every page is laid out again.
    `archive`: every PDF is to have a copy for the archive.
    """

    jobs: int = 1
    force: bool = False
    dry_run: bool = False
    executor: Executor | None = None
    progress: Progress = lambda _done, _all: None
    waiting: Callable[[], None] = lambda: None
    archive: bool = False


@dataclass
class _Batch:
    """What a build works on, by key.

    `plates`, by the identity of the body (a plan has one for all that say the same, and to
    hash one takes long), and `stationery`, by whose it is and what it is for, say which key an
    edition needs. A key has its job, or a fault if there can be none, or none with a record.
    """

    jobs: dict[str, Job] = field(default_factory=dict)
    plates: dict[int, str] = field(default_factory=dict)
    stationery: dict[Hashable, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def keys(self, edition: Edition) -> tuple[str, ...]:
        """Those of its plate and of its sets of stationery."""
        owners = (_owner(edition, slots) for slots in SETS)
        known = (self.stationery.get(owner) for owner in owners)
        return self.plates[id(edition.body)], *(key for key in known if key)


def _owner(edition: Edition, slots: tuple[str, ...]) -> Hashable:
    """What tells an edition's set of stationery from others; only the web page is a sheet's own."""
    body = edition.body
    page = edition.page if slots == ("web",) else None
    return edition.clinic.id, body.language, body.layout, edition.mono, slots, page


def build(
    plan: Plan,
    root: Path,
    output: Path,
    how: How = How(),
    documents: dict[str, Document] | None = None,
) -> Report:
    """Make every edition of the plan; one that fails is reported and stops no other.

    `documents`: the library's files by path, from which the reasons of the report are told.
    """
    folder = root / ".handouts"
    with nullcontext() if how.dry_run else turns.alone(folder, output, how.waiting):
        if not how.dry_run:
            sweep(folder)
            sweep(output)
        work = _Work(plan, root, output, how, documents or {})
        report = work.report()
        if plan.whole and not how.dry_run:
            work.remember()
    return report


class _Work:
    """One build of one plan into one folder."""

    def __init__(
        self, plan: Plan, root: Path, output: Path, how: How, documents: dict[str, Document]
    ) -> None:
        self._plan, self._output, self._how = plan, output, how
        self._store = Store(root / ".handouts")
        self._shelf = Shelf(self._store, AT_HAND)
        composer = Composer(root, None if how.dry_run else self._store)
        self._batch = _compose(plan, composer)
        self._last = self._store.get(Snapshot, turns.name(output))
        self._now = _snapshot(plan, self._batch, composer, documents)
        self._journal = manifest.Journal(root / ".handouts" / f"journal-{turns.name(output)}")
        self._touches: dict[str, Touch] = {}
        self._said: dict[str, Callable[[], Transcript]] = {}
        self._outdated: list[Row] = []

    def report(self) -> Report:
        """Do it, and tell what was done."""
        plan, output, how = self._plan, self._output, self._how
        before = {**manifest.read(output), **self._journal.read(output)}
        standing = {} if how.force else dict(self._standing())
        copied = {path: row for path, row in standing.items() if self._is_copied(row, before)}
        done = copied if how.archive else standing
        lacking = [edition for edition in plan.editions if edition.path not in done]
        made = {row.path: row for row in self._made(lacking, standing)} | standing
        report = Report(how.dry_run, problems=plan.problems)
        rows = list(self._reasoned((made[edition.path] for edition in plan.editions), before))
        report.rows = [_dated(row, output, row.path) for row in rows]
        for refusal in plan.refusals:
            row = Row(refusal.what, "refused", "\n".join(map(str, refusal.problems)))
            report.rows.append(_dated(row, output, refusal.pdfs))
        if not how.dry_run:
            report.touches = self._touches
            self._note(report.rows)
            self._keep_words()
        outdated = sorted(self._outdated, key=lambda row: row.path)
        report.rows += self._archive(rows, copied, before) if how.archive else outdated
        tidy(plan, report, before, output)
        if not how.dry_run and not report.failed(manifest.NAME):
            self._journal.close()
        return report

    def _note(self, rows: list[Row]) -> None:
        """Note what came of each edition, with the touch that its file had just then."""
        for row in rows:
            if row.sha256:
                parts, touch = self._now.editions[row.path].parts, self._touches.get(row.path)
                self._now.editions[row.path] = Made(*parts, row.sha256, row.pages or 0, touch)

    def _is_copied(self, row: Row, before: dict[str, Item]) -> bool:
        """Whether the copy for the archive that stands there was made of just this PDF."""
        item = before.get(row.path)
        if not self._how.archive or not item or item.sha256 != row.sha256:
            return False
        return manifest.has_copy(item, self._output)

    def _archive(
        self, rows: list[Row], copied: Collection[str], before: dict[str, Item]
    ) -> Iterator[Row]:
        """Have a copy for the archive beside each PDF that is as it should be."""
        wanted = []
        for row, edition in zip(rows, self._plan.editions, strict=True):
            path, title = archive.place(row.path), row.title
            if row.path in copied or (not self._how.force and self._is_copied(row, before)):
                self._touch(path)
                digest = before[row.path].archive
                yield Row(path, "same", "", title, row.pages, sha256=digest)
            elif row.outcome not in BAD and self._how.dry_run:
                yield Row(path, "made", COPY, title)
            elif row.outcome not in BAD:
                wanted.append((row, edition))
        with ThreadPoolExecutor(self._how.jobs) as pool:
            for start in range(0, len(wanted), CHECKED_TOGETHER):
                some = wanted[start : start + CHECKED_TOGETHER]
                pdfs = [self._overprinted(edition, archived=True) for _, edition in some]
                checked = zip(some, pdfs, pool.map(_fault, pdfs), strict=True)
                for (row, edition), pdf, fault in checked:
                    yield self._put_copy(row, edition, pdf, fault)

    def _put_copy(self, row: Row, edition: Edition, pdf: bytes | None, fault: str) -> Row:
        """Write one copy that was found to be without fault; one that is not does not stand."""
        place, pages = archive.place(row.path), row.pages or 0
        if pdf is None or fault:
            with suppress(HandoutsError):
                archive.remove(self._output, row.path)
            return Row(place, "failed", fault, row.title, pages)
        digest = sha256(pdf).hexdigest()
        item = replace(manifest.item(edition, pages, row.sha256 or ""), archive=digest)
        outcome, why = _put(self._output / place, pdf, partial(self._write, item))
        if outcome == "failed":
            return Row(place, outcome, why, row.title, pages)
        self._touch(place)
        why = COPY if outcome == "made" else ""
        return Row(place, outcome, why, row.title, pages, sha256=digest)

    def _touch(self, path: str) -> None:
        if touch := outputs.touch(self._output / path):
            self._touches[path] = touch

    def _keep_words(self) -> None:
        """Keep what the sheets say by the digests that the manifest gives, to be compared."""
        for edition in self._plan.editions:
            self._said[edition.standing.digest] = partial(transcript, edition.body)
            self._said[edition.reached.digest] = partial(_itself, edition.reached)
        for digest, said in self._said.items():
            if not self._store.has(Transcript, digest):
                self._store.put(digest, said())

    def remember(self) -> None:
        """Record what this build worked from, and let go of what no build has use for.

        What stands there though this build was not to make it is remembered as it was.
        """
        for path, made in self._last.editions.items() if self._last else ():
            if (self._output / path).is_file():
                self._now.editions.setdefault(path, made)
        if self._now != self._last:
            self._store.put(turns.name(self._output), self._now)
        used = self._batch.jobs
        self._store.prune(KINDS, used, SPARE + 2 * len(used))
        self._store.prune((Compiled,), {}, SPARE)
        self._store.prune((Transcript,), self._said, SPARE + 2 * len(self._said))

    def _standing(self) -> Iterator[tuple[str, Row]]:
        """The editions whose PDFs the last build made of just the same, and nobody has touched."""
        touches = outputs.touches(self._output)
        for edition in self._plan.editions:
            path = edition.path
            last = self._last.made(path) if self._last else None
            if not last or not last.sha256 or last.parts != self._now.editions[path].parts:
                continue
            if last.touch and last.touch == touches.get(path):
                self._touches[path] = last.touch
                row = Row(path, "same", "", edition.title, last.pages, sha256=last.sha256)
                yield path, row

    def _made(self, editions: list[Edition], standing: Collection[str]) -> Iterator[Row]:
        """Lay out what these lack, and make each that does not stand once all of it is there."""
        new = {} if self._how.dry_run else dict(self._missing(editions))
        wanted = [edition for edition in editions if edition.path not in standing]
        lacks = {edition.path: new.keys() & self._batch.keys(edition) for edition in wanted}
        ready = [edition for edition in wanted if not lacks[edition.path]]
        users = defaultdict[str, list[Edition]](list)
        for edition in wanted:
            for key in lacks[edition.path]:
                users[key].append(edition)
        results = layouts.results(new, self._how.jobs, self._how.executor)
        for done, (key, result) in enumerate(results, 1):
            if isinstance(result, str):
                self._batch.faults[key] = result
            else:
                self._shelf.put(key, result)
            self._how.progress(done, len(new))
            for edition in users[key]:
                lacks[edition.path].discard(key)
                if not lacks[edition.path]:
                    yield self._make(edition)
        yield from map(self._make, ready)

    def _missing(self, editions: list[Edition]) -> Iterator[tuple[str, Job]]:
        """The jobs that these editions need done, by key, and whose records the store lacks."""
        needed = {key: edition for edition in editions for key in self._batch.keys(edition)}
        for key, edition in needed.items():
            job = self._batch.jobs.get(key)
            if job and (self._how.force or self._shelf.get(job.kind, key) is None):
                yield key, job if job.pieces else replace(job, hint=self._hint(edition))

    def _hint(self, edition: Edition) -> Way | None:
        """The way of the plate that the edition had when the same programs made it."""
        last = self._last
        made = last.made(edition.path) if last and last.tools == self._now.tools else None
        plate = self._store.get(Plate, made.plate) if made else None
        return plate.way if plate else None

    def _make(self, edition: Edition) -> Row:
        """Overprint and write one edition, unless its file already holds just that."""
        batch, path = self._batch, self._output / edition.path
        first, *others = batch.keys(edition)
        for key in (first, *others):
            if key in batch.faults:
                file = _words_file(edition) if key == first else _contact_file(edition)
                why = f"{file}: {batch.faults[key]}" if key in batch.jobs else batch.faults[key]
                return Row(edition.path, "failed", why, edition.title)
        records = self._records(edition)
        if self._how.dry_run and (self._how.force or not records):
            self._let_go(edition)
            return Row(edition.path, "made", "" if path.is_file() else MISSING, edition.title)
        if not records:
            return Row(edition.path, "failed", TAKEN, edition.title)
        pages, pdf = records[0].pages, overprint.overprint(*records, imprint(edition))
        digest = sha256(pdf).hexdigest()
        write = partial(self._write_anew, edition, manifest.item(edition, pages, digest))
        outcome, why = _put(path, pdf, write)
        if outcome == "failed":
            return Row(edition.path, outcome, why, edition.title, pages)
        self._touch(edition.path)
        return Row(edition.path, outcome, why, edition.title, pages, sha256=digest)

    def _records(self, edition: Edition) -> tuple[Plate, Stationery] | None:
        """What the edition is overprinted from, if all of it is there."""
        first, *others = self._batch.keys(edition)
        plate = self._shelf.get(Plate, first)
        sets = [found for key in others if (found := self._shelf.get(Stationery, key))]
        if not plate or len(sets) < len(others):
            return None
        return plate, overprint.gathered(sets, plate)

    def _overprinted(self, edition: Edition, *, archived: bool) -> bytes | None:
        records = self._records(edition)
        return records and overprint.overprint(*records, imprint(edition), archive=archived)

    def _write_anew(self, edition: Edition, item: Item, path: Path, pdf: bytes) -> None:
        """Write one PDF; its copy goes first, so that it never stands beside another state."""
        self._let_go(edition)
        self._write(item, path, pdf)

    def _let_go(self, edition: Edition) -> None:
        place, dry_run = archive.place(edition.path), self._how.dry_run
        there = (
            (self._output / place).is_file()
            if dry_run
            else archive.remove(self._output, edition.path)
        )
        if there:
            self._outdated.append(Row(place, "removed", OUTDATED, edition.title))

    def _write(self, item: Item, path: Path, pdf: bytes) -> None:
        """Write one PDF, after a note of it: should the build be killed, it is known as ours."""
        if not self._how.dry_run:
            self._journal.note(item)
            write_whole(path, pdf)

    def _reasoned(self, rows: Iterable[Row], before: dict[str, Item]) -> Iterator[Row]:
        """The rows, those of what was made with the reason why."""
        reasons = Reasons(self._last, self._now)
        for row, edition in zip(rows, self._plan.editions, strict=True):
            why = row.why
            if row.outcome == "made" and why == MISSING and row.path not in before:
                why = "new"
            if row.outcome == "made" and not why:
                why = reasons.why(edition)
                if why == UNCHANGED:
                    why = "output altered" if row.path in before else "output not ours"
            yield row if why == row.why else replace(row, why=why)


def clean(plan: Plan, root: Path, *, everything: bool) -> tuple[int, int]:
    """Empty the store of all that this plan has no use for, or of everything.

    How many records are gone, and how many bytes they were.
    """
    folder = root / ".handouts"
    sweep(folder)
    used = {} if everything else _compose(plan, Composer(root)).jobs
    Store(folder).prune((Artwork,), {}, 0 if everything else MOST_LOGOS)
    return Store(folder).prune(KINDS, used, 0)


def _itself(said: Transcript) -> Transcript:
    return said


def _snapshot(
    plan: Plan, batch: _Batch, composer: Composer, documents: dict[str, Document]
) -> Snapshot:
    digests = composer.templates()
    made = {}
    for clinic in {edition.clinic.id: edition.clinic for edition in plan.editions}.values():
        livery = clinic.livery
        folder = f"data/clinics/{clinic.id}"
        for logo in filter(None, (livery.logo, livery.on_dark)):
            digests[f"{folder}/{logo.name}"] = logo.digest
        for asset in (*livery.typeface.files, *livery.headings.typeface.files):
            digests[f"{folder}/{asset.name}"] = sha256(asset.data).hexdigest()
    for edition in plan.editions:
        print_of = sha256(repr(imprint(edition)).encode()).hexdigest()
        plate, *sets = batch.keys(edition)
        made[edition.path] = Made(plate, " ".join(sets), print_of)
    return Snapshot(values(documents), digests, toolchain.versions(), made)


def _dated(row: Row, output: Path, pdfs: str) -> Row:
    """The row, told whether PDFs are left from before of what could not be made."""
    return replace(row, older=any(output.glob(pdfs))) if row.outcome in BAD else row


def _compose(plan: Plan, composer: Composer) -> _Batch:
    batch = _Batch()
    for edition in plan.editions:
        body = edition.body
        if id(body) not in batch.plates:
            batch.plates[id(body)] = _add(batch, edition.path, partial(_plate, composer, body))
        for slots in SETS:
            owner = _owner(edition, slots)
            if owner not in batch.stationery and (edition.page or slots != ("web",)):
                make = partial(_set, composer, edition, slots)
                batch.stationery[owner] = _add(batch, f"{edition.path} {slots}", make)
    return batch


def _plate(composer: Composer, body: Body) -> Job:
    return Job(composer.sheet(body))


def _set(composer: Composer, edition: Edition, slots: tuple[str, ...]) -> Job:
    body, clinic = edition.body, edition.clinic
    how: dict[str, Any] = {"layout": body.layout, "mono": edition.mono, "page": edition.page}
    return Job(*composer.stationery(clinic, body.language, body.wording, slots, **how))


def _add(batch: _Batch, what: str, make: Callable[[], Job]) -> str:
    """The key of the job, or of the fault that keeps it from being composed."""
    try:
        job = make()
    except HandoutsError as error:
        batch.faults[what] = str(error)
        return what
    key = layouts.job_key(job)
    batch.jobs[key] = job
    return key


def _words_file(edition: Edition) -> str:
    place = f"{edition.treatment}/{edition.body.language}/{edition.handout}"
    return f"data/treatments/{place}.yaml"


def _contact_file(edition: Edition) -> str:
    return f"data/clinics/{edition.clinic.id}/clinic.yaml"


def _fault(pdf: bytes | None) -> str:
    return TAKEN if pdf is None else archive.fault(pdf)


def _put(path: Path, pdf: bytes, write: Callable[[Path, bytes], None]) -> tuple[str, str]:
    """What came of having the PDF there, and why."""
    why = "" if path.is_file() else MISSING
    try:
        if not why and path.read_bytes() == pdf:
            return "same", ""
        write(path, pdf)
    except HandoutsError as error:
        return "failed", str(error)
    except PermissionError:
        return "failed", f"{path} cannot be written: close it if it is open, or allow writing there"
    except OSError as error:
        return "failed", f"{path} cannot be written: {error.strerror or error}"
    return "made", why


def imprint(edition: Edition) -> Imprint:
    """What the edition's PDF says of itself, and its clinic's colours."""
    body, form = edition.body, edition.format
    named = body.wording.formats.of(form)
    return Imprint(
        edition.title if form == "standard" else f"{edition.title} ({named})",
        edition.clinic.contact.name_in(body.language),
        body.code if form == "standard" else f"{body.code}-{form.upper()}",
        inks.fills(edition.clinic.livery, mono=edition.mono),
        edition.mono,
        body.version,
        f"{body.notice.state}, {form}",
    )

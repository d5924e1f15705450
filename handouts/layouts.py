"""Layouts: what there is to lay out, and who does it: this process, others, or a cluster."""

import gc
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TypeVar

from handouts import fonts, workers
from handouts.errors import HandoutsError
from handouts.overprint import Plate, Stationery
from handouts.sheet import Piece, Sheet, Typeface, Way

RECYCLE = 200
"""Parts of the work after which worker processes are replaced: WeasyPrint's memory grows.

The pool is replaced as a whole: one that replaces its own processes (`max_tasks_per_child`)
can come to a standstill (CPython issue 115634).
"""

TOGETHER = 20
"""Up to how many clinics' pieces share one document: more are no faster."""

_ALONE = threading.Lock()
"""WeasyPrint is told of fonts by the environment: threads of one process take turns."""

Record = Plate | Stationery
KINDS = (Plate, Stationery)
Result = tuple[str, Record | str]
"""A key, and its record or the fault in words."""

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """One sheet to lay out: as stationery when it has pieces, else as a plate.

    `hint`: the way of a plate like it; it changes the time that it takes, and nothing else.
    """

    sheet: Sheet
    pieces: tuple[Piece, ...] = ()
    hint: Way | None = None

    @property
    def kind(self) -> type[Record]:
        return Stationery if self.pieces else Plate


Work = tuple[tuple[str, Job], ...]
"""Jobs by key: one plate, or stationery that can be laid out in one document."""


def lay_out(job: Job) -> Record:
    """Do one job."""
    return lay_out_together((job,))[0]


def lay_out_together(jobs: tuple[Job, ...]) -> tuple[Record, ...]:
    """Do jobs that go together; the one place from which WeasyPrint and pikepdf are imported."""
    from handouts import plates, render  # noqa: PLC0415  half a second, and only to lay out

    with _ALONE, _collecting_at_the_end():
        pieces = jobs[0].pieces
        if not pieces:
            proofs = [render.lay_out(job.sheet, job.hint) for job in jobs]
            return tuple(
                plates.make_plate(proof.pdf, job.sheet.folds, proof.way)
                for proof, job in zip(proofs, jobs, strict=True)
            )
        sets = render.lay_out_pieces(tuple(job.sheet for job in jobs), pieces)
        return tuple(plates.make_stationery(proof.pdf, pieces, proof.words) for proof in sets)


@contextmanager
def _collecting_at_the_end() -> Iterator[None]:
    """A layout makes so many objects that looking for garbage among them takes a fifth of it."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.enable()
        gc.unfreeze()


def do(work: Work) -> list[Result]:
    """Do the work; if it fails together, each alone, and the fault is only of those it is in.

    Whoever does it must have what the keys are made of: fonts and programs of the same versions.
    """
    for key, job in work:
        if job_key(job) != key:
            fault = "another version of handouts, of its libraries or of a font is at work there"
            return [(each, fault) for each, _ in work]
    try:
        records = lay_out_together(tuple(job for _, job in work))
    except Exception as error:
        if len(work) == 1:
            return [(work[0][0], _fault(error))]
        return [result for each in work for result in do((each,))]
    return [(key, record) for (key, _), record in zip(work, records, strict=True)]


def results(
    wanted: dict[str, Job], jobs: int, executor: Executor | None = None
) -> Iterator[Result]:
    """Every job's result as it comes: from the executor, else from so many processes."""
    bundles = list(_bundles(wanted))
    with workers.none_left():
        if executor:
            yield from _through(executor, bundles)
        elif jobs <= 1 or not bundles:
            yield from _here(bundles)
        else:
            for some in _batched(bundles, RECYCLE):
                yield from _in_one_pool(some, jobs)


def _bundles(wanted: dict[str, Job]) -> Iterator[Work]:
    """The work in parts, the longest first."""
    groups: dict[object, list[tuple[str, Job]]] = {}
    for key, job in wanted.items():
        groups.setdefault(_look(job) if job.pieces else key, []).append((key, job))
    for group in sorted(groups.values(), key=lambda group: len(group[0][1].pieces)):
        yield from _batched(group, TOGETHER)


def _look(job: Job) -> object:
    """What must be equal for pieces to be laid out in one document: all around the body."""
    sheet = job.sheet
    return sheet.html.partition("<body>")[0], sheet.css, sheet.typefaces, job.pieces


def _batched(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The items in tuples of this size, the last of what is left."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


def _here(bundles: Iterable[Work]) -> Iterator[Result]:
    for work in bundles:
        yield from do(work)


def _in_one_pool(bundles: tuple[Work, ...], jobs: int) -> Iterator[Result]:
    try:
        executor = workers.processes(min(jobs, len(bundles)))
    except (OSError, NotImplementedError):  # a machine without shared memory or sockets
        yield from _here(bundles)
        return
    yield from _through(executor, bundles)
    executor.shutdown()


def _through(executor: Executor, bundles: Iterable[Work]) -> Iterator[Result]:
    futures = {executor.submit(do, work): work for work in bundles}
    for future in as_completed(futures):
        work = futures.pop(future)
        try:
            yield from future.result()
        except Exception as error:
            fault = _fault(error)
            yield from ((key, fault) for key, _ in work)


def _fault(error: BaseException) -> str:
    if isinstance(error, HandoutsError):
        return str(error)
    if isinstance(error, BrokenProcessPool):
        return "a layout process died (out of memory?): build again, with -j 1"
    if isinstance(error, ImportError):
        return f"nothing can be laid out: {error}"
    return f"layout failed: {type(error).__name__}: {error}"


def job_key(job: Job) -> str:
    """A digest of all that the job's result depends on."""
    digest = sha256(_tools().encode())
    sheet = job.sheet
    parts = [sheet.html, sheet.css, *sheet.tighter, repr((job.pieces, sheet.folds, sheet.words))]
    parts += [
        f"{asset.name}:{asset.finish}:{sha256(asset.data).hexdigest()}" for asset in sheet.assets
    ]
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
    makers = (
        "folding.py",
        "layouts.py",
        "render.py",
        "icc.py",
        "prepress.py",
        "artwork.py",
        "drawing.py",
        "plates.py",
        "drawn.py",
        "letters.py",
        "tagging.py",
        "overprint.py",
    )
    digests = [sha256(Path(__file__).with_name(maker).read_bytes()).hexdigest() for maker in makers]
    return ",".join([*versions, *digests])


def tools() -> dict[str, str]:
    """What lays pages out, each with its version; our own code as one."""
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

"""A library as it once was, from git."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from handouts.build import How, build
from handouts.errors import HandoutsError
from handouts.layouts import KINDS
from handouts.load import load
from handouts.plan import Plan, Selection, plan
from handouts.printed import Printed, standing
from handouts.store import Store

PARTS = ("data", "templates")


def as_of(root: Path, revision: str, clinics: tuple[str, ...], today: date, how: How) -> Printed:
    """What the library of a git revision gives, with the plates that are there already.

    HandoutsError if git knows no such revision of the library.
    """
    with built(root, revision, Selection(clinics), today, how) as then:
        return standing(then / "output", Store(then / ".handouts"))


@contextmanager
def built(root: Path, revision: str, selection: Selection, today: date, how: How) -> Iterator[Path]:
    """The library of a git revision with the PDFs of a selection in its output/, for a while.

    Of clinics that there were not yet there are none. HandoutsError as `as_of`.
    """
    with _checked_out(root, revision) as then:
        _share_layouts(root / ".handouts", then / ".handouts")
        library = load(then)
        wanted = selection.clinics or library.clinics
        known = tuple(each for each in library.clinics if each in wanted)
        todo = plan(library, replace(selection, clinics=known), today) if known else Plan()
        if todo.problems:
            raise HandoutsError(f"data/ of {revision} has problems, so it cannot be compared")
        if todo.editions:
            build(todo, then, then / "output", how)
        yield then


@contextmanager
def _checked_out(root: Path, revision: str) -> Iterator[Path]:
    if revision.startswith("-"):
        raise HandoutsError(f"{revision} is no revision")
    parts = [part for part in PARTS if _git(root, "ls-tree", revision, part)]
    if "data" not in parts:
        raise HandoutsError(f"there is no data/ in {revision}")
    archive = _git(root, "archive", "--format=tar", revision, *parts)
    with TemporaryDirectory(prefix="handouts-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            if hasattr(tarfile, "data_filter"):  # from Python 3.11.4 on
                files.extraction_filter = tarfile.data_filter
            files.extractall(folder)  # noqa: S202  git made it, of files that are in the library
        yield Path(folder)


def _git(root: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise HandoutsError("git is not installed: give a file to compare with") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise HandoutsError(f"git: {said[-1] if said else 'failed'}")
    return done.stdout


def _share_layouts(mine: Path, theirs: Path) -> None:
    """What is laid out for then is kept for now: going back to it is quick."""
    theirs.mkdir()
    for name in (kind.__name__.lower() for kind in KINDS):
        with suppress(OSError):
            (mine / name).mkdir(parents=True, exist_ok=True)
            (theirs / name).symlink_to(mine / name, target_is_directory=True)

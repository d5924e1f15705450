"""A library as it once was, from git."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from handouts.build import How, build
from handouts.errors import HandoutsError
from handouts.layouts import KINDS
from handouts.load import load
from handouts.plan import Selection, plan
from handouts.printed import Printed, standing
from handouts.store import Store

PARTS = ("data", "templates")


def as_of(root: Path, revision: str, clinics: tuple[str, ...], today: date, how: How) -> Printed:
    """What the library of a git revision gives, with the plates that are there already.

    HandoutsError if git knows no such revision of the library.
    """
    with _checked_out(root, revision) as then:
        _share_layouts(root / ".handouts", then / ".handouts")
        library = load(then)
        known = tuple(each for each in library.clinics if not clinics or each in clinics)
        if not known:
            return Printed()
        todo = plan(library, Selection(clinics=known), today)
        if todo.problems:
            raise HandoutsError(f"data/ of {revision} has problems, so it cannot be compared")
        build(todo, then, then / "output", how)
        return standing(then / "output", Store(then / ".handouts"))


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

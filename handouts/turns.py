"""Builds into one folder take turns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout


def name(output: Path) -> str:
    """The name of the lock, and of what a build records, for one output folder."""
    return f"lock-{sha256(bytes(output.resolve())).hexdigest()[:16]}"


@contextmanager
def alone(folder: Path, output: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until no other build works on `output`; where nothing can be locked, do not."""
    lock = FileLock(folder / name(output))
    try:
        folder.mkdir(exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        lock.release()


def taken(folder: Path, output: Path) -> bool:
    """Whether another build works on `output` just now."""
    try:
        with FileLock(folder / name(output), blocking=False):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False

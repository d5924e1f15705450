"""Reading files that must lie inside a given folder."""

import stat
from pathlib import Path

from handouts.errors import HandoutsError

MISSING = "is missing"


class UnreadableError(HandoutsError):
    """A file that is not there, or may not or cannot be read; the message begins with a verb."""


def read(path: Path, within: Path, limit: int) -> bytes:
    """The bytes of a plain file of at most `limit` bytes that lies in a folder, links followed."""
    try:
        if not is_inside(path, within):
            raise UnreadableError(f"leads out of the folder {within.name}: move the file into it")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "is a folder" if stat.S_ISDIR(status.st_mode) else "is a device"
            raise UnreadableError(f"{what}, must be a file")
        if status.st_size > limit:
            size = f"{limit // 1024 // 1024} MiB"
            raise UnreadableError(f"is larger than {size}: make it smaller")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError(MISSING) from None
    except OSError as error:
        raise UnreadableError(f"cannot be read: {reason(error)}") from None


def reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def is_folder(path: Path) -> bool:
    """Whether a folder is there that may be looked into as far as this path."""
    try:
        return path.is_dir()
    except OSError:
        return False


def find_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds a `data` folder."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if is_folder(folder / "data")), None)


def clinics(root: Path) -> set[str]:
    """The names of all clinics that have a folder, whatever is in it."""
    try:
        return {path.name for path in (root / "data/clinics").iterdir() if is_folder(path)}
    except OSError:
        return set()


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, links followed, lies in a folder; a link in a circle lies nowhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except RuntimeError:
        return False

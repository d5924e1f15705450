"""The files in an output folder, as the file system tells of them."""

import os
from collections.abc import Iterator
from pathlib import Path

Touch = tuple[int, int, int, int]
"""Size, times of change in ns of content and of entry, and number of a file.

As long as it is the same, nobody has written to the file.
"""


def touch(path: Path) -> Touch | None:
    """The file's touch; None if there is no such file."""
    try:
        return _touch(path.stat()) if path.is_file() else None
    except OSError:
        return None


def touches(folder: Path) -> dict[str, Touch]:
    """The touch of every file in the folder, by its path relative to it."""
    return {name: _touch(entry.stat()) for name, entry in _walk(str(folder), "")}


def _touch(status: os.stat_result) -> Touch:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def names(folder: Path) -> list[str]:
    """The path of every file in the folder, relative to it, in order."""
    return sorted(name for name, _ in _walk(str(folder), ""))


def _walk(folder: str, start: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{start}{entry.name}/")
        elif entry.is_file():
            yield f"{start}{entry.name}", entry

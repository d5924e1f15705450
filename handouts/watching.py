"""Tells when files of a library have changed, bursts of changes together."""

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import watchfiles

STEP = 30
"""How long in ms nothing may change before a burst is over."""

PATIENCE = 200
"""After how many ms it is looked whether a folder has come, gone, or is another one."""


def bursts(root: Path) -> Iterator[set[Path]]:
    """The files of each burst of changes; of a folder that came or went, the folder.

    First of all, and after a folder came or went, a set that may be empty: what is changed
    from then on is told.
    """
    while True:
        known = _folders(root)
        if not known:
            sleep(PATIENCE / 1000)
            continue
        watcher = watchfiles.watch(
            *known,
            watch_filter=_counts,
            step=STEP,
            rust_timeout=PATIENCE,
            yield_on_timeout=True,
            ignore_permission_denied=True,
            raise_interrupt=True,
        )
        told = False
        for found in watcher:
            now = _folders(root)
            changed = {Path(path) for _, path in found}
            changed |= {path for path, _ in known.items() ^ now.items()}
            if changed or not told:
                yield changed
            told = True
            if now != known:
                break


def _folders(root: Path) -> dict[Path, int]:
    """The folders to be watched, with their numbers in the file system."""
    found = {}
    for name in ("data", "templates"):
        path = root / name
        if path.is_dir():
            found[path] = path.stat().st_ino
    return found


def _counts(_: watchfiles.Change, path: str) -> bool:
    """Whether a change counts: not what editors write beside a file while it is open."""
    name = Path(path).name
    return not name.startswith((".", "#", "4913")) and not name.endswith(("~", ".swp", ".tmp"))

"""Plates and stationery on disk, found again by the digest of what they were made from."""

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import msgpack

Record = TypeVar("Record")

DRAFT = ".handouts-draft"
"""How the name of a file ends that is still being written, or never was to the end."""


class Store:
    """A folder of dataclass records; one that is damaged counts as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, kind: type[Record], key: str) -> Record | None:
        try:
            data = self._path(kind, key).read_bytes()
            digest, body = data[:32], data[32:]
            if sha256(body).digest() != digest:
                return None
            return kind(**msgpack.unpackb(body, use_list=False))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, key: str, record: Any) -> None:
        """Keep the record, if the folder can be written; if not, it is made again next time."""
        body = msgpack.packb(asdict(record))
        with suppress(OSError):
            write_whole(self._path(type(record), key), sha256(body).digest() + body)

    def prune(
        self, kinds: Collection[type[Any]], used: Collection[str], spare: int
    ) -> tuple[int, int]:
        """Take away records of these kinds that are not used, but for the `spare` newest.

        How many there were, and how many bytes.
        """
        kept = [self._folder.glob(f"{kind.__name__.lower()}/??/*") for kind in kinds]
        unused = [path for paths in kept for path in paths if path.name not in used]
        unused.sort(key=_age, reverse=True)
        count = size = 0
        for path in unused[spare:]:
            with suppress(OSError):
                bytes_held = path.stat().st_size
                path.unlink()
                count, size = count + 1, size + bytes_held
        return count, size

    def _path(self, kind: type[Any], key: str) -> Path:
        return self._folder / kind.__name__.lower() / key[:2] / key


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def sweep(folder: Path) -> None:
    """Take away what writers that were killed have left in a folder; none may be at work."""
    for path in folder.rglob(f".*{DRAFT}"):
        with suppress(OSError):
            path.unlink()


def write_whole(path: Path, data: bytes) -> None:
    """Make the file appear with all of its bytes, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}{DRAFT}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

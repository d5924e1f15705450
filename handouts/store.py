"""Plates and stationery on disk, found again by the digest of what they were made from."""

import os
from collections import OrderedDict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import msgpack

from handouts import outputs

Record = TypeVar("Record")

DRAFT = ".handouts-draft"
"""How the name of a file ends that is still being written, or never was to the end."""


class Store:
    """A folder of dataclass records; one that is damaged, or another's, counts as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, kind: type[Record], key: str) -> Record | None:
        try:
            data = self._path(kind, key).read_bytes()
            digest, body = data[:32], data[32:]
            if _bound(kind, key, body) != digest:
                return None
            return kind(**msgpack.unpackb(body, use_list=False))
        except (OSError, ValueError, TypeError):
            return None

    def has(self, kind: type[Record], key: str) -> bool:
        """Whether there is a record, whole or damaged."""
        return self._path(kind, key).exists()

    def put(self, key: str, record: Any) -> bool:
        """Keep the record, and tell whether that went well."""
        body = msgpack.packb({field.name: getattr(record, field.name) for field in fields(record)})
        try:
            write_whole(self._path(type(record), key), _bound(type(record), key, body) + body)
        except OSError:
            return False
        return True

    def prune(
        self, kinds: Collection[type[Any]], used: Collection[str], spare: int
    ) -> tuple[int, int]:
        """Take away records of these kinds that are not used, but for the `spare` newest.

        How many there were, and how many bytes.
        """
        kept = [self._folder.glob(f"{kind.__name__.lower()}/??/*") for kind in kinds]
        names = set(map(_name, used))
        unused = [path for paths in kept for path in paths if path.name not in names]
        unused.sort(key=_age, reverse=True)
        count = size = 0
        for path in unused[spare:]:
            with suppress(OSError):
                bytes_held = path.stat().st_size
                path.unlink()
                count, size = count + 1, size + bytes_held
        return count, size

    def _path(self, kind: type[Any], key: str) -> Path:
        return self._folder / kind.__name__.lower() / key[:2] / _name(key)


class Shelf:
    """The records of a store, those last used at hand, and with them what it could not keep."""

    def __init__(self, store: Store, size: int) -> None:
        self._store, self._size = store, size
        self._recent: OrderedDict[str, Any] = OrderedDict()
        self._unkept: dict[str, Any] = {}

    def get(self, kind: type[Record], key: str) -> Record | None:
        found = self._unkept.get(key) or self._recent.pop(key, None)
        record = found if isinstance(found, kind) else self._store.get(kind, key)
        if record is not None:
            self._hold(key, record)
        return record

    def put(self, key: str, record: Any) -> None:
        if self._store.put(key, record):
            self._hold(key, record)
        else:
            self._unkept[key] = record

    def _hold(self, key: str, record: Any) -> None:
        self._recent[key] = record
        if len(self._recent) > self._size:
            self._recent.popitem(last=False)


FORMAT = 2
"""Of a record on disk: what an earlier program has left in another one is not even found."""


def _name(key: str) -> str:
    return f"{key}.{FORMAT}"


def _bound(kind: type[Any], key: str, body: bytes) -> bytes:
    """A digest that holds for a record under its own key only: a file copied over another's,
    whole as it is, would be taken for what it is not."""
    return sha256(f"{kind.__name__} {key} ".encode() + body).digest()


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def sweep(folder: Path) -> None:
    """Take away what writers that were killed have left in a folder; none may be at work."""
    for name in outputs.names(folder):
        if name.endswith(DRAFT):
            with suppress(OSError):
                (folder / name).unlink()


def write_whole(path: Path, data: bytes) -> None:
    """Make the file appear with all of its bytes, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}{DRAFT}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

"""Plates and stationery on disk, found again by the digest of what they were made from."""

import os
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import msgpack

Record = TypeVar("Record")


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

    def _path(self, kind: type[Any], key: str) -> Path:
        return self._folder / kind.__name__.lower() / key[:2] / key


def write_whole(path: Path, data: bytes) -> None:
    """Make the file appear with all of its bytes, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

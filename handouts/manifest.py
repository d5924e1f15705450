"""What stands in an output folder: `manifest.json`, for other programs and for the next build."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from handouts.store import write_whole

NAME = "manifest.json"
PRINTED = "printed.json"
"""What was printed when, in the same form (see `printed`); no build changes it."""

FORMAT = 1


@dataclass(frozen=True)
class Item:
    """One PDF. `state`: `approved`, `draft` or `expired`, as its pages say.

    `words` and `contact`: digests of what it says and of how it says the clinic is reached.

    `current`: whether the last build made it or found it up to date; if not, its sheet could
    not be made since, and it is not to be printed.
    """

    path: str
    title: str
    clinic: str
    treatment: str
    handout: str
    language: str
    version: str
    code: str
    state: str
    pages: int
    sha256: str
    words: str
    contact: str
    current: bool


def read(output: Path) -> dict[str, Item]:
    """The items by path; a manifest that is damaged or not there is an empty one."""
    try:
        return parse((output / NAME).read_bytes()) or {}
    except OSError:
        return {}


def parse(data: bytes) -> dict[str, Item] | None:
    """The items by path; None if the file is damaged or another kind of file."""
    try:
        editions = json.loads(data)["editions"]
        items = [Item(**item) for item in editions if item.keys() == NAMES]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return {item.path: item for item in items if _is_inside(item.path)}


NAMES = {field.name for field in fields(Item)}


def _is_inside(path: object) -> bool:
    """Whether a path that somebody may have written by hand leads to a PDF in the folder."""
    parts = Path(path).parts if isinstance(path, str) else ()
    return len(parts) == 3 and ".." not in parts and str(path).endswith(".pdf")


def text(items: Iterable[Item], more: dict[str, Any]) -> str:
    """The items in the order of their paths, one a line, and what else there is to say."""
    ordered = sorted(items, key=lambda item: item.path)
    lines = ",\n".join(json.dumps(vars(item), ensure_ascii=False) for item in ordered)
    rest = "".join(
        f',\n"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in more.items()
    )
    return f'{{"format": {FORMAT}, "editions": [\n{lines}\n]{rest}}}\n'


def write(output: Path, items: Iterable[Item]) -> None:
    """The items; nothing is written where nothing has changed."""
    data, path = text(items, {}).encode(), output / NAME
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)

"""What stands in an output folder: `manifest.json`, for other programs and for the next build."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from handouts.store import write_whole

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Item:
    """One PDF. `state`: `approved`, `draft` or `expired`, as its pages say.

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
    current: bool


def read(output: Path) -> dict[str, Item]:
    """The items by path; a manifest that is damaged or not there is an empty one."""
    names = {field.name for field in fields(Item)}
    try:
        data = json.loads((output / NAME).read_bytes())
        items = [Item(**item) for item in data["editions"] if item.keys() == names]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {item.path: item for item in items if _is_inside(item.path)}


def _is_inside(path: object) -> bool:
    """Whether a path that somebody may have written by hand leads to a PDF in the folder."""
    parts = Path(path).parts if isinstance(path, str) else ()
    return len(parts) == 3 and ".." not in parts and str(path).endswith(".pdf")


def write(output: Path, items: Iterable[Item]) -> None:
    """The items in the order of their paths; nothing is written where nothing has changed."""
    ordered = sorted(items, key=lambda item: item.path)
    lines = ",\n".join(json.dumps(vars(item), ensure_ascii=False) for item in ordered)
    text = f'{{"format": {FORMAT}, "editions": [\n{lines}\n]}}\n'
    path = output / NAME
    if not path.exists() or path.read_bytes() != text.encode():
        write_whole(path, text.encode())

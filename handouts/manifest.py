"""What stands in an output folder: `manifest.json`, for other programs and for the next build."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from handouts import archive
from handouts.store import write_whole

if TYPE_CHECKING:
    from handouts.plan import Edition

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

    `archive`: the digest of its copy for the archive, if it has one.
    """

    path: str
    title: str
    clinic: str
    treatment: str
    handout: str
    language: str
    format: str
    version: str
    code: str
    state: str
    pages: int
    sha256: str
    words: str
    contact: str
    current: bool
    archive: str = ""


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
        items = [
            Item(**{"format": "standard", **item})
            for item in editions
            if {*item, "format", "archive"} == NAMES
        ]
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
    lines = ",\n".join(map(_line, ordered))
    rest = "".join(
        f',\n"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in more.items()
    )
    return f'{{"format": {FORMAT}, "editions": [\n{lines}\n]{rest}}}\n'


def _line(item: Item) -> str:
    said = {key: value for key, value in vars(item).items() if key != "archive" or value}
    return json.dumps(said, ensure_ascii=False)


def write(output: Path, items: Iterable[Item]) -> None:
    """The items; nothing is written where nothing has changed."""
    data, path = text(items, {}).encode(), output / NAME
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)


def item(edition: "Edition", pages: int, digest: str) -> Item:
    """The item of an edition's PDF, that has this digest."""
    body = edition.body
    return Item(
        edition.path,
        edition.title,
        edition.clinic.id,
        edition.treatment,
        edition.handout,
        body.language,
        edition.format,
        body.version,
        body.code,
        body.notice.state,
        pages,
        digest,
        edition.standing.digest,
        edition.reached.digest,
        current=True,
    )


class Journal:
    """What a build is about to write, until the manifest says it.

    Should the build be killed, the next one learns from it which PDFs are its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: TextIO | None = None

    def note(self, item: Item) -> None:
        """Write the item down; where that cannot be done, the PDF may stay a stranger."""
        with suppress(OSError):
            if self._lines is None:
                self._lines = self._path.open("a", encoding="utf-8")
            self._lines.write(_line(item) + "\n")
            self._lines.flush()

    def read(self, output: Path) -> dict[str, Item]:
        """The items that a killed build has left, as far as their PDFs stand there just so."""
        found = {}
        with suppress(OSError, UnicodeDecodeError):
            for line in self._path.read_text(encoding="utf-8").splitlines():
                items = parse(b'{"editions": [' + line.encode() + b"]}") or {}
                stand = (item for item in items.values() if _is(output / item.path, item.sha256))
                found.update({item.path: _with_its_copy(item, output) for item in stand})
        return found

    def close(self) -> None:
        """Forget it all: the manifest is written."""
        if self._lines:
            self._lines.close()
            self._lines = None
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _with_its_copy(item: Item, output: Path) -> Item:
    return item if has_copy(item, output) else replace(item, archive="")


def has_copy(item: Item, output: Path) -> bool:
    """Whether the copy that the item tells of stands there just so."""
    return bool(item.archive) and _is(output / archive.place(item.path), item.archive)


def _is(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False

"""Why an edition is made again: what has changed since the last build, in a person's words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from handouts.outputs import Touch
from handouts.plan import Edition
from handouts.yamlfile import Document

CUT = 40
UNCHANGED = "nothing has changed"
MANY = 3
"""Up to how many changes of one file are named one by one."""

Values = dict[str, str]
"""What stands in a file, by the dotted way to it."""


class Made(NamedTuple):
    """What an edition's PDF was made of, by key, and what came of it.

    `imprint`: a digest of what was overprinted. `touch`: of the file, once it stood there.
    """

    plate: str
    stationery: str
    imprint: str
    sha256: str = ""
    pages: int = 0
    touch: Touch | None = None

    @property
    def parts(self) -> tuple[str, str, str]:
        return self[:3]


@dataclass(frozen=True)
class Snapshot:
    """What a build worked from: the values of files, digests of others, versions of tools.

    `editions`: by path, what each was made of.
    """

    values: dict[str, Values] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)
    editions: dict[str, Made] = field(default_factory=dict)

    def made(self, path: str) -> Made | None:
        """What the edition was made of; a record read from disk has plain tuples."""
        found = self.editions.get(path)
        return Made(*found) if found else None


def values(documents: dict[str, Document]) -> dict[str, Values]:
    return {path: dict(_flat(document.value, "")) for path, document in documents.items()}


def _flat(value: Any, way: str) -> Iterator[tuple[str, str]]:
    """Every value inside a value; a block or a risk of a list goes by its id."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{way}.{key}" if way else str(key))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        for index, item in enumerate(value):
            name = item.get("id", index) if isinstance(item, dict) else index
            yield from _flat(item, f"{way}.{name}" if way else str(name))
    else:
        yield way, _told(value)


def _told(value: Any) -> str:
    """A value short enough to be shown, and still different where values are."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())
    if len(text) <= CUT:
        return text
    return f"{text[: CUT - 1]}…{sha256(text.encode()).hexdigest()[:8]}"


class Reasons:
    """Compares what a build works from with what the one before it did."""

    def __init__(self, before: Snapshot | None, now: Snapshot) -> None:
        self._before, self._now = before, now
        self._changes: dict[str, dict[str, str]] = {}

    def why(self, edition: Edition) -> str:
        """Why the edition's PDF comes out other than it was."""
        old = self._before.made(edition.path) if self._before else None
        if old is None:
            return "new"
        new = self._now.editions[edition.path]
        found: list[str] = []
        if old.plate != new.plate:
            found += self._words(edition)
        if old.stationery != new.stationery or old.imprint != new.imprint:
            found += self._clinic(edition)
        if old.plate != new.plate or old.stationery != new.stationery:
            found += self._printing()
        if old.parts == new.parts:
            return UNCHANGED
        return "; ".join(dict.fromkeys(found)) or "laid out anew"

    def _words(self, edition: Edition) -> Iterator[str]:
        sheet, language = edition.files, edition.body.language
        treatment = f"data/treatments/{edition.treatment}"
        yield from self._files(sheet)
        yield from self._facts(f"{treatment}/facts.yaml", edition)
        region = f"{edition.clinic.contact.country}"
        shared = ("sources", "approvals", f"glossary.{language}", f"wording/{language}")
        spelling = f"spelling/{language}-{region}"
        yield from self._files(f"data/{name}.yaml" for name in (*shared, spelling))
        known = {**(self._before.values if self._before else {}), **self._now.values}
        others = (path for path in known if path.startswith(f"{treatment}/{language}/"))
        if edition.body.leaflets:
            yield from self._files(path for path in others if path not in sheet)

    def _clinic(self, edition: Edition) -> Iterator[str]:
        folder = f"data/clinics/{edition.clinic.id}"
        wording = f"data/wording/{edition.body.language}.yaml"
        yield from self._files((f"{folder}/clinic.yaml", f"{folder}/_brand.yml", wording))
        yield from self._digests(f"{folder}/")

    def _printing(self) -> Iterator[str]:
        yield from self._digests("templates/")
        before, now = self._before.tools if self._before else {}, self._now.tools
        for name, version in now.items():
            if before.get(name) != version:
                old = before.get(name)
                plain = old and "." in version
                yield f"{name} {old} → {version}" if plain else f"{name} changed"

    def _files(self, paths: Iterable[str]) -> Iterator[str]:
        before = self._before.values if self._before else {}
        for path in paths:
            changes = self._changed(path)
            if changes and (path not in before or path not in self._now.values):
                yield f"{path} {'removed' if path in before else 'added'}"
            elif len(changes) > MANY:
                yield f"{path}: {len(changes)} changes"
            else:
                yield from (f"{path}: {key} {how}" for key, how in changes.items())

    def _facts(self, path: str, edition: Edition) -> Iterator[str]:
        """The figures that have changed and stand on this sheet."""
        for key, how in self._changed(path).items():
            kind, _, rest = key.partition(".")
            name = rest.partition(".")[0]
            named = kind in ("figures", "settings") and name in edition.names
            if named or kind not in ("figures", "settings"):
                yield f"{path}: {name or key} {how}"

    def _digests(self, start: str) -> Iterator[str]:
        before = self._before.digests if self._before else {}
        for path in sorted({*before, *self._now.digests}):
            if path.startswith(start) and before.get(path) != self._now.digests.get(path):
                yield f"{path} changed"

    def _changed(self, path: str) -> dict[str, str]:
        """What has changed in a file: a key, and how."""
        if path not in self._changes:
            old = self._before.values.get(path, {}) if self._before else {}
            new = self._now.values.get(path, {})
            self._changes[path] = {
                key: _how(old.get(key), new.get(key))
                for key in dict.fromkeys((*old, *new))
                if old.get(key) != new.get(key)
            }
        return self._changes[path]


def _how(old: str | None, new: str | None) -> str:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    return f"{old} → {new}" if max(len(old), len(new)) <= 12 else "changed"

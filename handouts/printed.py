"""What stands on paper: PDFs as a manifest lists them, with the words they said."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from handouts import manifest
from handouts.errors import HandoutsError
from handouts.manifest import Item
from handouts.reading import Transcript
from handouts.store import Store, write_whole


@dataclass(frozen=True)
class Printed:
    """PDFs by path. `transcripts`: what they say, by digest, as far as it is known.

    `on`: on what day each clinic's were printed, if they were.
    """

    items: dict[str, Item] = field(default_factory=dict)
    transcripts: dict[str, Transcript] = field(default_factory=dict)
    on: dict[str, str] = field(default_factory=dict)

    def of(self, clinics: Collection[str]) -> "Printed":
        """The part of these clinics; all of it if none is named."""
        if not clinics:
            return self
        items = {path: item for path, item in self.items.items() if item.clinic in clinics}
        on = {clinic: day for clinic, day in self.on.items() if clinic in clinics}
        return replace(self, items=items, on=on)


def standing(output: Path, store: Store) -> Printed:
    """What stands in an output folder."""
    items = manifest.read(output)
    return Printed(items, dict(_transcripts(items, store)))


def read(path: Path, store: Store) -> Printed:
    """What a file lists that `mark` has written, or a build as its manifest.

    The words that the file does not hold are looked for in the store. HandoutsError if it is
    no such file.
    """
    items = manifest.parse(_bytes(path))
    if items is None:
        raise HandoutsError(f"{path} is not a list of PDFs, or damaged: give a manifest.json")
    data = json.loads(_bytes(path))
    try:
        words = {
            digest: Transcript(tuple((str(where), str(text)) for where, text in lines))
            for digest, lines in data.get("words", {}).items()
        }
        on = {
            str(clinic): date.fromisoformat(day).isoformat()
            for clinic, day in data.get("on", {}).items()
        }
    except (ValueError, TypeError, AttributeError):
        raise HandoutsError(f"{path} is damaged: give another file") from None
    return Printed(items, {**dict(_transcripts(items, store)), **words}, on)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HandoutsError(f"{path} cannot be read: {error.strerror or error}") from None


def _transcripts(items: dict[str, Item], store: Store) -> Iterator[tuple[str, Transcript]]:
    digests = (digest for item in items.values() for digest in (item.words, item.contact))
    for digest in dict.fromkeys(digests):
        if found := store.get(Transcript, digest):
            yield digest, found


def mark(output: Path, store: Store, clinics: Collection[str], today: date) -> Printed:
    """Write down that what stands in the folder is on paper now, of all clinics or of some.

    HandoutsError if a PDF is not what the last build has made, or its words are not known.
    """
    now = standing(output, store).of(clinics)
    current = {path: item for path, item in now.items.items() if item.current}
    for item in current.values():
        _hold(output, item, now.transcripts)
    days = {item.clinic: today.isoformat() for item in current.values()}
    path = output / manifest.PRINTED
    before = read(path, store) if path.exists() else Printed()
    kept = {
        path: item for path, item in before.items.items() if clinics and item.clinic not in clinics
    }
    whole = Printed(
        dict(sorted({**kept, **current}.items())),
        {**before.transcripts, **now.transcripts},
        {**(before.on if clinics else {}), **days},
    )
    write_whole(path, _written(whole))
    return Printed(current, now.transcripts, days)


def _hold(output: Path, item: Item, transcripts: Collection[str]) -> None:
    path = output / item.path
    try:
        same = sha256(path.read_bytes()).hexdigest() == item.sha256
    except OSError:
        same = False
    if not same:
        raise HandoutsError(f"{path} is not what was built: build again, and print that")
    if not {item.words, item.contact} <= set(transcripts):
        raise HandoutsError(
            f"the words of {item.path} are not at hand: run `handouts build -f` first"
        )


def _written(printed: Printed) -> bytes:
    used = {digest for item in printed.items.values() for digest in (item.words, item.contact)}
    words = {
        digest: said.lines for digest, said in sorted(printed.transcripts.items()) if digest in used
    }
    more: dict[str, Any] = {"on": dict(sorted(printed.on.items())), "words": words}
    return manifest.text(printed.items.values(), more).encode()

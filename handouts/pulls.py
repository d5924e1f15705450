"""For each clinic a list of the sheets to pull and shred, as a PDF on its own paper."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from handouts import inks, layouts
from handouts.changes import TO_SHRED, Kind, Pair
from handouts.compose import Composer
from handouts.errors import LayoutError
from handouts.layouts import Job, Record
from handouts.markup import plain
from handouts.model import Clinic, Library, Prose
from handouts.overprint import Imprint, Plate, Stationery, overprint
from handouts.sheet import SETS
from handouts.store import Store


@dataclass(frozen=True)
class Row:
    """One sheet in some languages, whatever it is printed as: what is on paper, now, and new."""

    title: str
    languages: tuple[str, ...]
    codes: tuple[str, ...]
    printed: str
    now: str
    why: tuple[Kind, ...]


@dataclass(frozen=True)
class PullList:
    """What a clinic has to shred, what it may use up, and what is new to it."""

    shred: tuple[Row, ...]
    keep: tuple[Row, ...]
    fresh: tuple[Row, ...]


def pdfs(
    pairs: list[Pair], library: Library, root: Path, today: date
) -> Iterator[tuple[str, bytes]]:
    """The list of each clinic of the library that has something to do, by the clinic's id.

    LayoutError if a list cannot be laid out.
    """
    composer = Composer(root)
    of: dict[str, list[Pair]] = {}
    for pair in pairs:
        of.setdefault(pair.item.clinic, []).append(pair)
    wanted = {}
    for name in sorted(of.keys() & library.clinics.keys()):
        clinic = library.clinics[name]
        sheet = composer.pull_list(clinic, pull_list(of[name], clinic), library.wording, today)
        wanted[name] = (Job(sheet), _stationery(composer, clinic, library))
    records = _records([job for both in wanted.values() for job in both], Store(root / ".handouts"))
    for name, both in wanted.items():
        plate, stationery = (records[layouts.job_key(job)] for job in both)
        imprint = _imprint(library.clinics[name], library)
        yield name, overprint(cast(Plate, plate), cast(Stationery, stationery), imprint)


def _stationery(composer: Composer, clinic: Clinic, library: Library) -> Job:
    language = clinic.contact.languages[0]
    return Job(*composer.stationery(clinic, language, library.wording[language], SETS[0]))


def _records(wanted: list[Job], store: Store) -> dict[str, Record]:
    keyed = {layouts.job_key(job): job for job in wanted}
    found = {key: store.get(job.kind, key) for key, job in keyed.items()}
    records: dict[str, Record] = {key: record for key, record in found.items() if record}
    missing = {key: job for key, job in keyed.items() if key not in records}
    for key, result in layouts.results(missing, min(len(missing), os.cpu_count() or 1)):
        if isinstance(result, str):
            raise LayoutError(f"the list of sheets to pull: {result}")
        records[key] = result
        store.put(key, result)
    return records


def _imprint(clinic: Clinic, library: Library) -> Imprint:
    language = clinic.contact.languages[0]
    title, name = library.wording[language].pull.title, clinic.contact.name_in(language)
    colors = inks.fills(clinic.livery, mono=False)
    return Imprint(f"{plain(Prose(title))} – {name}", name, "PULL", colors)


def pull_list(pairs: list[Pair], clinic: Clinic) -> PullList:
    """The list of one clinic: a sheet that is the same in several languages is one row."""
    shred = [pair for pair in pairs if set(pair.kinds) & set(TO_SHRED)]
    keep = [pair for pair in pairs if pair.kinds == ("look",)]
    fresh = [pair for pair in pairs if pair.kinds == ("new",)]
    first = clinic.contact.languages[0]
    return PullList(*(tuple(_rows(some, first)) for some in (shred, keep, fresh)))


def _rows(pairs: list[Pair], first: str) -> Iterator[Row]:
    groups: dict[object, list[Pair]] = {}
    for pair in pairs:
        item = pair.item
        groups.setdefault((item.treatment, item.handout, *_versions(pair), pair.kinds), []).append(
            pair
        )
    for group in groups.values():
        group.sort(key=lambda pair: pair.item.language != first)
        items = [pair.item for pair in group]
        title = items[0].title.rpartition(" – ")[0]
        languages = tuple(dict.fromkeys(item.language for item in items))
        codes = tuple(dict.fromkeys(item.code for item in items))
        yield Row(title, languages, codes, *_versions(group[0]), group[0].kinds)


def _versions(pair: Pair) -> tuple[str, str]:
    return pair.old.version if pair.old else "", pair.new.version if pair.new else ""

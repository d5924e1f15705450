"""The files of a library one by one, before they are held against each other."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from handouts.brand import Livery
from handouts.model import Contact, Facts, Handout, Source, Wording, Words
from handouts.yamlfile import Document

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """What a valid file holds, and where in the file it stands."""

    document: Document
    value: T


@dataclass(frozen=True)
class TreatmentFiles:
    """`present` names every handout that has a file, readable or not, by language and id."""

    id: str
    facts: Entry[Facts] | None
    languages: frozenset[str]
    words: dict[str, Entry[Words]]
    handouts: dict[tuple[str, str], Entry[Handout]]
    present: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class ClinicFiles:
    """What of a clinic is whole on its own."""

    id: str
    contact: Entry[Contact] | None
    livery: Entry[Livery] | None


@dataclass(frozen=True)
class Entries:
    """`source_ids` and `wording_languages` count broken files too; None: nobody knows."""

    sources: Entry[dict[str, Source]] | None
    source_ids: frozenset[str] | None
    wording: dict[str, Entry[Wording]]
    wording_languages: frozenset[str]
    treatments: dict[str, TreatmentFiles]
    clinics: tuple[ClinicFiles, ...]

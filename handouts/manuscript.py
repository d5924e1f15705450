"""The sheets of a library as the editorial rules look at them: words with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from handouts import markup
from handouts.errors import Problem
from handouts.model import (
    Block,
    CallBox,
    Change,
    Clinic,
    Glossary,
    Handout,
    Heading,
    Library,
    Local,
    Prose,
    References,
    RiskList,
    Term,
    Treatment,
    Value,
    prose,
)
from handouts.readability import Rating, rate
from handouts.resolve import filled, first_to_give, shown_groups, values
from handouts.yamlfile import Document, Way


@dataclass(frozen=True)
class Said:
    """Words that stand by themselves, as written and as a patient reads them, and where."""

    document: Document
    way: Way
    raw: Prose
    text: str

    def problem(self, rule: str, words: str, message: str, *, warning: bool = False) -> Problem:
        """A problem at these words, if they are written just so, or else at the whole text."""
        place = self.document.text_place(self.way, words)
        return Problem(self.document.path, *place, message, rule, warning)

    @property
    def paragraphs(self) -> list[str]:
        return [part for part in self.text.split("\n") if part.strip()]

    @property
    def is_answered(self) -> bool:
        """Whether what stands beside them says what to do: in the call box, or below a name."""
        return self.way[0] == "calls" or self.way[-1] == "name"

    @property
    def is_title(self) -> bool:
        return self.way[-1:] in (("heading",), ("title",), ("question",)) or "head" in self.way


@dataclass(frozen=True)
class Section:
    """What stands under one heading; `way` leads to it in the sheet's file."""

    title: str
    way: Way
    said: tuple[Said, ...]

    def rating(self, language: str, terms: re.Pattern[str]) -> Rating | None:
        texts = [text for said in self.said if not said.is_title for text in said.paragraphs]
        return rate(texts, language, terms)


@dataclass(frozen=True)
class Words:
    """Words in one language that stand in one file, as the rules read them."""

    language: str
    document: Document
    sections: tuple[Section, ...]
    terms: re.Pattern[str]

    @cached_property
    def said(self) -> tuple[Said, ...]:
        return tuple(said for section in self.sections for said in section.said)

    @cached_property
    def rating(self) -> Rating | None:
        texts = [text for said in self.said if not said.is_title for text in said.paragraphs]
        return rate(texts, self.language, self.terms)

    def problem(
        self, rule: str, way: Way, message: str, *, key: bool = False, warning: bool = False
    ) -> Problem:
        """A problem at a value of the file, or at its key."""
        place = self.document.key_place(way) if key else self.document.place(way)
        return Problem(self.document.path, *place, message, rule, warning)


@dataclass(frozen=True)
class Manuscript(Words):
    """One handout in one language, as the library has it."""

    treatment: Treatment
    name: str
    handout: Handout

    @property
    def id(self) -> str:
        return f"{self.treatment.id}/{self.name}"

    @property
    def blocks(self) -> Iterator[tuple[Way, Block]]:
        for index, block in enumerate(self.handout.blocks):
            yield ("blocks", index), block


def manuscripts(library: Library, documents: dict[str, Document]) -> Iterator[Manuscript]:
    """Every sheet that is whole, in a stable order."""
    for _, treatment in sorted(library.treatments.items()):
        for (language, name), handout in sorted(treatment.handouts.items()):
            if language in treatment.words and language in library.wording:
                folder = f"data/treatments/{treatment.id}/{language}"
                words = documents[f"{folder}/_words.yaml"]
                settings = _settings(library, treatment, language)
                reader = _Reader(library, treatment, language, words, settings)
                document = documents[f"{folder}/{name}.yaml"]
                sections = tuple(reader.sections(handout, document))
                terms = _terms(library.glossaries.get(language, {}), treatment, language)
                yield Manuscript(language, document, sections, terms, treatment, name, handout)


def own_words(library: Library, documents: dict[str, Document], clinic: Clinic) -> Iterator[Words]:
    """What a clinic says on sheets in its own words."""
    changes = documents.get(f"data/clinics/{clinic.id}/wording.yaml")
    for index, change in enumerate(clinic.changes if changes else ()):
        if changes and (words := _changed(library, clinic, change, (index,), changes)):
            yield words


def contact_words(documents: dict[str, Document], clinic: Clinic) -> Iterator[Words]:
    """What a clinic says in its settings, its hours and the labels of its telephones."""
    contact = documents[f"data/clinics/{clinic.id}/clinic.yaml"]
    for language in clinic.contact.languages:
        said = tuple(_contact_words(clinic, language, contact))
        yield Words(language, contact, (Section("", (), said),), NO_TERMS)


NO_TERMS = re.compile("(?!)")


def _changed(
    library: Library, clinic: Clinic, change: Change, way: Way, document: Document
) -> Words | None:
    treatment = library.treatments.get(change.sheet.partition("/")[0])
    language = change.language
    if not treatment or language not in treatment.words or language not in library.wording:
        return None
    settings = clinic.contact.treatments.get(treatment.id, {})
    reader = _Reader(library, treatment, language, document, settings)
    said = tuple(reader.own(document, way, change))
    terms = _terms(library.glossaries.get(language, {}), treatment, language)
    return Words(language, document, (Section(change.block, way, said),), terms)


def _contact_words(clinic: Clinic, language: str, document: Document) -> Iterator[Said]:
    contact = clinic.contact
    local: list[tuple[Way, object]] = [
        (("hours",), contact.hours),
        (("out_of_hours", "when"), contact.out_of_hours.when),
        (("record_number",), contact.record_number),
    ]
    local += [(("phone", index, "label"), line.label) for index, line in enumerate(contact.phone)]
    for treatment, settings in contact.treatments.items():
        local += [(("treatments", treatment, name), value) for name, value in settings.items()]
    for way, value in local:
        if isinstance(value, Local):
            text = value.text(language)
            yield Said(document, (*way, language), Prose(text), text)


def forms(glossary: Glossary) -> Iterator[str]:
    """Every form of every term."""
    for term, entry in glossary.items():
        yield term
        if isinstance(entry, Term):
            yield from entry.forms


def _terms(glossary: Glossary, treatment: Treatment, language: str) -> re.Pattern[str]:
    """What a sheet explains: the terms of the glossary, and the treatment by its own name."""
    known = sorted({*forms(glossary), treatment.words[language].name}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.IGNORECASE)


class _Reader:
    """Reads the sheets of one treatment in one language."""

    def __init__(
        self,
        library: Library,
        treatment: Treatment,
        language: str,
        words: Document,
        settings: dict[str, Value],
    ) -> None:
        self._wording = library.wording[language]
        self._language, self._treatment, self._words = language, treatment, words
        self._values = values(treatment, settings)

    def own(self, document: Document, way: Way, change: Change) -> Iterator[Said]:
        for inner, text in prose((change.replace, change.add)):
            key = ("replace", "add")[int(inner[0])]
            yield self._said(document, (*way, key, *inner[1:]), text)

    def sections(self, handout: Handout, document: Document) -> Iterator[Section]:
        said = [self._said(document, (key,), getattr(handout, key)) for key in ("title", "lead")]
        title = ""
        way: Way = ("title",)
        for index, block in enumerate(handout.blocks):
            if isinstance(block, (Heading, CallBox, References)):
                if said:
                    yield Section(title, way, tuple(said))
                heading = isinstance(block, Heading)
                title = block.heading if isinstance(block, Heading) else ""
                title, said = self._plain(Prose(title)) if heading else "", []
                way = ("blocks", index)
            said += self._block(document, index, block)
        if said:
            yield Section(title, way, tuple(said))

    def _block(self, document: Document, index: int, block: Block) -> Iterator[Said]:
        for inner, text in prose(block):
            yield self._said(document, ("blocks", index, *inner), text)
        words = self._treatment.words[self._language]
        for risk in self._treatment.facts.risks:
            if risk.group in shown_groups(block):
                shown = words.risks[risk.id]
                for key in ("name",) if isinstance(block, RiskList) else ("name", "like", "do"):
                    yield self._said(self._words, ("risks", risk.id, key), getattr(shown, key))
        if isinstance(block, CallBox):
            for inner, text in prose(words.calls):
                yield self._said(self._words, ("calls", *inner), text)

    def _said(self, document: Document, way: Way, text: Prose) -> Said:
        return Said(document, way, text, self._plain(text))

    def _plain(self, text: Prose) -> str:
        said = filled(
            text, self._values, self._wording, self._language, lambda name: name.replace("_", " ")
        )
        return "\n".join(markup.paragraphs(type(text)(said), self._language))


def _settings(library: Library, treatment: Treatment, language: str) -> dict[str, Value]:
    clinic = first_to_give(library, treatment, language)
    return clinic.contact.treatments[treatment.id] if clinic else {}

"""What can be said of each sheet to whoever answers for its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handouts import yamlfile
from handouts.check import Allowance, Findings
from handouts.errors import Problem
from handouts.manuscript import Manuscript, Section, manuscripts
from handouts.model import Library, Source
from handouts.plan import Edition, each_once, plan
from handouts.readability import Rating
from handouts.rules import SHEET_RULES, silent
from handouts.status import State, state, told
from handouts.yamlfile import Document

INSTRUMENTS = Path(__file__).with_name("instruments.yaml")


@dataclass(frozen=True)
class Item:
    """One thing that an instrument asks; `holds` is None where only a person can tell."""

    instrument: str
    number: str
    asks: str
    holds: bool | None
    because: str


@dataclass(frozen=True)
class Appraisal:
    sheet: Manuscript
    rating: Rating | None
    sections: tuple[tuple[Section, Rating | None], ...]
    problems: tuple[Problem, ...]
    allowed: tuple[tuple[Problem, Allowance], ...]
    passed: tuple[str, ...]
    silent: tuple[str, ...]
    awaiting: tuple[str, ...]
    sources: tuple[Source, ...]
    items: tuple[Item, ...]
    states: tuple[tuple[str, State], ...]

    @property
    def id(self) -> str:
        return f"{self.sheet.treatment.id}-{self.sheet.name}-{self.sheet.language}"

    @property
    def stands(self) -> list[tuple[State, str]]:
        """Each state that the sheet has, and in which clinics."""
        every = [clinic for clinic, _ in self.states]
        return [
            (each, told([clinic for clinic, own in self.states if own == each], every))
            for each in dict.fromkeys(own for _, own in self.states)
        ]

    @property
    def told(self) -> int:
        """How many of the instruments' items a program could check."""
        return sum(item.holds is not None for item in self.items)


def appraisals(
    library: Library, documents: dict[str, Document], findings: Findings, today: date
) -> Iterator[Appraisal]:
    """Every sheet that is whole, in a stable order."""
    editions = each_once(plan(library, today=today).editions)
    for sheet in manuscripts(library, documents):
        own = [edition for edition in editions if _is_of(edition, sheet)]
        yield _appraisal(sheet, findings, own, today)


def _appraisal(
    sheet: Manuscript, findings: Findings, editions: list[Edition], today: date
) -> Appraisal:
    paths = {said.document.path for said in sheet.said}
    paths |= {path for edition in editions for path in edition.files}
    problems = tuple(each for each in findings.problems if each.path in paths)
    broken = {problem.rule for problem in problems}
    unheard = silent(sheet.language)
    bodies = [edition.body for edition in editions]
    return Appraisal(
        sheet=sheet,
        rating=sheet.rating,
        sections=tuple(
            (section, section.rating(sheet.language, sheet.terms)) for section in sheet.sections
        ),
        problems=problems,
        allowed=tuple(pair for pair in findings.allowed if pair[0].path in paths),
        passed=tuple(rule for rule in SHEET_RULES if rule not in {*broken, *unheard}),
        silent=unheard,
        awaiting=tuple(dict.fromkeys(mark for body in bodies for mark in body.awaiting)),
        sources=tuple(dict.fromkeys(source for body in bodies for source in body.references)),
        items=tuple(_items(sheet, broken, set(unheard))),
        states=tuple((edition.clinic.id, state(edition, today)) for edition in editions),
    )


def _is_of(edition: Edition, sheet: Manuscript) -> bool:
    found = (edition.treatment, edition.handout, edition.body.language)
    return found == (sheet.treatment.id, sheet.name, sheet.language)


def _items(sheet: Manuscript, broken: set[str], unheard: set[str]) -> Iterator[Item]:
    document, _ = yamlfile.parse(INSTRUMENTS.name, INSTRUMENTS.read_bytes())
    kinds = {block.kind for block in sheet.handout.blocks}
    for instrument, items in (document.value if document else {}).items():
        for number, item in items.items():
            holds, because = None, "a person has to judge"
            if rules := item.get("rules"):
                because = f"rules {', '.join(rules)}"
                holds = None if unheard & set(rules) else not broken & set(rules)
            elif blocks := item.get("blocks"):
                found = sorted(kinds & set(blocks))
                holds, because = bool(found), f"has {', '.join(found or ['none of ', *blocks])}"
            elif always := item.get("always"):
                holds, because = True, always
            yield Item(instrument, str(number), item["asks"], holds, because)

"""Every rule over a library, and what authors have silenced with a reason."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from handouts import unset
from handouts.contacts import CLINIC_RULES, NEVER_ALLOWED
from handouts.errors import Problem
from handouts.explain import did_you_mean
from handouts.likeness import other_numbers, same_clinic
from handouts.manuscript import contact_words, manuscripts, own_words
from handouts.model import Library
from handouts.rules import CONTACT_WORDS, OWN_WORDS, SHEET_RULES, Desk, unchecked
from handouts.standing import Register
from handouts.yamlfile import Document

LIKENESS = ("same-clinic", "other-numbers")
ALLOW = re.compile(r"#\s*allow\b[ \t]*([\w-]*)[ \t]*:?[ \t]*(.*)$")
RULES = tuple(
    dict.fromkeys((*SHEET_RULES, *CLINIC_RULES, *LIKENESS, "wording", "source", "unchecked"))
)
"""The names of all rules that can be silenced."""


@dataclass(frozen=True)
class Allowance:
    """A line that silences a rule: `# allow RULE: reason`, at the end of a line or above it."""

    path: str
    line: int
    column: int
    rule: str
    reason: str
    lines: tuple[int, ...]

    def covers(self, problem: Problem) -> bool:
        """Whether it silences the problem; some rules nothing silences."""
        if self.rule in NEVER_ALLOWED:
            return False
        return (problem.path, problem.rule) == (self.path, self.rule) and problem.line in self.lines


@dataclass(frozen=True)
class Findings:
    """What the rules say, and what they would have said but for an allowance."""

    problems: tuple[Problem, ...]
    allowed: tuple[tuple[Problem, Allowance], ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.warning)


def check(library: Library, documents: dict[str, Document], today: date) -> Findings:
    """What is wrong in all that is whole; problems of the files themselves are not repeated."""
    raw = set(of_sheets(library, documents, today))
    for name in library.clinics:
        raw |= set(of_clinic(library, documents, today, name))
    return weighed(library, documents, raw)


def weighed(library: Library, documents: dict[str, Document], raw: Collection[Problem]) -> Findings:
    """All that the rules say, held against what authors have allowed.

    Whether an allowance is used can be told only where every file could be looked at.
    """
    allowances = [
        allowance for document in documents.values() for allowance in _allowances(document)
    ]
    kept, allowed = [], []
    for problem in sorted(raw):
        covering = next((each for each in allowances if each.covers(problem)), None)
        if covering and covering.reason:
            allowed.append((problem, covering))
        else:
            kept.append(problem)
    used = {allowance for _, allowance in allowed}
    if not library.problems:
        kept += [fault for each in allowances if each not in used for fault in _misused(each)]
    return Findings(tuple(sorted(kept)), tuple(allowed))


def of_sheets(library: Library, documents: dict[str, Document], today: date) -> Iterator[Problem]:
    """What the rules say of the library's own words and sources."""
    desk = Desk(library, Register(library), today)
    languages = set()
    for sheet in manuscripts(library, documents):
        languages.add(sheet.language)
        for rule in dict.fromkeys(SHEET_RULES.values()):
            yield from rule(sheet, desk)
    yield from unset.in_shared_words(documents)
    for language in sorted(languages):
        yield from unchecked(language, documents[f"data/wording/{language}.yaml"])
    yield from _sources(library, documents, today)


def of_clinic(
    library: Library, documents: dict[str, Document], today: date, name: str
) -> Iterator[Problem]:
    """What the rules say of what a clinic brings."""
    clinic, desk = library.clinics[name], Desk(library, Register(library), today)
    for words in own_words(library, documents, clinic):
        for own_rule in OWN_WORDS:
            yield from own_rule(words, desk)
    for words in contact_words(documents, clinic):
        for own_rule in CONTACT_WORDS:
            yield from own_rule(words, desk)
    folder = f"data/clinics/{name}"
    contact, brand = documents[f"{folder}/clinic.yaml"], documents[f"{folder}/_brand.yml"]
    for rule in CLINIC_RULES.values():
        yield from rule(clinic, contact, brand)
    yield from unset.in_clinic(documents, clinic)
    others = {key: other for key, other in library.clinics.items() if key != name}
    yield from same_clinic(clinic, others, contact)
    yield from other_numbers(clinic, contact)
    yield from _own_wording(library, name, documents)


def _own_wording(library: Library, name: str, documents: dict[str, Document]) -> Iterator[Problem]:
    """Blocks that a clinic says in its own words in one of its languages only."""
    clinic = library.clinics[name]
    document = documents.get(f"data/clinics/{name}/wording.yaml")
    said = {(change.sheet, change.block, change.language) for change in clinic.changes}
    for index, change in enumerate(clinic.changes):
        treatment, _, sheet = change.sheet.partition("/")
        for language in clinic.contact.languages:
            known = library.treatments.get(treatment)
            there = known is not None and (language, sheet) in known.handouts
            if document and there and (change.sheet, change.block, language) not in said:
                message = f"is not said in {language}: add a change with `language: {language}`"
                place = document.place((index, "language"))
                yield Problem(document.path, *place, message, "wording", warning=True)


def _sources(library: Library, documents: dict[str, Document], today: date) -> Iterator[Problem]:
    document = documents.get("data/sources.yaml")
    for name, source in library.sources.items() if document else ():
        if document and source.read > today:
            message = f"{source.read} is still to come: when was it read?"
            yield Problem(document.path, *document.place((name, "read")), message, "source")


def _allowances(document: Document) -> Iterator[Allowance]:
    """The allowances of a file, each with the lines that it covers.

    At the end of a line it covers that line; on a line of its own, the text that begins on
    the next line that is no comment, to its end.
    """
    lines = document.text.split("\n") if "allow" in document.text else []
    for number, line in enumerate(lines, 1):
        found = ALLOW.search(line) if "allow" in line else None
        if not found or document.is_text(number, found.start() + 1):
            continue
        alone = not line[: found.start()].strip()
        covered = _next_text(lines, number) if alone else (number,)
        rule, reason = found[1], found[2].strip()
        yield Allowance(document.path, number, found.start() + 1, rule, reason, covered)


def _next_text(lines: list[str], number: int) -> tuple[int, ...]:
    """The numbers of the lines of the item that follows a line: it, and all moved in below it."""
    rest = [(at, line) for at, line in enumerate(lines[number:], number + 1) if line.strip()]
    rest = [(at, line) for at, line in rest if not line.lstrip().startswith("#")]
    indents = [len(line) - len(line.lstrip()) for _, line in rest]
    inside = takewhile(lambda indent: indent > indents[0], indents[1:])
    return tuple(at for at, _ in rest[: 1 + len(list(inside))])


def _misused(allowance: Allowance) -> Iterator[Problem]:
    def fault(message: str, *, warning: bool) -> Problem:
        place = (allowance.path, allowance.line, allowance.column)
        return Problem(*place, message, "allow", warning)

    if allowance.rule not in RULES:
        meant = did_you_mean(allowance.rule, RULES)
        advice = f"did you mean {meant}?" if meant else f"there is {', '.join(RULES)}"
        yield fault(f"there is no rule {allowance.rule!r}: {advice}", warning=False)
    elif allowance.rule in NEVER_ALLOWED:
        message = f"{allowance.rule} protects patients and cannot be allowed: mend what it says"
        yield fault(message, warning=False)
    elif not allowance.reason:
        yield fault(f"says no reason: write `# allow {allowance.rule}: why`", warning=False)
    else:
        yield fault(
            f"allows {allowance.rule}, but nothing here breaks it: take it out", warning=True
        )

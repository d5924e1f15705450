"""Which editions there are to make, and what each of them says."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from handouts import markup
from handouts.errors import Problem
from handouts.model import (
    GROUPS,
    NAMED,
    Block,
    CallBox,
    Calls,
    Clinic,
    Handout,
    Leaflets,
    Library,
    Local,
    Paper,
    Prose,
    Risk,
    RiskList,
    RiskWords,
    Source,
    Treatment,
    Typeface,
    Value,
    Wording,
    pdf_name,
    prose,
    with_prose,
)

IN = 10
"""The one denominator of every printed risk."""

Resolve = Callable[[Prose], str]


@dataclass(frozen=True)
class RiskRow:
    """A risk as it is printed; `dots` of ten people where a study has counted them."""

    group: str
    words: RiskWords
    number: str
    other_side: str
    evidence: str
    dots: int | None


@dataclass(frozen=True)
class Leaflet:
    handout: str
    title: str
    code: str
    version: str


@dataclass(frozen=True)
class Body:
    """All that an edition says, resolved; equal bodies are the same body."""

    language: str
    paper: Paper
    typeface: Typeface
    wording: Wording
    treatment: str
    title: Prose
    lead: Prose
    code: str
    version: str
    reviewed: date
    review_by: date
    blocks: tuple[Block, ...]
    risks: tuple[RiskRow, ...]
    leaflets: tuple[Leaflet, ...]
    references: tuple[Source, ...]
    calls: Calls | None
    emergency: str | None


@dataclass(frozen=True)
class Edition:
    """One PDF to make; `path` is relative to the output folder."""

    clinic: Clinic
    treatment: str
    handout: str
    body: Body

    @property
    def path(self) -> str:
        return _path(self.clinic, self.body.language, self.treatment, self.handout)

    @property
    def title(self) -> str:
        title = markup.plain(self.body.title)
        return f"{self.body.treatment}: {title} – {self.clinic.contact.name}"


def _path(clinic: Clinic, language: str, treatment: str, handout: str) -> str:
    return f"{clinic.id}/{language}/{pdf_name(treatment, handout)}"


@dataclass(frozen=True)
class Refusal:
    """What cannot be made, the problems that stand in the way, and a glob for its PDFs."""

    what: str
    problems: tuple[Problem, ...]
    pdfs: str


@dataclass(frozen=True)
class Plan:
    """What to make, what cannot be made, and the problems that this selection has to hear of."""

    editions: tuple[Edition, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Selection:
    """What was asked for; an empty part means all."""

    clinics: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def takes(self, treatment: str, handout: str, language: str) -> bool:
        wanted = (self.treatments, treatment), (self.handouts, handout), (self.languages, language)
        return all(not names or name in names for names, name in wanted)


@dataclass
class _Draft:
    editions: list[Edition] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def plan(library: Library, selection: Selection = Selection()) -> Plan:
    """All editions of the selection, in a stable order; those that problems touch are refused."""
    draft = _Draft()
    for clinic in sorted({*library.clinics, *_broken_clinics(library)}):
        if not selection.clinics or clinic in selection.clinics:
            _plan_clinic(library, selection, clinic, draft)
    return Plan(tuple(draft.editions), tuple(draft.refusals), _to_hear(library, selection, draft))


def _to_hear(library: Library, selection: Selection, draft: _Draft) -> tuple[Problem, ...]:
    """All problems; of a part of the library only those that stand in its way."""
    if selection == Selection() or not (draft.editions or draft.refusals):
        return library.problems
    return tuple(sorted({problem for refusal in draft.refusals for problem in refusal.problems}))


def names(library: Library) -> dict[str, set[str]]:
    """Every clinic, treatment, handout and language that a selection can name.

    A set is empty where problems keep the names from being known.
    """
    places = {place for treatment in library.treatments for place in _places(library, treatment)}
    treatments = {*library.treatments, *_broken(library, r"data/treatments/([^/]+)/")}
    whole = treatments == set(library.treatments)
    return {
        "clinic": {*library.clinics, *_broken_clinics(library)},
        "treatment": treatments,
        "handout": {handout for _, handout in places if whole},
        "language": {language for language, _ in places if whole},
    }


def _broken(library: Library, pattern: str) -> set[str]:
    found = (re.match(pattern, problem.path) for problem in library.problems)
    return {match[1] for match in found if match}


def _broken_clinics(library: Library) -> set[str]:
    return _broken(library, r"data/clinics/([^/]+)/")


def _places(library: Library, treatment: str) -> set[tuple[str, str]]:
    """The (language, handout) pairs that a treatment has, broken ones among them."""
    pattern = re.compile(rf"data/treatments/{re.escape(treatment)}/([^/]+)/([^_/][^/]*)\.yaml")
    broken = (pattern.fullmatch(problem.path) for problem in library.problems)
    found = {(match[1], match[2]) for match in broken if match}
    return found | set(library.treatments[treatment].handouts)


def _plan_clinic(library: Library, selection: Selection, name: str, draft: _Draft) -> None:
    clinic = library.clinics.get(name)
    if clinic is None:
        problems = _inside(library, f"data/clinics/{name}/")
        draft.refusals.append(Refusal(name, problems, f"{name}/*/*.pdf"))
        return
    for treatment in sorted(clinic.contact.treatments):
        if treatment not in library.treatments:
            if not selection.treatments or treatment in selection.treatments:
                problems = _inside(library, f"data/treatments/{treatment}/")
                pdfs = f"{name}/*/{pdf_name(treatment, '*')}"
                draft.refusals.append(Refusal(f"{name}/{treatment}", problems, pdfs))
            continue
        for language, handout in sorted(_places(library, treatment)):
            if language in clinic.contact.languages and selection.takes(
                treatment, handout, language
            ):
                _plan_edition(
                    library, clinic, library.treatments[treatment], (language, handout), draft
                )


def _plan_edition(
    library: Library, clinic: Clinic, treatment: Treatment, place: tuple[str, str], draft: _Draft
) -> None:
    files = _files(treatment, place)
    problems = tuple(problem for problem in library.problems if problem.path in files)
    if problems:
        what = _path(clinic, place[0], treatment.id, place[1])
        draft.refusals.append(Refusal(what, problems, what))
    else:
        body = _body(library, clinic, treatment, place)
        draft.editions.append(Edition(clinic, treatment.id, place[1], body))


def _inside(library: Library, folder: str) -> tuple[Problem, ...]:
    return tuple(problem for problem in library.problems if problem.path.startswith(folder))


def _files(treatment: Treatment, place: tuple[str, str]) -> set[str]:
    """The files that an edition draws on, besides its clinic's."""
    language, handout = place
    folder = f"data/treatments/{treatment.id}"
    shown = (
        [handout, *_leaflets(treatment.handouts[place])]
        if place in treatment.handouts
        else [handout]
    )
    return {
        "data/sources.yaml",
        f"data/wording/{language}.yaml",
        f"{folder}/facts.yaml",
        f"{folder}/{language}/_words.yaml",
        *(f"{folder}/{language}/{name}.yaml" for name in shown),
    }


def _leaflets(handout: Handout) -> Iterator[str]:
    for block in handout.blocks:
        if isinstance(block, Leaflets):
            yield from block.leaflets


def _body(library: Library, clinic: Clinic, treatment: Treatment, place: tuple[str, str]) -> Body:
    language, name = place
    handout, wording = treatment.handouts[place], library.wording[language]
    values, own = _values(clinic, treatment), clinic.contact.treatments[treatment.id]

    def resolve(text: Prose) -> str:
        return NAMED.sub(lambda found: _spoken(values[found[1]], wording, language), text)

    called = any(isinstance(block, CallBox) for block in handout.blocks)
    groups = {group for block in handout.blocks for group in _groups(block)}
    resolved = with_prose(handout, resolve)
    words = with_prose(treatment.words[language], resolve)
    return Body(
        language=language,
        paper=clinic.contact.paper,
        typeface=clinic.typeface,
        wording=wording,
        treatment=words.name,
        title=resolved.title,
        lead=resolved.lead,
        code=_code(treatment, name, language),
        version=handout.version,
        reviewed=handout.reviewed,
        review_by=handout.review_by,
        blocks=resolved.blocks,
        risks=tuple(
            _row(risk, words.risks[risk.id], wording) for risk in _risks(treatment, groups)
        ),
        leaflets=tuple(
            _leaflet(treatment, leaflet, language, resolve) for leaflet in _leaflets(handout)
        ),
        references=tuple(library.sources[source] for source in _cited(treatment, place, own)),
        calls=words.calls if called else None,
        emergency=clinic.contact.emergency if called else None,
    )


def _code(treatment: Treatment, handout: str, language: str) -> str:
    return f"{treatment.facts.code}-{handout}-{language}".upper()


def _groups(block: Block) -> tuple[str, ...]:
    group = getattr(block, "risk_table", None) or getattr(block, "risk_list", None)
    return GROUPS if group == "all" else (group,) if group else ()


def _leaflet(treatment: Treatment, name: str, language: str, resolve: Resolve) -> Leaflet:
    handout = treatment.handouts[language, name]
    title = Prose(resolve(handout.title))
    return Leaflet(name, markup.plain(title), _code(treatment, name, language), handout.version)


def _values(clinic: Clinic, treatment: Treatment) -> dict[str, Value]:
    facts = treatment.facts
    defaults = {
        name: item.default for name, item in facts.settings.items() if item.default is not None
    }
    figures = {name: figure.value for name, figure in facts.figures.items()}
    return {**figures, **defaults, **clinic.contact.treatments[treatment.id]}


def _spoken(value: Value, wording: Wording, language: str) -> str:
    if isinstance(value, Local):
        return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", value.text(language))
    if isinstance(value, tuple):
        return wording.range.format(low=value[0], high=value[1])
    return str(value)


def _row(risk: Risk, words: RiskWords, wording: Wording) -> RiskRow:
    number, other_side, evidence = wording.not_known, "", ""
    if risk.expected:
        number = wording.expected
    if risk.at_least:
        number = wording.at_least.format(count=risk.at_least, of=IN)
        other_side = wording.expected if risk.expected else ""
    elif risk.up_to is not None:
        number = wording.up_to.format(count=risk.up_to, of=IN)
        other_side = wording.others.format(count=IN - risk.up_to, of=IN)
        counts = [wording.study.format(events=s.events, total=s.total) for s in risk.studies]
        evidence = wording.studies.format(counts=", ".join(counts))
    elif risk.cases:
        evidence = wording.cases.format(count=risk.cases)
    return RiskRow(risk.group, words, number, other_side, evidence, risk.up_to)


def _risks(treatment: Treatment, groups: Collection[str]) -> tuple[Risk, ...]:
    return tuple(risk for risk in treatment.facts.risks if risk.group in groups)


def _cited(treatment: Treatment, place: tuple[str, str], own: Collection[str]) -> Iterator[str]:
    """The sources of all that the sheet says, each once, in the order in which it says it.

    `own`: the settings that the clinic has chosen for itself, on no one's authority.
    """
    handout, words = treatment.handouts[place], treatment.words[place[0]]

    def named(value: object) -> Iterator[str]:
        for _, text in prose(value):
            for name in NAMED.findall(text):
                figure = treatment.facts.figures.get(name)
                if name not in own:
                    yield from (figure or treatment.facts.settings[name]).sources

    cited = [*named((handout.title, handout.lead))]
    for block in handout.blocks:
        cited += [*block.sources, *named(block)]
        cited += named(words.calls if isinstance(block, CallBox) else ())
        for risk in _risks(treatment, _groups(block)):
            cited += [*risk.sources, *(study.source for study in risk.studies)]
            shown = words.risks[risk.id]
            cited += named(shown.name if isinstance(block, RiskList) else shown)
    return iter(dict.fromkeys(cited))

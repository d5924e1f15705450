"""Which editions there are to make, and which cannot be."""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from handouts import markup
from handouts.body import Body
from handouts.errors import Problem
from handouts.formats import Format, is_mono, layout
from handouts.model import Clinic, Library, Treatment, pdf_name
from handouts.reading import Transcript, how_to_reach
from handouts.resolve import Place, body, leaflet_language, leaflets, names_on, terms
from handouts.standing import FOREVER, Register, Standing


@dataclass(frozen=True)
class Edition:
    """One PDF to make; `path` is relative to the output folder.

    `names`: the figures and settings that its words name. `reached`: how it says that the
    clinic is reached.
    """

    clinic: Clinic
    treatment: str
    handout: str
    body: Body
    standing: Standing
    reached: Transcript
    names: frozenset[str] = frozenset()
    format: Format = "standard"

    @property
    def path(self) -> str:
        language = self.body.language
        return _path(self.clinic, language, self.treatment, self.handout, self.format)

    @property
    def mono(self) -> bool:
        """Whether it is printed in black and grey."""
        return is_mono(self.format)

    @property
    def page(self) -> str | None:
        """Its own page on the web, if its clinic has one."""
        return _web(self.clinic, self.treatment, self.handout, self.body.language)

    @property
    def files(self) -> tuple[str, ...]:
        """The files whose words it prints."""
        folder = f"data/treatments/{self.treatment}/{self.body.language}"
        own = f"data/clinics/{self.clinic.id}"
        sheet = f"{folder}/{self.handout}.yaml"
        return sheet, f"{folder}/_words.yaml", f"{own}/clinic.yaml", f"{own}/wording.yaml"

    @cached_property
    def title(self) -> str:
        title = markup.plain(self.body.title, self.body.locale)
        name = self.clinic.contact.name_in(self.body.language)
        return f"{self.body.treatment}: {title} – {name}"


def _path(
    clinic: Clinic, language: str, treatment: str, handout: str, form: Format = "standard"
) -> str:
    return f"{clinic.id}/{language}/{pdf_name(treatment, handout, form)}"


def _web(clinic: Clinic, treatment: str, handout: str, language: str) -> str | None:
    return clinic.contact.page(f"{treatment}/{handout}", language)


def each_once(editions: Iterable[Edition]) -> list[Edition]:
    """One of the editions for each sheet of each clinic: formats have the same words."""
    sheets: dict[tuple[str, ...], Edition] = {}
    for edition in editions:
        sheet = (edition.clinic.id, edition.treatment, edition.handout, edition.body.language)
        sheets.setdefault(sheet, edition)
    return list(sheets.values())


@dataclass(frozen=True)
class Refusal:
    """What cannot be made, the problems that stand in the way, and a glob for its PDFs."""

    what: str
    problems: tuple[Problem, ...]
    pdfs: str


@dataclass(frozen=True)
class Plan:
    """What to make, what cannot be made, and the problems that this selection has to hear of.

    `whole`: nothing was left out, so there is to be no other PDF.
    """

    editions: tuple[Edition, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    problems: tuple[Problem, ...] = ()
    whole: bool = False

    def concerned(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Those of the problems that stand in the words of its editions."""
        files = {path for edition in self.editions for path in edition.files}
        return tuple(problem for problem in problems if problem.path in files)


@dataclass(frozen=True)
class Selection:
    """What was asked for; an empty part means all, of formats those that each clinic has."""

    clinics: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()

    def takes(self, treatment: str, handout: str, language: str) -> bool:
        wanted = (self.treatments, treatment), (self.handouts, handout), (self.languages, language)
        return all(not names or name in names for names, name in wanted)


@dataclass
class _Draft:
    register: Register
    today: date
    editions: list[Edition] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    words: dict[Hashable, tuple[Body, Standing]] = field(default_factory=dict)
    bodies: dict[Hashable, Body] = field(default_factory=dict)
    names: dict[Hashable, frozenset[str]] = field(default_factory=dict)
    reached: dict[Hashable, Transcript] = field(default_factory=dict)

    def reaches(self, clinic: Clinic, language: str, page: str | None) -> Transcript:
        """How to reach the clinic, worked out once for all its sheets without a page."""
        key = (clinic.id, language, page)
        if key not in self.reached:
            self.reached[key] = how_to_reach(clinic.contact, language, page)
        return self.reached[key]

    def says(self, library: Library, wanted: "_Wanted") -> tuple[Body, Standing, frozenset[str]]:
        """What a sheet says, worked out once for all clinics that bring the same to it."""
        clinic, treatment, place = wanted.clinic, wanted.treatment, wanted.place
        brought = terms(clinic, treatment.id).to(treatment.id, place)
        sheet = (treatment.id, place, brought.changes)
        if sheet not in self.names:
            self.names[sheet] = names_on(treatment, place, brought.changes)
        limited = clinic.id if self.register.is_limited(treatment, place) else ""
        key = (treatment.id, place, brought.key(self.names[sheet]), limited)
        if key not in self.words:
            said = body(library, treatment, place, brought)
            standing = self.register.standing(treatment, place, said, limited)
            self.words[key] = replace(said, notice=standing.notice(self.today)), standing
        words, standing = self.words[key]
        if (key, wanted.laid_out) not in self.bodies:
            self.bodies[key, wanted.laid_out] = replace(words, **dict(wanted.laid_out))
        return self.bodies[key, wanted.laid_out], standing, self.names[sheet]


@dataclass(frozen=True)
class _Wanted:
    """One sheet of one clinic in one format."""

    clinic: Clinic
    treatment: Treatment
    place: Place
    form: Format

    @property
    def path(self) -> str:
        language, handout = self.place
        return _path(self.clinic, language, self.treatment.id, handout, self.form)

    @property
    def page(self) -> str | None:
        return _web(self.clinic, self.treatment.id, self.place[1], self.place[0])

    @cached_property
    def laid_out(self) -> tuple[tuple[str, Any], ...]:
        """What of a body is not its words, and yet told from the clinic and the format."""
        laid_out = layout(self.form)
        phones = 1 if laid_out == "standard" else len(self.clinic.contact.phone)
        return ("layout", laid_out), ("web", self.page is not None), ("phones", phones)


def plan(library: Library, selection: Selection = Selection(), today: date = FOREVER) -> Plan:
    """All editions of the selection, in a stable order; those that problems touch are refused.

    `today` decides which of them say that they are past their day.
    """
    draft = _Draft(Register(library), today)
    for clinic in sorted({*library.clinics, *_broken_clinics(library)}):
        if not selection.clinics or clinic in selection.clinics:
            _plan_clinic(library, selection, clinic, draft)
    heard = _to_hear(library, selection, draft)
    whole = selection == Selection()
    return Plan(tuple(draft.editions), tuple(draft.refusals), heard, whole)


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
                known, place = library.treatments[treatment], (language, handout)
                for form in _formats(clinic, known, place, selection):
                    _plan_edition(library, _Wanted(clinic, known, place, form), draft)


def _formats(
    clinic: Clinic, treatment: Treatment, place: Place, selection: Selection
) -> Iterator[Format]:
    """The formats in which the clinic, or who asks, wants this sheet, as far as it can be had."""
    sheet = treatment.handouts.get(place)
    for form in dict.fromkeys(selection.formats or clinic.contact.formats):
        if layout(form) != "booklet" or (sheet and sheet.booklet):
            yield form


def _plan_edition(library: Library, wanted: _Wanted, draft: _Draft) -> None:
    if problems := _in_the_way(library, wanted):
        draft.refusals.append(Refusal(wanted.path, problems, wanted.path))
        return
    clinic, treatment, (language, handout) = wanted.clinic, wanted.treatment, wanted.place
    said, standing, named = draft.says(library, wanted)
    reached = draft.reaches(clinic, language, wanted.page)
    edition = Edition(clinic, treatment.id, handout, said, standing, reached, named, wanted.form)
    draft.editions.append(edition)


def _in_the_way(library: Library, wanted: _Wanted) -> tuple[Problem, ...]:
    """The problems of the files that an edition draws on."""
    if not library.problems:
        return ()
    spelling = f"data/spelling/{wanted.place[0]}-{wanted.clinic.contact.country}.yaml"
    files = {*_files(wanted.treatment, wanted.place), spelling}
    return tuple(problem for problem in library.problems if problem.path in files)


def _inside(library: Library, folder: str) -> tuple[Problem, ...]:
    return tuple(problem for problem in library.problems if problem.path.startswith(folder))


def _files(treatment: Treatment, place: tuple[str, str]) -> set[str]:
    """The files that an edition draws on, besides its clinic's."""
    language, _ = place
    folder = f"data/treatments/{treatment.id}"
    shown = {place}
    if place in treatment.handouts:
        for name in leaflets(treatment.handouts[place]):
            own = leaflet_language(treatment, name, language)
            shown |= {(at, name) for at in ([own] if own else treatment.words)}
    return {
        "data/sources.yaml",
        "data/approvals.yaml",
        f"data/glossary.{language}.yaml",
        f"data/wording/{language}.yaml",
        f"{folder}/facts.yaml",
        f"{folder}/{language}/_words.yaml",
        *(f"{folder}/{own}/{name}.yaml" for own, name in shown),
    }

"""From a library's words and what a clinic brings to a body: names filled in, terms explained."""

import re
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from handouts import markup, plurals
from handouts.body import Body, Leaflet, People, RiskRow, locale
from handouts.model import (
    GROUPS,
    NAMED,
    Block,
    CallBox,
    Calls,
    Change,
    Clinic,
    Glossary,
    Handout,
    Heading,
    Headings,
    Leaflets,
    Library,
    Local,
    Paper,
    Prose,
    Questions,
    Risk,
    RiskList,
    RiskTable,
    RiskWords,
    Table,
    Term,
    Treatment,
    Typeface,
    Value,
    Wording,
    prose,
    with_prose,
)

T = TypeVar("T")
Edit = Callable[[Prose], str]
Place = tuple[str, str]
"""A language and a handout."""


@dataclass(frozen=True)
class Terms:
    """What a clinic brings to a sheet of one treatment, its paper and emergency number among it."""

    settings: dict[str, Value]
    changes: tuple[Change, ...]
    country: str
    paper: Paper
    typeface: Typeface
    headings: Headings
    emergency: str
    templates: str

    def to(self, treatment: str, place: Place) -> "Terms":
        """Only those that can come to bear on this sheet, of the clinic's own words."""
        sheet = (f"{treatment}/{place[1]}", place[0])
        own = (change for change in self.changes if (change.sheet, change.language) == sheet)
        return replace(self, changes=tuple(own))

    def key(self, names: Collection[str]) -> Hashable:
        """Equal for terms that a sheet with these names cannot tell apart."""
        told = frozenset(item for item in self.settings.items() if item[0] in names)
        looks = self.paper, self.typeface, self.headings, self.templates
        return told, self.changes, self.country, self.emergency, looks


def terms(clinic: Clinic, treatment: str) -> Terms:
    contact = clinic.contact
    return Terms(
        contact.treatments[treatment],
        tuple(change for change in clinic.changes if change.sheet.startswith(f"{treatment}/")),
        contact.country,
        contact.paper,
        clinic.livery.typeface,
        clinic.livery.headings,
        contact.emergency,
        clinic.templates,
    )


AS_WRITTEN = Terms({}, (), "", "a4", Typeface(""), Headings(Typeface("")), "", "")
"""What stands in for a clinic where the library's own words are meant."""


def body(library: Library, treatment: Treatment, place: Place, terms: Terms) -> Body:
    """All that this sheet says to this clinic's patients.

    Settings that have no value keep their name in braces, and leaflets and sources that are
    not there are left out; a plan has none such.
    """
    language, name = place
    handout, wording = treatment.handouts[place], library.wording[language]
    respell = _speller(library, language, terms.country)
    fill = _filler(treatment, terms, wording, language)

    def resolve(value: T) -> T:
        return with_prose(with_prose(value, respell), fill)

    words = treatment.words[language]
    blocks = _changed(resolve(handout.blocks), terms.to(treatment.id, place).changes, fill)
    groups = {group for block in blocks for group in shown_groups(block)}
    risks = [risk for risk in treatment.facts.risks if risk.group in groups]
    page = _Page(
        {risk.id: (risk.group, resolve(words.risks[risk.id])) for risk in risks},
        resolve(words.calls),
        _Glosser(_respelt(library.glossaries.get(language, {}), respell), wording).gloss,
    )
    title, lead = resolve(handout.title), Prose(page.gloss(resolve(handout.lead)))
    blocks = tuple(page.glossed(block) for block in blocks)
    called = any(isinstance(block, CallBox) for block in blocks)
    return Body(
        language=language,
        locale=locale(language, terms.country),
        paper=terms.paper,
        typeface=terms.typeface,
        headings=terms.headings,
        wording=wording,
        treatment=words.name,
        title=title,
        lead=lead,
        code=_code(treatment, name, language),
        version=handout.version,
        written=handout.written,
        review_by=handout.review_by,
        blocks=blocks,
        risks=tuple(
            _row(risk, page.risks[risk.id][1], wording, treatment.facts.out_of, language)
            for risk in risks
        ),
        leaflets=tuple(
            _leaflet(treatment, leaflet, own, resolve)
            for leaflet in leaflets(handout)
            if (own := leaflet_language(treatment, leaflet, language))
        ),
        references=tuple(
            library.sources[source]
            for source in _cited(treatment, place, terms)
            if source in library.sources
        ),
        calls=page.calls if called else None,
        emergency=terms.emergency if called else None,
        templates=terms.templates,
    )


def first_to_give(library: Library, treatment: Treatment, language: str) -> Clinic | None:
    """The first clinic that gives this treatment's sheets to patients in this language."""
    for _, clinic in sorted(library.clinics.items()):
        if language in clinic.contact.languages and treatment.id in clinic.contact.treatments:
            return clinic
    return None


def names_on(treatment: Treatment, place: Place, changes: tuple[Change, ...]) -> frozenset[str]:
    """Every figure and setting that a sheet may name, leaflets' titles and all risks included."""
    handout, words = treatment.handouts[place], treatment.words[place[0]]
    given = ((leaflet_language(treatment, name, place[0]), name) for name in leaflets(handout))
    titles = [treatment.handouts[own, name].title for own, name in given if own]
    texts = [text for _, text in prose((handout, words, tuple(titles), changes))]
    return frozenset(name for text in texts for name in NAMED.findall(text))


def leaflets(handout: Handout) -> Iterator[str]:
    for block in handout.blocks:
        if isinstance(block, Leaflets):
            yield from block.leaflets


def leaflet_language(treatment: Treatment, name: str, language: str) -> str | None:
    """The language in which a patient of this language is given the leaflet, if there is one."""
    return language if (language, name) in treatment.handouts else treatment.original(name)


def shown_groups(block: Block) -> tuple[str, ...]:
    """The groups of risks that a block shows."""
    group = getattr(block, "risk_table", None) or getattr(block, "risk_list", None)
    return GROUPS if group == "all" else (group,) if group else ()


def values(treatment: Treatment, settings: dict[str, Value]) -> dict[str, Value]:
    """Every figure and setting that has a value, by its name."""
    facts = treatment.facts
    defaults = {
        name: item.default for name, item in facts.settings.items() if item.default is not None
    }
    figures = {name: figure.value for name, figure in facts.figures.items()}
    return {**figures, **defaults, **settings}


def spoken(value: Value, wording: Wording, language: str) -> str:
    """A value as it stands in a sentence."""
    if isinstance(value, Local):
        return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", value.text(language))
    if isinstance(value, tuple):
        return wording.range.format(low=value[0], high=value[1])
    return str(value)


def _filler(treatment: Treatment, terms: Terms, wording: Wording, language: str) -> Edit:
    known = values(treatment, terms.settings)

    return lambda text: filled(text, known, wording, language)


def filled(
    text: Prose,
    known: dict[str, Value],
    wording: Wording,
    language: str,
    unknown: Callable[[str], str] | None = None,
) -> str:
    """The text with its figures and settings; a name without a value stays, or is told."""

    def one(found: re.Match[str]) -> str:
        value = known.get(found[1])
        if value is None:
            return unknown(found[1]) if unknown else found[0]
        return plurals.chosen(found[0], value, spoken(value, wording, language), language)

    return NAMED.sub(one, text)


KEPT = r"\{[^}]*\}|\(https://[^)]*\)"
"""What is no word of the language: names to fill in, and the addresses of links."""


def _speller(library: Library, language: str, country: str) -> Edit:
    """Puts words into the spelling of the country, where the library has a list for it."""
    spelling = library.spellings.get(f"{language}-{country}")
    if not spelling:
        return str
    other = {word.casefold(): instead for word, instead in spelling.items()}
    words = "|".join(sorted(map(re.escape, other), key=len, reverse=True))
    pattern = re.compile(rf"{KEPT}|\b({words})\b", re.IGNORECASE)

    def instead(found: re.Match[str]) -> str:
        if not found[1]:
            return found[0]
        word = other.get(found[1].casefold(), found[1])
        return word[0].upper() + word[1:] if found[1][0].isupper() else word

    return lambda text: pattern.sub(instead, text)


def _respelt(glossary: Glossary, respell: Edit) -> dict[str, str]:
    """What each form of each term means, by the form in small letters."""
    found = {}
    for term, entry in glossary.items():
        forms = (*entry.forms, term) if isinstance(entry, Term) else (term,)
        gloss = entry.gloss if isinstance(entry, Term) else entry
        for form in forms:
            found[respell(Prose(form)).casefold()] = respell(Prose(gloss))
    return found


class _Glosser:
    """Explains each term where it first stands on a sheet."""

    def __init__(self, glosses: dict[str, str], wording: Wording) -> None:
        self._glosses, self._wording = glosses, wording
        self._explained: set[str] = set()
        words = "|".join(sorted(map(re.escape, glosses), key=len, reverse=True))
        self._pattern = re.compile(rf"{KEPT}|\b({words})\b", re.IGNORECASE) if glosses else None

    def gloss(self, text: Prose) -> str:
        return self._pattern.sub(self._explain, text) if self._pattern else text

    def _explain(self, found: re.Match[str]) -> str:
        gloss = self._glosses.get((found[1] or "").casefold())
        if gloss is None or gloss in self._explained:
            return found[0]
        self._explained.add(gloss)
        if _is_explained(found, gloss):
            return found[0]
        return self._wording.gloss.format(term=found[1], gloss=gloss)


def _is_explained(found: re.Match[str], gloss: str) -> bool:
    """Whether the author has explained the term: in brackets, before it or after."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    bracketed = before.rfind("(") > before.rfind(")")
    return bracketed or after.lstrip().startswith("(") or gloss in found.string


class _Page:
    """Goes down a sheet as a reader does, and explains terms on the way."""

    def __init__(self, risks: dict[str, tuple[str, RiskWords]], calls: Calls, gloss: Edit) -> None:
        self.risks, self.calls, self.gloss = risks, calls, gloss

    def glossed(self, block: Block) -> Block:
        """The block with its terms explained; titles and questions are left as they are."""
        if isinstance(block, Heading):
            return block
        if isinstance(block, Questions):
            answered = tuple(
                item.model_copy(update={"answer": with_prose(item.answer, self.gloss)})
                for item in block.questions
            )
            return block.model_copy(update={"questions": answered})
        if isinstance(block, Table):
            return block.model_copy(update={"table": with_prose(block.table, self.gloss)})
        if isinstance(block, (RiskTable, RiskList)):
            self._gloss_risks(block)
        if isinstance(block, CallBox):
            self.calls = with_prose(self.calls, self.gloss)
        return with_prose(block, self.gloss)

    def _gloss_risks(self, block: RiskTable | RiskList) -> None:
        for risk, (group, words) in self.risks.items():
            if group in shown_groups(block):
                if isinstance(block, RiskList):
                    name = with_prose(words.name, self.gloss)
                    self.risks[risk] = group, words.model_copy(update={"name": name})
                else:
                    self.risks[risk] = group, with_prose(words, self.gloss)


def _changed(
    blocks: tuple[Block, ...], changes: tuple[Change, ...], fill: Edit
) -> tuple[Block, ...]:
    """The blocks with a clinic's own in their place or after them."""
    found: list[Block] = []
    for block in blocks:
        own = [change for change in changes if block.id and change.block == block.id]
        instead = [change.replace for change in own if change.replace]
        found += with_prose(instead[-1], fill) if instead else (block,)
        for change in own:
            found += with_prose(change.add or (), fill)
    return tuple(found)


def _code(treatment: Treatment, handout: str, language: str) -> str:
    return f"{treatment.facts.code}-{handout}-{language}".upper()


def _leaflet(
    treatment: Treatment, name: str, language: str, resolve: Callable[[Prose], Prose]
) -> Leaflet:
    handout = treatment.handouts[language, name]
    title = markup.plain(resolve(handout.title), language)
    return Leaflet(name, title, _code(treatment, name, language), handout.version)


def _row(risk: Risk, words: RiskWords, wording: Wording, out_of: int, language: str) -> RiskRow:
    fill = partial(plurals.filled, language=language)
    number, other_side, evidence, picture = wording.not_known, "", "", None
    if risk.expected:
        number = wording.expected
    if risk.at_least:
        number = fill(wording.at_least, count=risk.at_least, of=out_of)
        other_side = wording.expected if risk.expected else ""
    elif (up_to := risk.up_to(out_of)) is not None:
        number = fill(wording.up_to, count=up_to, of=out_of)
        other_side = fill(wording.others, count=out_of - up_to, of=out_of)
        counts = [fill(wording.study, events=s.events, total=s.total) for s in risk.studies]
        evidence = wording.studies.format(counts=", ".join(counts))
        picture = People(up_to, out_of, fill(wording.people, count=up_to, of=out_of))
    elif risk.cases:
        evidence = fill(wording.cases, count=risk.cases)
    return RiskRow(risk.group, words, number, other_side, evidence, picture)


def _cited(treatment: Treatment, place: Place, terms: Terms) -> Iterator[str]:
    """The sources of all that the sheet says, each once, in the order in which it says it.

    The settings that the clinic has chosen for itself stand on no one's authority.
    """
    handout, words = treatment.handouts[place], treatment.words[place[0]]

    def named(value: object) -> Iterator[str]:
        for _, text in prose(value):
            for name in NAMED.findall(text):
                figure = treatment.facts.figures.get(name)
                if name not in terms.settings:
                    yield from (figure or treatment.facts.settings[name]).sources

    cited = [*named((handout.title, handout.lead))]
    for block in _changed(handout.blocks, terms.to(treatment.id, place).changes, str):
        cited += [*block.sources, *named(block)]
        cited += named(words.calls if isinstance(block, CallBox) else ())
        for risk in _shown(treatment, shown_groups(block)):
            cited += [*risk.sources, *(study.source for study in risk.studies)]
            shown = words.risks[risk.id]
            cited += named(shown.name if isinstance(block, RiskList) else shown)
    return iter(dict.fromkeys(cited))


def _shown(treatment: Treatment, groups: Collection[str]) -> Iterator[Risk]:
    return (risk for risk in treatment.facts.risks if risk.group in groups)

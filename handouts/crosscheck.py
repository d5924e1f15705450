"""What must hold between the files of a library: everything that is named is there.

Files may have holes where they are broken, and what depends on a hole is not judged.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from handouts import markup, plurals, translation
from handouts.entries import Entries, Entry, TreatmentFiles
from handouts.errors import Problem
from handouts.explain import did_you_mean, show
from handouts.formats import FORMATS, Format
from handouts.model import (
    GROUPS,
    HOLE,
    NAMED,
    CallBox,
    Change,
    Contact,
    Facts,
    Glossary,
    Handout,
    Heading,
    Leaflets,
    Local,
    PatientLabel,
    Prose,
    References,
    RiskList,
    RiskTable,
    Setting,
    Signatures,
    Source,
    Statements,
    Term,
    Value,
    Words,
    pdf_name,
    prose,
)
from handouts.yamlfile import Document, Way

LOCKED = (
    RiskTable, RiskList, CallBox, Statements, Signatures, PatientLabel, Leaflets, References,
    Heading,
)  # fmt: skip
"""Kinds of block that no clinic can replace, and that it cannot bring along.

A heading of its own would give another title to what follows.
"""

MARKUP = re.compile(r"[{}<>*_`\[\]()#]")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

SHOWING = {
    "risks": ((RiskTable,), "a `- risk_table: ...` for each group"),
    "consent": ((RiskList, RiskTable), "`- risk_list: all`"),
}
"""The handouts that must show the risks, in which kinds of block, and what to add if not."""


def problems(entries: Entries) -> Iterator[Problem]:
    sources = _all(entries.sources.value) if entries.sources else HOLE
    if entries.sources:
        written = {at for files in entries.treatments.values() for at in files.languages}
        yield from _citations(entries.sources, written)
    for treatment in entries.treatments.values():
        yield from _no_wording(treatment, entries.wording_languages)
        yield from _treatment(treatment, sources)
    yield from _same_pdf(entries.treatments.values())
    yield from _same_code(entries.treatments.values())
    yield from _forms(entries)
    for glossary in entries.glossaries.values():
        yield from _glosses(glossary)
    for spelling in entries.spellings.values():
        yield from _spelling(spelling)
    for clinic in entries.clinics:
        if clinic.contact:
            yield from _contact(clinic.contact, entries)
        if clinic.changes:
            yield from _changes(clinic.changes, entries, sources)


def _citations(sources: Entry[dict[str, Source]], languages: set[str]) -> Iterator[Problem]:
    """Words of ours on a source that one of the languages lacks."""
    for name, source in sources.value.items():
        if isinstance(source.citation, Local) and "" not in source.citation.root:
            way = (name, "citation")
            ordered = tuple(sorted(languages))
            yield from _uncovered(sources.document, way, source.citation, ordered)


def _all(names: Iterable[str]) -> Collection[str]:
    """The names; if one of them is a hole it may be any name, and none is missing."""
    held = tuple(names)
    return HOLE if HOLE in held else held


def _sound(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if name is not HOLE)


def _no_wording(files: TreatmentFiles, languages: Collection[str]) -> Iterator[Problem]:
    for language in sorted(files.languages.difference(languages)):
        message = f"is missing: there are handouts in {language}"
        yield Problem(f"data/wording/{language}.yaml", 1, 1, message)


def _same_pdf(treatments: Iterable[TreatmentFiles]) -> Iterator[Problem]:
    """Sheets of which two would have one file, be it each in a format of its own."""
    first: dict[tuple[str, str], tuple[str, Format]] = {}
    told = set()
    sheets = [
        (files.id, language, handout, form)
        for form in FORMATS
        for files in treatments
        for language, handout in sorted(files.present)
    ]
    for treatment, language, handout, form in sheets:
        path = f"data/treatments/{treatment}/{language}/{handout}.yaml"
        pdf = pdf_name(treatment, handout, form)
        other, other_form = first.setdefault((language, pdf), (path, form))
        if other != path and (path, other) not in told:
            told |= {(path, other), (other, path)}
            both = f"{pdf}{_in_format(form)}, as would {other}{_in_format(other_form)}"
            yield Problem(path, 1, 1, f"would become {both}: rename one of them")


def _in_format(form: Format) -> str:
    return f" in the format {form}" if form != "standard" else ""


def _same_code(treatments: Iterable[TreatmentFiles]) -> Iterator[Problem]:
    """Treatments with one code: their sheets could not be told apart by what their feet say."""
    first: dict[str, str] = {}
    for files in treatments:
        code = files.facts.value.code if files.facts else HOLE
        if files.facts and code is not HOLE:
            other = first.setdefault(code, files.facts.document.path)
            if other != files.facts.document.path:
                message = f"code: {code} is the code of {other} too: give one of them another"
                yield files.facts.document.problem(("code",), message)


def _treatment(files: TreatmentFiles, sources: Collection[str]) -> Iterator[Problem]:
    facts: Facts = HOLE
    if files.facts:
        facts = files.facts.value
        yield from _facts(files.facts, sources)
        yield from _unworded(files.facts, files.languages)
        yield from _default_kinds(files.facts)
    known = _all((*facts.figures, *facts.settings))
    for words in files.words.values():
        yield from _prose(words, files.id, known)
        yield from _risk_words(words, facts)
    for (_, name), handout in files.handouts.items():
        yield from _prose(handout, files.id, known)
        yield from _handout(handout, sources)
        yield from _locked(handout)
        yield from _leaflets(handout, {name for _, name in files.present})
        yield from _no_risks(name, handout)
        yield from _risk_groups(handout, facts)
    yield from translation.problems(files)
    if files.topics:
        yield from _topics(files.topics, files)


def _locked(handout: Entry[Handout]) -> Iterator[Problem]:
    for index, block in enumerate(handout.value.blocks):
        if block.open:
            way: Way = ("blocks", index, "open")
            if isinstance(block, LOCKED):
                message = f"a {block.kind} block cannot be open: remove this line"
                yield handout.document.problem(way, message)
            elif not block.id:
                message = "an open block needs a name for clinics to call it by: add `id: ...`"
                yield handout.document.problem(way, message)


def _topics(topics: Entry[dict[str, tuple[str, ...]]], files: TreatmentFiles) -> Iterator[Problem]:
    """Topics that are nowhere, or said to be where nothing is."""
    places = set()
    for (_, name), handout in files.handouts.items():
        ids = [block.id for block in handout.value.blocks]
        places |= {f"{name}/{block}" for block in ids} if HOLE not in ids else {HOLE}
    known = _all(places)
    for topic, covered in topics.value.items():
        if not covered:
            yield topics.document.key_problem((topic,), "no block covers this topic: name one")
        for way, place in _numbered((topic,), covered):
            if place not in known:
                advice = _advice(place, known, "name a sheet and the `id` of a block in it")
                yield topics.document.problem(way, f"there is no block '{place}': {advice}")


def _changes(
    changes: Entry[tuple[Change, ...]], entries: Entries, sources: Collection[str]
) -> Iterator[Problem]:
    """What a clinic says in its own words, held against the sheets that it changes."""
    yield from _replaced_twice(changes)
    for index, change in enumerate(changes.value):
        if HOLE in (change, change.sheet, change.language, change.block):
            continue
        treatment, _, name = change.sheet.partition("/")
        files = entries.treatments.get(treatment)
        if files is None or (change.language, name) not in files.present:
            message = f"there is no sheet {change.sheet} in {change.language}"
            advice = "mend `sheet` or `language`"
            yield changes.document.problem((index, "sheet"), f"{message}: {advice}")
            continue
        if handout := files.handouts.get((change.language, name)):
            yield from _changed_block(changes.document, (index,), change, handout.value)
        facts = files.facts.value if files.facts else HOLE
        known = _all((*facts.figures, *facts.settings))
        for way, text in prose(change):
            yield from _text(changes.document, (index, *way), text, treatment, known)
        yield from _own_blocks(changes.document, (index,), change, sources)


def _replaced_twice(changes: Entry[tuple[Change, ...]]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for index, change in enumerate(changes.value):
        place = (change.sheet, change.language, change.block)
        if not change.replace or HOLE in place:
            continue
        line = changes.document.place((index,))[0]
        if place in first:
            message = f"{change.block} is replaced twice, first on line {first[place]}: keep one"
            yield changes.document.key_problem((index, "replace"), message)
        first.setdefault(place, line)


def _glosses(glossary: Entry[Glossary]) -> Iterator[Problem]:
    """Glosses that are not plain words, and terms that stand twice but for their capitals."""
    document = glossary.document
    first: dict[str, str] = {}
    for term, entry in glossary.value.items():
        if HOLE in (term, entry):
            continue
        gloss = entry.gloss if isinstance(entry, Term) else entry
        if gloss is not HOLE and (found := MARKUP.search(gloss)):
            message = f"{found[0]!r} cannot stand in a gloss: write plain words"
            yield document.problem((term,), message)
        for form in (term, *(entry.forms if isinstance(entry, Term) else ())):
            if form is not HOLE and form.casefold() in first:
                other = first[form.casefold()]
                message = f"'{form}' is explained under '{other}' too: keep one"
                yield document.key_problem((term,), message)
            elif form is not HOLE:
                first[form.casefold()] = term


def _spelling(spelling: Entry[dict[str, str]]) -> Iterator[Problem]:
    """What is more than another spelling of a word."""
    for word, instead in spelling.value.items():
        for text in (word, instead):
            if text is not HOLE and not WORD.fullmatch(text):
                message = f"'{text}' is not one word: a list of spellings has one beside another"
                yield spelling.document.key_problem((word,), message)


def _changed_block(
    document: Document, way: Way, change: Change, handout: Handout
) -> Iterator[Problem]:
    ids = _all(block.id for block in handout.blocks if block.id or block.id is HOLE)
    if change.block not in ids:
        advice = _advice(change.block, ids, f"it has {', '.join(_sound(ids))}")
        message = f"{change.sheet} has no block '{change.block}': {advice}"
        yield document.problem((*way, "block"), message)
    for block in handout.blocks:
        if change.replace and block.id == change.block and not block.open:
            message = f"{change.block} is locked: use `add`, which puts words after it"
            yield document.key_problem((*way, "replace"), message)


def _own_blocks(
    document: Document, way: Way, change: Change, sources: Collection[str]
) -> Iterator[Problem]:
    for key in ("replace", "add"):
        for index, block in enumerate(getattr(change, key) or ()):
            here = (*way, key, index)
            if isinstance(block, LOCKED):
                message = f"a clinic cannot bring a {block.kind} block: use another kind"
                yield document.problem(here, message)
            named = _numbered((*here, "sources"), block.sources)
            yield from _unknown_sources(document, named, sources)


def _facts(facts: Entry[Facts], sources: Collection[str]) -> Iterator[Problem]:
    document, value = facts.document, facts.value
    yield from _unknown_sources(document, _fact_sources(value), sources)
    for name in _sound({*value.settings} & {*value.figures}):
        message = f"{name} is a figure too: rename one of them"
        yield document.key_problem(("settings", name), message)
    ids: list[tuple[Way, str]] = [
        (("risks", index, "id"), risk.id) for index, risk in enumerate(value.risks)
    ]
    yield from _twice(document, ids)
    for index, risk in enumerate(value.risks):
        if risk.at_least and risk.at_least > (value.out_of or risk.at_least):
            message = f"must be {value.out_of} or less, found {risk.at_least}"
            yield document.problem(("risks", index, "at_least"), f"risks.at_least: {message}")


def _fact_sources(facts: Facts) -> Iterator[tuple[Way, str]]:
    for kind, named in (("figures", facts.figures), ("settings", facts.settings)):
        for name, item in named.items():
            yield from _numbered((kind, name, "sources"), item.sources)
    for index, risk in enumerate(facts.risks):
        yield from _numbered(("risks", index, "sources"), risk.sources)
        for number, study in enumerate(risk.studies):
            yield ("risks", index, "studies", number, "source"), study.source


def _numbered(way: Way, items: Iterable[str]) -> Iterator[tuple[Way, str]]:
    for index, item in enumerate(items):
        if item is not HOLE:
            yield (*way, index), item


def _unknown_sources(
    document: Document, named: Iterator[tuple[Way, str]], known: Collection[str]
) -> Iterator[Problem]:
    for way, source in named:
        if source is not HOLE and source not in known:
            advice = _advice(source, known, "add it there")
            yield document.problem(way, f"source '{source}' is not in data/sources.yaml: {advice}")


def _twice(document: Document, named: list[tuple[Way, str]]) -> Iterator[Problem]:
    first: dict[str, Way] = {}
    for way, name in named:
        if name is not HOLE and name in first:
            line = document.place(first[name])[0]
            message = f"'{name}' stands twice, first on line {line}: rename or remove one"
            yield document.problem(way, message)
        first.setdefault(name, way)


def _advice(word: str, known: Collection[str], otherwise: str) -> str:
    meant = did_you_mean(word, known)
    return f"did you mean '{meant}'?" if meant else otherwise


def _unworded(facts: Entry[Facts], languages: Collection[str]) -> Iterator[Problem]:
    """Words among the facts that do not cover the languages of the treatment."""
    ordered = tuple(sorted(languages))
    for name, figure in facts.value.figures.items():
        yield from _uncovered(facts.document, ("figures", name, "value"), figure.value, ordered)
    for name, setting in facts.value.settings.items():
        way = ("settings", name, "default")
        yield from _uncovered(facts.document, way, setting.default, ordered)


def _default_kinds(facts: Entry[Facts]) -> Iterator[Problem]:
    for name, setting in facts.value.settings.items():
        way = ("settings", name, "default")
        yield from _other_kind(facts.document, way, name, setting.default, setting.kind)


def _uncovered(
    document: Document, way: Way, words: Any, languages: tuple[str, ...]
) -> Iterator[Problem]:
    if not isinstance(words, Local):
        return
    if missing := words.missing(languages):
        wanted = ", ".join(f"`{language}: ...`" for language in missing)
        message = f"has no words in {', '.join(missing)}: write {wanted} under it"
        yield document.problem(way, f"{document.name(way)} {message}")


def _prose(
    entry: Entry[Words] | Entry[Handout], treatment: str, known: Collection[str]
) -> Iterator[Problem]:
    for way, text in prose(entry.value):
        yield from _text(entry.document, way, text, treatment, known)


def _text(
    document: Document, way: Way, text: Prose, treatment: str, known: Collection[str]
) -> Iterator[Problem]:
    for fault in markup.faults(text):
        yield document.problem(way, f"{document.name(way)}: {fault}")
    for name in dict.fromkeys(NAMED.findall(text)):
        if name not in known:
            yield _unknown_name(document, way, name, treatment, known)
    for found in NAMED.finditer(text):
        for fault in plurals.faults(found[0]):
            place = document.text_place(way, f"{{{found[1]}|")
            yield Problem(document.path, *place, f"`{{{found[1]}|...}}`: {fault}")


def _forms(entries: Entries) -> Iterator[Problem]:
    """Words that lack the form which a number needs, of the library or of a clinic."""
    for treatment in entries.treatments.values():
        facts = treatment.facts.value if treatment.facts else None
        offering = [
            (clinic.id, clinic.contact.value)
            for clinic in entries.clinics
            if clinic.contact and treatment.id in tuple(_sound(clinic.contact.value.treatments))
        ]
        for language, document, way, choice in _choices(treatment) if facts else ():
            name = NAMED.findall(choice)[0]
            given = [("the library", _standing(facts, name))]
            given += [
                (clinic, contact.treatments[treatment.id].get(name))
                for clinic, contact in offering
                if language in tuple(_sound(contact.languages))
            ]
            yield from _formless(document, way, choice, language, given)


def _choices(treatment: TreatmentFiles) -> Iterator[tuple[str, Document, Way, str]]:
    """Every choice of forms in a treatment's words, with its language and its place."""
    held: list[tuple[str, Entry[Any]]] = list(treatment.words.items())
    held += [(language, entry) for (language, _), entry in treatment.handouts.items()]
    for language, entry in held:
        for way, text in prose(entry.value):
            for found in NAMED.finditer(text) if "|" in text else ():
                if "|" in found[0]:
                    yield language, entry.document, way, found[0]


def _standing(facts: Any, name: str) -> Any:
    """The value that a figure, or the default that a setting has."""
    if figure := facts.figures.get(name):
        return figure.value
    setting = facts.settings.get(name)
    return setting.default if setting else None


def _formless(
    document: Document, way: Way, choice: str, language: str, given: list[tuple[str, Any]]
) -> Iterator[Problem]:
    told: set[str] = set()
    name = NAMED.findall(choice)[0]
    for whose, value in given:
        form = plurals.category(value, language) if isinstance(value, (int, tuple)) else "other"
        if form != "other" and form not in {*plurals.forms(choice), *told}:
            told.add(form)
            number = value[-1] if isinstance(value, tuple) else value
            place = document.text_place(way, f"{{{name}|")
            message = f"`{{{name}|...}}` has no form `{form}`, which {whose} needs for {number}"
            yield Problem(document.path, *place, f"{message}: add `|{form}=...`")


def _unknown_name(
    document: Document, way: Way, name: str, treatment: str, known: Collection[str]
) -> Problem:
    meant = did_you_mean(name, known)
    advice = f"did you mean {{{meant}}}?" if meant else "add it to facts.yaml"
    message = f"`{{{name}}}` is not a figure or setting of {treatment}: {advice}"
    return Problem(document.path, *document.text_place(way, f"{{{name}}}"), message)


def _risk_words(words: Entry[Words], facts: Facts) -> Iterator[Problem]:
    document, worded = words.document, _all(words.value.risks)
    ids = [risk.id for risk in facts.risks]
    for risk in _sound(dict.fromkeys(ids)):
        if risk not in worded:
            message = f"risk '{risk}' has no words: add `{risk}:` with name, like and do"
            yield document.key_problem(("risks",), message)
    known = _all(ids)
    for risk in _sound(words.value.risks):
        if risk not in known:
            advice = _advice(risk, known, "remove it or add it there")
            yield document.key_problem(
                ("risks", risk), f"risk '{risk}' is not in facts.yaml: {advice}"
            )


def _handout(handout: Entry[Handout], sources: Collection[str]) -> Iterator[Problem]:
    document, blocks = handout.document, handout.value.blocks
    ids: list[tuple[Way, str]] = []
    for index, block in enumerate(blocks):
        named = _numbered(("blocks", index, "sources"), block.sources)
        yield from _unknown_sources(document, named, sources)
        if block.id:
            ids.append((("blocks", index, "id"), block.id))
    yield from _twice(document, ids)


def _leaflets(handout: Entry[Handout], present: set[str]) -> Iterator[Problem]:
    for index, block in enumerate(handout.value.blocks):
        if isinstance(block, Leaflets):
            for way, leaflet in _numbered(("blocks", index, "leaflets"), block.leaflets):
                if leaflet not in present:
                    advice = _advice(leaflet, present, f"here are {', '.join(sorted(present))}")
                    message = f"there is no handout '{leaflet}': {advice}"
                    yield handout.document.problem(way, message)


def _no_risks(name: str, handout: Entry[Handout]) -> Iterator[Problem]:
    blocks = handout.value.blocks
    if name not in SHOWING or HOLE in blocks:
        return
    kinds, advice = SHOWING[name]
    if not any(isinstance(block, kinds) for block in blocks):
        message = f"a handout named {name} must show the risks: add {advice}"
        yield handout.document.key_problem(("blocks",), message)


def _risk_groups(handout: Entry[Handout], facts: Facts) -> Iterator[Problem]:
    """A sheet that shows risks in one way must show all of them in that way, each once."""
    held = {risk.group for risk in facts.risks}
    for kind in (RiskTable, RiskList):
        named: list[tuple[Way, str]] = [
            (("blocks", index, kind.kind), getattr(block, kind.kind))
            for index, block in enumerate(handout.value.blocks)
            if isinstance(block, kind)
        ]
        yield from _shown_twice(handout.document, named)
        ways = {group: way for way, group in named}
        shown = HOLE if "all" in ways or HOLE in handout.value.blocks else _all(ways)
        for group in GROUPS:
            if ways and group in held and group not in shown:
                advice = f"add `- {kind.kind}: {group}`"
                message = f"the {group} risks are not shown: {advice}"
                yield handout.document.problem([*ways.values()][-1], message)
            if group in ways and group not in _all(held):
                message = f"there are no {group} risks in facts.yaml: remove this block"
                yield handout.document.problem(ways[group], message)


def _shown_twice(document: Document, named: list[tuple[Way, str]]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for way, shown in named:
        groups = GROUPS if shown == "all" else tuple(_sound([shown]))
        if again := next((group for group in groups if group in first), None):
            message = f"the {again} risks are shown twice, first on line {first[again]}"
            yield document.problem(way, f"{message}: remove one of the two blocks")
        for group in groups:
            first.setdefault(group, document.place(way)[0])


def _contact(contact: Entry[Contact], entries: Entries) -> Iterator[Problem]:
    document, value = contact.document, contact.value
    yield from _contact_words(document, value)
    yield from _twice(document, list(_numbered(("languages",), value.languages)))
    yield from _twice(document, list(_numbered(("formats",), value.formats)))
    yield from _pages(contact, entries)
    if value.templates and value.templates not in entries.dresses:
        advice = _advice(value.templates, entries.dresses, "add it, or take the line out")
        message = f"there is no templates/clinics/{value.templates}/: {advice}"
        yield document.problem(("templates",), message)
    for way, language in _numbered(("languages",), value.languages):
        if language not in entries.wording_languages and not _is_written(language, entries):
            message = f"there is no data/wording/{language}.yaml: add it, or remove {language}"
            yield document.problem(way, message)
    for treatment in _sound(value.treatments):
        yield from _offered(contact, treatment, entries)


def _pages(contact: Entry[Contact], entries: Entries) -> Iterator[Problem]:
    """Pages on the web for sheets that are not there, or in languages that the clinic lacks."""
    document, value = contact.document, contact.value
    sheets = {
        f"{treatment}/{handout}"
        for treatment, files in entries.treatments.items()
        for _, handout in files.present
    }
    for sheet in _sound(value.pages):
        if sheet not in sheets:
            advice = _advice(sheet, sheets, "take the line out")
            yield document.key_problem(("pages", sheet), f"there is no sheet '{sheet}': {advice}")
        pages = value.pages[sheet]
        for language in _sound(pages) if isinstance(pages, dict) else ():
            if language not in _all(value.languages):
                message = f"the clinic has no sheets in {language}: take the line out"
                yield document.key_problem(("pages", sheet, language), message)


def _is_written(language: str, entries: Entries) -> bool:
    """Whether a treatment has the language, so that its missing wording is said elsewhere."""
    return any(language in files.languages for files in entries.treatments.values())


def _contact_words(document: Document, contact: Contact) -> Iterator[Problem]:
    local: list[tuple[Way, Any]] = [
        (("hours",), contact.hours),
        (("out_of_hours", "when"), contact.out_of_hours.when),
        (("record_number",), contact.record_number),
    ]
    for index, line in enumerate(contact.phone):
        local.append((("phone", index, "label"), line.label))
    for treatment, settings in contact.treatments.items():
        for name, value in settings.items():
            local.append((("treatments", treatment, name), value))
    languages = tuple(dict.fromkeys(_sound(contact.languages)))
    for way, words in local:
        yield from _uncovered(document, way, words, languages)


def _offered(contact: Entry[Contact], treatment: str, entries: Entries) -> Iterator[Problem]:
    document, way = contact.document, ("treatments", treatment)
    files = entries.treatments.get(treatment)
    if files is None:
        advice = _advice(treatment, entries.treatments, f"add data/treatments/{treatment}/")
        yield document.key_problem(way, f"there is no treatment '{treatment}': {advice}")
        return
    for at, language in _numbered(("languages",), contact.value.languages):
        if language not in files.languages:
            message = f"{treatment} has no handouts in {language}: add data/treatments/"
            yield document.problem(at, f"{message}{treatment}/{language}/")
    if files.facts:
        given = contact.value.treatments[treatment]
        yield from _settings(document, way, given, files.facts.value)


def _settings(
    document: Document, way: Way, given: dict[str, Value], facts: Facts
) -> Iterator[Problem]:
    treatment, has = way[-1], _all(facts.settings)
    names = _all(given)
    for name, setting in facts.settings.items():
        if setting.default is None and name not in names and not _misspelt(name, names, has):
            message = f"{treatment} needs the setting {name}: add `{name}: ...`"
            yield document.key_problem(way, message)
    for name in _sound(given):
        if known := facts.settings.get(name):
            yield from _other_kind(document, (*way, name), name, given[name], _kind(known))
        if name not in has:
            otherwise = f"it has {', '.join(has)}" if has else "it has none"
            advice = _advice(name, has, otherwise)
            message = f"{treatment} has no setting '{name}': {advice}"
            yield document.key_problem((*way, name), message)


def _kind(setting: Setting) -> str | None:
    """What a value of the setting must be, if that is said."""
    if setting.kind is None and isinstance(setting.default, (int, tuple, Local)):
        return "text" if isinstance(setting.default, Local) else "number"
    return setting.kind or None


def _other_kind(
    document: Document, way: Way, name: str, value: Any, kind: str | None
) -> Iterator[Problem]:
    found = f"found {show(document.at(way))}"
    if kind == "number" and isinstance(value, Local):
        advice = "write digits without quotes, such as 4 or [3, 6]"
        yield document.problem(way, f"{name} must be a number, {found}: {advice}")
    if kind == "text" and isinstance(value, (int, tuple)):
        number = value if isinstance(value, int) else value[0]
        advice = f'write it as it is to be printed, such as "£{number}"'
        yield document.problem(way, f"{name} must be text, {found}: {advice}")


def _misspelt(name: str, given: Collection[str], known: Collection[str]) -> bool:
    """Whether a setting is given under a slip of its name, which is said on its own."""
    slips = [key for key in given if key not in known]
    return any(did_you_mean(slip, known) == name for slip in slips)

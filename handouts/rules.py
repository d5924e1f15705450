"""The editorial and safety rules: each says what is amiss in a sheet, where, and what to do."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from handouts.errors import Problem
from handouts.manuscript import Manuscript, Said, Section, Words, forms
from handouts.model import (
    NAMED,
    Bullets,
    CallBox,
    Checklist,
    Heading,
    Library,
    References,
    Steps,
    Table,
    Text,
    Timeline,
)
from handouts.model import Questions as QuestionsBlock
from handouts.readability import BRACKETED, COUNTERS, sentences, words
from handouts.standing import Register
from handouts.vocabulary import EMPTY, vocabulary
from handouts.yamlfile import Document

GRADE_AIM, GRADE_LIMIT = 7.0, 8.0
"""Flesch-Kincaid: a sheet above the aim is warned of, anything above the limit is an error."""

EASE_AIM, EASE_LIMIT = 65.0, 55.0
"""INFLESZ, where more is easier: below 65 is not quite easy, below 55 is somewhat hard."""

ENOUGH = 30
"""A section of fewer words than this is too short for a formula to mean anything."""

LONG, TOO_LONG = 20, 25
DUE = timedelta(days=60)
REPEATED = 6
"""From how many words on a sentence that stands twice is noticed."""

STATING = (Text, Bullets, Steps, Checklist, Table, Timeline, QuestionsBlock)
"""The kinds of block that state facts, and so say where these come from."""


@dataclass(frozen=True)
class Desk:
    """What a rule may look up besides the sheet."""

    library: Library
    register: Register
    today: date


Rule = Callable[[Manuscript, Desk], Iterator[Problem]]

NEEDS = {
    "absolute-word": "claims", "promotion": "praise", "stop-medicine": "medicines",
    "waiver": "waivers", "frequency-word": "frequency", "gloss": "medical", "warning-sign": "signs",
    "named-person": "people",
}  # fmt: skip
"""The rules that say nothing of a language whose list of words for them is empty."""


def silent(language: str) -> tuple[str, ...]:
    """The rules that cannot say anything of sheets in this language."""
    rated = () if language.partition("-")[0] in COUNTERS else ("reading-grade",)
    lists = vocabulary(language)
    return (
        tuple(rule for rule, name in NEEDS.items() if getattr(lists, name).pattern in EMPTY) + rated
    )


def unchecked(language: str, document: Document) -> Iterator[Problem]:
    """A language of which some rules say nothing, so that silence is not taken for praise."""
    rules = silent(language)
    if not rules:
        return
    some = any(rule not in rules for rule in NEEDS)
    missing = "" if some else f"there is no handouts/vocabularies/{language}.yaml, so "
    message = (
        f"{missing}these rules say nothing of sheets in {language}: {', '.join(rules)}: "
        "whoever approves has to look for such things alone"
    )
    place = document.place(("language",))
    yield Problem(document.path, *place, message, "unchecked", warning=True, note=some)


def reading_grade(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Sheets and sections that are too hard to read."""
    for section in sheet.sections:
        rating = section.rating(sheet.language, sheet.terms)
        if rating is None or rating.words < ENOUGH:
            continue
        said = _hard(rating.grade, rating.ease)
        if said and _over(rating.grade, rating.ease):
            what = f"section {section.title!r}" if section.title else "the opening"
            advice = f"shorten first: {_worst(section)}"
            yield sheet.problem("reading-grade", section.way, f"{what} {said}: {advice}")
    whole = sheet.rating
    if whole and len(sheet.sections) > 1 and (said := _hard(whole.grade, whole.ease)):
        over = _over(whole.grade, whole.ease)
        message = f"the sheet {said}: use shorter sentences and plainer words"
        yield sheet.problem("reading-grade", ("title",), message, warning=not over)


def _hard(grade: float | None, ease: float | None) -> str:
    if grade is not None and grade > GRADE_AIM:
        return f"reads at US grade {grade}, aim at {GRADE_AIM:g} or less"
    if ease is not None and ease < EASE_AIM:
        return f"has an ease of {ease} (INFLESZ), aim at {EASE_AIM:g} or more"
    return ""


def _over(grade: float | None, ease: float | None) -> bool:
    return (grade is not None and grade > GRADE_LIMIT) or (ease is not None and ease < EASE_LIMIT)


def _worst(section: Section) -> str:
    """The sentence that weighs most: long, and of long words."""
    texts = [text for said in section.said if not said.is_title for text in said.paragraphs]
    return _quoted(max(sentences(texts), key=lambda text: len(words(text)) + len(text) / 4))


def _quoted(text: str) -> str:
    cut = 70
    return f"“{text if len(text) <= cut else text[: cut - 1] + '…'}”"


def sentence_length(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Sentences that hold too much for one breath."""
    for said in sheet.said:
        for sentence in sentences(BRACKETED.sub("", text) for text in said.paragraphs):
            number = len(words(sentence))
            if number > LONG:
                message = f"{number} words in a sentence, {LONG} at most: split {_quoted(sentence)}"
                yield said.problem("sentence-length", "", message, warning=number <= TOO_LONG)


def _found(sheet: Words, rule: str, pattern: re.Pattern[str], say: str) -> Iterator[Problem]:
    for said in sheet.said:
        for found in pattern.finditer(said.text):
            yield said.problem(rule, found[0], say.format(found[0]))


def absolute_word(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Words that promise what nobody can."""
    say = "“{}” promises too much: say what can happen, and how often"
    yield from _unless_denied(sheet, "absolute-word", vocabulary(sheet.language).claims, say)


def _unless_denied(
    sheet: Words, rule: str, pattern: re.Pattern[str], say: str
) -> Iterator[Problem]:
    """What is found, but for words that a `not` before them turns round."""
    denials = vocabulary(sheet.language).denials
    for said in sheet.said:
        for found in pattern.finditer(said.text):
            if not denials.search(said.text[: found.start()]):
                yield said.problem(rule, found[0], say.format(found[0]))


def promotion(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Words that sell."""
    praise = vocabulary(sheet.language).praise
    yield from _found(sheet, "promotion", praise, "“{}” advertises: take it out")


def stop_medicine(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Medicines that the sheet, not the prescriber, tells a patient to stop."""
    medicines = vocabulary(sheet.language).medicines
    say = "“{}”: nobody stops a medicine but with whoever prescribed it: say to ask them"
    yield from _unless_denied(sheet, "stop-medicine", medicines, say)


def waiver(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Words by which a patient would give up rights: a consent form is no waiver."""
    say = "“{}” takes rights away: a consent form is no waiver, and a mind can be changed"
    yield from _unless_denied(sheet, "waiver", vocabulary(sheet.language).waivers, say)


def frequency_word(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Words for how often something happens, without a number beside them."""
    frequency = vocabulary(sheet.language).frequency
    for said in sheet.said:
        for sentence in sentences([] if said.is_title else said.paragraphs):
            found = frequency.search(sentence)
            if found and not re.search(r"\d", sentence):
                message = f"“{found[0]}” without a number: name one, or say that none is known"
                yield said.problem("frequency-word", found[0], message)


SHARE = re.compile(
    r"(\d+) (?:in|out of|of|de cada|من كل) (\d+)|(\d+) ?(?:%|per ?cent|٪|por ciento)"
)


def one_denominator(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Shares of people, among the words of a risk, that are not out of as many as all others."""
    out_of = sheet.treatment.facts.out_of if isinstance(sheet, Manuscript) else 0
    for said in sheet.said:
        for found in SHARE.finditer(said.text):
            if "risks" in said.way and out_of and found[2] != str(out_of):
                message = f"“{found[0]}” is not out of {out_of}, as all other risks are: put it so"
                yield said.problem("one-denominator", found[0], message)


def gloss(sheet: Words, desk: Desk) -> Iterator[Problem]:
    """Medical terms that nothing explains."""
    known = {form.casefold() for form in forms(desk.library.glossaries.get(sheet.language, {}))}
    medical = vocabulary(sheet.language).medical
    explained: set[str] = set()
    for said in sheet.said:
        bracketed = " ".join(re.findall(r"\(([^)]*)\)", said.text)).casefold()
        for found in medical.finditer("" if said.is_title else said.text):
            term = found[0].casefold()
            after = said.text[found.end() :].lstrip()
            own = sheet.terms.fullmatch(found[0])
            if own or term in explained or _inside_known(found, known):
                continue
            explained.add(term)
            if term not in bracketed and not after.startswith("("):
                message = (
                    f"“{found[0]}” is not explained: put plain words before it, and it in "
                    f"brackets, or add it to data/glossary.{sheet.language}.yaml"
                )
                yield said.problem("gloss", found[0], message)


def _inside_known(found: re.Match[str], known: set[str]) -> bool:
    """Whether the word is part of a term of several words that is known."""
    text = found.string.casefold()
    return any(found[0].casefold() in term and term in text for term in known if " " in term)


def number_in_prose(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Numbers that stand in a sentence instead of facts.yaml, and so can come to disagree."""
    spelled = vocabulary(sheet.language).spelled
    for said in sheet.said:
        bare = NAMED.sub("_", said.raw)
        in_words = [found[0] for found in spelled.finditer(bare)]
        for number in [*re.findall(r"(?<![\w/.:-])\d+(?![\w/-])", bare), *in_words]:
            message = f"“{number}” stands in the text: give it a name in facts.yaml, and write that"
            yield said.problem("number-in-prose", number, message)


def warning_sign(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Signs of danger that do not say what to do: beside them, or in the lead of their list."""
    lists = vocabulary(sheet.language)
    for section in sheet.sections:
        for said in section.said:
            found = lists.signs.search(said.text)
            if found and not said.is_answered and not lists.actions.search(_around(said, section)):
                message = f"“{found[0]}” is a warning sign: say in the same place what to do"
                yield said.problem("warning-sign", found[0], message)


def _around(said: Said, section: Section) -> str:
    """The words that go with these: all of a risk's, and for an item what stands over it."""
    if said.way[0] == "risks":
        others = [other for other in section.said if other.way[:2] == said.way[:2]]
    elif isinstance(said.way[-1], int):
        others = [other for other in section.said if other.way[:2] <= said.way[:2]]
    else:
        others = [said]
    return " ".join([other.text for other in others] + [section.title])


def contacts_shown(sheet: Manuscript, _: Desk) -> Iterator[Problem]:
    """Sheets that do not say whom to call."""
    if not any(isinstance(block, CallBox) for block in sheet.handout.blocks):
        message = "the sheet does not say whom to call: add `- call_box: true`"
        yield sheet.problem("no-call-box", ("blocks",), message, key=True)


CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|(?:https?://|www\.)\S+|(?<![\w.])\+?\d[\d ()-]{7,}\d(?!\w)"
)


def clinic_detail(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Addresses, numbers and names of people in words that every clinic shares."""
    lists = vocabulary(sheet.language)
    say = "“{}” belongs in a clinic's own files: the sheet is printed for every clinic"
    yield from _found(sheet, "clinic-detail", CONTACT, say)
    yield from _found(sheet, "clinic-detail", lists.streets, say)
    say = "“{}” names a person: name the role"
    yield from _found(sheet, "named-person", lists.people, say)


def duplicate_sentence(sheet: Words, _: Desk) -> Iterator[Problem]:
    """Sentences that stand twice on one sheet."""
    first: dict[str, int] = {}
    for said in sheet.said:
        if said.way[0] in ("risks", "calls"):
            continue
        for sentence in sentences(said.paragraphs):
            key = " ".join(words(sentence.casefold()))
            if len(words(sentence)) < REPEATED:
                continue
            line = said.document.place(said.way)[0]
            if key in first and first[key] != line:
                message = f"stands on line {first[key]} too: say it once: {_quoted(sentence)}"
                yield said.problem("duplicate-sentence", "", message, warning=True)
            first.setdefault(key, line)


def references_shown(sheet: Manuscript, _: Desk) -> Iterator[Problem]:
    """Sheets that draw on sources and do not print them."""
    cites = any(block.sources for block in sheet.handout.blocks)
    if cites and not any(isinstance(block, References) for block in sheet.handout.blocks):
        message = "the sheet does not say where it comes from: add `- references: true`"
        yield sheet.problem("no-references", ("blocks",), message, key=True)


def unsourced(sheet: Manuscript, _: Desk) -> Iterator[Problem]:
    """Blocks that state something and do not say on whose authority."""
    for way, block in sheet.blocks:
        if isinstance(block, STATING) and "sources" not in block.model_fields_set:
            message = "names no source: add `sources: [...]`, or `sources: []` if it states no fact"
            yield sheet.problem("unsourced", way, message)


def review_date(sheet: Manuscript, desk: Desk) -> Iterator[Problem]:
    """Sheets that are due for review, or past it."""
    until, written = sheet.handout.review_by, sheet.handout.written
    if until < desk.today:
        message = f"should have been reviewed by {until}: review it, and set a new day"
        yield sheet.problem("review-date", ("review_by",), message)
    elif (until - desk.today) <= DUE:
        message = f"is to be reviewed by {until}: begin now"
        yield sheet.problem("review-date", ("review_by",), message, warning=True)
    if written > desk.today:
        message = f"was written on {written}, which is still to come: mend the day"
        yield sheet.problem("review-date", ("written",), message, warning=True)


def heading_order(sheet: Manuscript, _: Desk) -> Iterator[Problem]:
    """Headings with nothing under them."""
    blocks = [*sheet.blocks, ((), None)]
    for (way, block), (_way, following) in pairwise(blocks):
        if isinstance(block, Heading) and isinstance(following, (Heading, CallBox, type(None))):
            message = "a heading with nothing under it: add words, or take it out"
            yield sheet.problem("heading", way, message)


def translation_behind(sheet: Manuscript, _: Desk) -> Iterator[Problem]:
    """Translations whose original has a newer version."""
    original = sheet.treatment.original(sheet.name)
    follows = sheet.handout.follows
    if not follows or not original:
        return
    version = sheet.treatment.handouts[original, sheet.name].version
    if follows != version:
        message = f"follows version {follows}, the original ({original}) is now {version}"
        yield sheet.problem("translation", ("follows",), f"{message}: translate it", warning=True)


def version_raised(sheet: Manuscript, desk: Desk) -> Iterator[Problem]:
    """Words that have changed since they were approved, under the same version."""
    place = (sheet.language, sheet.name)
    if desk.register.has_changed(sheet.treatment, place):
        message = (
            f"the words have changed since version {sheet.handout.version} was approved: "
            "raise the version, so that two prints can be told apart"
        )
        yield sheet.problem("version", ("version",), message, warning=True)


OWN_WORDS: tuple[Callable[[Words, Desk], Iterator[Problem]], ...] = (
    reading_grade, sentence_length, absolute_word, promotion, stop_medicine, waiver,
    frequency_word, gloss, warning_sign,
)  # fmt: skip
"""The rules for what a clinic says on sheets in its own words."""

CONTACT_WORDS = (absolute_word, promotion, stop_medicine, waiver)
"""The rules for what it says in a few words, in settings and labels."""

SHEET_RULES: dict[str, Rule] = {
    "reading-grade": reading_grade,
    "sentence-length": sentence_length,
    "absolute-word": absolute_word,
    "promotion": promotion,
    "stop-medicine": stop_medicine,
    "waiver": waiver,
    "frequency-word": frequency_word,
    "one-denominator": one_denominator,
    "gloss": gloss,
    "number-in-prose": number_in_prose,
    "warning-sign": warning_sign,
    "no-call-box": contacts_shown,
    "clinic-detail": clinic_detail,
    "named-person": clinic_detail,
    "duplicate-sentence": duplicate_sentence,
    "no-references": references_shown,
    "unsourced": unsourced,
    "review-date": review_date,
    "heading": heading_order,
    "translation": translation_behind,
    "version": version_raised,
}
"""Each rule by its name; one function may say two things."""

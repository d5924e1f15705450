"""What a library holds: frozen values, unknown keys refused, nothing read from disk."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    RootModel,
    StrictInt,
    StringConstraints,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from handouts.artwork import Artwork
from handouts.errors import Problem
from handouts.formats import Format
from handouts.unseen import tidied

SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
NAME = r"[a-z][a-z0-9_]*"
NAMED = re.compile(r"\{(" + NAME + r")(?:\|[^{}]*)?\}")
"""A name in braces; after it there may be the forms of a word, one for each kind of number."""


SLUG_PATTERN = rf"^{SLUG}$"
NAME_PATTERN = rf"^{NAME}$"
TAG = (
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
"""A language by BCP 47: with its script, its region and its variants, where they tell it apart."""

LANGUAGE_PATTERN = rf"^{TAG}$"
EMERGENCY_PATTERN = r"^[0-9]{2,6}$"
EXTENSION = r"(?: ?(?:ext\.?|extn\.?|extension|x\.?|#) ?[0-9]{1,7})?"
PHONE_PATTERN = rf"^\+?[0-9(][0-9 ()./-]*[0-9]{EXTENSION}$"
EMAIL_PATTERN = r"^[^@\s:,;<>()]+@[^@\s:,;<>()]+\.[^@\s:,;<>()]+$"
NO_NAME = "\\s/@:?#.,;!()<>'\"“”‘’_&=*+%$|^`~\\[\\]{}\\\\"
"""What no part of an address on the web is made of; letters of all scripts are."""

WEBSITE_PATTERN = (
    rf"^(?:[^{NO_NAME}]+\.)+(?:[^{NO_NAME}0-9-]{{2,}}|[xX][nN]--[a-zA-Z0-9-]+)(?:/[^\s]*)?$"
)
VERSION_PATTERN = r"^[0-9]+(\.[0-9]+)*$"
CODE_PATTERN = r"^[A-Z]{2,6}$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
REGION_PATTERN = r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?-[A-Z]{2}$"
SHEET_PATTERN = rf"^{SLUG}/{SLUG}$"
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
URL_PATTERN = r"^https://[^\s]+$"
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

TIDY = BeforeValidator(tidied)
"""Takes what was pasted for plain spaces, hyphens and digits as what was meant."""

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN), TIDY]
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN), TIDY]
Plain = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SheetName = Annotated[str, StringConstraints(pattern=SHEET_PATTERN), TIDY]
"""A treatment and one of its sheets, as `microneedling/aftercare`; or a sheet and a block."""

Version = Annotated[str, StringConstraints(pattern=VERSION_PATTERN), TIDY]
Digest = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
Webpage = Annotated[str, StringConstraints(pattern=WEBSITE_PATTERN, max_length=80), TIDY]
Phone = Annotated[str, StringConstraints(pattern=PHONE_PATTERN), TIDY]
Group = Literal["expected", "some", "serious"]
Paper = Annotated[Literal["a4", "letter"], TIDY]
T = TypeVar("T")


def _day(raw: Any) -> date:
    """A calendar day; pydantic alone would also read 2026 or 0 as seconds since 1970."""
    if isinstance(raw, date):
        return raw
    raw = tidied(raw)
    if not isinstance(raw, str) or not re.fullmatch(DAY_PATTERN, raw):
        raise PydanticCustomError("day", "must be a day written like `2026-11-04`")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise PydanticCustomError("day", "must be a day of the calendar") from None


def shape(raw: Any) -> str:
    """The tag by which a value is told apart: a mapping, a whole number, or anything else."""
    if isinstance(raw, (dict, BaseModel)):
        return "<mapping>"
    return "<number>" if type(raw) is int else "<text>"


WrittenDay = Annotated[str, StringConstraints(pattern=DAY_PATTERN)]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=WrittenDay)]
OrText = Annotated[
    Annotated[T, Tag("<mapping>")] | Annotated[Plain, Tag("<text>")], Discriminator(shape)
]
"""Told apart by shape, so that what is wrong is said once."""

Pages = Annotated[
    Annotated[dict[Language, Webpage], Tag("<mapping>")] | Annotated[Webpage, Tag("<text>")],
    Discriminator(shape),
]
"""A page on the web, or one for each language."""

GROUPS: tuple[Group, ...] = ("expected", "some", "serious")


class Hole:
    """Stands where a file is broken, so that what is sound around it can still be checked.

    As a value it is nothing; as a list it is one hole, and no name is missing from it.
    """

    def __getattr__(self, name: str) -> "Hole":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator["Hole"]:
        yield self

    def __contains__(self, _: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return False

    def items(self) -> Iterator[tuple["Hole", "Hole"]]:
        yield self, self

    def get(self, _: object) -> "Hole":
        return self


HOLE: Any = Hole()


class Prose(str):
    """Words that a patient reads: inline Markdown, `{name}` for a figure or a setting."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strip_whitespace=True, min_length=1)
        return core_schema.no_info_after_validator_function(cls, text)


class Flow(Prose):
    """Prose that may run over several paragraphs and hold lists."""

    __slots__ = ()


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _giving(key: str) -> dict[str, Any]:
    """How a JSON Schema says that a key is there and holds something."""
    return {"required": [key], "properties": {key: {"not": {"enum": [None, []]}}}}


def prose(
    value: Any, loc: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Prose]]:
    """Every piece of prose inside a value, with the way to it."""
    if isinstance(value, Prose):
        yield loc, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from prose(getattr(value, name), (*loc, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from prose(item, (*loc, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from prose(item, (*loc, index))


def with_prose(value: T, change: Callable[[Prose], str]) -> T:
    """The same value with every piece of prose replaced by `change` of it."""
    if isinstance(value, Prose):
        return type(value)(change(value))
    if isinstance(value, BaseModel):
        fields = {
            name: with_prose(getattr(value, name), change) for name in type(value).model_fields
        }
        return value.model_copy(update=fields)
    if isinstance(value, dict):
        return type(value)({key: with_prose(item, change) for key, item in value.items()})
    if isinstance(value, tuple):
        return type(value)(with_prose(item, change) for item in value)
    return value


class Local(RootModel[dict[str, Plain]]):
    """Plain words that are the same in all languages, or given for each language."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        if isinstance(value, str):
            return {"": value}
        raise PydanticCustomError("local", "must be text, or text for each language")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        each = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [each["additionalProperties"], each]}

    def __hash__(self) -> int:
        return hash(tuple(self.root.items()))

    def missing(self, languages: tuple[str, ...]) -> list[str]:
        """The languages that these words do not cover."""
        if "" in self.root:
            return [] if len(languages) == 1 else list(languages)
        return [language for language in languages if language not in self.root]

    def text(self, language: str) -> str:
        return self.root[""] if "" in self.root else self.root[language]


Value = int | tuple[int, int] | Local


def _value(raw: Any) -> Value:
    if type(raw) is int:
        if raw < 1:
            raise PydanticCustomError("value", "must be 1 or more")
        return raw
    if isinstance(raw, (list, tuple)) and len(raw) == 2 and all(type(item) is int for item in raw):
        return _range(*raw)
    if isinstance(raw, Local):
        return raw
    if isinstance(raw, (str, dict)):
        return Local.model_validate(raw)
    raise PydanticCustomError("value", "must be a whole number, a range [low, high] or text")


def _range(low: int, high: int) -> tuple[int, int]:
    if low >= high:
        raise PydanticCustomError("range", "a range goes from low to high")
    if low < 1:
        raise PydanticCustomError("range", "a range begins at 1 or more, found {low}", {"low": low})
    return low, high


Count = Annotated[StrictInt, Field(ge=1)]
Amount = Annotated[
    Value, PlainValidator(_value, json_schema_input_type=Count | tuple[Count, Count] | Local)
]


class Figure(Part):
    """A number that stands once and is named in prose."""

    value: Amount
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Setting(Part):
    """A value that each clinic gives; without a default it must give it.

    `kind`: what the value must be; if not said, what the default is, or else anything.
    """

    kind: Literal["number", "text"] | None = None
    default: Amount | None = None
    sources: tuple[Slug, ...] = ()


def _or_none_given(raw: Any) -> Any:
    return {} if raw is None else raw


class _OrNull:
    """Says in a JSON Schema that there may be nothing."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "null"}]}


OrEmpty = Annotated[T, BeforeValidator(_or_none_given), _OrNull()]
"""A mapping that is also written as nothing at all."""


class Study(Part):
    events: Annotated[StrictInt, Field(ge=0)]
    total: Annotated[StrictInt, Field(ge=1)]
    source: Slug

    @model_validator(mode="after")
    def _no_more_events_than_people(self) -> Self:
        if self.events > self.total:
            raise PydanticCustomError(
                "study", "more events than people: swap `events` and `total`?"
            )
        return self


class Risk(Part):
    """A risk without words: its group, how often as far as known, and who says so.

    `at_least`: people in `out_of` who have it, or more. `studies`: counts from which the
    printed number is derived. `cases`: people described in the literature. `not_known`:
    nobody has counted, and the sheet says so.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [_giving(way) for way in ("at_least", "studies", "cases", "not_known")]
        }
    )

    id: Slug
    group: Group
    expected: bool = False
    at_least: Annotated[StrictInt, Field(ge=1, le=100)] | None = None
    studies: tuple[Study, ...] = ()
    cases: Annotated[StrictInt, Field(ge=1)] | None = None
    not_known: Literal[True] | None = None
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_way_to_count(self) -> Self:
        ways = sum(map(bool, (self.at_least, self.studies, self.cases, self.not_known)))
        if ways > 1:
            raise PydanticCustomError(
                "risk", "give one of `at_least`, `studies`, `cases` and `not_known`, not several"
            )
        if not ways:
            raise PydanticCustomError(
                "risk",
                "nothing says how often it happens: add `at_least`, `studies` or `cases`, "
                "or `not_known: true`",
            )
        return self

    def up_to(self, out_of: int) -> int | None:
        """People in so many who have it in the study that found most, rounded up, never none.

        A small study that found nobody does not show that nobody will have it.
        """
        if not self.studies:
            return None
        return max(1, *(-(-out_of * study.events // study.total) for study in self.studies))


class Facts(Part):
    """One treatment's numbers and sources: no prose, no language.

    `out_of`: among how many people risks are counted, the same for all of them.
    """

    code: Annotated[str, StringConstraints(pattern=CODE_PATTERN), TIDY]
    out_of: Literal[10, 100] = 10
    figures: dict[Name, Figure] = {}
    settings: dict[Name, OrEmpty[Setting]] = {}
    risks: Annotated[tuple[Risk, ...], Field(min_length=1)]


Items = Annotated[tuple[Prose, ...], Field(min_length=1)]


class RiskWords(Part):
    name: Prose
    like: Prose
    do: Prose
    awaiting: Plain | None = None


class Calls(Part):
    """The warning signs: when to call the clinic, and when to call for help at once."""

    call_us: Items
    emergency: Items
    awaiting: Plain | None = None


class Words(Part):
    """One treatment's words in one language that several handouts share."""

    name: Plain
    calls: Calls
    risks: dict[Slug, RiskWords]


class Block(Part):
    """One piece of a handout; the key that names its kind holds its content.

    `open`: a clinic may put words of its own in its place. `awaiting`: what in it a
    clinician has still to decide.
    """

    kind: ClassVar[str]
    id: Slug | None = None
    sources: tuple[Slug, ...] = ()
    open: bool = False
    awaiting: Plain | None = None


class Heading(Block):
    kind = "heading"
    heading: Prose


class Text(Block):
    kind = "text"
    text: Flow


class Bullets(Block):
    kind = "bullets"
    bullets: Items


class Steps(Block):
    kind = "steps"
    steps: Items


class Checklist(Block):
    kind = "checklist"
    checklist: Items


class RiskTable(Block):
    """The risks of one group in full: number, other side, what it is like, what to do."""

    kind = "risk_table"
    risk_table: Group


class RiskList(Block):
    """The risks of one group, or all, in short: name and number."""

    kind = "risk_list"
    risk_list: Literal[Group, "all"]


class Row(Part):
    name: Prose
    text: Prose


class Table(Block):
    """What belongs together line by line: a name, and what there is to say of it."""

    kind = "table"
    table: Annotated[tuple[Row, ...], Field(min_length=1)]
    head: tuple[Prose, Prose]


class Period(Part):
    when: Prose
    feel: Prose | None = None
    do: tuple[Prose, ...] = ()
    do_not: tuple[Prose, ...] = ()


class Timeline(Block):
    kind = "timeline"
    timeline: Annotated[tuple[Period, ...], Field(min_length=1)]


class CallBox(Block):
    """The warning signs, and the numbers to call."""

    kind = "call_box"
    call_box: Literal[True]


class Question(Part):
    question: Prose
    answer: Flow


class Questions(Block):
    kind = "questions"
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Statements(Block):
    """Lines that the patient agrees to one by one, each with a box for initials."""

    kind = "statements"
    statements: Items


class Signature(Part):
    who: Literal["patient", "representative", "clinician", "witness", "interpreter"]
    statement: Prose | None = None


class Signatures(Block):
    kind = "signatures"
    signatures: Annotated[tuple[Signature, ...], Field(min_length=1)]


class PatientLabel(Block):
    kind = "patient_label"
    patient_label: Literal[True]


class Lines(Block):
    """Ruled lines to write on, under a prompt."""

    kind = "lines"
    lines: Annotated[StrictInt, Field(ge=1, le=20)]
    prompt: Prose


class Fields(Block):
    """Short labelled blanks, one line each."""

    kind = "fields"
    fields: Items


class Leaflets(Block):
    """The other sheets that the patient has been given, with code and version."""

    kind = "leaflets"
    leaflets: Annotated[tuple[Slug, ...], Field(min_length=1)]


class References(Block):
    """All that this sheet draws on, as a list."""

    kind = "references"
    references: Literal[True]


KINDS: dict[str, type[Block]] = {
    block.kind: block
    for block in (
        Heading, Text, Bullets, Steps, Checklist, Table, RiskTable, RiskList, Timeline, CallBox,
        Questions, Statements, Signatures, PatientLabel, Lines, Fields, Leaflets, References,
    )
}  # fmt: skip


def _kind_of(raw: Any) -> str | None:
    """The tag of a block that has one kind; a key that is not text may have been another."""
    if isinstance(raw, Block):
        return f"<{raw.kind}>"
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        return None
    kinds = [kind for kind in raw if kind in KINDS]
    return f"<{kinds[0]}>" if len(kinds) == 1 else None


AnyBlock = Annotated[
    Annotated[Heading, Tag("<heading>")]
    | Annotated[Text, Tag("<text>")]
    | Annotated[Bullets, Tag("<bullets>")]
    | Annotated[Steps, Tag("<steps>")]
    | Annotated[Checklist, Tag("<checklist>")]
    | Annotated[Table, Tag("<table>")]
    | Annotated[RiskTable, Tag("<risk_table>")]
    | Annotated[RiskList, Tag("<risk_list>")]
    | Annotated[Timeline, Tag("<timeline>")]
    | Annotated[CallBox, Tag("<call_box>")]
    | Annotated[Questions, Tag("<questions>")]
    | Annotated[Statements, Tag("<statements>")]
    | Annotated[Signatures, Tag("<signatures>")]
    | Annotated[PatientLabel, Tag("<patient_label>")]
    | Annotated[Lines, Tag("<lines>")]
    | Annotated[Fields, Tag("<fields>")]
    | Annotated[Leaflets, Tag("<leaflets>")]
    | Annotated[References, Tag("<references>")],
    Discriminator(_kind_of),
]


def pdf_name(treatment: str, handout: str, form: Format = "standard") -> str:
    """What a handout's PDF is called, within its clinic's and language's folder."""
    return f"{treatment}-{handout}{'' if form == 'standard' else f'-{form}'}.pdf"


class Handout(Part):
    """One sheet in one language, its blocks in the order of the page.

    `follows`: the version of the original that a translation says; an original has none.
    `booklet`: nobody writes on it, so it may be folded.
    """

    title: Prose
    lead: Prose
    version: Version
    follows: Version | None = None
    written: Day
    review_by: Day
    owner: Plain
    booklet: bool = False
    blocks: Annotated[tuple[AnyBlock, ...], Field(min_length=1)]

    @field_validator("review_by")
    @classmethod
    def _review_comes_later(cls, review_by: date, info: ValidationInfo) -> date:
        written = info.data.get("written")
        if written and review_by <= written:
            raise PydanticCustomError("review", "must be later than `written`")
        return review_by


class Source(Part):
    """What a statement rests on; `found` says where, if it has no address (`url`).

    A citation stays as it was published; what is said in words of ours has every language.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [_giving("url"), _giving("found")]})

    citation: Local
    url: Annotated[str, StringConstraints(pattern=URL_PATTERN), TIDY] | None = None
    found: Plain | None = None
    read: Day
    supports: Plain

    def language(self, wanted: str) -> str:
        """Of what language its citation is on a sheet in `wanted`.

        What is published is nearly all in English; what has words for each language is ours.
        """
        return "en" if "" in self.citation.root else wanted

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.url or self.found):
            raise PydanticCustomError(
                "source", "says not where it is: add `url: https://...`, or `found: ...` in words"
            )
        return self


class Term(Part):
    """A medical term, the forms in which it stands on sheets, and what it means."""

    forms: tuple[Plain, ...] = ()
    gloss: Plain


Sources = dict[Slug, Source]
Topics = dict[Plain, tuple[SheetName, ...]]
Glossary = dict[Plain, OrText[Term]]
Spelling = dict[Plain, Plain]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


Clinics = Annotated[tuple[Slug, ...], AfterValidator(_each_once)]
"""Names of clinics, each once: earlier records name a clinic once for each of its formats."""


class Approval(Part):
    """Somebody's word for exact words: those with one of these digests.

    `only`: the clinics that it is limited to, if any. `until`: the last day on which it
    holds. `library`: the digest of the sheet as the library has it, without any clinic's
    settings; `original`: for a translation, that of the original that it was compared with.
    `words`: the clinics by the digest of what their patients read.
    """

    sheet: SheetName
    language: Language
    version: Version
    on: Day
    by: Plain
    role: Annotated[Plain, StringConstraints(max_length=60)]
    only: Clinics = ()
    until: Day | None = None
    library: Digest
    original: Digest | None = None
    words: Annotated[dict[Digest, Clinics], Field(min_length=1)]

    @field_validator("until")
    @classmethod
    def _ends_later(cls, until: date | None, info: ValidationInfo) -> date | None:
        on = info.data.get("on")
        if until and on and until < on:
            raise PydanticCustomError("review", "must not be before `on`")
        return until


class Change(Part):
    """Words of a clinic's own, in the place of a block of a sheet or after it, and why."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_giving("replace"), _giving("add")]})

    sheet: SheetName
    language: Language
    block: Slug
    replace: Annotated[tuple[AnyBlock, ...], Field(min_length=1)] | None = None
    add: Annotated[tuple[AnyBlock, ...], Field(min_length=1)] | None = None
    reason: Plain

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if bool(self.replace) == bool(self.add):
            raise PydanticCustomError("change", "give one of `replace` and `add`")
        return self


class _Naming:
    """Text must name exactly these values in braces."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        forms = r"(\|[^{}]*)?"
        each = "".join(rf"(?=[\s\S]*\{{{name}{forms}\}})" for name in self.names)
        only = rf"([^{{}}]|\{{({'|'.join(self.names)}){forms}\}})*"
        said = f"must contain {self._wanted()} and no other brace"
        found = {"pattern": f"^{each}{only}$", "patternErrorMessage": said}
        return {**handler(schema), "type": "string", **found}

    def _wanted(self) -> str:
        return " and ".join(f"{{{name}}}" for name in self.names)

    def _check(self, text: str) -> str:
        stray = re.search(r"[{}]", NAMED.sub("", text))
        if stray or set(NAMED.findall(text)) != set(self.names):
            raise PydanticCustomError(
                "phrase", "must contain {wanted} and no other brace", {"wanted": self._wanted()}
            )
        return text


Changes = tuple[Change, ...]
Approvals = tuple[Approval, ...]


class PullWords(Part):
    """The words on a clinic's list of sheets to pull and shred."""

    title: Plain
    lead: Plain
    shred: Plain
    keep: Plain
    fresh: Plain
    sheet: Plain
    printed: Plain
    now: Plain
    why: Plain
    words: Plain
    standing: Plain
    contact: Plain
    withdrawn: Plain
    done_by: Plain


class FormatNames(RootModel[dict[Format, Plain]]):
    """What each format is called; one that is not given goes by its own name."""

    model_config = ConfigDict(frozen=True)

    def __hash__(self) -> int:
        return hash(tuple(self.root.items()))

    def of(self, form: Format) -> str:
        return self.root.get(form, form)


class Wording(Part):
    """The templates' own words in one language."""

    language: Plain
    direction: Literal["ltr", "rtl"]
    range: Annotated[Plain, _Naming("low", "high")]
    formats: FormatNames = FormatNames({})
    page: Annotated[Plain, _Naming("page", "pages")]
    version: Annotated[Plain, _Naming("version")]
    written: Annotated[Plain, _Naming("date")]
    review_by: Annotated[Plain, _Naming("date")]
    approved: Annotated[Plain, _Naming("date", "role")]
    draft: Plain
    draft_mark: Plain
    expired: Annotated[Plain, _Naming("date")]
    expired_mark: Plain
    gloss: Annotated[Plain, _Naming("term", "gloss")]
    how_often: Plain
    what_happens: Plain
    what_to_do: Plain
    up_to: Annotated[Plain, _Naming("count", "of")]
    at_least: Annotated[Plain, _Naming("count", "of")]
    others: Annotated[Plain, _Naming("count", "of")]
    expected: Plain
    not_known: Plain
    people: Annotated[Plain, _Naming("count", "of")]
    cases: Annotated[Plain, _Naming("count")]
    study: Annotated[Plain, _Naming("events", "total")]
    studies: Annotated[Plain, _Naming("counts")]
    do: Plain
    do_not: Plain
    call_us: Plain
    call_us_about: Plain
    emergency: Plain
    emergency_call: Annotated[Plain, _Naming("number")]
    initials: Plain
    signature: Plain
    name_in_capitals: Plain
    date: Plain
    time: Plain
    patient: Plain
    representative: Plain
    clinician: Plain
    witness: Plain
    interpreter: Plain
    patient_label: Plain
    patient_name: Plain
    date_of_birth: Plain
    record_number: Plain
    leaflet: Annotated[Plain, _Naming("title", "code", "version")]
    references: Plain
    web: Plain
    pull: PullWords


class PhoneLine(Part):
    number: Phone
    label: Local | None = None


class OutOfHours(Part):
    number: Phone
    when: Local


def _lines(raw: Any) -> Any:
    return [{"number": raw}] if isinstance(raw, (str, int)) else raw


PhoneLines = Annotated[tuple[PhoneLine, ...], Field(min_length=1, max_length=3)]


class Contact(Part):
    """What `clinic.yaml` says: how to reach the clinic, and what it offers.

    `country`: of its phone numbers, spelling and dates. `fictional`: made up, to learn from.
    `pages`: its own pages on the web, by sheet. `templates`: a folder in templates/clinics/
    that it shares with others, instead of one that has its own name.
    """

    name: Plain
    names: dict[Language, Plain] = {}
    country: Annotated[str, StringConstraints(pattern=COUNTRY_PATTERN), TIDY]
    fictional: bool = False
    address: Annotated[tuple[Plain, ...], Field(min_length=1)]
    phone: Annotated[PhoneLines, BeforeValidator(_lines, json_schema_input_type=Phone | PhoneLines)]
    hours: Local
    out_of_hours: OutOfHours
    emergency: Annotated[str, StringConstraints(pattern=EMERGENCY_PATTERN), TIDY]
    email: Annotated[str, StringConstraints(pattern=EMAIL_PATTERN), TIDY]
    website: Annotated[str, StringConstraints(pattern=WEBSITE_PATTERN), TIDY]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    paper: Paper
    formats: Annotated[tuple[Annotated[Format, TIDY], ...], Field(min_length=1)] = ("standard",)
    pages: dict[SheetName, Pages] = {}
    templates: Slug | None = None
    record_number: Local | None = None
    treatments: Annotated[dict[Slug, OrEmpty[dict[Name, Amount]]], Field(min_length=1)]

    def name_in(self, language: str) -> str:
        return self.names.get(language, self.name)

    def page(self, sheet: str, language: str) -> str | None:
        """The clinic's page on the web for a sheet, if it has one in the language."""
        found = self.pages.get(sheet)
        return found.get(language) if isinstance(found, dict) else found

    def other_names(self, language: str) -> list[str]:
        """Its names in other languages, as they stand below its name in this one."""
        shown = self.name_in(language)
        return [name for name in dict.fromkeys((self.name, *self.names.values())) if name != shown]


class Style(Part):
    """How a clinic's sheets are dressed: its letterhead, its section titles, its call boxes.

    `sections`: a hairline above each, a short bar above its title, or a tint behind it.
    `call_box`: on tint and dark, or quiet: outlined, with no filled areas.
    """

    letterhead: Literal["rule", "band", "centred", "side"] = "rule"
    sections: Literal["lines", "bars", "tints"] = "lines"
    call_box: Literal["light", "quiet"] = "light"


@dataclass(frozen=True)
class Asset:
    """A file as it is on disk: a logo or a font; `name` is its file name.

    `finish`: what is made of it before it is printed: a QR code of the address that it holds.
    """

    name: str
    data: bytes
    finish: Literal["", "qr"] = ""


@dataclass(frozen=True)
class Typeface:
    """A family to set text in; without `files` it is one of the installed font packages."""

    family: str
    files: tuple[Asset, ...] = ()


@dataclass(frozen=True)
class Headings:
    """What titles are set in; `weight` as in CSS, 400 for regular and 700 for bold."""

    typeface: Typeface
    weight: int = 700


@dataclass(frozen=True)
class Livery:
    """What a clinic's paper looks like; colours as `#rrggbb`, as the brand file has them.

    `on_dark`: the logo for a dark ground, if there is one of its own.
    """

    logo: Artwork
    primary: str
    accent: str
    typeface: Typeface
    headings: Headings
    style: Style
    on_dark: Artwork | None = None


@dataclass(frozen=True)
class Clinic:
    """One location: how to reach it, what its paper looks like, and words of its own.

    `templates`: the folder in templates/clinics/ that dresses its sheets, if there is one.
    """

    id: str
    contact: Contact
    livery: Livery
    changes: tuple[Change, ...] = ()
    templates: str = ""


@dataclass(frozen=True)
class Treatment:
    """`handouts` by language and handout; `topics`: where each is covered, as sheet/block."""

    id: str
    facts: Facts
    words: dict[str, Words]
    handouts: dict[tuple[str, str], Handout]
    topics: dict[str, tuple[str, ...]]

    def original(self, handout: str) -> str | None:
        """The language in which the handout was written first."""
        return next(
            (
                language
                for (language, name), sheet in self.handouts.items()
                if name == handout and not sheet.follows
            ),
            None,
        )


@dataclass(frozen=True)
class Library:
    """All that could be read, and the problems of what could not."""

    clinics: dict[str, Clinic]
    treatments: dict[str, Treatment]
    sources: dict[str, Source]
    wording: dict[str, Wording]
    glossaries: dict[str, Glossary]
    spellings: dict[str, dict[str, str]]
    approvals: tuple[Approval, ...]
    problems: tuple[Problem, ...]

"""What an edition says, with every name filled in: a value, to be laid out, read and approved."""

import re
from dataclasses import dataclass
from datetime import date

from handouts.formats import Layout
from handouts.model import (
    Block,
    Calls,
    Headings,
    Paper,
    Prose,
    RiskWords,
    Source,
    Typeface,
    Wording,
)


@dataclass(frozen=True)
class People:
    """A picture of so many people, some of whom have it; `words` say it to who cannot see."""

    count: int
    of: int
    words: str


@dataclass(frozen=True)
class RiskRow:
    """A risk as it is printed; with a picture where a study has counted people."""

    group: str
    words: RiskWords
    number: str
    other_side: str
    evidence: str
    picture: People | None


@dataclass(frozen=True)
class Leaflet:
    handout: str
    title: str
    code: str
    version: str


@dataclass(frozen=True)
class Notice:
    """What a sheet says of its own standing, on every page.

    `approved` and `role`: since when, and by whom in what office; None on a draft.
    `expired`: the day on which it should have been reviewed, once that is past.
    """

    approved: date | None = None
    role: str = ""
    expired: date | None = None

    @property
    def state(self) -> str:
        if self.expired:
            return "expired"
        return "approved" if self.approved else "draft"


def locale(language: str, country: str) -> str:
    """The language as it is written in the country, unless it says itself where."""
    placed = re.search(r"-(?:[A-Z]{2}|[0-9]{3})\b", language)
    return language if placed or not country else f"{language}-{country}"


@dataclass(frozen=True)
class Body:
    """All that an edition says, resolved; equal bodies are the same body.

    `locale`: language and country, as `en-GB`, or the language alone. `web`: the clinic has a
    page on the web for it, which has its place on the sheet. `phones`: how many telephone
    lines the sheet has room for. `templates`: the folder of templates of its clinic's own, if
    there is one.
    """

    language: str
    locale: str
    paper: Paper
    typeface: Typeface
    headings: Headings
    wording: Wording
    treatment: str
    title: Prose
    lead: Prose
    code: str
    version: str
    written: date
    review_by: date
    blocks: tuple[Block, ...]
    risks: tuple[RiskRow, ...]
    leaflets: tuple[Leaflet, ...]
    references: tuple[Source, ...]
    calls: Calls | None
    emergency: str | None
    notice: Notice = Notice()
    layout: Layout = "standard"
    web: bool = False
    phones: int = 1
    templates: str = ""

    @property
    def awaiting(self) -> tuple[str, ...]:
        """What on the sheet a clinician has still to decide, each with its place."""
        marks = [(block.id or block.kind, block.awaiting) for block in self.blocks]
        marks += [(row.words.name, row.words.awaiting) for row in self.risks]
        marks += [("call box", self.calls.awaiting)] if self.calls else []
        return tuple(f"{place}: {mark}" for place, mark in marks if mark)

"""What a patient reads of a body, word for word and in order; and its digest, which is approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from handouts import markup
from handouts.body import Body, RiskRow
from handouts.model import (
    Block,
    CallBox,
    Contact,
    Flow,
    Heading,
    Leaflets,
    Lines,
    Prose,
    References,
    RiskList,
    RiskTable,
    Signatures,
    prose,
)

PHRASES = {
    "risk_table": ("how_often", "what_happens", "what_to_do"),
    "risk_list": ("how_often", "what_happens"),
    "timeline": ("do", "do_not"),
    "call_box": ("call_us", "call_us_about", "emergency", "emergency_call"),
    "statements": ("initials",),
    "signatures": ("signature", "name_in_capitals", "date", "time"),
    "leaflets": ("leaflet",),
    "references": ("references",),
    "patient_label": ("patient_label", "patient_name", "date_of_birth", "record_number"),
}
"""The words that each kind of block prints by itself."""

FOOT = ("page", "version", "written", "review_by")


@dataclass(frozen=True)
class Piece:
    """Words that stand by themselves: a title, a paragraph, an item of a list.

    `block`: the number of the block, counted from 0, or -1 for what stands around them.
    `place`: where in the block, for the same words mean another thing in another place.
    """

    block: int
    kind: str
    place: str
    text: str


Texts = Iterator[tuple[str, str]]
"""Words with their places."""


def pieces(body: Body) -> Iterator[Piece]:
    """All that is printed, from top to bottom; spacing evened out, emphasis as it is written."""
    wording = body.wording
    yield Piece(-1, "treatment", "", body.treatment)
    yield Piece(-1, "title", "", _even(body.title))
    yield Piece(-1, "lead", "", _even(body.lead))
    for index, block in enumerate(body.blocks):
        yield Piece(index, block.kind, "", "")
        for phrase in PHRASES.get(block.kind, ()):
            yield Piece(index, block.kind, phrase, getattr(wording, phrase))
        for place, text in _texts(body, block):
            yield Piece(index, block.kind, place, _even(text))
    days = (body.written.isoformat(), body.review_by.isoformat())
    yield Piece(-1, "foot", "", " · ".join((body.code, body.version, *days)))
    for phrase in FOOT:
        yield Piece(-1, "foot", phrase, getattr(wording, phrase))


@dataclass(frozen=True)
class Transcript:
    """What is read on a sheet, from top to bottom: under which heading, and the words."""

    lines: tuple[tuple[str, str], ...]

    @cached_property
    def digest(self) -> str:
        return sha256(repr(self.lines).encode()).hexdigest()


def transcript(body: Body) -> Transcript:
    """What a patient reads, without its markup; a paragraph or an item of a list is a line."""
    lines, heading = [], ""
    for piece in pieces(body):
        block = body.blocks[piece.block] if piece.block >= 0 else None
        if piece.text:
            if isinstance(block, Heading):
                heading = markup.plain(block.heading, body.locale)
            heading = heading if block else ""
            kind = Flow if "\n" in piece.text else Prose
            said = markup.paragraphs(kind(piece.text), body.locale)
            lines += [(heading, line) for line in said]
    return Transcript(tuple(lines))


def how_to_reach(contact: Contact, language: str, page: str | None = None) -> Transcript:
    """What a clinic's letterhead and contact panel say of it, with the name of each line.

    `page`: the sheet's own page on the web, if it has one.
    """
    lines = [("name", contact.name_in(language))]
    lines += [("name", name) for name in contact.other_names(language)]
    lines.append(("address", ", ".join(contact.address)))
    for line in contact.phone:
        label = f" {line.label.text(language)}" if line.label else ""
        lines.append(("phone", f"{line.number}{label}"))
    late = contact.out_of_hours
    lines.append(("hours", _even(contact.hours.text(language))))
    lines.append(("out of hours", f"{_even(late.when.text(language))}: {late.number}"))
    lines += [("email", contact.email), ("website", contact.website)]
    if page:
        lines.append(("page", page))
    if contact.record_number:
        lines.append(("record number", contact.record_number.text(language)))
    return Transcript(tuple(lines))


def digest(body: Body) -> str:
    """What an approval names: changes with any word or figure that the patient reads.

    It does not change with the brand, the paper, the spacing or the sheet's own standing.
    """
    whole = sha256()
    for piece in pieces(body):
        whole.update(f"{piece.kind}\0{piece.place}\0{piece.text}\0\0".encode())
    return whole.hexdigest()


def _even(text: str) -> str:
    """The text with its spacing evened out; where paragraphs and lists may be, lines are kept."""
    if isinstance(text, Flow):
        return "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return " ".join(text.split())


def _texts(body: Body, block: Block) -> Texts:
    """What a block prints besides its phrases."""
    yield from _placed(block)
    if isinstance(block, RiskTable):
        yield from _told(body, block.risk_table)
    elif isinstance(block, RiskList):
        for row in _rows(body, block.risk_list):
            yield from (("name", row.words.name), ("number", row.number))
    elif isinstance(block, CallBox):
        yield from _placed(body.calls)
        yield "emergency", body.emergency or ""
    elif isinstance(block, Signatures):
        for index, line in enumerate(block.signatures):
            yield f"signatures.{index}.who", getattr(body.wording, line.who)
    elif isinstance(block, Lines):
        yield "lines", str(block.lines)
    else:
        yield from _listed(body, block)


def _placed(value: object) -> Texts:
    for way, text in prose(value):
        yield ".".join(map(str, way)), text


def _told(body: Body, group: str) -> Texts:
    for row in _rows(body, group):
        yield "number", row.number
        yield "other side", row.other_side
        yield "evidence", row.evidence
        yield "picture", row.picture.words if row.picture else ""
        yield from _placed(row.words)


def _listed(body: Body, block: Block) -> Texts:
    """What a block lists that stands elsewhere: other sheets, or sources."""
    if isinstance(block, Leaflets):
        for leaflet in body.leaflets:
            if leaflet.handout in block.leaflets:
                yield leaflet.handout, f"{leaflet.title} {leaflet.code} {leaflet.version}"
    if isinstance(block, References):
        for source in body.references:
            yield "source", f"{source.citation.text(body.language)} {source.url or ''}"


def _rows(body: Body, group: str) -> Iterator[RiskRow]:
    return (row for row in body.risks if group in (row.group, "all"))

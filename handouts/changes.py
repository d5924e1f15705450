"""What has become of sheets that are on paper: which have to be printed again, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, cast

from handouts.manifest import Item
from handouts.printed import Printed
from handouts.readability import SENTENCE
from handouts.reading import Transcript

Kind = Literal["words", "standing", "contact", "withdrawn", "new", "look"]
KINDS: tuple[Kind, ...] = ("words", "standing", "contact", "withdrawn", "new", "look")
TO_SHRED: tuple[Kind, ...] = ("words", "standing", "contact", "withdrawn")
"""What makes a sheet on paper wrong; what has only another look is not."""


@dataclass(frozen=True)
class Line:
    """Sentences that were changed at one place, as they are read; `where`: its heading."""

    where: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A sheet as it is on paper and as it is now; one that is withdrawn or new has one only."""

    old: Item | None
    new: Item | None

    @property
    def item(self) -> Item:
        return self.new or cast(Item, self.old)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All that has become of it, the gravest first."""
        old, new = self.old, self.new
        if old is None or new is None:
            return ("withdrawn",) if old else ("new",)
        differs: dict[Kind, bool] = {
            "words": old.words != new.words,
            "standing": old.state != new.state,
            "contact": old.contact != new.contact,
        }
        found = tuple(kind for kind, is_so in differs.items() if is_so)
        return found or (("look",) if old.sha256 != new.sha256 else ())


@dataclass(frozen=True)
class Change:
    """One change, and the sheets that it is in.

    `known`: whether the words of then and now are, so that `lines` can show them.
    """

    kind: Kind
    pairs: tuple[Pair, ...]
    lines: tuple[Line, ...] = ()
    known: bool = True


def pairs(old: Printed, new: Printed) -> Iterator[Pair]:
    """Every sheet that is other than it was, in the order of their paths."""
    for path in sorted({*old.items, *new.items}):
        pair = Pair(old.items.get(path), new.items.get(path))
        if pair.kinds:
            yield pair


def changes(old: Printed, new: Printed) -> list[Change]:
    """All changes, the gravest first; what is the same change in many sheets is told once."""
    groups: dict[tuple[Kind, object], list[Pair]] = {}
    for pair in pairs(old, new):
        for kind in pair.kinds:
            groups.setdefault((kind, _same(kind, pair)), []).append(pair)
    found = [_change(kind, group, old, new) for (kind, _), group in groups.items()]
    return sorted(_merged(found), key=lambda change: KINDS.index(change.kind))


def _merged(found: Iterable[Change]) -> Iterator[Change]:
    """The changes, those of one sheet or clinic made one if the same sentences have changed."""
    same: dict[object, list[Change]] = {}
    for change in found:
        item = change.pairs[0].item
        of = (item.treatment, item.handout) if change.kind == "words" else item.clinic
        alike = change.kind in ("words", "contact") and change.lines
        key = (change.kind, of, item.language, change.lines) if alike else id(change)
        same.setdefault(key, []).append(change)
    for changes in same.values():
        yield replace(changes[0], pairs=tuple(pair for each in changes for pair in each.pairs))


def _same(kind: Kind, pair: Pair) -> object:
    """What two sheets must have in common to be told of together."""
    item = pair.item
    sheet = (item.treatment, item.handout, item.language)
    if kind == "words" and pair.old and pair.new:
        return sheet, pair.old.words, pair.new.words
    if kind == "standing" and pair.old and pair.new:
        return sheet, pair.old.state, pair.new.state
    if kind == "contact" and pair.old and pair.new:
        return item.clinic, item.language, pair.old.contact, pair.new.contact
    return item.clinic


def _change(kind: Kind, group: list[Pair], old: Printed, new: Printed) -> Change:
    first = group[0]
    if kind not in ("words", "contact") or not first.old or not first.new:
        return Change(kind, tuple(group))
    attribute = "words" if kind == "words" else "contact"
    before = old.transcripts.get(getattr(first.old, attribute))
    after = new.transcripts.get(getattr(first.new, attribute))
    if before is None or after is None:
        return Change(kind, tuple(group), known=False)
    return Change(kind, tuple(group), tuple(lines(before, after)))


def lines(old: Transcript, new: Transcript) -> Iterator[Line]:
    """Every place at which two transcripts differ, sentence by sentence."""
    before, after = list(_sentences(old)), list(_sentences(new))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what != "equal":
            gone, come = before[a:b], after[c:d]
            where = (come or gone)[0][0]
            yield Line(where, _texts(gone), _texts(come))


def _sentences(said: Transcript) -> Iterator[tuple[str, str]]:
    for where, text in said.lines:
        yield from ((where, sentence) for sentence in SENTENCE.split(text))


def _texts(sentences: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in sentences)

"""Whether a translation says what its original says, as far as a program can tell."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from handouts.entries import Entry, TreatmentFiles
from handouts.errors import Problem
from handouts.model import HOLE, NAMED, Block, Handout, Prose, Words, prose
from handouts.yamlfile import Document, Way

DIGITS = re.compile(r"[0-9]+")


def problems(files: TreatmentFiles) -> Iterator[Problem]:
    """What is not as in the original; a translation that is behind is left in peace."""
    written = Counter(at for (at, _), sheet in files.handouts.items() if not sheet.value.follows)
    for name in sorted({name for _, name in files.handouts}):
        sheets = {at: sheet for (at, other), sheet in files.handouts.items() if other == name}
        if HOLE in [sheet.value.follows for sheet in sheets.values()]:
            continue
        found = sorted(at for at, sheet in sheets.items() if not sheet.value.follows)
        originals = sorted(found, key=lambda at: -written[at])
        yield from _originals(name, originals, sheets, files)
        if len(originals) == 1:
            for at, sheet in sheets.items():
                if at not in originals:
                    yield from _sheet(sheet, sheets[originals[0]], originals[0])
    yield from _words(files)


def _words(files: TreatmentFiles) -> Iterator[Problem]:
    """The words that sheets share, held against those of the language with the originals."""
    originals = {
        name: at for (at, name), sheet in files.handouts.items() if not sheet.value.follows
    }
    language = next(iter(originals.values()), None)
    original = files.words.get(language or "")
    for at, words in files.words.items():
        sheets = [(name, sheet) for (by, name), sheet in files.handouts.items() if by == at]
        current = all(
            name in originals
            and sheet.value.follows == files.handouts[originals[name], name].value.version
            for name, sheet in sheets
        )
        if original and at not in originals.values() and current:
            yield from _shared(words, original)


def _originals(
    name: str, originals: list[str], sheets: dict[str, Entry[Handout]], files: TreatmentFiles
) -> Iterator[Problem]:
    for language in originals[1:]:
        first = f"{originals[0]}/{name}.yaml"
        message = f"{first} is an original too: add `follows: ...` with the version it translates"
        yield sheets[language].document.key_problem(("title",), message)
    if not originals and all(
        place in files.handouts for place in files.present if place[1] == name
    ):
        for sheet in sheets.values():
            message = "there is no original to follow: remove this line"
            yield sheet.document.key_problem(("follows",), message)


def _sheet(sheet: Entry[Handout], original: Entry[Handout], language: str) -> Iterator[Problem]:
    if sheet.value.follows != original.value.version:
        return
    ours, theirs = sheet.value.blocks, original.value.blocks
    if HOLE in (*ours, *theirs):
        return
    for index, (own, other) in enumerate(zip(ours, theirs, strict=False)):
        if difference := _difference(own, other):
            message = f"not as in the original ({language}): {difference}"
            yield sheet.document.problem(("blocks", index), message)
            return
    if len(ours) != len(theirs):
        message = f"has {len(ours)} blocks, the original ({language}) has {len(theirs)}"
        yield sheet.document.key_problem(("blocks",), f"{message}: add or remove blocks")
    yield from _names(sheet.document, sheet.value, original.value, language)


def _difference(own: Block, other: Block) -> str | None:
    """The first thing in which two blocks differ, besides their words."""
    if own.kind != other.kind:
        return f"must be a {other.kind} block, found {own.kind}"
    if own.id != other.id:
        return f"must have the id {other.id}, found {own.id}" if other.id else "must have no id"
    if own.sources != other.sources:
        return f"must have the sources [{', '.join(other.sources)}]"
    if own.open != other.open:
        return f"must have `open: {str(other.open).lower()}`"
    if bool(own.awaiting) != bool(other.awaiting):
        return "only one of the two is marked `awaiting`"
    found, wanted = _shape(own), _shape(other)
    return None if found == wanted else f"must hold {_told(wanted)}, found {_told(found)}"


def _shape(value: Any) -> Any:
    """All of a value but its words: how many there are, and where."""
    if isinstance(value, Prose) or value is HOLE:
        return ...
    if isinstance(value, Block):
        return {name: _shape(getattr(value, name)) for name in _fields(value)}
    if hasattr(type(value), "model_fields"):
        return {name: _shape(getattr(value, name)) for name in type(value).model_fields}
    return tuple(map(_shape, value)) if isinstance(value, tuple) else value


def _fields(block: Block) -> list[str]:
    return [name for name in type(block).model_fields if name not in Block.model_fields]


def _told(shape: dict[str, Any]) -> str:
    """How many there are of each list, and all that is no words."""
    told = [f"{len(part)} in {name}" for name, part in shape.items() if isinstance(part, tuple)]
    told += [
        f"`{name}: {part}`"
        for name, part in shape.items()
        if not isinstance(part, tuple) and part is not ...
    ]
    return ", ".join(told)


def _names(document: Document, own: Handout, other: Handout, language: str) -> Iterator[Problem]:
    """Prose that does not name the same figures and settings, or not the same numbers."""
    wanted = dict(prose(other))
    for way, text in prose(own):
        if way in wanted:
            yield from _numbers(document, way, text, wanted[way], language)


def _shared(own: Entry[Words], other: Entry[Words]) -> Iterator[Problem]:
    for key in ("call_us", "emergency"):
        ours, theirs = getattr(own.value.calls, key), getattr(other.value.calls, key)
        if HOLE not in (ours, theirs) and len(ours) != len(theirs):
            message = f"has {len(ours)} warning signs, the original has {len(theirs)}"
            yield own.document.problem(("calls", key), f"{key} {message}")
    wanted = dict(prose(other.value))
    for way, text in prose(own.value):
        if way in wanted:
            yield from _numbers(own.document, way, text, wanted[way], "")


def _numbers(
    document: Document, way: Way, own: Prose, other: Prose, language: str
) -> Iterator[Problem]:
    original = f"the original ({language})" if language else "the original"
    names, wanted = set(NAMED.findall(own)), set(NAMED.findall(other))
    if missing := sorted(wanted - names):
        yield document.problem(way, f"lacks {{{missing[0]}}}, which {original} has: add it")
    if extra := sorted(names - wanted):
        yield document.problem(way, f"has {{{extra[0]}}}, which {original} has not: remove it")
    digits, meant = sorted(DIGITS.findall(own)), sorted(DIGITS.findall(other))
    if digits != meant:
        found, expected = ", ".join(digits) or "none", ", ".join(meant) or "none"
        message = f"numbers must be those of {original} ({expected}), found {found}"
        yield document.problem(way, message)

"""Packs and their faults in words and as data."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from handouts import color
from handouts.packs import Fault, Pack, percent

FEW = 3
"""How many texts of a page, and PDFs with the same fault, are named."""


def lines(packs: Iterable[Pack]) -> Iterator[str]:
    """A table for each clinic."""
    for clinic, part in groupby(packs, lambda pack: pack.clinic):
        yield clinic
        rows = [HEAD, *map(_row, part)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  " + "  ".join(map(_aligned, row, widths, LEFT)).rstrip()


HEAD = (
    *("language", "format", "handouts", "pages", "paper", "ink", "fullest", "in grey", "fullest"),
    *("smallest text", "least contrast", "edge"),
)
LEFT = (True, True, *[False] * (len(HEAD) - 2))


def _aligned(cell: str, width: int, left: bool) -> str:
    return cell.ljust(width) if left else cell.rjust(width)


def _row(pack: Pack) -> tuple[str, ...]:
    small, pale = pack.smallest_text, pack.least_contrast
    return (
        pack.language,
        pack.format,
        *(str(count) for count in (pack.handouts, pack.pages, pack.sheets)),
        *(percent(share) for share in (pack.ink.color, pack.fullest.color)),
        *(percent(share) for share in (pack.ink.mono, pack.fullest.mono)),
        "-" if small is None else f"{small:.1f} pt",
        "-" if pale is None else f"{color.floored(pale):.1f}",
        f"{pack.edge:.1f} mm",
    )


def told(faults: Iterable[Fault]) -> Iterator[str]:
    """Each fault once, with the PDFs and pages that have it."""
    held: dict[tuple[str, tuple[str, ...]], dict[str, list[int]]] = {}
    for fault in faults:
        where = held.setdefault((fault.said, fault.words), {})
        where.setdefault(fault.path, []).append(fault.page)
    for (said, words), where in held.items():
        yield said + (f": {_named(words)}" if words else "")
        for path, pages in list(where.items())[:FEW]:
            yield f"    {path}: {_numbered(pages)}"
        if len(where) > FEW:
            yield f"    and {len(where) - FEW} PDFs more"


def _numbered(pages: list[int]) -> str:
    """The numbers, those that follow each other as from the first to the last."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][-1] + 1:
            spans[-1].append(page)
        else:
            spans.append([page])
    shown = (f"{span[0]}-{span[-1]}" if span[1:] else str(span[0]) for span in spans)
    return f"page{'s' * (len(pages) > 1)} {', '.join(shown)}"


def _named(words: tuple[str, ...]) -> str:
    named = ", ".join(f"“{each}”" for each in words[:FEW])
    return named if len(words) <= FEW else f"{named} and {len(words) - FEW} more"


def summary(packs: list[Pack], faults: list[Fault]) -> str:
    problems = f"{len(faults) or 'no'} problem{'s' * (len(faults) != 1)}"
    handouts, pages, sheets = (
        sum(getattr(pack, name) for pack in packs) for name in ("handouts", "pages", "sheets")
    )
    return f"{problems}: {handouts} handouts, {pages} pages, {sheets} sheets of paper"


def as_data(packs: Iterable[Pack], faults: Iterable[Fault]) -> dict[str, Any]:
    """What `lines` and `told` say, for programs: shares from 0 to 1, and every fault."""
    return {
        "packs": [asdict(pack) for pack in packs],
        "faults": [asdict(fault) for fault in faults],
    }

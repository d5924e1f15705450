"""The reprint report: what a front desk has to throw away and print again, in words."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from handouts.changes import TO_SHRED, Change, Pair
from handouts.manifest import Item

FEW = 4
"""How many clinics are named of those that one change is for."""

WHAT = {
    "words": "words changed",
    "standing": "approval changed",
    "contact": "how to reach the clinic changed",
    "withdrawn": "withdrawn",
    "new": "new",
    "look": "only the look changed",
}


def told(changes: list[Change]) -> Iterator[str]:
    """Each change, with the sentences of then (-) and now (+)."""
    for change in changes:
        yield f"{heading(change)}: {WHAT[change.kind]}{_figures(change)}"
        if not change.known:
            yield "  (what it said then is not at hand)"
        where = ""
        for line in change.lines:
            if line.where not in ("", where):
                yield f"  {line.where}:"
            where = line.where
            yield from (f"  - {text}" for text in line.old)
            yield from (f"  + {text}" for text in line.new)


def heading(change: Change) -> str:
    """What the change is in: a sheet of some clinics, or some sheets of a clinic."""
    item, number = change.pairs[0].item, len(change.pairs)
    if change.kind in ("words", "standing"):
        clinics = list(dict.fromkeys(pair.item.clinic for pair in change.pairs))
        shown = ", ".join(clinics[:FEW])
        more = f" and {len(clinics) - FEW} more" if len(clinics) > FEW else ""
        return f"{item.treatment}/{item.handout} {item.language} ({shown}{more})"
    return f"{item.clinic} ({number} sheet{'s' * (number != 1)})"


def _figures(change: Change) -> str:
    """Version, state and number of pages, where they are others, or the version is not."""
    old, new = change.pairs[0].old, change.pairs[0].new
    if change.kind not in ("words", "standing") or not old or not new:
        return ""
    differs = [
        (what, then, now)
        for what, then, now in (
            ("version", old.version, new.version),
            ("", old.state, new.state),
            ("pages", str(old.pages), str(new.pages)),
        )
        if then != now
    ]
    same = f", version {new.version} on both" if old.version == new.version else ""
    shown = (f", {what} {then} → {now}".replace("  ", " ") for what, then, now in differs)
    return "".join([*shown, same if change.kind == "words" else ""])


def summary(pairs: list[Pair]) -> str:
    """How many sheets are to be shredded, how many have only another look, and so on."""
    first = Counter(pair.kinds[0] for pair in pairs)
    shred = sum(any(kind in TO_SHRED for kind in pair.kinds) for pair in pairs)
    return f"{shred} to shred, {first['look']} with another look only, {first['new']} new"


def as_data(changes: list[Change]) -> list[dict[str, Any]]:
    return [
        {
            "kind": change.kind,
            "sheets": [
                {
                    "path": pair.item.path,
                    "title": pair.item.title,
                    "clinic": pair.item.clinic,
                    "old": _state(pair.old),
                    "new": _state(pair.new),
                }
                for pair in change.pairs
            ],
            "known": change.known,
            "lines": [vars(line) for line in change.lines],
        }
        for change in changes
    ]


def _state(item: Item | None) -> dict[str, Any] | None:
    keys = ("version", "state", "pages", "sha256")
    return {key: getattr(item, key) for key in keys} if item else None

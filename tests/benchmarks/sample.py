"""Editions to try others' ways on: some of every sheet, of clinics drawn by lot."""

import random
from pathlib import Path

from handouts.load import load
from handouts.plan import Edition, Selection, plan

SEED = 1
EVERYTHING = Selection()


def sample(root: Path, each: int, selection: Selection = EVERYTHING) -> list[Edition]:
    """Up to `each` editions of every handout in every language; always the same ones."""
    lot = random.Random(SEED)  # noqa: S311  the same each time
    sheets: dict[tuple[str, str], list[Edition]] = {}
    for edition in plan(load(root), selection).editions:
        sheets.setdefault((edition.handout, edition.body.language), []).append(edition)
    return [
        edition
        for editions in sheets.values()
        for edition in lot.sample(editions, min(each, len(editions)))
    ]

"""Leaflets written to be bad, by somebody who did not know the rules, do not pass.

Each file in `bad_leaflets/` lists the words in it that should not be there. 01 to 10 were seen
when the lists of words were last mended; 11 to 20 were not, and show what the rules find in
text that nobody tuned them to.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handouts.check import check
from handouts.errors import Problem
from handouts.load import load_with_places
from tests.small import EN

Make = Callable[..., Path]
LEAFLETS = sorted((Path(__file__).parent / "bad_leaflets").glob("*.yaml"))
UNSEEN = LEAFLETS[10:]
PLANTED = re.compile(r"^#! (.*?) \| ", re.MULTILINE)


def problems(leaflet: Path, library: Make) -> list[Problem]:
    path = f"{EN}/bad.yaml"
    loaded, documents = load_with_places(library({path: leaflet.read_text(encoding="utf-8")}))
    assert loaded.problems == ()
    found = check(loaded, documents, date(2026, 11, 21)).problems
    return [problem for problem in found if problem.path == path]


def named(leaflet: Path, found: list[Problem]) -> tuple[int, int]:
    """How many of the planted words some problem quotes, and how many there are."""
    quoted = [quote.lower() for each in found for quote in re.findall("“([^”]+)”", each.message)]
    planted = PLANTED.findall(leaflet.read_text(encoding="utf-8"))
    hit = [
        words for words in planted if any(q in words.lower() or words.lower() in q for q in quoted)
    ]
    return len(hit), len(planted)


@pytest.mark.parametrize("leaflet", LEAFLETS, ids=lambda leaflet: leaflet.stem)
def test_a_bad_leaflet_does_not_pass(leaflet: Path, library: Make) -> None:
    found = problems(leaflet, library)
    errors = [problem for problem in found if not problem.warning]
    assert len({problem.rule for problem in errors}) >= 4
    assert named(leaflet, found)[0] >= 2


def test_the_leaflets_are_many_and_say_what_is_wrong_with_them() -> None:
    assert len(LEAFLETS) >= 20
    for leaflet in LEAFLETS:
        assert len(PLANTED.findall(leaflet.read_text(encoding="utf-8"))) >= 6


def test_much_is_named_of_what_nobody_tuned_the_rules_to(library: Make) -> None:
    counts = [named(leaflet, problems(leaflet, library)) for leaflet in UNSEEN]
    hit, planted = map(sum, zip(*counts, strict=True))
    assert hit / planted > 0.4, f"{hit} of {planted}"

"""A translation has the structure, the names and the numbers of the version that it follows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handouts.check import check
from handouts.load import load, load_with_places
from handouts.plan import plan
from tests.small import EN, FILES, R, T
from tests.test_standing import ES as SPANISH

Make = Callable[..., Path]
RISKS, WORDS = f"{T}/es/risks.yaml", f"{T}/es/_words.yaml"


def spoilt(path: str, old: str, new: str) -> dict[str, str]:
    before = str(SPANISH[path])
    assert before.count(old) >= 1, (path, old)
    return {**{name: str(text) for name, text in SPANISH.items()}, path: before.replace(old, new)}


CASES = [
    (RISKS, "  - risk_table: some\n", "", "must hold `risk_table: some`", 17),
    (RISKS, "      - None takes long.\n", "", "", 0),
    (RISKS, "    sources: [tiny-review]\n", "", "must have the sources [tiny-review]", 10),
    (RISKS, "{sessions} sess", "some sess", "lacks {sessions}, which the original (en) has", 0),
    (RISKS, "A little.", "A little, {price}.", "has {price}, which the original (en) has not", 0),
    (RISKS, "A little.", "A little, for 5 days.", "numbers must be those of the original (en)", 0),
    (RISKS, "      - question: Does it hurt?\n        answer: A little.\n",
     "      - question: Does it hurt?\n        answer: A little.\n"
     "      - question: Again?\n        answer: No.\n", "must hold 1 in questions, found 2", 0),
    (RISKS, "follows: 1.0\n", "", "is an original too: add `follows: ...`", 1),
    (WORDS, "    - Blisters\n", "    - Blisters\n    - Pus\n", "has 2 warning signs", 0),
    (WORDS, "Wait {wash_hours} hours.", "Wait.", "lacks {wash_hours}", 0),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[3] for case in CASES])
def test_what_differs_from_the_original_is_said(
    case: tuple[str, str, str, str, int], library: Make
) -> None:
    path, old, new, says, line = case
    problems = load(library(spoilt(path, old, new))).problems
    if not says:
        assert problems == ()
        return
    assert says in problems[0].message
    assert problems[0].path == path
    assert line in (0, problems[0].line)


def test_a_translation_that_is_behind_is_built_and_said_to_be_so(library: Make) -> None:
    """Its original has gone on: a new block there must not stop the old sheet."""
    english = str(FILES[f"{EN}/risks.yaml"]).replace("version: 1.0", "version: 2.0")
    english = english.replace("  - references", "  - sources: []\n    text: New.\n  - references")
    library_, documents = load_with_places(library({**SPANISH, f"{EN}/risks.yaml": english}))
    assert library_.problems == ()
    found = check(library_, documents, date(2026, 11, 21)).problems
    (said,) = (problem for problem in found if problem.rule == "translation")
    assert (said.path, said.line, said.warning) == (RISKS, 4, True)
    assert "follows version 1.0, the original (en) is now 2.0" in said.message
    (spanish,) = (each for each in plan(library_).editions if each.body.language == "es")
    assert spanish.standing.behind


def test_a_leaflet_that_is_not_translated_is_listed_in_its_own_language(library: Make) -> None:
    consent = str(FILES[f"{EN}/consent.yaml"]).replace("1.1\n", "1.1\nfollows: 1.1\n")
    found = plan(load(library({**SPANISH, f"{T}/es/consent.yaml": consent})))
    (body,) = (
        each.body
        for each in found.editions
        if (each.body.language, each.handout) == ("es", "consent")
    )
    assert [leaflet.code for leaflet in body.leaflets] == ["TT-RISKS-ES", "TT-AFTERCARE-EN"]


def test_words_said_in_one_of_two_languages_are_noticed(library: Make) -> None:
    own = (
        "- {sheet: tiny/risks, language: en, block: extra, reason: Ours, "
        "add: [{text: Ours., sources: []}]}\n"
    )
    files = {name: str(text) for name, text in SPANISH.items()}
    english = str(FILES[f"{EN}/risks.yaml"])
    for path, sheet in ((f"{EN}/risks.yaml", english), (RISKS, files[RISKS])):
        files[path] = sheet.replace("  - risk_table: some", "  - risk_table: some\n    id: extra")
    library_, documents = load_with_places(library({**files, f"{R}/wording.yaml": own}))
    assert library_.problems == ()
    found = check(library_, documents, date(2026, 11, 21)).problems
    (said,) = (problem for problem in found if problem.rule == "wording")
    assert "is not said in es" in said.message

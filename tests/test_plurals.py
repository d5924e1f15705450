"""A word takes the form that goes with its number, in every language and every clinic."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from babel import Locale

from handouts import plurals
from handouts.load import load
from handouts.markup import paragraphs
from handouts.model import Flow, prose
from handouts.plan import Selection, plan
from tests.small import EN, FILES, H, R, T

Make = Callable[..., Path]
ROOT = Path(__file__).parents[1]
RISKS = f"{EN}/risks.yaml"
SAID = "You will have {sessions} sessions."
FORMS = "You will have {sessions|one=just @ session|other=@ sessions}."


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {1: "one", 2: "other", 11: "other"}),
        ("es", {1: "one", 2: "other"}),
        ("ar", {1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other"}),
        ("pl", {1: "one", 2: "few", 5: "many", 22: "few"}),
        ("cy", {1: "one", 2: "two", 3: "few", 6: "many", 7: "other"}),
        ("ja", {1: "other"}),
        ("pt-BR", {1: "one", 2: "other"}),
        ("hmn", {1: "one", 2: "other"}),
    ],
)
def test_the_rules_are_those_of_the_language(language: str, forms: dict[int, str]) -> None:
    assert {number: plurals.category(number, language) for number in forms} == forms


@pytest.mark.parametrize("language", plurals.QUICK)
def test_what_is_told_without_babel_is_what_babel_tells(language: str) -> None:
    rule = Locale.parse(language).plural_form
    numbers = [*range(250), 999, 1000, 1002, 1_000_000, 2_000_000]
    assert [plurals.category(each, language) for each in numbers] == [*map(rule, numbers)]


def test_a_range_takes_the_form_of_its_end() -> None:
    assert plurals.category((4, 6), "ar") == "few"
    assert plurals.category((4, 11), "ar") == "many"


def changed(path: str, old: str, new: str) -> dict[str, str]:
    assert str(FILES[path]).count(old) == 1
    return {path: str(FILES[path]).replace(old, new)}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("sessions: 1", "You will have just 1 session."),
        ("sessions: 4", "You will have 4 sessions."),
        ("sessions: [1, 2]", "You will have 1 to 2 sessions."),
    ],
)
def test_prose_takes_the_form_of_a_clinics_number(setting: str, said: str, library: Make) -> None:
    files = {**changed(RISKS, SAID, FORMS), **changed(f"{H}/clinic.yaml", "sessions: 4", setting)}
    loaded = load(library(files))
    assert loaded.problems == ()
    (edition,) = plan(loaded, Selection(clinics=("harbor",), handouts=("risks",))).editions
    texts = [text for _, text in prose(edition.body.blocks)]
    assert said in paragraphs(Flow(texts[1]))


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        (
            "{sessions|other=@ sessions}",
            f"{RISKS}:10:21: `{{sessions|...}}` has no form `one`, which harbor needs for 1: "
            "add `|one=...`",
        ),
        (
            "{sessions|one=@ session}",
            f"{RISKS}:10:21: `{{sessions|...}}`: has no form `other`: add `|other=...`, for all "
            "numbers that have none of their own",
        ),
        (
            "{sessions|one=@|once=@|other=@}",
            f"{RISKS}:10:21: `{{sessions|...}}`: 'once' is no form of a word: there are zero, one, "
            "two, few, many, other, such as `one=...`",
        ),
    ],
)
def test_a_form_that_is_needed_and_not_there_is_named(forms: str, said: str, library: Make) -> None:
    files = {
        **changed(RISKS, SAID, f"You will have {forms}."),
        **changed(f"{H}/clinic.yaml", "sessions: 4", "sessions: 1"),
    }
    assert [str(problem) for problem in load(library(files)).problems] == [said]


@pytest.mark.parametrize(
    ("cases", "said"),
    [(1, "1 person reported in medical journals"), (2, "2 people reported in medical journals")],
)
def test_cases_are_counted_in_the_right_words(cases: int, said: str, library: Make) -> None:
    loaded = load(library(changed(f"{T}/facts.yaml", "cases: 2", f"cases: {cases}")))
    assert loaded.problems == ()
    (edition,) = plan(loaded, Selection(clinics=("rosewater",), handouts=("risks",))).editions
    assert said in [row.evidence for row in edition.body.risks]


SHIPPED = {
    ("en", 1): "You may need 1 session. The time between them is 1 week.",
    ("en", 2): "You may need 2 sessions. The time between them is 2 weeks.",
    ("es", 1): "Puede que necesite 1 sesión. Entre una y otra pasa 1 semana.",
    ("es", 3): "Puede que necesite 3 sesiones. Entre una y otra pasan 3 semanas.",
    ("ar", 1): "قد يلزمك جلسة واحدة. الفاصل بين الجلسات أسبوع واحد.",
    ("ar", 2): "قد يلزمك جلستان. الفاصل بين الجلسات أسبوعان.",
    ("ar", 6): "قد يلزمك 6 جلسات. الفاصل بين الجلسات 6 أسابيع.",
    ("ar", 11): "قد يلزمك 11 جلسة. الفاصل بين الجلسات 11 أسبوعا.",
}
CLINICS = {"en": "rosewater", "es": "juniper-bay", "ar": "al-noor"}


@pytest.mark.parametrize(("language", "number"), SHIPPED)
def test_the_shipped_sheets_have_every_form(language: str, number: int, tmp_path: Path) -> None:
    copytree(ROOT / "data", tmp_path / "data")
    path = tmp_path / f"data/clinics/{CLINICS[language]}/clinic.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for name in ("sessions", "weeks_between"):
        lines = [f"    {name}: {number}" if f"    {name}:" in line else line for line in lines]
    path.write_text("\n".join(lines), encoding="utf-8")
    loaded = load(tmp_path)
    assert loaded.problems == ()
    wanted = Selection((CLINICS[language],), handouts=("consent",), languages=(language,))
    edition = plan(loaded, wanted).editions[0]
    said = [line for _, text in prose(edition.body.blocks) for line in paragraphs(text, language)]
    assert any(line.startswith(SHIPPED[language, number]) for line in said)


def test_a_setting_stands_alone_in_a_clinics_words_too(library: Make) -> None:
    own = (
        "- {sheet: tiny/consent, language: en, block: agree, reason: Ours,\n"
        "   add: [{text: 'We plan {sessions|one=@ visit}.', sources: []}]}\n"
    )
    (problem,) = load(library({f"{R}/wording.yaml": own})).problems
    assert "has no form `other`" in problem.message

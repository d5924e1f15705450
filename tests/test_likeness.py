"""Clinics differ in names and numbers; languages agree on times and prices."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handouts.check import check
from handouts.likeness import SAMPLES, other_numbers, same_clinic
from handouts.load import load, load_with_places
from handouts.model import Clinic, Local
from tests.small import FILES, H, R

Make = Callable[..., Path]
ROOT = Path(__file__).parents[1]
CLINIC = f"{R}/clinic.yaml"


def said(root: Path) -> list[str]:
    library, documents = load_with_places(root)
    problems = check(library, documents, date(2026, 11, 21)).problems
    assert all(problem.warning for problem in problems)
    return [str(problem) for problem in problems]


def test_clinics_with_one_name_or_number_are_warned_of(library: Make) -> None:
    twin = {path.replace(H, "data/clinics/twin"): text for path, text in FILES.items() if H in path}
    found = said(library(twin))
    harbor, other = f"{H}/clinic.yaml", "data/clinics/twin/clinic.yaml"
    assert f"{harbor}:1:7: Harbor Skin is the name of twin too: write the clinic's own" in found
    assert f"{other}:1:7: Harbor Skin is the name of harbor too: write the clinic's own" in found
    assert (
        f"{other}:4:13: (207) 555-0100 is a number of harbor too: write the clinic's own" in found
    )
    assert len(found) == 6


def test_a_sample_that_is_left_unedited_is_warned_of(library: Make) -> None:
    text = str(FILES[CLINIC]).replace("Rosewater Clinic", "juniper bay  Dermatology")
    text = text.replace("020 7946 0000", "020 7946 0711")
    assert said(library({CLINIC: text})) == [
        f"{CLINIC}:1:7: juniper bay  Dermatology is the name of juniper-bay too, a clinic that "
        "comes with the program: write the clinic's own",
        f"{CLINIC}:5:8: 020 7946 0711 is a number of al-noor too: write the clinic's own",
    ]


def test_the_samples_are_those_that_come_with_the_program() -> None:
    library, documents = load_with_places(ROOT)
    assert {key: name for key, (name, _) in SAMPLES.items()} == {
        key: clinic.contact.name for key, clinic in library.clinics.items()
    }
    for key, clinic in library.clinics.items():
        stranger: Clinic = clinic.__class__(**{**clinic.__dict__, "id": "other"})
        document = documents[f"data/clinics/{key}/clinic.yaml"]
        assert len(list(same_clinic(stranger, {}, document))) == 1 + len(clinic.contact.phone)
        assert list(other_numbers(clinic, document)) == []


@pytest.mark.parametrize(
    ("english", "arabic", "differs"),
    [
        ("10 am to 7 pm", "من 10 صباحا إلى 7 مساء", False),
        ("10 am to 7 pm", "من ١٠ صباحا إلى ٧ مساء", False),
        ("10 am to 7 pm", "10:00 - 19:00", False),
        ("8:30 am to 5 pm", "8.30 - 17h00", False),
        ("10 am to 7 pm", "من 10 صباحا إلى 8 مساء", True),
        ("10 am to 7 pm", "كل يوم", True),
        ("9:30 to 5", "9 - 5", True),
    ],
)
def test_hours_have_the_same_times_in_all_languages(
    english: str, arabic: str, differs: bool, library: Make
) -> None:
    assert bool(numbers(library, "hours", english, arabic)) is differs


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("£1,200", "1.200 £", False), ("1.5 mm", "1,5 mm", False), ("$795", "$795", False),
        ("$795", "$759", True), ("up to 1.5 mm", "up to 15 mm", True), ("£19", "£7", True),
    ],
)  # fmt: skip
def test_settings_have_the_same_numbers_in_all_languages(
    one: str, other: str, differs: bool, library: Make
) -> None:
    assert bool(numbers(library, "price", one, other)) is differs


def numbers(library: Make, key: str, one: str, other: str) -> list[str]:
    """What is said of a value in two languages."""
    loaded, documents = load_with_places(library())
    clinic = loaded.clinics["rosewater"]
    value = Local(root={"en": one, "ar": other})
    given = {"hours": value} if key == "hours" else {"treatments": {"tiny": {key: value}}}
    contact = clinic.contact.model_copy(update=given)
    changed = clinic.__class__(**{**clinic.__dict__, "contact": contact})
    return [str(problem) for problem in other_numbers(changed, documents[CLINIC])]


def test_what_differs_is_told_with_both_numbers(library: Make) -> None:
    (told,) = numbers(library, "price", "£120", "£210")
    assert told.endswith(": ar has the numbers 210, and en has 120: mend one")
    assert load(library()).problems == ()

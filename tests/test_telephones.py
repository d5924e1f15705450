"""Numbers that patients can dial are taken as they are typed; others are told apart from them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handouts.check import check
from handouts.errors import Problem
from handouts.load import load_with_places
from tests.small import FILES, R, real

Make = Callable[..., Path]
CLINIC = f"{R}/clinic.yaml"
REAL = real(str(FILES[CLINIC]))


def found(root: Path) -> list[Problem]:
    library, documents = load_with_places(root)
    problems = (*library.problems, *check(library, documents, date(2026, 11, 21)).problems)
    return sorted(problem for problem in problems if problem.path == CLINIC)


def clinic(country: str, emergency: str, phone: str, late: str = "") -> dict[str, str]:
    """The file of a clinic that can be reached by these numbers."""
    changes = {
        "country: GB": f"country: {country}",
        '"111"': f'"{late or phone}"',
        '"999"': f'"{emergency}"',
        "phone: 020 7946 0000  # allow phone-number: it is only tried here": f'phone: "{phone}"',
    }
    text = REAL
    for old, new in changes.items():
        text = text.replace(old, new, 1)
    return {CLINIC: text}


EMERGENCY = {
    "AT": "144", "AU": "000", "BE": "112", "CA": "911", "CH": "144", "DE": "112", "DK": "112",
    "ES": "112", "FR": "15", "GB": "999", "IE": "112", "NO": "113", "NZ": "111", "SE": "112",
    "US": "911",
}  # fmt: skip


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("AU", "13 43 25"), ("AU", "1300 975 707"), ("AU", "1800 975 707"), ("GB", "111"),
        ("GB", "116 123"), ("DE", "116117"), ("DE", "116 117"), ("AT", "1450"),
        ("BE", "1733"), ("DK", "1813"), ("SE", "1177"), ("NO", "116117"), ("FR", "3114"),
        ("US", "988"), ("CA", "811"), ("NZ", "0800 611 116"), ("ES", "061"),
    ],
)  # fmt: skip
def test_numbers_that_can_be_dialled_are_taken(country: str, number: str, library: Make) -> None:
    assert found(library(clinic(country, EMERGENCY[country], number))) == []


@pytest.mark.parametrize(
    "number",
    [
        "020 7946 0123", "020 7946 0123 ext. 4", "020 7946 0123 x4", "020 7946 0123 #4",
        "+44 20 7946 0123", "+44 (0)20 7946 0123 extension 12", "0117 496 0123", "0808 157 0123",
    ],
)  # fmt: skip
def test_a_number_is_taken_as_it_is_typed(number: str, library: Make) -> None:
    text = str(FILES[CLINIC]).replace("phone: 020 7946 0000", f'phone: "{number}"')
    root = library({CLINIC: text})
    assert found(root) == []
    library_, _ = load_with_places(root)
    assert library_.clinics["rosewater"].contact.phone[0].number == number


@pytest.mark.parametrize(
    ("country", "number", "says"),
    [
        ("GB", "0999", "0999 is no short number of GB"),
        ("GB", "00999", "00999 is no short number of GB"),
        ("GB", "0111", "0111 is no short number of GB"),
        ("FR", "015", "015 is no short number of FR"),
        ("GB", "12", "12 is no short number of GB"),
        ("GB", "118 118", "118 118 is a number for directory enquiries"),
        ("GB", "123", "123 is a number for the time"),
        ("GB", "1571", "1571 is a number for the time, directory enquiries or the telephone"),
        ("DE", "11833", "11833 is a number for directory enquiries"),
        ("US", "411", "411 is a number for directory enquiries"),
        ("US", "611", "611 is a number for directory enquiries or the telephone company"),
        ("AU", "1194", "1194 is a number for the time"),
        ("AU", "12455", "12455 is a number for the time, the weather or directory enquiries"),
        ("NZ", "018", "018 is a number for the operator"),
        ("FR", "3237", "3237 costs patients extra"),
        ("GB", "0871 234 1234", "0871 234 1234 costs patients extra"),
        ("AU", "1900 654 321", "1900 654 321 costs patients extra"),
        ("GB", "020 7946 01", "020 7946 01 is no phone number of GB"),
        ("GB", "000 0000 0000", "000 0000 0000 is a placeholder"),
        ("GB", "0123 456 7890", "0123 456 7890 is a placeholder"),
        ("GB", "020 7946 0301", "020 7946 0301 is kept for stories and films"),
        ("FR", "01 99 00 12 34", "01 99 00 12 34 is kept for stories and films"),
    ],
)
def test_numbers_that_patients_cannot_or_should_not_dial(
    country: str, number: str, says: str, library: Make
) -> None:
    problems = found(library(clinic(country, EMERGENCY[country], number)))
    assert [problem.rule for problem in problems] == ["phone-number"] * 2
    assert all(problem.message.startswith(says) for problem in problems)


def test_the_emergency_number_is_none_of_the_clinics(library: Make) -> None:
    """And no reason makes it one: the problem is not of the rule that can be allowed."""
    (problem,) = found(library(clinic("GB", "999", "111", "999")))
    assert (problem.rule, problem.warning) == ("emergency-number", False)
    assert problem.message == "999 is the emergency number: give one of the clinic's"


def test_a_short_number_that_no_table_knows_is_doubted(library: Make) -> None:
    problems = found(library(clinic("IT", "112", "1515")))
    assert {problem.warning for problem in problems} == {True}
    assert "no table says what it costs" in problems[0].message


def test_an_extension_that_counts_as_a_comment_is_missed(library: Make) -> None:
    text = str(FILES[CLINIC]).replace("phone: 020 7946 0000", "phone: 020 7946 0123 #4")
    (problem,) = found(library({CLINIC: text}))
    assert problem.message == (
        "020 7946 0123 `#4` counts as a comment: put all of the number in quotes"
    )


@pytest.mark.parametrize("country", ["FR", "NO"])
def test_an_emergency_number_can_have_two_digits(country: str, library: Make) -> None:
    emergency = {"FR": "17", "NO": "113"}[country]
    assert found(library(clinic(country, emergency, {"FR": "3114", "NO": "116117"}[country]))) == []


def test_a_slip_of_the_country_is_said_once(library: Make) -> None:
    (problem,) = found(library(clinic("UK", "999", "111")))
    assert problem.message == "UK is no country: write GB"


def test_an_invented_clinic_has_nothing_that_is_somebodys(library: Make) -> None:
    text = str(FILES[CLINIC]).replace("rosewater.example\nlang", "rosewater-skin.co.uk\nlang")
    (problem,) = found(library({CLINIC: text}))
    assert problem.rule == "fictional"
    assert problem.message == (
        "says the clinic is invented, but rosewater-skin.co.uk can be somebody's: take this line "
        "out of a real clinic's file, or use what is kept for stories"
    )

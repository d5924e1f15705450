"""Rules for what should differ between clinics, and for what should not between languages."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from handouts import telephones
from handouts.errors import Problem
from handouts.model import Clinic, Local
from handouts.yamlfile import Document, Way

SAMPLES = {
    "al-noor": (
        "Al Noor Centre for Dermatology, Laser and Aesthetic Medicine",
        ("02079460711", "02079460712", "02079460713"),
    ),
    "juniper-bay": ("Juniper Bay Dermatology", ("5035550142", "5035550143")),
    "rosewater": ("Rosewater Skin Clinic", ("02079460181", "02079460182")),
}
"""The clinics that come with the program: their names, and the digits of their numbers."""


def same_clinic(clinic: Clinic, others: dict[str, Clinic], document: Document) -> Iterator[Problem]:
    """What a clinic has in common with another, or with a sample: was a copy left unedited?"""
    known = {
        **{key: (name, numbers) for key, (name, numbers) in SAMPLES.items() if key not in others},
        **{key: (other.contact.name, _digits(other)) for key, other in others.items()},
    }
    shared = {SAMPLES[key][0] for key in SAMPLES if key != clinic.id}
    for key, (name, _) in sorted(known.items()):
        if key != clinic.id and _even(name) == _even(clinic.contact.name):
            sample = ", a clinic that comes with the program" if name in shared else ""
            message = f"is the name of {key} too{sample}: write the clinic's own"
            yield _warning(document, ("name",), f"{clinic.contact.name} {message}")
            break
    for way, number in _numbers(clinic):
        digits = re.sub(r"\D", "", number)
        for key, (_, numbers) in sorted(known.items()):
            if key != clinic.id and digits in numbers:
                message = f"{number} is a number of {key} too: write the clinic's own"
                yield _warning(document, way, message)
                break


def _warning(document: Document, way: Way, message: str, rule: str = "same-clinic") -> Problem:
    return Problem(document.path, *document.place(way), message, rule, warning=True)


def _numbers(clinic: Clinic) -> Iterator[tuple[Way, str]]:
    """The clinic's telephones; short numbers are everybody's."""
    for index, line in enumerate(clinic.contact.phone):
        if not telephones.is_short(line.number):
            yield ("phone", index, "number"), line.number


def _digits(clinic: Clinic) -> tuple[str, ...]:
    return tuple(re.sub(r"\D", "", number) for _, number in _numbers(clinic))


def _even(name: str) -> str:
    return " ".join(name.casefold().split())


def other_numbers(clinic: Clinic, document: Document) -> Iterator[Problem]:
    """What a clinic says in several languages, where not all of them have the same numbers."""
    contact = clinic.contact
    said: list[tuple[Way, object, bool]] = [
        (("hours",), contact.hours, True),
        (("out_of_hours", "when"), contact.out_of_hours.when, True),
        (("record_number",), contact.record_number, False),
    ]
    said += [(("phone", at, "label"), line.label, False) for at, line in enumerate(contact.phone)]
    for treatment, settings in contact.treatments.items():
        said += [
            (("treatments", treatment, name), value, False) for name, value in settings.items()
        ]
    for way, value, times in said:
        if isinstance(value, Local) and len(value.root) > 1:
            yield from _differing(document, way, value, times=times)


def _differing(document: Document, way: Way, value: Local, *, times: bool) -> Iterator[Problem]:
    (first, text), *others = value.root.items()
    wanted = _figures(text)
    for language, other in others:
        found = _figures(other)
        if found != wanted and not (times and _by_twelve(found) == _by_twelve(wanted)):
            message = f"has the numbers {_listed(found)}, and {first} has {_listed(wanted)}"
            yield _warning(
                document, (*way, language), f"{language} {message}: mend one", "other-numbers"
            )


def _figures(text: str) -> Counter[str]:
    """The numbers of a text, whatever digits and separators they are written with."""
    plain = "".join(
        str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each
        for each in text
    ).translate(str.maketrans("٫٬", ".,"))
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f,.](?=\d{3}(?!\d))", "", plain)
    return Counter(re.sub("[,:h]", ".", found) for found in NUMBER.findall(plain))


NUMBER = re.compile(r"\d+(?:[.,:h]\d+)*")


def _by_twelve(figures: Counter[str]) -> Counter[str]:
    """Times as a clock of twelve hours shows them; whole hours without their minutes."""
    shown: Counter[str] = Counter()
    for figure, times in figures.items():
        hour, _, minutes = figure.partition(".")
        late = int(hour) % 12 or 12
        shown[f"{late}.{minutes}" if minutes.strip("0") else str(late)] += times
    return shown


def _listed(figures: Counter[str]) -> str:
    return ", ".join(sorted(figures.elements())) or "none"

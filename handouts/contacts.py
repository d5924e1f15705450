"""Rules for what a clinic says of itself: numbers that can be called, colours that can be read."""

import math
import re
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, shortnumberinfo

from handouts import artwork, color, inks, placing
from handouts.artwork import FINE
from handouts.errors import Problem
from handouts.formats import layout
from handouts.model import Clinic, Local
from handouts.yamlfile import Document, Way

COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
SHORT = 6
"""Up to how many digits a number is a short one, such as 111."""

PATTERN = re.compile(r"(\d)\1{5,}|0?123456|987654")
"""Digits that nobody was ever given."""

INVENTED = {
    "GB": re.compile(r"^(?:\d{2,5}4960|20794600|1[2-9]1496|1632960|3069990|7700900|8081570)"),
    "US": re.compile(r"^\d{3}55501\d{2}$"),
}
"""National numbers that are kept for stories and films, by country."""

RESERVED = re.compile(
    r"(?:^|[@.])(?:example\.(?:com|org|net)|[\w-]+\.(?:example|test|invalid))(?:/|$)"
)
PLACEHOLDER = re.compile(r"\b(?:TBC|TBD|TODO|XXX+|lorem|ipsum|changeme|to follow|n/a)\b|\?\?", re.I)
ClinicRule = Callable[[Clinic, Document, Document], Iterator[Problem]]


def _at(document: Document, way: Way, rule: str, message: str, *, warning: bool = False) -> Problem:
    return Problem(document.path, *document.place(way), message, rule, warning)


def _numbers(clinic: Clinic) -> Iterator[tuple[Way, str]]:
    contact = clinic.contact
    for index, line in enumerate(contact.phone):
        yield ("phone", index, "number"), line.number
    yield ("out_of_hours", "number"), contact.out_of_hours.number


def phone_number(clinic: Clinic, document: Document, _: Document) -> Iterator[Problem]:
    """Phone numbers that cannot be called, cost extra, or were made up."""
    country = clinic.contact.country
    for way, number in _numbers(clinic):
        if fault := _fault(number, country, fictional=clinic.contact.fictional):
            yield _at(document, way, "phone-number", f"{number} {fault}")


def _fault(number: str, country: str, *, fictional: bool) -> str:
    digits = re.sub(r"\D", "", number)
    if len(digits) <= SHORT:
        return _short_fault(digits, country)
    if PATTERN.search(digits):
        return "is a placeholder: give the number that patients can call"
    try:
        parsed = phonenumbers.parse(number, country)
    except NumberParseException:
        parsed = phonenumbers.PhoneNumber()
    if not phonenumbers.is_valid_number(parsed):
        return f"is no phone number of {country}: type it again, with its area code"
    if phonenumbers.number_type(parsed) in COSTLY:
        return "costs patients extra: give one at the normal rate"
    if _is_invented(parsed) and not fictional:
        return "is kept for stories and films: give the number that patients can call"
    return ""


def _short_fault(digits: str, country: str) -> str:
    if shortnumberinfo.is_emergency_number(digits, country):
        return "is the emergency number: give one of the clinic's"
    short = phonenumbers.PhoneNumber(
        country_code=phonenumbers.country_code_for_region(country), national_number=int(digits)
    )
    if shortnumberinfo.is_valid_short_number_for_region(short, country):
        return ""
    return f"is no short number of {country}: look it up, and type it again"


def _is_invented(number: phonenumbers.PhoneNumber) -> bool:
    reserved = INVENTED.get(phonenumbers.region_code_for_number(number) or "")
    national = phonenumbers.national_significant_number(number)
    return bool(reserved and reserved.match(national))


def emergency_number(clinic: Clinic, document: Document, _: Document) -> Iterator[Problem]:
    """Emergency numbers that are none where the clinic is."""
    contact = clinic.contact
    if contact.country not in phonenumbers.SUPPORTED_REGIONS:
        message = f"{contact.country} is no country: write its two letters, such as GB or US"
        yield _at(document, ("country",), "emergency-number", message)
    elif not shortnumberinfo.is_emergency_number(contact.emergency, contact.country):
        message = f"{contact.emergency} is not an emergency number in {contact.country}: mend it"
        yield _at(document, ("emergency",), "emergency-number", message)


def placeholder(clinic: Clinic, document: Document, _: Document) -> Iterator[Problem]:
    """Addresses that lead nowhere, and words that wait to be replaced."""
    contact = clinic.contact
    named: list[tuple[Way, str]] = [(("name",), contact.name)]
    named += [(("address", index), line) for index, line in enumerate(contact.address)]
    for treatment, settings in contact.treatments.items():
        for name, value in settings.items():
            text = " ".join(value.root.values()) if isinstance(value, Local) else ""
            named.append((("treatments", treatment, name), text))
    for way, text in named:
        if found := PLACEHOLDER.search(text):
            message = f"“{found[0]}” waits to be replaced: write what patients are to read"
            yield _at(document, way, "placeholder", message)
    for key in ("email", "website"):
        text = getattr(contact, key)
        if RESERVED.search(text) and not contact.fictional:
            yield _at(
                document, (key,), "placeholder", f"{text} leads nowhere: give the clinic's own"
            )


def contrast(clinic: Clinic, _: Document, brand: Document) -> Iterator[Problem]:
    """Colours too pale for text in colour or in grey; a darker shade is printed instead."""
    own, printed = clinic.livery.primary, dict(inks.fills(clinic.livery, mono=False))
    said = []
    if printed["primary"] != own:
        ratio = color.floored(color.least_contrast(own, inks.PAPER))
        pale = f"{own} has a contrast of {ratio:g} on paper, and text needs {color.TEXT}"
        said.append(f"{pale}: titles are printed in {printed['primary']}")
    if printed["mark"] != own:
        said.append(
            f"lines and marks need {color.GRAPHIC:g}: they are printed in {printed['mark']}"
        )
    if clinic.livery.style.letterhead == "band" and printed["band"] != own:
        said.append(f"no text can be read on it: the band is printed in {printed['band']}")
    if said:
        yield _note(brand, ("color", "primary"), "contrast", "; ".join(said))


def _note(document: Document, way: Way, rule: str, message: str) -> Problem:
    return Problem(document.path, *document.place(way), message, rule, warning=True, note=True)


SHARP = 150
"""Dots to the inch below which a picture looks soft on paper."""


def sharpness(clinic: Clinic, _: Document, brand: Document) -> Iterator[Problem]:
    """Logos that have too few pixels for the size in which they are printed."""
    logo = placing.place(clinic.livery, large=_in_large_print(clinic)).logo
    found = artwork.dpi(logo.artwork, logo.width)
    if found is not None and found < SHARP:
        needed = math.ceil(SHARP * logo.width / 25.4)
        message = f"the logo is printed {logo.width:.0f} mm wide at {found:.0f} dots to the inch"
        advice = f"{SHARP} look sharp: export it {needed} px wide or more, or as SVG"
        yield _at(brand, ("logo",), "logo-sharpness", f"{message}, {advice}", warning=True)


def as_picture(clinic: Clinic, _: Document, brand: Document) -> Iterator[Problem]:
    """Drawings that are printed as pictures, since no paths show what they look like."""
    logo = placing.place(clinic.livery).logo.artwork
    if logo.why:
        message = f"the logo {logo.why}: it is printed as a picture of {FINE} dots to the inch"
        yield _note(brand, ("logo",), "logo-picture", message)


def _in_large_print(clinic: Clinic) -> bool:
    return any(layout(form) == "large-print" for form in clinic.contact.formats)


PRINTED = (
    *("meta", "logo", "color.palette", "color.primary", "color.secondary", "defaults"),
    *("typography.base.family", "typography.headings.family", "typography.headings.weight"),
    "typography.fonts",
)
"""The keys of a brand file that have a part in what is printed, with all that is in them.
`meta` has none; but it says whose brand this is, and no look that somebody might miss.
"""


def no_effect(_: Clinic, __: Document, brand: Document) -> Iterator[Problem]:
    """What a brand file says of screens and other programs."""
    idle = list(_idle(brand.value, ()))
    if idle:
        names = ", ".join(".".join(way) for way in idle)
        yield _note(brand, idle[0], "no-effect", f"not used on paper: {names}")


def _idle(value: object, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The ways to what is not printed, each as far up as nothing in it is."""
    name = ".".join(way)
    holds = [key for key in PRINTED if key.startswith(f"{name}." if name else "")]
    if name in PRINTED or (holds and not isinstance(value, dict)):
        return
    if not holds:
        yield way
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _idle(item, (*way, key))


CLINIC_RULES: dict[str, ClinicRule] = {
    "phone-number": phone_number,
    "emergency-number": emergency_number,
    "placeholder": placeholder,
    "contrast": contrast,
    "logo-sharpness": sharpness,
    "logo-picture": as_picture,
    "no-effect": no_effect,
}

"""Rules for what a clinic says of itself: numbers that can be called, colours that can be read."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from handouts import artwork, color, fonts, inks, placing, telephones
from handouts.artwork import FINE
from handouts.errors import Problem
from handouts.formats import layout
from handouts.model import Clinic, Local
from handouts.yamlfile import Document, Way

RESERVED = re.compile(
    r"(?:^|[@.])(?:example\.(?:com|org|net)|[\w-]+\.(?:example|test|invalid))(?:/|$)", re.I
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
    for way, number in _numbers(clinic) if telephones.is_country(country) else ():
        if lost := COMMENT.match(document.text, document.end(way)):
            message = f"`{lost[1]}` counts as a comment: put all of the number in quotes"
            yield _at(document, way, "phone-number", f"{number} {message}")
        if telephones.is_emergency(number, country):
            continue
        if fault := _fault(number, country, fictional=clinic.contact.fictional):
            yield _at(document, way, "phone-number", f"{number} {fault}")
        elif doubt := telephones.doubt(number, country):
            yield _at(document, way, "phone-number", f"{number} {doubt}", warning=True)


COMMENT = re.compile(r"[ \t]+(#[ \t]?\d[\d ]*)(?:\n|$)")
"""An extension that YAML takes for a comment."""


def _fault(number: str, country: str, *, fictional: bool) -> str:
    if telephones.is_invented(number, country):
        story = "is kept for stories and films: give the number that patients can call"
        return "" if fictional else story
    return telephones.fault(number, country)


def emergency_number(clinic: Clinic, document: Document, _: Document) -> Iterator[Problem]:
    """Emergency numbers that are none where the clinic is, or that stand for the clinic's."""
    contact = clinic.contact
    country = contact.country
    if not telephones.is_country(country):
        meant = telephones.meant_country(country)
        advice = f"write {meant}" if meant else "write its two letters, such as GB or US"
        message = f"{country} is no country: {advice}"
        yield _at(document, ("country",), "emergency-number", message)
        return
    for way, number in _numbers(clinic):
        if telephones.is_emergency(number, country):
            message = f"{number} is the emergency number: give one of the clinic's"
            yield _at(document, way, "emergency-number", message)
    if not telephones.is_emergency(contact.emergency, country):
        message = f"{contact.emergency} is not an emergency number in {country}: mend it"
        yield _at(document, ("emergency",), "emergency-number", message)


def fictional(clinic: Clinic, document: Document, _: Document) -> Iterator[Problem]:
    """A clinic that says it is invented, and yet can be reached."""
    contact = clinic.contact
    if not contact.fictional or not telephones.is_country(contact.country):
        return
    real = [
        number
        for _, number in _numbers(clinic)
        if not telephones.is_short(number) and not telephones.is_invented(number, contact.country)
    ]
    real += [text for text in (contact.email, contact.website) if not RESERVED.search(text)]
    if real:
        message = f"says the clinic is invented, but {', '.join(real)} can be somebody's"
        advice = "take this line out of a real clinic's file, or use what is kept for stories"
        yield _at(document, ("fictional",), "fictional", f"{message}: {advice}")


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


def no_effect(clinic: Clinic, _: Document, brand: Document) -> Iterator[Problem]:
    """What a brand file says of screens and other programs, and what stands in for it on paper."""
    idle = list(_idle(brand.value, ()))
    if idle:
        names = ", ".join(".".join(way) for way in idle)
        yield _note(brand, idle[0], "no-effect", f"not used on paper: {names}")
    livery = clinic.livery
    if not (brand.value.get("color") or {}).get("primary"):
        message = f"no colour is named `primary`: titles are printed in {livery.primary}"
        yield _note(brand, ("color",), "no-effect", message)
    faces = (("base", livery.typeface), ("headings", livery.headings.typeface))
    for part, typeface in faces:
        yield from _other_typeface(brand, part, typeface.family)
    yield from _other_weight(brand, livery.headings.weight)


def _named(brand: Document, part: str, key: str) -> Any:
    """What a brand file says of a part's typeface; text alone is the name of its family."""
    face = (brand.value.get("typography") or {}).get(part)
    if isinstance(face, dict):
        return face.get(key)
    return face if key == "family" else None


def _other_typeface(brand: Document, part: str, printed: str) -> Iterator[Problem]:
    stack = _named(brand, part, "family")
    families = fonts.families(stack) if stack else []
    if stack and printed.casefold() not in (family.casefold() for family in families):
        bought = [name for name in families if name.casefold() not in fonts.SYSTEM]
        install = (
            f", or `pip install {fonts.package(bought[0])}` if there is such" if bought else ""
        )
        message = f"{stack} is no typeface that is here: {printed} is printed"
        advice = f"put its .ttf or .otf files into the folder, under `typography.fonts`{install}"
        yield _note(
            brand, ("typography", part, "family"), "no-effect", f"{message}; to have it, {advice}"
        )


def _other_weight(brand: Document, printed: int) -> Iterator[Problem]:
    weight = _named(brand, "headings", "weight")
    if weight is not None and printed == LIGHTEST and weight not in (LIGHTEST, *PLAIN):
        message = f"titles in {weight} are lost on paper: they are printed at {printed}"
        yield _note(brand, ("typography", "headings", "weight"), "no-effect", message)


LIGHTEST = 400
PLAIN = ("regular", "normal", str(LIGHTEST))
"""The lightest weight in which titles are printed, and how it is written."""


def _idle(value: object, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The ways to what is not printed, each as far up as nothing in it is."""
    name = ".".join(way)
    holds = [key for key in PRINTED if key.startswith(f"{name}." if name else "")]
    if value is None or (holds and not isinstance(value, dict)):
        return
    if name in PRINTED:
        if isinstance(value, dict) and {"light", "dark"} <= value.keys() and way[0] == "color":
            yield (*way, "dark")
    elif not holds:
        yield way
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _idle(item, (*way, key))


NEVER_ALLOWED = ("emergency-number", "fictional")
"""Rules that keep patients from calling in vain: no reason is good enough to silence them."""

CLINIC_RULES: dict[str, ClinicRule] = {
    "phone-number": phone_number,
    "emergency-number": emergency_number,
    "fictional": fictional,
    "placeholder": placeholder,
    "contrast": contrast,
    "logo-sharpness": sharpness,
    "logo-picture": as_picture,
    "no-effect": no_effect,
}

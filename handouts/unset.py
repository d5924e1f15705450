"""Letters that no typeface has, found where they are written."""

from collections.abc import Iterator

from handouts import fonts, lettering
from handouts.errors import Problem
from handouts.model import Clinic, Typeface
from handouts.yamlfile import Document, Way

CLINICS = "data/clinics/"

ASIDE = {"awaiting", "by", "found", "owner", "reason", "supports"}
"""The keys of what is not printed."""


def in_shared_words(documents: dict[str, Document]) -> Iterator[Problem]:
    """Letters of the library's own words that cannot be printed."""
    for path, document in documents.items():
        if not path.startswith(CLINICS):
            yield from _lacking(document, ())


def in_clinic(documents: dict[str, Document], clinic: Clinic) -> Iterator[Problem]:
    """Letters of what a clinic says that neither its typefaces nor ours have."""
    faces = (clinic.livery.typeface, clinic.livery.headings.typeface)
    for name in ("clinic.yaml", "wording.yaml"):
        if document := documents.get(f"{CLINICS}{clinic.id}/{name}"):
            yield from _lacking(document, faces)


def _lacking(document: Document, faces: tuple[Typeface, ...]) -> Iterator[Problem]:
    if lettering.PLAIN.issuperset(document.text):
        return
    for way, text in _texts(document.value, ()):
        letters = list(dict.fromkeys(lettering.missing(text, faces)))
        if letters:
            place = document.text_place(way, letters[0])
            yield Problem(document.path, *place, fonts.lacking(letters), "letters")


def _texts(value: object, way: Way) -> Iterator[tuple[Way, str]]:
    """Each text that may be printed, and the way to it."""
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*way, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ASIDE:
                yield from _texts(item, (*way, key))

"""The words that the editorial rules look for, by language; they stand in `vocabularies/`."""

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from handouts import yamlfile

FOLDER = Path(__file__).with_name("vocabularies")
AS_WRITTEN = ("denials", "people", "streets")
"""Patterns that see to their own edges; in the others a pattern stands between other words."""

NEVER = "(?!)"
EMPTY = (NEVER, rf"(?<!\w)(?:{NEVER})(?!\w)")
"""The patterns of a list without words: they find nothing."""


@dataclass(frozen=True)
class Vocabulary:
    """`claims` promise too much, unless one of the `denials` stands before them; `praise` sells.

    `frequency` needs a number beside it. `spelled`: an amount of time in words. `medical`:
    looks like a medical term. `signs`: of an emergency or a complication; `actions`: what to
    do about one. `people`: titles before a name. `streets`: parts of an address.
    `medicines`: one to be stopped. `waivers`: rights to be given up.
    """

    claims: re.Pattern[str]
    denials: re.Pattern[str]
    praise: re.Pattern[str]
    frequency: re.Pattern[str]
    spelled: re.Pattern[str]
    medical: re.Pattern[str]
    signs: re.Pattern[str]
    actions: re.Pattern[str]
    people: re.Pattern[str]
    streets: re.Pattern[str]
    medicines: re.Pattern[str]
    waivers: re.Pattern[str]


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language, or of the one that it is a kind of; without a file it has none."""
    path = FOLDER / f"{language}.yaml"
    if not path.exists():
        path = FOLDER / f"{language.partition('-')[0]}.yaml"
    document, faults = yamlfile.parse(path.name, path.read_bytes() if path.exists() else b"{}")
    if document is None or faults:
        raise ValueError(f"{path.name}: {faults[0].message}")
    lists = document.value
    names = (field.name for field in fields(Vocabulary))
    return Vocabulary(**{name: _pattern(name, lists.get(name, [])) for name in names})


def _pattern(name: str, patterns: list[str]) -> re.Pattern[str]:
    whole = "|".join(patterns) or NEVER
    if name == "denials":
        return re.compile(whole, re.IGNORECASE)
    if name in AS_WRITTEN:
        return re.compile(whole)
    return re.compile(rf"(?<!\w)(?:{whole})(?!\w)", re.IGNORECASE)

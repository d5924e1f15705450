"""The form of a word that goes with a number, by the plural rules of its language (CLDR).

In prose, `{sessions|one=@ session|other=@ sessions}` prints one of its forms, with the number
in the place of `@`. A language has some of the forms zero, one, two, few, many and other.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

FORMS = ("zero", "one", "two", "few", "many", "other")
NUMBER = "@"
PHRASE = re.compile(r"\{([a-z_]+)((?:\|[^{}]*)?)\}")


def forms(choice: str) -> dict[str, str]:
    """The forms that stand in braces after a name, by what they are called."""
    parts = choice.strip("{}").split("|")[1:]
    pairs = (part.partition("=") for part in parts)
    return {name.strip(): words.strip() for name, _, words in pairs}


def faults(choice: str) -> Iterator[str]:
    """What is wrong with the forms in braces, if there are any."""
    if "|" not in choice:
        return
    found = forms(choice)
    for name in found:
        if name not in FORMS:
            yield f"{name!r} is no form of a word: there are {', '.join(FORMS)}, such as `one=...`"
    if "other" not in found:
        yield "has no form `other`: add `|other=...`, for all numbers that have none of their own"


def category(value: Any, language: str) -> str:
    """The form that a number needs; of a range, that of its end; of words, any other."""
    number = value[-1] if isinstance(value, tuple) else value
    if not isinstance(number, int):
        return "other"
    return _rule(language.partition("-")[0])(number)


def chosen(choice: str, value: Any, spoken: str, language: str) -> str:
    """What is printed for a name in braces: the number, or the form that goes with it."""
    found = forms(choice)
    if not found:
        return spoken
    words = found.get(category(value, language), found.get("other", ""))
    return words.replace(NUMBER, spoken)


def filled(phrase: str, language: str, **values: Any) -> str:
    """A phrase of the wording with its numbers, and the words that go with them."""
    return PHRASE.sub(
        lambda found: chosen(found[0], values[found[1]], str(values[found[1]]), language), phrase
    )


def _english(number: int) -> str:
    return "one" if number == 1 else "other"


def _spanish(number: int) -> str:
    return "many" if number and number % 1_000_000 == 0 else _english(number)


def _arabic(number: int) -> str:
    if number < len(FORMS[:3]):
        return FORMS[number]
    rest = number % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


QUICK = {"en": _english, "es": _spanish, "ar": _arabic}
"""The rules of these languages as CLDR has them: Babel takes longer to import than a small plan."""


@cache
def _rule(language: str) -> Callable[[int], str]:
    if language in QUICK:
        return QUICK[language]
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  most plans do without

    try:
        rule: Callable[[int], str] = Locale.parse(language).plural_form
    except (UnknownLocaleError, ValueError):
        return _english
    return rule

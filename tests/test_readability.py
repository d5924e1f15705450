"""Formulas give what their authors say, and lists and terms neither spoil nor sweeten them."""

import re

import pytest

from handouts.readability import COUNTERS, rate, sentences

NONE = re.compile("(?!)")


@pytest.mark.parametrize(
    ("word", "number"),
    [("skin", 1), ("needle", 2), ("collagen", 3), ("area", 3), ("sunscreen", 2), ("24", 1),
     ("microneedling", 4), ("make-up", 2), ("don’t", 1)],
)  # fmt: skip
def test_english_syllables(word: str, number: int) -> None:
    assert COUNTERS["en"](word) == number


@pytest.mark.parametrize(
    ("word", "number"),
    [("aguja", 3), ("piel", 1), ("cicatriz", 3), ("país", 2), ("aire", 2), ("ciudad", 2),
     ("queloide", 3), ("días", 2), ("guía", 2), ("leer", 2), ("pingüino", 3), ("reacción", 3),
     ("estrías", 3), ("muy", 1), ("línea", 3), ("limpiar", 2), ("antiguo", 3), ("72", 1)],
)  # fmt: skip
def test_spanish_syllables(word: str, number: int) -> None:
    assert COUNTERS["es"](word) == number


def test_flesch_kincaid_and_smog_are_as_published() -> None:
    """Two sentences, 12 words, 14 syllables, none of three or more."""
    found = rate(["The cat sat on the mat. It was a sunny winter day."], "en", NONE)
    assert found is not None
    assert (found.words, found.sentences, found.longest) == (12, 2, 6)
    assert found.grade == round(0.39 * 6 + 11.8 * 14 / 12 - 15.59, 1)
    assert found.smog == 3.1


def test_inflesz_is_as_published() -> None:
    """One sentence, 5 words, 8 syllables: La aguja entra en piel."""
    found = rate(["La aguja entra en piel."], "es", NONE)
    assert found is not None
    assert found.ease == round(206.835 - 62.3 * 8 / 5 - 5, 1)
    assert found.grade is None


def test_a_language_without_a_formula_still_knows_its_sentences() -> None:
    found = rate(["اغسل بشرتك بلطف. اتصل بنا."], "ar", NONE)
    assert found is not None
    assert (found.words, found.sentences, found.grade, found.ease) == (5, 2, None, None)


def test_fragments_of_a_list_are_read_together_and_sentences_by_themselves() -> None:
    texts = ["Call us about:", "Pus", "Fever", "A rash that lasts", "Wait. Then call us."]
    assert list(sentences(texts)) == [
        "Call us about:",
        "Pus, Fever, A rash that lasts",
        "Wait.",
        "Then call us.",
    ]


def test_a_long_list_of_fragments_is_several_sentences() -> None:
    assert [len(part.split(", ")) for part in sentences(["one two three"] * 7)] == [3, 3, 1]


def test_what_is_explained_does_not_count_as_hard() -> None:
    plain = rate(["You may get dark patches."], "en", NONE)
    assert rate(["You may get dark patches (hyperpigmentation)."], "en", NONE) == plain
    hard = rate(["You may get hyperpigmentation."], "en", NONE)
    eased = rate(["You may get hyperpigmentation."], "en", re.compile("hyperpigmentation"))
    assert hard is not None
    assert eased is not None
    assert (hard.grade or 0) > (eased.grade or 0) + 5


def test_nothing_to_read_has_no_rating() -> None:
    assert rate(["…", ""], "en", NONE) is None

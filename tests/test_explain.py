"""Whatever is wrong with a file, its reader is told in plain words."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from handouts import explain, model, yamlfile
from handouts.brandfile import Brand
from handouts.errors import Problem
from handouts.model import Contact, Facts, Handout, Slug, Source, Wording, Words
from tests.small import EN, FILES, H, R, T

KINDS: dict[str, Any] = {
    f"{R}/clinic.yaml": Contact,
    f"{H}/clinic.yaml": Contact,
    f"{R}/_brand.yml": Brand,
    f"{H}/_brand.yml": Brand,
    f"{T}/facts.yaml": Facts,
    f"{EN}/_words.yaml": Words,
    f"{EN}/risks.yaml": Handout,
    f"{EN}/consent.yaml": Handout,
    f"{EN}/aftercare.yaml": Handout,
    "data/sources.yaml": dict[Slug, Source],
    "data/wording/en.yaml": Wording,
}
WRONG: list[Any] = [None, True, -7, "$", "", [], ["$"], {}, {"zzz": None}, {"zzz": ["$"]}]
JARGON = re.compile(
    r"Input|should|valid|instance|pattern|\^|\[key\]|<\w+>|None\b|True|False|constrained|cannot be"
)


def problems(value: Any, kind: Any) -> list[Problem]:
    document, faults = yamlfile.parse("a.yaml", json.dumps(value, ensure_ascii=False).encode())
    assert document is not None
    assert faults == ()
    try:
        TypeAdapter(kind).validate_python(document.value)
    except ValidationError as error:
        return list(explain.problems(error, document, kind))
    return []


def value_of(path: str) -> Any:
    content = FILES[path]
    assert isinstance(content, str)
    document, _ = yamlfile.parse(path, content.encode())
    assert document is not None
    return document.value


def variants(value: Any) -> Iterator[Any]:
    """The value with one part replaced by something else, for every part."""
    yield from WRONG
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            for wrong in variants(value[key]):
                changed = value.copy()
                changed[key] = wrong
                yield changed


@pytest.mark.parametrize("path", KINDS)
def test_no_word_of_the_validator_reaches_the_reader(path: str) -> None:
    said = {
        problem.message
        for variant in variants(value_of(path))
        for problem in problems(variant, KINDS[path])
    }
    assert len(said) > 10
    assert [message for message in said if JARGON.search(message)] == []


@pytest.mark.parametrize("path", KINDS)
def test_one_wrong_value_is_one_problem(path: str) -> None:
    for variant in variants(value_of(path)):
        found = problems(variant, KINDS[path])
        places = [
            (problem.line, problem.column)
            for problem in found
            if "is missing" not in problem.message
        ]
        assert len(places) == len(set(places)), found


def test_every_pattern_has_an_example_that_fits_it() -> None:
    patterns = {value for name, value in vars(model).items() if name.endswith("_PATTERN")}
    assert len(patterns) > 5
    assert patterns == explain.LOOKS.keys()
    for pattern, looks in explain.LOOKS.items():
        example, *_ = re.findall("`([^`]*)`", looks)
        assert re.search(pattern, example) or pattern == model.DIGEST_PATTERN


def test_a_long_value_is_cut() -> None:
    (problem,) = problems({"a": "x" * 50}, dict[str, Source])
    assert problem.message == f"a: must be `key: value` lines, found '{'x' * 39}…'"


def test_a_missing_key_is_not_named_beside_its_misspelling() -> None:
    source = {"citation": "a", "raed": "2026-01-01", "suports": "b"}
    assert [problem.message for problem in problems({"a": source}, dict[Slug, Source])] == [
        "unknown key 'raed' in a: did you mean 'read'?",
        "unknown key 'suports' in a: did you mean 'supports'?",
    ]


def test_only_its_own_misspelling_stands_for_a_missing_key() -> None:
    a = {"citation": "a", "raed": "2026-01-01", "read": 5, "zzz": "b"}
    b = {"citation": "a", "supports": "b"}
    assert [problem.message for problem in problems({"a": a, "b": b}, dict[Slug, Source])] == [
        "a.read: must be a day written like `2026-11-04`, found 5",
        "a.supports is missing: add `supports: ...`",
        "unknown key 'raed' in a: did you mean 'read'?",
        "unknown key 'zzz' in a: remove it, or use one of citation, url, found, read, supports",
        "b.read is missing: add `read: ...`",
    ]


def test_only_its_own_items_stand_for_a_list_that_is_too_short() -> None:
    risk = {"id": "a", "group": "some", "sources": []}
    facts = {"code": "AB", "risks": [risk, {**risk, "sources": ["$"]}]}
    said = [problem.message for problem in problems(facts, Facts)]
    assert said[0] == "risks.sources: must hold at least 1, found none"
    assert said[1].startswith("risks.sources: must be small letters")
    assert len(said) == 2


def test_quotes_are_blamed_only_when_a_number_stands_in_them() -> None:
    risk = {"id": "a", "group": "some", "sources": ["b"], "at_least": "many"}
    facts = {"code": "AB", "risks": [risk]}
    (problem,) = problems(facts, Facts)
    assert problem.message == "risks.at_least: must be a whole number, found 'many'"


def test_text_that_yaml_took_apart_is_put_together_again() -> None:
    source = {
        "citation": "a",
        "found": {"Note": "this"},
        "read": "2026-01-01",
        "supports": {"b": None},
    }
    assert [problem.message for problem in problems({"a": source}, dict[Slug, Source])] == [
        'a.found: must be text, found `Note: this`: put it in quotes ("Note: this")',
        'a.supports: must be text, found `{b}`: put it in quotes ("{b}")',
    ]


def test_a_comment_where_a_colour_should_be_is_named() -> None:
    said = "must be a colour, found nothing: put it in quotes, for `#` begins a comment"
    color = {"palette": {"plum": None}, "primary": None, "secondary": None, "dark": None}
    assert [problem.message for problem in problems({"logo": "a.svg", "color": color}, Brand)] == [
        f"color.{name}: {said}" for name in ("palette.plum", "primary", "secondary", "dark")
    ]


def test_a_file_full_of_problems_is_cut_short() -> None:
    assert len(problems({f"a{number}": 1 for number in range(1000)}, dict[Slug, Source])) == 100

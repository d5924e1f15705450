"""A pydantic error, said so that a practice manager knows what to write instead."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from handouts import model, unseen
from handouts.errors import Problem
from handouts.model import KINDS
from handouts.yamlfile import Document, Way

CUT = 40
MAX_PROBLEMS = 100
KEY = "[key]"
TAGS = {f"<{kind}>": block for kind, block in KINDS.items()}

LOOKS = {
    model.SLUG_PATTERN: "small letters, digits and hyphens, such as `cold-sores`",
    model.NAME_PATTERN: "small letters, digits and _, such as `session_count`",
    model.LANGUAGE_PATTERN: "the code of a language, such as `en`, `pt-BR` or `zh-Hant`",
    model.EMERGENCY_PATTERN: "a short number in digits, such as `999`",
    model.PHONE_PATTERN: "a phone number, such as `+44 20 7946 0000` or `020 7946 0000 ext. 4`",
    model.EMAIL_PATTERN: "an email address, such as `hello@rosewater.example`",
    model.WEBSITE_PATTERN: "a web address without https://, such as `rosewater.example`",
    model.VERSION_PATTERN: "a version, such as `1.0`",
    model.CODE_PATTERN: "two to six capital letters, such as `MN`",
    model.COUNTRY_PATTERN: "a country in two capital letters, such as `GB` or `US`",
    model.REGION_PATTERN: "a language and a country, such as `en-US`",
    model.SHEET_PATTERN: "two names with / between, such as `microneedling/aftercare`",
    model.DIGEST_PATTERN: "64 digits and letters from a to f, as `handouts approve` writes them",
    model.URL_PATTERN: "a link that starts with https://, such as `https://doi.org/10.1000/182`",
    model.DAY_PATTERN: "a day written like `2026-11-04`",
}


def problems(error: ValidationError, document: Document, hint: Any) -> Iterator[Problem]:
    """One problem for each thing to mend, up to a number that can be read at one sitting.

    `hint` is the type that was asked for.
    """
    details = error.errors(include_url=False)[:MAX_PROBLEMS]
    ways = [detail["loc"] for detail in details]
    for detail in details:
        if not _follows(detail, ways) and not _is_misspelt(detail, details, hint):
            yield _problem(detail, document, hint)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one is likely to be a slip of."""
    names = sorted(name for name in known if isinstance(name, str))
    if alike := next((name for name in names if folded(name) == folded(word)), None):
        return alike
    return next(iter(get_close_matches(word, names, n=1)), None)


def folded(text: str) -> str:
    """Equal for texts that differ only in capitals, or in how accents are encoded."""
    return unicodedata.normalize("NFC", text.casefold())


def show(value: Any) -> str:
    """A found value, short enough for one line."""
    match value:
        case None | "":
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return f"'{_short(value)}'"
        case list():
            return "a list"
        case dict():
            return "`key: value` lines"
        case _:
            return _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CUT else line[: CUT - 1] + "…"


def _follows(detail: ErrorDetails, ways: list[Way]) -> bool:
    """Whether a list is too short only because its items failed."""
    way = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other) > len(way) and other[: len(way)] == way for other in ways
    )


def _is_misspelt(detail: ErrorDetails, details: list[ErrorDetails], hint: Any) -> bool:
    """Whether a key is missing only because it stands there misspelt."""
    *way, key = detail["loc"] or [""]
    return detail["type"] == "missing" and any(
        other["type"] == "extra_forbidden"
        and list(other["loc"][:-1]) == way
        and did_you_mean(str(other["loc"][-1]), _keys(hint, tuple(way))) == key
        for other in details
    )


def _problem(detail: ErrorDetails, document: Document, hint: Any) -> Problem:
    way, kind = detail["loc"], detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(way, document, hint)
    if kind == "union_tag_not_found":
        return _no_block(way, detail["input"], document)
    if kind == "missing":
        name = ".".join(filter(None, (document.name(way), str(way[-1]))))
        return document.problem(way, f"{name} is missing: add `{way[-1]}: ...`")
    said = SAY.get(kind, _as_written)(detail) + _strangely(document, way)
    if way[-1:] == (KEY,):
        return document.key_problem(way[:-1], _about(document.name(way[:-2]), f"the key {said}"))
    return document.problem(way, _about(document.name(way), said))


def _strangely(document: Document, way: Way) -> str:
    """Which character of the text there looks like another, and in which column it stands."""
    found = document.at(way)
    if not isinstance(found, str) or (index := unseen.strange(found)) is None:
        return ""
    _, column = document.text_place(way, found[index])
    return f"; in it is {unseen.named(found[index])} at column {column}: type it again"


def _about(name: str, said: str) -> str:
    return f"{name}: {said}" if name else said


def _unknown_key(way: Way, document: Document, hint: Any) -> Problem:
    *parents, key = way
    if (index := unseen.strange(str(key))) is not None:
        message = f"unknown key {str(key).strip()!r}: in it is {unseen.named(str(key)[index])}"
        return document.key_problem(way, f"{message}, which looks like another: type it again")
    in_block = bool(parents) and parents[-1] in TAGS
    known = _keys(hint, tuple(parents))
    inside = TAGS[str(parents[-1])].kind if in_block else document.name(tuple(parents))
    if meant := did_you_mean(str(key), known):
        advice = f"did you mean {meant!r}?"
    else:
        advice = f"remove it, or use one of {', '.join(known)}" if len(known) < 20 else "remove it"
    return document.key_problem(way, f"unknown key {key!r}{inside and f' in {inside}'}: {advice}")


def _two_kinds(way: Way, kinds: list[str], document: Document) -> Problem:
    found = f"{', '.join(kinds[:-1])} and {kinds[-1]}"
    advice = 'start a new line with "- "'
    return document.key_problem((*way, kinds[1]), f"a block has one kind, found {found}: {advice}")


def _no_block(way: Way, found: Any, document: Document) -> Problem:
    if not isinstance(found, dict):
        example = "such as `- text: ...`"
        return document.problem(way, f"must be a block, {example}, found {show(found)}")
    if kinds := [key for key in found if key in KINDS]:
        return _two_kinds(way, kinds, document)
    for key in found:
        if key not in model.Block.model_fields:
            meant = did_you_mean(key, KINDS)
            advice = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(KINDS)}"
            return document.key_problem((*way, key), f"unknown block {key!r}: {advice}")
    return document.problem(way, f"a block needs a kind: one of {', '.join(KINDS)}")


def _keys(hint: Any, way: Way) -> list[str]:
    """The keys that may stand at the end of the way."""
    hints = list(_plain(hint))
    for step in way:
        hints = [inner for outer in hints for inner in _step(outer, step)]
    fields = [kind.model_fields for kind in hints if _is_model(kind)]
    return [field.alias or name for named in fields for name, field in named.items()]


def _step(hint: Any, step: str | int) -> Iterator[Any]:
    if step in TAGS:
        yield from [hint] if hint is TAGS[str(step)] else []
    elif str(step).startswith("<"):
        yield hint
    elif _is_model(hint):
        for name, field in hint.model_fields.items():
            if step in (name, field.alias):
                yield from _plain(field.annotation)
    elif get_origin(hint) is dict:
        yield from _plain(get_args(hint)[1])
    elif get_origin(hint) is tuple:
        yield from _plain(get_args(hint)[0])


def _plain(hint: Any) -> Iterator[Any]:
    """The types that a hint allows, without what is said about them."""
    if get_origin(hint) is Annotated:
        yield from _plain(get_args(hint)[0])
    elif get_origin(hint) in (Union, UnionType):
        for option in get_args(hint):
            yield from _plain(option)
    else:
        yield hint


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _text(detail: ErrorDetails) -> str:
    found = detail["input"]
    if found is None:
        return "must be text, found nothing: write it after the colon"
    if written := _split_text(found):
        return f'must be text, found `{written}`: put it in quotes ("{written}")'
    if isinstance(found, (list, dict)):
        return f"must be text, found {show(found)}: write one text"
    return f'must be text, found {show(found)}: put it in quotes ("{show(found)}")'


def _split_text(found: Any) -> str | None:
    """The text that YAML took apart at its colon or braces, if that is what happened."""
    if not isinstance(found, dict) or len(found) != 1:
        return None
    ((key, value),) = found.items()
    if value is None:
        return f"{{{key}}}"
    return None if isinstance(value, (list, dict)) else f"{key}: {_short(str(value))}"


def _pattern(detail: ErrorDetails) -> str:
    wanted = LOOKS.get(detail["ctx"]["pattern"], "written differently")
    return f"must be {wanted}, found {show(detail['input'])}"


def _text_or_number(detail: ErrorDetails) -> str:
    if type(detail["input"]) is int:
        return _text(detail)
    return f"must be text or a number, found {show(detail['input'])}"


def _number(detail: ErrorDetails) -> str:
    found = detail["input"]
    if isinstance(found, str) and re.fullmatch(r"-?[0-9]+", found):
        return f"must be a whole number, found {show(found)}: take off quotes and zeros in front"
    return f"must be a whole number, found {show(found)}"


def _choice(detail: ErrorDetails) -> str:
    found, expected = detail["input"], detail["ctx"]["expected"]
    if expected == "True":
        return f"must be true, found {show(found)}: write true, or remove the line"
    choices = re.findall(r"'([^']*)'", expected)
    meant = did_you_mean(found.lower(), choices) if isinstance(found, str) else None
    meant = None if meant == unseen.tidied(found) else meant
    advice = f": did you mean {meant!r}?" if meant else ""
    wanted = f"{', '.join(choices[:-1])} or {choices[-1]}"
    return f"must be {wanted}, found {show(found)}{advice}"


def _as_written(detail: ErrorDetails) -> str:
    """What our own rules say; what pydantic says is not for our readers."""
    if detail["type"] in OURS:
        return detail["msg"]
    return f"cannot be {show(detail['input'])}"


def _with_found(detail: ErrorDetails) -> str:
    return f"{detail['msg']}, found {show(detail['input'])}"


def _local(detail: ErrorDetails) -> str:
    return _text(detail).replace("must be text", detail["msg"], 1)


def _lines(detail: ErrorDetails) -> str:
    advice = ": write them below, or {} for none" if detail["input"] is None else ""
    return f"must be `key: value` lines, found {show(detail['input'])}{advice}"


def _says(words: str) -> Callable[[ErrorDetails], str]:
    return lambda detail: words.format(found=show(detail["input"]), **detail.get("ctx", {}))


_list = _says("must be a list (a line with `- ` for each), found {found}")
_yes_or_no = _says("must be true or false, found {found}")

OURS = {"color", "range", "study", "risk", "review", "phrase", "change", "source"}
SAY: dict[str, Callable[[ErrorDetails], str]] = {
    "string_type": _text,
    "string_too_short": _says("must not be empty"),
    "string_too_long": _says("can have {max_length} letters at most"),
    "string_pattern_mismatch": _pattern,
    "int_type": _number,
    "greater_than_equal": _says("must be {ge} or more, found {found}"),
    "less_than_equal": _says("must be {le} or less, found {found}"),
    "literal_error": _choice,
    "bool_type": _yes_or_no,
    "bool_parsing": _yes_or_no,
    "model_type": _lines,
    "model_attributes_type": _lines,
    "dict_type": _lines,
    "tuple_type": _list,
    "too_short": _says("must hold at least {min_length}, found none"),
    "too_long": _says("can hold {max_length} at most, found {actual_length}"),
    "value": _with_found,
    "day": _with_found,
    "local": _local,
    "union_tag_invalid": _text_or_number,
}

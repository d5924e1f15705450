"""The files of a library one by one, before they are held against each other."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, RootModel, TypeAdapter
from pydantic_core import SchemaValidator, core_schema

from handouts.model import (
    HOLE,
    Approval,
    Change,
    Contact,
    Facts,
    Glossary,
    Handout,
    Livery,
    Source,
    Wording,
    Words,
)
from handouts.yamlfile import UNREAD, Document

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """What a file holds, with a hole wherever it is broken, and where in the file it stands."""

    document: Document
    value: T


@dataclass(frozen=True)
class TreatmentFiles:
    """`present` names every handout that has a file, readable or not, by language and id."""

    id: str
    facts: Entry[Facts] | None
    languages: frozenset[str]
    words: dict[str, Entry[Words]]
    handouts: dict[tuple[str, str], Entry[Handout]]
    present: frozenset[tuple[str, str]]
    topics: Entry[dict[str, tuple[str, ...]]] | None


@dataclass(frozen=True)
class ClinicFiles:
    """What a clinic's files hold; its livery only if there is nothing to blame in it."""

    id: str
    contact: Entry[Contact] | None
    livery: Entry[Livery] | None
    changes: Entry[tuple[Change, ...]] | None


@dataclass(frozen=True)
class Entries:
    """`wording_languages` counts files that cannot be read too; `dresses` are the folders of
    templates that clinics can have of their own.
    """

    sources: Entry[dict[str, Source]] | None
    wording: dict[str, Entry[Wording]]
    wording_languages: frozenset[str]
    treatments: dict[str, TreatmentFiles]
    clinics: tuple[ClinicFiles, ...]
    glossaries: dict[str, Entry[Glossary]]
    spellings: dict[str, Entry[dict[str, str]]]
    dresses: frozenset[str]
    approvals: Entry[tuple[Approval, ...]] | None


def with_holes(kind: Any, raw: Any) -> Any:
    """The value as this kind, with holes for all that is not as it must be or not there."""
    return _forgiving(kind).validate_python(raw)


@cache
def _forgiving(kind: Any) -> SchemaValidator:
    return SchemaValidator(_or_hole(_loosened(TypeAdapter(kind).core_schema)))


def _loosened(schema: Any) -> Any:
    """Pydantic's own schema, with a hole for each key, value, item and field that does not fit."""
    if isinstance(schema, list):
        return [_loosened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "function-after" and schema["schema"]["type"] == "model":
        return _loosened({**schema, **schema["schema"]})
    loose = {key: _loosened(item) for key, item in schema.items()}
    change = LOOSE.get(str(loose.get("type")))
    return change(loose) if change else loose


def _or_hole(schema: Any) -> Any:
    if schema["type"] == "default":
        return {**schema, "schema": _or_hole(schema["schema"])}
    return core_schema.with_default_schema(schema, default=HOLE, on_error="default")


def _then(change: Callable[[Any], Any], schema: Any, ref: str | None = None) -> Any:
    return core_schema.no_info_after_validator_function(change, schema, ref=ref)


def _model(schema: Any) -> Any:
    kind: type[BaseModel] = schema["cls"]

    def build(found: Any) -> BaseModel:
        if issubclass(kind, RootModel):
            return kind.model_construct(found)
        return kind.model_construct(**found[0])

    return _then(build, schema["schema"], schema.get("ref"))


def _fields(schema: Any) -> Any:
    fields = {
        name: {**field, "schema": _or_hole(field["schema"])}
        for name, field in schema["fields"].items()
    }
    names = {field.get("validation_alias", name) for name, field in fields.items()}

    def doubt(raw: Any) -> Any:
        """Beside an unknown key, any key that is not there may be the one that was meant."""
        if isinstance(raw, dict) and raw.keys() - names:
            return {**dict.fromkeys(names, UNREAD), **raw}
        return raw

    loose = {**schema, "fields": fields, "extra_behavior": "ignore"}
    return core_schema.no_info_before_validator_function(doubt, loose)


def _dict(schema: Any) -> Any:
    def unkeyed(found: dict[Any, Any]) -> dict[Any, Any]:
        return {key: HOLE if key is HOLE else value for key, value in found.items()}

    keys, values = _or_hole(schema["keys_schema"]), _or_hole(schema["values_schema"])
    return _then(unkeyed, {**schema, "keys_schema": keys, "values_schema": values})


def _tuple(schema: Any) -> Any:
    return {**schema, "items_schema": [_or_hole(item) for item in schema["items_schema"]]}


LOOSE: dict[str, Callable[[Any], Any]] = {
    "model": _model,
    "model-fields": _fields,
    "dict": _dict,
    "tuple": _tuple,
}

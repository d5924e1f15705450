"""JSON Schemas of the library's files, for editors that complete and check while one types."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from handouts import yamlfile
from handouts.brandfile import Brand
from handouts.explain import LOOKS
from handouts.model import (
    Approvals,
    Changes,
    Contact,
    Facts,
    Glossary,
    Handout,
    Sources,
    Spelling,
    Topics,
    Wording,
    Words,
)
from handouts.store import write_whole

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest that the editors' YAML language server knows in full."""

FOLDER = Path("data/.schema")
DESCRIPTIONS = Path(__file__).with_name("descriptions.yaml")

FILES: dict[str, Any] = {
    "clinic": Contact,
    "brand": Brand,
    "clinic-wording": Changes,
    "facts": Facts,
    "topics": Topics,
    "words": Words,
    "handout": Handout,
    "sources": Sources,
    "wording": Wording,
    "glossary": Glossary,
    "spelling": Spelling,
    "approvals": Approvals,
}

NUMBERS = ("1.0", "+442079460181")
"""Text to our loader, numbers to an editor: where one of them will do as text, a number must do.

`0999` would be a third; but to an editor it is `999`, which the loader refuses without quotes.
"""

YES_OR_NO = (
    "^(" + "|".join("".join(f"[{letter.upper()}{letter}]" for letter in word) for word in
    ("true", "t", "yes", "y", "on", "false", "f", "no", "n", "off")) + "|0|1)$"
)  # fmt: skip
"""What pydantic takes for a truth value beside true and false."""


def write(root: Path) -> list[Path]:
    """Write the schemas into the library; the paths of those that were not up to date."""
    written = []
    for name in FILES:
        path, data = root / FOLDER / f"{name}.json", text(name).encode()
        if not path.is_file() or path.read_bytes() != data:
            write_whole(path, data)
            written.append(path)
    return written


def text(name: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def schema(name: str) -> dict[str, Any]:
    """The schema of this one of `FILES`."""
    found = TypeAdapter(FILES[name]).json_schema(schema_generator=_Schemas)
    shared = found.pop("$defs", {})
    head = {"$schema": DRAFT, **_descriptions()["files"][name]}
    return {**head, **found, "$defs": dict(sorted(shared.items()))}


@cache
def _descriptions() -> dict[str, dict[str, Any]]:
    document, faults = yamlfile.parse(DESCRIPTIONS.name, DESCRIPTIONS.read_bytes())
    if document is None or faults:
        raise ValueError(f"{DESCRIPTIONS.name}: {faults[0].message}")
    found: dict[str, dict[str, Any]] = document.value
    return found


def _description(kind: type, key: str) -> dict[str, str]:
    """What an editor shows for a key of a model, or of one that it builds upon."""
    for each in kind.__mro__:
        if said := _descriptions().get(each.__name__, {}).get(key):
            return {"description": said}
    return {}


class _Schemas(GenerateJsonSchema):
    """Pydantic's schemas, said for what an editor reads in a file, and as draft-07 says it."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002
        """The order of the models, not of the alphabet."""
        return value

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Never: it would be the key again."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        found = super().model_schema(schema)
        for key in ("title", "description"):
            found.pop(key, None)
        properties = found.get("properties", {})
        for key, value in properties.items():
            properties[key] = {**_description(schema["cls"], key), **value}
        return found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Without the default: an editor would write it into the file."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if "type" in inner and not {"enum", "const"} & inner.keys():
            return {**inner, "type": [*_listed(inner["type"]), "null"]}
        return {"anyOf": [inner, {"type": "null"}]}

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        pattern = str(schema.get("pattern", ""))
        if schema.get("strip_whitespace"):
            pattern = _something(schema.get("max_length"))
        if not pattern:
            return {"type": ["string", "number"]}
        said = f"must be {LOOKS[pattern]}" if pattern in LOOKS else "must not be empty"
        number = any(re.search(pattern, each) for each in NUMBERS)
        kinds = ["string", "number"] if number else "string"
        return {"type": kinds, "pattern": pattern, "patternErrorMessage": said}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:  # noqa: ARG002
        text = {"pattern": YES_OR_NO, "patternErrorMessage": "must be true or false"}
        return {"type": ["boolean", "string", "integer"], **text, "minimum": 0, "maximum": 1}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        keys = self.generate_inner(schema["keys_schema"])
        values = self.generate_inner(schema["values_schema"])
        found: JsonSchemaValue = {"type": "object", "additionalProperties": values}
        if pattern := keys.get("pattern"):
            found |= {"patternProperties": {pattern: values}, "additionalProperties": False}
        if least := schema.get("min_length"):
            found["minProperties"] = least
        return found

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """A pair's items as draft-07 has them, under `items`."""
        found = super().tuple_schema(schema)
        if items := found.pop("prefixItems", None):
            found["items"] = items
        return found

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Any, not one: a number is text too, and an editor completes all of any."""
        found = super().tagged_union_schema(schema)
        return {"anyOf": found["oneOf"]}


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _something(most: int | None) -> str:
    """The pattern of text that is more than blanks, those around it not counted."""
    return r"\S" if most is None else rf"^\s*\S([\s\S]{{0,{most - 2}}}\S)?\s*$"

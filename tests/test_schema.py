"""The schemas that editors are given say what the loader says, as far as a schema can."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import TypeAdapter, ValidationError

from handouts import schema, yamlfile
from handouts.load import load
from handouts.model import Contact, Part, Slug
from tests.program import run
from tests.small import EN, FILES, H, R, T, make_library

Make = Callable[..., Path]

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
SHIPPED = sorted(path.relative_to(ROOT).as_posix() for path in DATA.rglob("*.y*ml"))

KIND_OF = {
    r"clinics/[^/]+/clinic\.yaml": "clinic",
    r"clinics/[^/]+/_brand\.yml": "brand",
    r"clinics/[^/]+/wording\.yaml": "clinic-wording",
    r"treatments/[^/]+/facts\.yaml": "facts",
    r"treatments/[^/]+/topics\.yaml": "topics",
    r"treatments/[^/]+/../_words\.yaml": "words",
    r"treatments/[^/]+/../[a-z-]+\.yaml": "handout",
    r"sources\.yaml": "sources",
    r"wording/..\.yaml": "wording",
    r"glossary\...\.yaml": "glossary",
    r"spelling/..-..\.yaml": "spelling",
    r"approvals\.yaml": "approvals",
}

MORE = {
    f"{R}/wording.yaml": """\
- sheet: tiny/aftercare
  language: en
  block: water
  add:
    - text: Bring a bottle.
  reason: We have no tap.
""",
    f"{T}/topics.yaml": "Water: [aftercare/water]\n",
    "data/glossary.en.yaml": """\
pus: yellow fluid
ulcer:
  forms: [ulcers]
  gloss: an open sore
""",
    "data/spelling/en-US.yaml": "colour: color\n",
    "data/approvals.yaml": f"""\
- sheet: tiny/risks
  language: en
  version: 1.0
  on: 2026-01-12
  by: A. Reader
  role: Medical director
  library: {"a1" * 32}
  words:
    {"0f" * 32}: [rosewater]
""",
}
"""A file of each kind that the small library does without."""

TEXTS = {
    name: text
    for name, text in {**FILES, **MORE}.items()
    if isinstance(text, str) and name.endswith((".yaml", ".yml"))
}


def kind_of(path: str) -> str:
    inside = path.removeprefix("data/")
    return next(kind for way, kind in KIND_OF.items() if re.fullmatch(way, inside))


def as_loaded(text: str) -> Any:
    document, faults = yamlfile.parse("a.yaml", text.encode())
    assert document
    assert faults == ()
    return document.value


class Edited(yaml.SafeLoader):
    """What an editor makes of a file: YAML 1.2, in which `on` and `no` are text."""


Edited.yaml_implicit_resolvers = {
    first: [(tag, way) for tag, way in ways if not tag.endswith((":bool", ":timestamp"))]
    for first, ways in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Edited.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"[Tt]rue|TRUE|[Ff]alse|FALSE"), list("tTfF")
)


def as_edited(text: str) -> Any:
    return yaml.load(text, Edited)  # noqa: S506  it is a safe one


def as_edited_in_old_yaml(text: str) -> Any:
    """What YAML 1.1 makes of it, but for days, which editors take for text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.fixture(scope="module")
def validators() -> dict[str, Draft7Validator]:
    found = {name: Draft7Validator(schema.schema(name)) for name in schema.FILES}
    for validator in found.values():
        Draft7Validator.check_schema(validator.schema)
    return found


def test_every_kind_of_file_has_a_schema_and_there_is_no_other() -> None:
    assert set(KIND_OF.values()) == set(schema.FILES)
    assert {kind_of(path) for path in TEXTS} == set(schema.FILES)
    assert {kind_of(path) for path in SHIPPED} == set(schema.FILES) - {"approvals"}


def test_the_schemas_that_are_committed_are_those_that_are_written(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert len(schema.write(tmp_path)) == len(schema.FILES)
    written = {path.name: path.read_text() for path in (tmp_path / "data/.schema").iterdir()}
    assert written == {path.name: path.read_text() for path in (DATA / ".schema").iterdir()}
    assert schema.write(tmp_path) == []


@pytest.mark.parametrize("path", SHIPPED)
def test_the_first_line_of_a_shipped_file_names_its_schema(path: str) -> None:
    first = (ROOT / path).read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert named != first
    there = (ROOT / path).parent / named
    assert there.resolve() == DATA / ".schema" / f"{kind_of(path)}.json"
    assert there.is_file()


def test_an_approval_is_recorded_in_a_file_that_names_its_schema(tmp_path: Path) -> None:
    root = make_library(tmp_path)
    signed = ("--by", "A. Reader", "--role", "Nurse", "--root", root)
    assert run("approve", "tiny/aftercare", *signed).exit_code == 0
    text = (root / "data/approvals.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=.schema/approvals.json\n# Who ")
    assert list(Draft7Validator(schema.schema("approvals")).iter_errors(as_edited(text))) == []


@pytest.mark.parametrize("read", [as_loaded, as_edited, as_edited_in_old_yaml])
@pytest.mark.parametrize("path", SHIPPED)
def test_every_shipped_file_fits_its_schema(
    path: str, read: Callable[[str], Any], validators: dict[str, Draft7Validator]
) -> None:
    value = read((ROOT / path).read_text(encoding="utf-8"))
    assert [each.message for each in validators[kind_of(path)].iter_errors(value)] == []


@pytest.mark.parametrize("read", [as_loaded, as_edited])
@pytest.mark.parametrize("path", sorted(TEXTS))
def test_every_file_of_the_small_library_fits_its_schema(
    path: str, read: Callable[[str], Any], validators: dict[str, Draft7Validator]
) -> None:
    value = read(TEXTS[path])
    TypeAdapter(schema.FILES[kind_of(path)]).validate_python(as_loaded(TEXTS[path]))
    assert [each.message for each in validators[kind_of(path)].iter_errors(value)] == []


CLINIC, BRAND = f"{R}/clinic.yaml", f"{R}/_brand.yml"
FACTS, AFTERCARE = f"{T}/facts.yaml", f"{EN}/aftercare.yaml"

FAULTS = [
    (CLINIC, "phone:", "phnoe:", "unknown key"),
    (CLINIC, "paper: a4\n", "", "missing key"),
    (CLINIC, "paper: a4", "paper: a5", "wrong choice"),
    (CLINIC, "country: GB", "country: gb", "wrong country"),
    (CLINIC, "country: GB", "country: Great Britain", "wrong country in words"),
    (CLINIC, 'emergency: "999"', "emergency: 999", "number without quotes"),
    (CLINIC, "phone: 020 7946 0000", "phone: call us", "words for a number"),
    (CLINIC, "phone: 020 7946 0000", "phone: []", "no number"),
    (CLINIC, "  when:", "  whn:", "unknown key inside"),
    (CLINIC, "hours: Monday to Friday, 9 to 5", "hours: [9, 5]", "list for words"),
    (CLINIC, "hours: Monday to Friday, 9 to 5", "hours:", "nothing for words"),
    (CLINIC, "hours: Monday to Friday, 9 to 5", 'hours: " "', "blanks for words"),
    (CLINIC, "languages: [en]", "languages: [english]", "language in words"),
    (CLINIC, "    price: £120", "    Price: £120", "setting with a capital"),
    (CLINIC, "    price: £120", "    price: [3, 6, 9]", "range of three"),
    (CLINIC, "fictional: true", "fictional: maybe", "neither true nor false"),
    (CLINIC, "website: ", "website: https://", "address with https"),
    (BRAND, "logo: logo.svg\n", "", "no logo"),
    (BRAND, "color:", "colour:", "British key"),
    (BRAND, "  secondary:", "  secondry:", "unknown colour"),
    (BRAND, 'secondary: "#063"', "secondary: #063", "colour that YAML takes for a comment"),
    (f"{H}/_brand.yml", "    family:", "    famly:", "unknown key of a typeface"),
    (FACTS, "code: TT", "code: tt", "code in small letters"),
    (FACTS, "group: some", "group: many", "unknown group"),
    (FACTS, "    cases: 2\n", "    cases: 2\n    not_known: true\n", "two ways to count"),
    (FACTS, "    cases: 2\n", "", "no way to count"),
    (FACTS, "    cases: 2\n", "    cases:\n", "nothing for a count"),
    (FACTS, "at_least: 9", "at_least: 101", "more than 100 in 100"),
    (FACTS, "total: 40", 'total: "40"', "text for a count"),
    (FACTS, "default: [3, 6]", "default: [0, 6]", "range from nought"),
    (FACTS, "  wash_hours:", "  Wash-hours:", "figure that cannot be named"),
    (AFTERCARE, "bullets: [Drink water.]", "bulets: [Drink water.]", "unknown block"),
    (AFTERCARE, "bullets: [Drink", "text: A\n    bullets: [Drink", "two kinds in one block"),
    (AFTERCARE, "  - sources: []\n    bullets", "  - sorces: []\n    bullets", "key of a block"),
    (AFTERCARE, "bullets: [Drink water.]", "bullets: []", "empty list"),
    (AFTERCARE, "bullets: [Drink water.]", "bullets: Drink water.", "text for a list"),
    (AFTERCARE, "call_box: true", "call_box: false", "a box that is not to be there"),
    (AFTERCARE, "head: [What, Why]", "head: [What]", "one head for two columns"),
    (AFTERCARE, "  - head: [What, Why]\n    table", "  - table", "table without heads"),
    (AFTERCARE, "written: 2026-01-10", "written: 10/01/2026", "day in other order"),
    (AFTERCARE, "version: 1.0", "version: one", "version in words"),
    (f"{EN}/consent.yaml", "who: clinician", "who: doctor", "unknown signer"),
    (f"{EN}/consent.yaml", "lines: 3", "lines: 30", "too many lines"),
    (f"{EN}/_words.yaml", "    do: Call us.\n", "", "risk without what to do"),
    ("data/sources.yaml", "  found: In print.\n", "", "source that cannot be found"),
    ("data/sources.yaml", "url: https", "url: http", "link that is not safe"),
    ("data/wording/en.yaml", "of {pages}", "of {page}", "name in braces left out"),
    ("data/wording/en.yaml", "draft_mark: DRAFT\n", "", "word left out"),
    (f"{R}/wording.yaml", "  add:", "  ad:", "unknown change"),
    (f"{R}/wording.yaml", "  reason: We have no tap.\n", "", "change without a reason"),
    (f"{R}/wording.yaml", "tiny/aftercare", "aftercare", "sheet without its treatment"),
    (f"{T}/topics.yaml", "aftercare/water", "aftercare", "place without a block"),
    ("data/glossary.en.yaml", "  gloss:", "  glos:", "term without a gloss"),
    ("data/spelling/en-US.yaml", "colour: color", "colour: [color]", "list for a word"),
    ("data/approvals.yaml", "a1a1", "", "digest too short"),
    ("data/approvals.yaml", "Medical director", "M" + "d" * 60, "role too long"),
]


@pytest.mark.parametrize(("path", "old", "new"), [each[:3] for each in FAULTS],
                         ids=[each[3] for each in FAULTS])  # fmt: skip
def test_a_fault_is_refused_by_the_loader_and_by_the_schema(
    path: str, old: str, new: str, library: Make, validators: dict[str, Draft7Validator]
) -> None:
    assert old in TEXTS[path]
    text = TEXTS[path].replace(old, new, 1)
    root = library({path: text})
    assert path in {problem.path for problem in load(root).problems}
    with pytest.raises(ValidationError):
        TypeAdapter(schema.FILES[kind_of(path)]).validate_python(as_loaded(text))
    for read in (as_loaded, as_edited):
        assert not validators[kind_of(path)].is_valid(read(text))


SCALARS = (
    "words", "1.0", "1.50", "007", "02079460181", "+442079460181", "(207) 555-0100", "1e3", ".5",
    "0x1F", "1", "0", "-1", "12345", "2026-01-10", '""', '" a "', "~", "true", "false", '"true"',
    '"yes"', "[]", "{}", "[1, 2]", "[a, b]", "{en: a}", "a/b", "a-b", "en", "ABC",
)  # fmt: skip
"""What may stand where something else stood; some are other things to an editor than to us."""

EXCUSED = {
    ("emergency", "02079460181"),
    ("emergency", "007"),
    *((key, "1") for key in ("call_box", "patient_label", "references", "not_known")),
}
"""An editor takes a nought in front of a number for nothing, and asks for quotes; so it does, as
the loader, for `999`. It asks for `true` where the loader would also take 1."""


def changes(value: Any, put: Any, key: Any = None) -> Iterator[tuple[Any, Any]]:
    """The value with one thing in it replaced, each in turn, and the key where that stood."""
    yield key, put
    if isinstance(value, dict):
        for step, inner in value.items():
            for where, changed in changes(inner, put, step):
                yield where, {**value, step: changed}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for where, changed in changes(inner, put, key):
                yield where, [*value[:index], changed, *value[index + 1 :]]


@pytest.mark.parametrize("path", sorted({*TEXTS} - {"data/wording/en.yaml"}))
def test_what_the_loader_takes_the_schema_takes(
    path: str, validators: dict[str, Draft7Validator]
) -> None:
    kind = kind_of(path)
    loader, validator, text = TypeAdapter(schema.FILES[kind]), validators[kind], TEXTS[path]
    taken = 0
    for scalar in SCALARS:
        ours = changes(as_loaded(text), as_loaded(scalar))
        theirs = changes(as_edited(text), as_edited(scalar))
        for (key, value), (_, edited) in zip(ours, theirs, strict=True):
            try:
                loader.validate_python(value)
            except ValidationError:
                continue
            if (key, scalar) not in EXCUSED:
                taken += 1
                assert validator.is_valid(value), (key, scalar)
                assert validator.is_valid(edited), (key, scalar)
    assert taken > 2


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes by its keys."""
    if isinstance(value, dict):
        if "properties" in value and "type" in value:
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


OPEN = ({"handouts"}, {"name", "link"}, {"path", "weight", "style"})
"""The keys of those objects in which other programs can keep more."""


@pytest.mark.parametrize("name", schema.FILES)
def test_every_key_has_a_description_and_no_other_key_is_taken(name: str) -> None:
    found = schema.schema(name)
    assert list(found)[:3] == ["$schema", "title", "description"]
    for each in objects(found):
        assert each["additionalProperties"] is (each["properties"].keys() in OPEN)
        for key, value in each["properties"].items():
            assert value.get("description"), f"add {key} to handouts/descriptions.yaml"
            assert "title" not in value
            assert "default" not in value


def parts(kind: type[Part] = Part) -> Iterator[type[Part]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("handouts."):
            yield each
            yield from parts(each)


def test_nothing_is_described_that_is_not_there() -> None:
    described = as_loaded(schema.DESCRIPTIONS.read_text(encoding="utf-8"))
    assert described.pop("files").keys() == schema.FILES.keys()
    fields = {
        kind.__name__: {field.alias or name for name, field in kind.model_fields.items()}
        for kind in parts()
    }
    assert len(described) > 20
    for kind, keys in described.items():
        assert keys.keys() - fields[kind] == set()


def test_a_field_of_a_model_needs_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithMore(Contact):
        nearest: Slug | None = None

    monkeypatch.setitem(schema.FILES, "clinic", WithMore)
    found = schema.schema("clinic")["properties"]
    assert "description" in found["name"]
    assert found["nearest"]["type"] == ["string", "null"]
    assert found["nearest"]["patternErrorMessage"].startswith("must be small letters")


def test_the_command_writes_all_and_says_which(library: Make) -> None:
    root = library()
    first = run("schema", "--root", root)
    assert first.exit_code == 0
    assert len(re.findall(r"\.schema/[a-z-]+\.json\n", first.stdout)) == len(schema.FILES)
    assert "12 written, 0 unchanged" in first.stdout
    (root / "data/.schema/brand.json").write_text("{}")
    again = run("schema", "--root", root).stdout.splitlines()
    assert [line.rpartition("/")[2] for line in again[:-1]] == ["brand.json"]
    assert "1 written, 11 unchanged" in again[-1]
    assert load(root).problems == ()


def test_the_command_prints_one() -> None:
    result = run("schema", "brand")
    assert (result.exit_code, result.stdout) == (0, schema.text("brand"))


@pytest.mark.parametrize(("name", "said"), [("clinc", "did you mean 'clinic'?"),
                                            ("zzz", "there is clinic, brand, ")])  # fmt: skip
def test_a_name_that_is_no_schema_is_a_usage_error(name: str, said: str) -> None:
    result = run("schema", name)
    assert result.exit_code == 2
    assert f"there is no schema '{name}': {said}" in result.stderr


def test_a_folder_that_cannot_be_written_is_named(library: Make) -> None:
    root = library({"data/.schema": "a file"})
    result = run("schema", "--root", root)
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr

"""What was worked out before is taken up only where nothing that it rests on has changed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from handouts import check, examined, memory, toolchain, yamlfile
from handouts.load import load_with_places
from handouts.store import Store
from tests.small import EN, FILES, H, R, T

Make = Callable[..., Path]
TODAY = date(2026, 11, 21)
SALE = str(FILES[f"{EN}/risks.yaml"]).replace("hurt", "be a luxury")
PREMIUM = str(FILES[f"{R}/clinic.yaml"]).replace("020 7946 0000", "0909 879 0000")


def asked(root: Path, today: date = TODAY) -> tuple[list[str], list[str]]:
    """What the rules are asked of, and the errors that are found, as `path: message`."""
    seen: list[str] = []
    real_sheets, real_clinic = check.of_sheets, check.of_clinic

    def of_sheets(*args: object) -> object:
        seen.append("sheets")
        return real_sheets(*args)  # type: ignore[arg-type]

    def of_clinic(*args: object) -> object:
        seen.append(str(args[-1]))
        return real_clinic(*args)  # type: ignore[arg-type]

    library, documents = load_with_places(root)
    with patch.object(check, "of_sheets", of_sheets), patch.object(check, "of_clinic", of_clinic):
        found = examined.errors(library, documents, today, Store(root / ".handouts"))
    assert found == check.check(library, documents, today).errors
    return seen, [f"{problem.path}: {problem.rule}" for problem in found]


ALL = ["sheets", "harbor", "rosewater"]


def test_the_rules_are_asked_once_of_what_stays_as_it_is(library: Make) -> None:
    root = library({f"{EN}/risks.yaml": SALE})
    seen, found = asked(root)
    assert (seen, found) == (ALL, [f"{EN}/risks.yaml: promotion"])
    assert asked(root) == ([], found)


@pytest.mark.parametrize(
    ("path", "content", "again"),
    [
        (f"{R}/clinic.yaml", PREMIUM, ["rosewater"]),
        (f"{R}/_brand.yml", str(FILES[f"{R}/_brand.yml"]) + "# ours\n", ["rosewater"]),
        (f"{H}/clinic.yaml", str(FILES[f"{H}/clinic.yaml"]) + "# ours\n", ["sheets", "harbor"]),
        (f"{EN}/risks.yaml", SALE, ["sheets"]),
        (f"{T}/facts.yaml", str(FILES[f"{T}/facts.yaml"]) + "# ours\n", ["sheets"]),
    ],
    ids=["number", "brand", "the first clinic", "word", "facts"],
)
def test_they_are_asked_again_of_what_has_changed(
    path: str, content: str, again: list[str], library: Make
) -> None:
    root = library()
    asked(root)
    (root / path).write_text(content, encoding="utf-8")
    assert asked(root)[0] == again
    assert asked(root)[0] == []


def test_another_day_or_another_program_asks_again(
    library: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = library()
    asked(root)
    assert asked(root, date(2027, 12, 24))[0] == ALL
    monkeypatch.setattr(toolchain, "digest", lambda: "another program")
    assert asked(root, date(2027, 12, 24))[0] == ALL


def test_an_allowance_counts_though_the_rules_are_not_asked_again(library: Make) -> None:
    allowed = SALE.replace("title:", "# allow promotion: to be tried\ntitle:", 1)
    root = library({f"{EN}/risks.yaml": allowed})
    first = asked(root)[1]
    assert asked(root) == ([], first)
    assert f"{EN}/risks.yaml: promotion" in first


def parsed(root: Path) -> list[str]:
    """The files that are parsed when the library is read by a new process."""
    seen: list[str] = []
    real = yamlfile._parse

    def parse(path: str, data: bytes) -> yamlfile.Parsed:
        seen.append(path)
        return real(path, data)

    with patch.object(yamlfile, "_LATEST", {}):
        expected = load_with_places(root)
    with patch.object(yamlfile, "_LATEST", {}), patch.object(yamlfile, "_parse", parse):
        found = memory.load(root, Store(root / ".handouts"))
    assert found[0] == expected[0]
    assert {path: each.root for path, each in found[1].items()} == {
        path: each.root for path, each in expected[1].items()
    }
    return sorted(seen)


def test_only_files_with_other_bytes_are_parsed_again(library: Make) -> None:
    root = library()
    assert len(parsed(root)) == 11
    assert parsed(root) == []
    (root / R / "clinic.yaml").write_text(PREMIUM, encoding="utf-8")
    assert parsed(root) == [f"{R}/clinic.yaml"]


def test_a_file_with_faults_is_parsed_each_time_so_that_they_are_told(library: Make) -> None:
    root = library({f"{EN}/risks.yaml": "title: [\n"})
    assert f"{EN}/risks.yaml" in parsed(root)
    assert parsed(root) == [f"{EN}/risks.yaml"]


def test_a_damaged_memory_is_none(library: Make) -> None:
    root = library()
    parsed(root)
    (record,) = (root / ".handouts/held").glob("*/*")
    record.write_bytes(record.read_bytes()[:-5])
    assert len(parsed(root)) == 11

"""Whatever has a part in a page changes the key of what is laid out."""

from pathlib import Path

import pytest

from handouts import layouts, toolchain
from handouts.layouts import Job
from handouts.sheet import Sheet

JOB = Job(Sheet("<p>word", "", (), ()))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own, with a module, a room with another, data and a template."""
    for name in ("build.py", "layout/plates.py", "vocabularies/en.yaml", "templates/sheet.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("one", "utf-8")
    monkeypatch.setattr(toolchain, "HOUSE", tmp_path)
    monkeypatch.setattr(toolchain, "TEMPLATES", (tmp_path / "templates",))
    return tmp_path


def key() -> str:
    """The key of one and the same job, worked out by a new process."""
    for known in (toolchain.code, toolchain.versions, toolchain.digest):
        known.cache_clear()
    return layouts.job_key(JOB)


@pytest.mark.parametrize(
    "name",
    ["build.py", "layout/plates.py", "vocabularies/en.yaml", "templates/sheet.html", "new.py"],
)
def test_any_file_of_ours_changes_the_key(name: str, house: Path) -> None:
    before = key()
    assert key() == before
    (house / name).write_text("another", "utf-8")
    assert key() != before


def test_what_is_no_part_of_the_program_does_not(house: Path) -> None:
    before = key()
    (house / "notes.txt").write_text("another", "utf-8")
    assert key() == before


@pytest.mark.parametrize("name", ["segno", "weasyprint", "pyphen", "typst", "resvg-py", "lxml"])
def test_any_package_that_the_program_needs_changes_the_key(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = key(), toolchain._installed
    assert name in real()

    def upgraded() -> dict[str, tuple[str, Path]]:
        return {**real(), name: ("99.0", real()[name][1])}

    monkeypatch.setattr(toolchain, "_installed", upgraded)
    assert key() != before


def test_what_only_checks_the_program_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = key(), toolchain._installed
    monkeypatch.setattr(
        toolchain, "_installed", lambda: {**real(), "ruff": ("99.0", real()["ruff"][1])}
    )
    assert key() == before


@pytest.mark.parametrize("name", sorted(toolchain.NATIVE))
def test_each_native_library_changes_the_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = key(), dict(toolchain._native())
    assert real[name] != "not there"
    monkeypatch.setattr(toolchain, "_native", {**real, name: "99"}.items)
    assert key() != before


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    for known in (toolchain.code, toolchain.versions, toolchain.digest):
        known.cache_clear()

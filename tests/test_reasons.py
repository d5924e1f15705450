"""Just what has changed is made again, and the report says why in a person's words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import toolchain
from handouts.overprint import Plate, Stationery
from tests.program import laid_out, run
from tests.small import EN, SVG, H, R, T, make_library
from tests.test_tidy import ALL

AFTERCARE, CONSENT, RISKS = ({ALL[index], ALL[index + 3]} for index in range(3))
ROSEWATER, HARBOR = set(ALL[3:]), set(ALL[:3])


def change(path: str, old: str, new: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        (root / path).write_text(text.replace(old, new), encoding="utf-8")

    return do


def template(root: Path) -> None:
    own = root / "templates/blocks/timeline.html"
    own.parent.mkdir(parents=True)
    shipped = Path(__file__).parents[1] / "templates/blocks/timeline.html"
    own.write_text(shipped.read_text(encoding="utf-8") + "<p>Ours</p>", encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[Path], None], set[str], list[type], str]] = {
    "a comment": (change(f"{EN}/risks.yaml", "owner:", "# ours\nowner:"), set(), [], ""),
    "spacing": (change(f"{T}/facts.yaml", "value: 24", "value:   24"), set(), [], ""),
    "a word": (
        change(f"{EN}/aftercare.yaml", "Drink water.", "Drink tea."),
        AFTERCARE, [Plate, Plate],
        f"{EN}/aftercare.yaml: blocks.0.bullets Drink water. → Drink tea.",
    ),
    "a number": (
        change(f"{T}/facts.yaml", "value: 24", "value: 36"),
        AFTERCARE | RISKS, [Plate] * 4, f"{T}/facts.yaml: wash_hours 24 → 36",
    ),
    "a phone": (
        change(f"{R}/clinic.yaml", "020 7946 0000", "020 7946 0001"),
        ROSEWATER, [Stationery], f"{R}/clinic.yaml: phone changed",
    ),
    "a colour": (
        change(f"{R}/_brand.yml", "#A1004B", "#004BA1"),
        ROSEWATER, [], f"{R}/_brand.yml: color.palette.rose #A1004B → #004BA1",
    ),
    "a logo": (
        lambda root: (root / R / "logo.svg").write_text(SVG.replace("40", "30")),  # type: ignore[dict-item,return-value]
        ROSEWATER, [Stationery], f"{R}/logo.svg changed",
    ),
    "a setting in one handout": (
        change(f"{H}/clinic.yaml", "sessions: 4", "sessions: 5"),
        {ALL[2]}, [Plate], f"{H}/clinic.yaml: treatments.tiny.sessions 4 → 5",
    ),
    "a template": (template, AFTERCARE, [Plate, Plate], "templates/blocks/timeline.html changed"),
    "an output gone": (
        lambda root: (root / "output" / ALL[4]).unlink(), {ALL[4]}, [], "output missing",
    ),
    "an output cut short": (
        lambda root: (root / "output" / ALL[4]).write_bytes(b"%PDF-1.7"),  # type: ignore[dict-item,return-value]
        {ALL[4]}, [], "output altered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_just_what_changed_is_made_again_and_why_is_said(what: str, built: Path) -> None:
    do, made, kinds, why = CHANGES[what]
    do(built)
    planned = json.loads(run("build", "-n", "--json", "--root", built).stdout)["editions"]
    with laid_out() as found:
        rows = json.loads(run("build", "-j", 1, "--json", "--root", built).stdout)["editions"]
    assert {row["path"] for row in rows if row["outcome"] == "made"} == made
    assert {row["path"] for row in planned if row["outcome"] == "made"} == made
    assert [job.kind for job in found] == kinds
    assert {row["why"] for row in rows if row["outcome"] == "made"} <= {why}
    assert {row["why"] for row in planned if row["outcome"] == "made"} <= {why}


def added(path: str, text: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return do


PARTS = {"sections": 2, "call box": 1}
"""How many sheets of three show these; the others stay as they are, byte for byte."""

REBRANDED: dict[str, Callable[[Path], None]] = {
    "colour": change(f"{R}/_brand.yml", "#A1004B", "#004BA1"),
    "logo": lambda root: (root / R / "logo.svg").write_text(SVG.replace("40", "30")),  # type: ignore[dict-item,return-value]
    "letterhead": added(f"{R}/_brand.yml", "defaults: {handouts: {letterhead: band}}\n"),
    "sections": added(f"{R}/_brand.yml", "defaults: {handouts: {sections: tints}}\n"),
    "call box": added(f"{R}/_brand.yml", "defaults: {handouts: {call_box: quiet}}\n"),
    "mono": added(f"{R}/clinic.yaml", "formats: [standard, mono]\n"),
}


@pytest.mark.parametrize("what", REBRANDED)
def test_neither_a_new_brand_nor_mono_lays_out_a_plate(what: str, built: Path) -> None:
    REBRANDED[what](built)
    with laid_out() as found:
        result = run("build", "-j", 1, "--json", "--root", built)
    rows = json.loads(result.stdout)["editions"]
    assert result.exit_code == 0
    assert len([row for row in rows if row["outcome"] == "made"]) == PARTS.get(what, 3)
    assert Plate not in {job.kind for job in found}


@pytest.mark.parametrize("name", ["WeasyPrint", "segno", "HarfBuzz", "Pango"])
def test_a_new_version_of_a_tool_is_a_reason(
    name: str, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = toolchain.versions()
    monkeypatch.setattr(toolchain, "versions", lambda: {**now, name: "70.9"})
    toolchain.digest.cache_clear()
    shutil.rmtree(built / ".handouts/settled")
    shown = run("build", "-n", "--root", built).stdout
    monkeypatch.undo()
    toolchain.digest.cache_clear()
    assert f"{name} {now[name]} → 70.9" in shown


def test_the_first_build_says_new_and_a_removed_clinic_why(tmp_path: Path, built: Path) -> None:
    root = make_library(tmp_path / "first")
    assert run("build", "-n", "--root", root).stdout.startswith("new: harbor/en/")
    shutil.rmtree(built / H)
    said = run("build", "--explain", "--root", built).stdout
    assert "there is no such edition any more: harbor/en/tiny-aftercare.pdf" in said


def test_many_changes_of_one_file_are_counted(built: Path) -> None:
    path = built / f"{EN}/aftercare.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (("water", "tea"), ("Rest", "Sit"), ("Warm", "Hot"), ("face", "arm")):
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    assert f"{EN}/aftercare.yaml: 4 changes" in run("build", "-n", "--root", built).stdout


def test_a_damaged_record_of_the_last_build_is_no_record(built: Path) -> None:
    for path in (built / ".handouts/snapshot").rglob("*"):
        if path.is_file():
            path.write_bytes(b"x")
    change(f"{EN}/aftercare.yaml", "Drink water.", "Drink tea.")(built)
    result = run("build", "-j", 1, "--explain", "--root", built)
    assert result.exit_code == 0
    assert "new: harbor/en/tiny-aftercare.pdf" in result.stdout

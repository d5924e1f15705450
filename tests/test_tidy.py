"""What a build leaves behind: a manifest that is true, no PDF too many, nothing half written."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import Result
from filelock import FileLock

from handouts import turns
from tests.program import run
from tests.small import EN, FILES, H, R

Make = Callable[..., Path]
ALL = [
    f"{clinic}/en/tiny-{sheet}.pdf"
    for clinic in ("harbor", "rosewater")
    for sheet in ("aftercare", "consent", "risks")
]


def build(root: Path, *arguments: str) -> Result:
    return run("build", "-j", 1, *arguments, "--root", root)


def manifest(root: Path) -> dict[str, Any]:
    data = json.loads((root / "output/manifest.json").read_text(encoding="utf-8"))
    return {item["path"]: item for item in data["editions"]}


def pdfs(root: Path) -> list[str]:
    output = root / "output"
    return sorted(path.relative_to(output).as_posix() for path in output.rglob("*.pdf"))


def test_the_manifest_says_what_stands_there(built: Path) -> None:
    found = manifest(built)
    assert list(found) == ALL
    for path, item in found.items():
        data = (built / "output" / path).read_bytes()
        assert item["sha256"] == sha256(data).hexdigest()
        assert item["pages"] == len(pypdfium2.PdfDocument(data))
    assert len({item["words"] for item in found.values()}) == 5
    assert len({item["contact"] for item in found.values()}) == 2
    assert found[ALL[1]] == {
        "path": ALL[1],
        "title": "Tiny treatment: Consent to tiny treatment – Harbor Skin",
        "clinic": "harbor",
        "treatment": "tiny",
        "handout": "consent",
        "language": "en",
        "format": "standard",
        "version": "1.1",
        "code": "TT-CONSENT-EN",
        "state": "draft",
        "pages": found[ALL[1]]["pages"],
        "sha256": found[ALL[1]]["sha256"],
        "words": found[ALL[1]]["words"],
        "contact": found[ALL[1]]["contact"],
        "current": True,
    }


def test_the_same_pdfs_have_the_same_manifest(built: Path) -> None:
    before = (built / "output/manifest.json").read_bytes()
    build(built, "-f")
    assert (built / "output/manifest.json").read_bytes() == before


def test_a_part_leaves_the_rest_of_the_manifest_as_it_is(built: Path) -> None:
    before = manifest(built)
    (built / f"{EN}/risks.yaml").write_text(str(FILES[f"{EN}/risks.yaml"]).replace("hurt", "ache"))
    build(built, "harbor", "-H", "risks")
    after = manifest(built)
    assert list(after) == ALL
    assert [path for path in ALL if before[path] != after[path]] == [ALL[2]]


def test_what_could_not_be_made_again_is_not_current(built: Path) -> None:
    (built / f"{EN}/risks.yaml").write_text("title: x\n", encoding="utf-8")
    assert build(built).exit_code == 1
    assert {path for path, item in manifest(built).items() if not item["current"]} == {
        path for path in ALL if "risks" in path or "consent" in path
    }


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"editions": [{"path": "../../x.pdf"}]}', "null"]
)
def test_a_damaged_manifest_is_written_anew_and_never_trusted(damage: str, built: Path) -> None:
    before = (built / "output/manifest.json").read_bytes()
    (built / "output/manifest.json").write_text(damage, encoding="utf-8")
    shutil.rmtree(built / H)
    assert build(built).exit_code == 0
    assert list(manifest(built)) == ALL[3:]
    assert len(before) > 1000


def test_the_pdfs_of_a_clinic_that_is_gone_are_taken_away(built: Path) -> None:
    shutil.rmtree(built / H)
    assert "\n0 to make, 3 unchanged, 3 to remove: " in build(built, "-n").stdout
    assert pdfs(built) == ALL
    assert build(built).stdout.startswith("0 made, 3 unchanged, 3 removed")
    assert pdfs(built) == ALL[3:]
    assert not (built / "output/harbor").exists()
    assert list(manifest(built)) == ALL[3:]


def test_the_pdfs_of_a_handout_that_is_gone_are_taken_away(built: Path) -> None:
    consent = str(FILES[f"{EN}/consent.yaml"]).replace("[risks, aftercare]", "[risks]")
    (built / f"{EN}/consent.yaml").write_text(consent, encoding="utf-8")
    (built / f"{EN}/aftercare.yaml").unlink()
    assert build(built).exit_code == 0
    assert pdfs(built) == [path for path in ALL if "aftercare" not in path]


def test_nothing_is_taken_away_while_something_is_broken_or_only_a_part_is_asked_for(
    built: Path,
) -> None:
    shutil.rmtree(built / H)
    build(built, "rosewater")
    (built / "data/sources.yaml").write_text("x", encoding="utf-8")
    build(built)
    assert pdfs(built) == ALL


def test_what_nobody_made_is_left_and_named(built: Path) -> None:
    (built / "output/harbor/en/notes.pdf").write_bytes(b"mine")
    (built / "output/list.txt").write_bytes(b"mine")
    shutil.rmtree(built / H)
    result = build(built)
    assert result.exit_code == 0
    assert "harbor/en/notes.pdf: no build has made this, so it is left" in result.stderr
    assert "list.txt: no build has made this" in result.stderr
    assert pdfs(built) == ["harbor/en/notes.pdf", *ALL[3:]]


def test_a_pdf_that_somebody_changed_is_not_taken_away(built: Path) -> None:
    (built / "output" / ALL[0]).write_bytes(b"signed by hand")
    shutil.rmtree(built / H)
    result = build(built)
    assert result.exit_code == 1
    assert "somebody has changed the PDF" in result.stderr
    assert pdfs(built) == [ALL[0], *ALL[3:]]


def test_what_a_killed_build_left_is_swept_away(built: Path) -> None:
    names = ("output/harbor/en/.x.pdf.12.handouts-draft", ".handouts/.k.1.handouts-draft")
    left = [built / name for name in names]
    for path in left:
        path.write_bytes(b"half")
    build(built)
    assert not any(path.exists() for path in left)


def test_a_second_build_waits_for_the_first(built: Path) -> None:
    with FileLock(built / ".handouts" / turns.name(built / "output")):
        program = Path(sys.executable).with_name("handouts")
        command = [program, "build", "--root", built]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        second = subprocess.Popen(command, text=True, **pipes)
        assert second.stderr
        assert "another build is at work" in second.stderr.readline()
        time.sleep(0.2)
        assert second.poll() is None
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert out.startswith("0 made, 6 unchanged")


def test_clean_takes_away_what_no_sheet_uses(built: Path) -> None:
    store = built / ".handouts"
    before = sorted(store.glob("[ps]*[ey]/*/*"))
    assert run("clean", "--root", built).stdout.startswith("no records taken away")
    (built / f"{R}/clinic.yaml").write_text(
        str(FILES[f"{R}/clinic.yaml"]).replace("0000", "0001"), encoding="utf-8"
    )
    assert run("clean", "--root", built).stdout.startswith("1 record taken away")
    assert len(sorted(store.glob("[ps]*[ey]/*/*"))) == len(before) - 1
    assert run("clean", "--all", "--root", built).stdout.startswith("9 records taken away")
    assert list(store.glob("[ps]*[ey]/*/*")) == []
    assert pdfs(built) == ALL


def test_the_store_does_not_grow_without_end(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handouts import build as building  # noqa: PLC0415

    monkeypatch.setattr(building, "SPARE", -19)
    for number in range(4):
        (built / f"{R}/clinic.yaml").write_text(
            str(FILES[f"{R}/clinic.yaml"]).replace("0000", f"000{number}"), encoding="utf-8"
        )
        assert build(built).exit_code == 0
    assert len(list((built / ".handouts").glob("[ps]*[ey]/*/*"))) == 11

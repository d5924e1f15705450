"""Beside each PDF a copy for the archive: PDF/A-2a, checked, and never of another state."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from click.testing import Result
from PIL import ImageCms

from handouts import archive, icc, plates
from handouts import overprint as overprinting
from tests.program import laid_out, run
from tests.small import EN, FILES, HARBOR_BRAND, H, R, make_library
from tests.test_tidy import ALL

COPIES = [archive.place(path) for path in ALL]


def build(root: Path, *arguments: object) -> Result:
    return run("build", "-j", 1, *arguments, "--root", root)


def found(root: Path) -> dict[str, bytes]:
    output = root / "output"
    return {
        path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*.pdf")
    }


def listed(root: Path) -> dict[str, str]:
    """The digests of the copies that the manifest tells of."""
    items = json.loads((root / "output/manifest.json").read_text(encoding="utf-8"))["editions"]
    return {item["path"]: item["archive"] for item in items if "archive" in item}


def word(root: Path, name: str) -> None:
    path = root / EN / "risks.yaml"
    words = str(FILES[f"{EN}/risks.yaml"])
    path.write_text(words.replace("hurt", name), encoding="utf-8")


def phone(root: Path, digits: str) -> None:
    words = str(FILES[f"{R}/clinic.yaml"])
    (root / R / "clinic.yaml").write_text(words.replace("0000", digits), encoding="utf-8")


@pytest.fixture(scope="module")
def archived_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(shutil.copytree(built_once, tmp_path_factory.mktemp("archived") / "root"))
    assert build(root, "--archive").exit_code == 0
    return root


@pytest.fixture
def archived(archived_once: Path, tmp_path: Path) -> Path:
    """The small library with its PDFs and their copies, to be changed at will."""
    root = Path(shutil.copytree(archived_once, tmp_path / "root"))
    assert build(root).exit_code == 0
    return root


def test_every_pdf_has_a_copy_in_a_folder_of_its_own(archived_once: Path) -> None:
    assert archive.place("a/en/t-risks.pdf") == "a/en/archive/t-risks-archive.pdf"
    assert sorted(found(archived_once)) == sorted([*ALL, *COPIES])
    assert list(listed(archived_once)) == ALL


@pytest.mark.parametrize("profile", ["2a", "ua1"])
@pytest.mark.parametrize("path", COPIES)
def test_a_copy_is_pdf_a_and_still_pdf_ua(archived_once: Path, path: str, profile: str) -> None:
    report = page.validate_pdf(archived_once / "output" / path, profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant
    assert archive.fault(found(archived_once)[path]) == ""


@pytest.mark.parametrize("path", ALL)
def test_a_copy_shows_and_says_what_its_pdf_does(archived_once: Path, path: str) -> None:
    one, other = (found(archived_once)[name] for name in (path, archive.place(path)))
    shared = next(at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    assert shared > len(one) / 3
    assert one[:shared].count(b"/Type /XRef") == 1
    with pikepdf.open(BytesIO(one)) as pdf, pikepdf.open(BytesIO(other)) as copy:
        assert copy.get_warnings() == []
        assert dict(copy.docinfo.items()) == dict(pdf.docinfo.items())
        assert {*copy.Root.keys()} == {*pdf.Root.keys(), "/OutputIntents"}
        assert copy.trailer.ID[0] != pdf.trailer.ID[0]
        with copy.open_metadata() as metadata:
            assert metadata["dc:title"] == str(copy.docinfo.Title)
            assert metadata["dc:creator"] == [str(copy.docinfo.Author)]
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
        for sheet, same in zip(pdf.pages, copy.pages, strict=True):
            assert sheet.Contents.read_bytes() == same.Contents.read_bytes()


def test_pdfs_are_the_same_with_and_without_copies(archived_once: Path, built_once: Path) -> None:
    pdfs = found(archived_once)
    assert found(built_once) == {path: pdfs[path] for path in ALL}


def test_nothing_is_laid_out_for_copies_and_the_same_bytes_come_again(
    built: Path, archived_once: Path
) -> None:
    with laid_out() as jobs:
        result = build(built, "--archive")
    assert result.stdout.startswith("6 made, 6 unchanged: ")
    assert jobs == []
    assert found(built) == found(archived_once)


def test_a_second_build_neither_makes_nor_checks_copies(
    archived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "fault", lambda _pdf: pytest.fail("checked"))
    for arguments in (["--archive"], ["--archive", "-n"], ["--archive", "rosewater"], []):
        result = build(archived, *arguments)
        assert result.exit_code == 0
        assert result.stdout.startswith(("0 made", "0 to make")), arguments


def test_what_is_not_compliant_fails_by_name_and_does_not_stand(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = overprinting._INTENT
    planted = real.replace(b"GTS_PDFA1", b"GTS_PDFX")
    monkeypatch.setattr(overprinting, "_INTENT", planted)
    result = build(built, "--archive", "rosewater")
    assert result.exit_code == 1
    assert re.search(r"copy for the archive is not PDF/A-2a: PDFA2A-[A-Z0-9-]+: ", result.stderr)
    assert COPIES[3] in result.stderr
    assert sorted(found(built)) == ALL
    assert listed(built) == {}
    monkeypatch.setattr(overprinting, "_INTENT", real)
    assert build(built, "--archive", "rosewater").exit_code == 0
    assert sorted(listed(built)) == ALL[3:]


def test_the_check_sees_a_copy_that_is_not_pdf_ua() -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        pdf = BytesIO()
        document.save(pdf)
    assert "is not PDF/A-2a: PDFA2A-" in archive.fault(pdf.getvalue())
    assert "is not PDF/A-2a: " in archive.fault(b"no PDF")


@pytest.mark.parametrize("arguments", [[], ["-f"], ["rosewater"]], ids=str)
def test_a_build_without_copies_leaves_none_of_an_older_state(
    archived: Path, arguments: list[str]
) -> None:
    before = found(archived)
    phone(archived, "0001")
    assert "3 to make, 3 unchanged, 3 to remove" in build(archived, "-n").stdout
    assert found(archived) == before
    result = build(archived, *arguments)
    assert result.exit_code == 0
    assert result.stderr == ""
    after = found(archived)
    assert sorted(after) == sorted([*ALL, *COPIES[:3]])
    assert not (archived / "output/rosewater/en/archive").exists()
    assert sorted(listed(archived)) == ALL[:3]
    assert build(archived, "--archive").stdout.startswith("3 made, 9 unchanged")
    again = found(archived)
    assert sorted(again) == sorted([*ALL, *COPIES])
    assert all(again[copy] != before[copy] for copy in COPIES[3:])


def test_a_copy_is_made_anew_with_its_pdf(archived: Path) -> None:
    before = found(archived)
    phone(archived, "0001")
    result = build(archived, "--archive")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("6 made, 6 unchanged: ")
    after = found(archived)
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {*ALL[3:], *COPIES[3:]}


def test_a_copy_of_a_sheet_that_is_refused_is_no_more_current_than_its_pdf(archived: Path) -> None:
    before = found(archived)
    (archived / EN / "risks.yaml").write_text("title: x\n", encoding="utf-8")
    assert build(archived, "--archive").exit_code == 1
    assert found(archived) == before
    items = json.loads((archived / "output/manifest.json").read_text(encoding="utf-8"))["editions"]
    old = {item["path"] for item in items if not item["current"]}
    assert old == {path for path in ALL if "aftercare" not in path}


def test_the_copies_of_a_clinic_that_is_gone_are_taken_away(archived: Path) -> None:
    shutil.rmtree(archived / H)
    assert "6 to remove" in build(archived, "-n").stdout
    assert build(archived).stdout.startswith("0 made, 3 unchanged, 6 removed")
    assert sorted(found(archived)) == sorted([*ALL[3:], *COPIES[3:]])
    assert not (archived / "output/harbor").exists()


def test_a_copy_that_somebody_changed_is_not_taken_away_and_is_made_again(archived: Path) -> None:
    (archived / "output" / COPIES[0]).write_bytes(b"signed by hand")
    assert build(archived, "--archive").stdout.startswith("1 made, 11 unchanged")
    (archived / "output" / COPIES[0]).write_bytes(b"signed by hand")
    shutil.rmtree(archived / H)
    result = build(archived)
    assert result.exit_code == 1
    assert "somebody has changed the PDF" in result.stderr
    assert {ALL[0], COPIES[0]} <= set(found(archived))


def test_a_copy_that_is_missing_is_made_and_one_of_nobody_is_named(archived: Path) -> None:
    (archived / "output" / COPIES[0]).unlink()
    assert build(archived).stdout.startswith("0 made, 6 unchanged")
    assert sorted(listed(archived)) == ALL[1:]
    (archived / "output" / COPIES[0]).write_bytes(b"of nobody")
    assert f"{COPIES[0]}: no build has made this" in build(archived).stderr
    assert build(archived, "--archive").stdout.startswith("1 made, 11 unchanged")


def test_a_pdf_is_not_written_beside_a_copy_that_cannot_be_removed(
    archived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(archived)
    real = Path.unlink

    def held(path: Path, **how: Any) -> None:
        if path.name.endswith("-archive.pdf"):
            raise PermissionError(13, "Permission denied")
        real(path, **how)

    monkeypatch.setattr(Path, "unlink", held)
    phone(archived, "0001")
    result = build(archived)
    assert result.exit_code == 1
    assert "tiny-risks-archive.pdf would be out of date, and cannot be removed" in result.stderr
    assert found(archived) == before


def test_what_checks_copies_is_asked_for_by_name(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "page", None)
    result = build(built, "--archive")
    assert result.exit_code == 2
    assert "pip install 'handouts[archive]'" in result.stderr
    assert sorted(found(built)) == ALL
    assert build(built, "-f").exit_code == 0


def test_logos_with_see_through_parts_in_every_format_make_good_copies(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    picture = BytesIO()
    Image.new("RGBA", (300, 150), (160, 0, 70, 128)).save(picture, "PNG")
    files = {f"{H}/logo.png": picture.getvalue(), f"{H}/_brand.yml": HARBOR_BRAND}
    root = make_library(tmp_path, files)
    formats = [f"-F{name}" for name in ("standard", "mono", "large-print")]
    result = build(root, "--archive", "harbor", "-H", "aftercare", *formats)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sum(path.endswith("-archive.pdf") for path in found(root)) == 3


def test_the_profile_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(BytesIO(icc.srgb()))
    assert profile.profile.xcolor_space == "RGB "
    ours = [
        profile.profile.red_primary,
        profile.profile.green_primary,
        profile.profile.blue_primary,
    ]
    theirs = ImageCms.createProfile("sRGB")
    meant = [theirs.red_primary, theirs.green_primary, theirs.blue_primary]
    for one, other in zip(ours, meant, strict=True):
        assert one[1] == pytest.approx(other[1], abs=0.001)
    assert icc._light(0) == 0
    assert icc._light(255) == 65535
    assert icc._light(188) / 65535 == pytest.approx(0.5029, abs=0.0005)


def streams(pdf: bytes) -> list[bytes]:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.get_warnings() == []
        return [
            item.read_raw_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)
        ]


def test_a_stream_that_ends_in_a_carriage_return_has_an_end_of_its_own() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].Contents = document.make_stream(b"q Q\r")
    saved = BytesIO()
    document.save(saved, compress_streams=False)
    before = saved.getvalue()
    assert b"q Q\r\nendstream" in before
    after = plates._with_clear_ends(before)
    assert b"q Q\r\r\nendstream" in after
    assert len(after) == len(before)
    assert streams(after) == streams(before)


def moments(root: Path, arguments: tuple[str, ...]) -> Iterator[int]:
    """Builds killed at each change to the disk, one after the other."""
    from tests.test_killed import die, ended_by_force, forked, step_in  # noqa: PLC0415

    for moment in count():
        changes = count()

        def act(
            event: str,
            path: str,
            given: tuple[Any, ...],
            *,
            changes: Any = changes,
            at: int = moment,
        ) -> bool:
            return event != "os.mkdir" and next(changes) == at and die(event, path, given)

        def dying(act: Any = act) -> None:
            step_in(root, act)
            build(root, *arguments)

        met = ended_by_force(forked(dying))
        yield moment
        if not met:
            return


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
@pytest.mark.parametrize("arguments", [("--archive",), ()], ids=str)
def test_a_copy_is_that_of_its_pdf_wherever_a_build_is_killed(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "fault", lambda _pdf: "")  # it has threads, which forks lack
    gone = [
        f"{EN}/risks.yaml",
        f"{EN}/consent.yaml",
        *(path for path in FILES if path[: len(H)] == H),
    ]
    root = make_library(tmp_path, dict.fromkeys(gone))
    pairs = {}
    for digits in ("0001", "0000"):
        phone(root, digits)
        assert build(root, "--archive").exit_code == 0
        pdf, copy = (found(root)[path] for path in (ALL[3], COPIES[3]))
        pairs[pdf] = copy
    assert len(pairs) == 2
    for moment in moments(root, arguments):
        now = found(root)
        assert now.get(COPIES[3]) in (None, pairs[now[ALL[3]]])
        phone(root, "0001" if moment % 2 else "0000")
        result = build(root)
        assert (result.exit_code, result.stderr) == (0, "")
        assert build(root, "--archive").exit_code == 0
        now = found(root)
        assert now[COPIES[3]] == pairs[now[ALL[3]]]
        phone(root, "0000" if moment % 2 else "0001")
    assert moment > 8

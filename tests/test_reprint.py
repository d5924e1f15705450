"""What the front desk is told to throw away: all that is wrong on paper, and nothing else."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import page
import pypdfium2
import pytest

from handouts.changes import TO_SHRED, lines
from handouts.compose import Composer
from handouts.layouts import Job, lay_out
from handouts.load import load
from handouts.overprint import Plate
from handouts.pulls import PullList, Row
from handouts.reading import Transcript
from tests.program import run
from tests.small import EN, FILES, H, R
from tests.test_tidy import ALL

Make = Callable[..., Path]
ROOT = Path(__file__).parents[1]
SHIPPED = load(ROOT)


@pytest.fixture
def desk(built: Path) -> Path:
    """The small library, built, and marked as printed."""
    marked = run("mark-printed", "--root", built)
    assert marked.stdout.startswith("6 PDFs of 2 clinics marked as printed: ")
    return built


def change(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def build(root: Path) -> None:
    assert run("build", "-j", 1, "--root", root).exit_code == 0


def told(root: Path, *arguments: object) -> str:
    result = run("diff", *arguments, "--root", root)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def data(root: Path, *arguments: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(told(root, "--json", *arguments))["changes"]
    return found


def test_nothing_is_told_of_what_is_as_it_was_printed(desk: Path) -> None:
    assert told(desk).startswith("0 to shred, 0 with another look only, 0 new, since printed on ")
    assert data(desk) == []
    build(desk)
    assert data(desk) == []


def test_a_changed_sentence_is_told_once_for_all_clinics_as_it_is_read(desk: Path) -> None:
    change(desk, f"{EN}/risks.yaml", "hurt", "**ache**")
    build(desk)
    found = [each for each in data(desk) if "risks" in each["sheets"][0]["path"]]
    assert [each["kind"] for each in found] == ["words"]
    assert [sheet["path"] for sheet in found[0]["sheets"]] == [ALL[2], ALL[5]]
    ((line),) = found[0]["lines"]
    assert "hurt" in " ".join(line["old"])
    assert "ache" in " ".join(line["new"])
    assert "*" not in " ".join(line["new"])
    text = told(desk)
    assert "tiny/risks en (harbor, rosewater): words changed, version 1.0 on both\n" in text
    assert f"  - {line['old'][0]}\n  + {line['new'][0]}\n" in text


def test_a_telephone_number_is_a_reason_to_shred_all_sheets_of_that_clinic(desk: Path) -> None:
    change(desk, f"{R}/clinic.yaml", "7946 0000", "7946 0009")
    build(desk)
    (found,) = data(desk)
    assert found["kind"] == "contact"
    assert [sheet["path"] for sheet in found["sheets"]] == ALL[3:]
    assert [(line["where"], line["old"], line["new"]) for line in found["lines"]] == [
        ("phone", ["020 7946 0000"], ["020 7946 0009"])
    ]
    assert told(desk).splitlines()[-1].startswith("3 to shred, 0 with another look only, 0 new")


def test_a_colour_is_set_apart_from_what_has_to_be_shredded(desk: Path) -> None:
    change(desk, f"{H}/_brand.yml", "#0a3d62", "#3d0a62")
    build(desk)
    (found,) = data(desk)
    assert (found["kind"], found["lines"]) == ("look", [])
    assert [sheet["path"] for sheet in found["sheets"]] == ALL[:3]
    assert told(desk).splitlines()[-1].startswith("0 to shred, 3 with another look only, 0 new")


def test_an_approval_changes_what_a_sheet_says_of_itself(desk: Path) -> None:
    signature = ("--by", "A Clinician", "--role", "Medical director")
    assert run("approve", "tiny/risks", *signature, "--root", desk).exit_code == 0
    build(desk)
    (found,) = data(desk)
    assert found["kind"] == "standing"
    states = {(sheet["old"]["state"], sheet["new"]["state"]) for sheet in found["sheets"]}
    assert states == {("draft", "approved")}
    assert "approval changed, draft → approved" in told(desk)


def test_what_is_gone_is_withdrawn_and_what_has_come_is_new(desk: Path) -> None:
    shutil.move(desk / H, desk / "data/clinics/haven")
    build(desk)
    found = {each["kind"]: [sheet["path"] for sheet in each["sheets"]] for each in data(desk)}
    haven = [path.replace("harbor", "haven") for path in ALL[:3]]
    assert found == {"withdrawn": ALL[:3], "new": haven}
    assert told(desk).splitlines()[-1].startswith("3 to shred, 0 with another look only, 3 new")
    assert [each["kind"] for each in data(desk, "harbor")] == ["withdrawn"]


def test_one_clinic_can_be_marked_after_the_other(desk: Path) -> None:
    for clinic, number in ((R, "7946 0009"), (H, "555-0109")):
        change(desk, f"{clinic}/clinic.yaml", {R: "7946 0000", H: "555-0100"}[clinic], number)
    build(desk)
    assert run("mark-printed", "rosewater", "--root", desk).stdout.startswith("3 PDFs of 1 clinic ")
    assert {sheet["clinic"] for each in data(desk) for sheet in each["sheets"]} == {"harbor"}


def test_an_earlier_manifest_can_be_compared_with(desk: Path, tmp_path: Path) -> None:
    earlier = Path(shutil.copy(desk / "output/manifest.json", tmp_path / "earlier.json"))
    (desk / "output/printed.json").unlink()
    change(desk, f"{EN}/risks.yaml", "hurt", "ache")
    build(desk)
    found = data(desk, "--since", earlier)
    assert all(each["known"] for each in found)
    assert any("ache" in " ".join(line["new"]) for each in found for line in each["lines"])
    shutil.rmtree(desk / ".handouts/transcript")
    assert not any(each["known"] for each in data(desk, "--since", earlier))
    assert "(what it said then is not at hand)" in told(desk, "--since", earlier)


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(["git", "-C", root, *who, *arguments], check=True, capture_output=True)


def test_a_git_revision_can_be_compared_with(desk: Path) -> None:
    git(desk, "init", "-q")
    git(desk, "add", "data")
    git(desk, "commit", "-qm", "as it was")
    change(desk, f"{EN}/risks.yaml", "hurt", "ache")
    change(desk, f"{H}/_brand.yml", "#0a3d62", "#3d0a62")
    build(desk)
    assert data(desk, "--since", "HEAD") == data(desk)
    assert {each["kind"] for each in data(desk)} == {"words", "look"}
    assert {each["kind"] for each in data(desk, "rosewater", "--since", "HEAD")} == {"words"}


@pytest.mark.parametrize(
    ("since", "said"),
    [("v9", "git: "), ("--upload-pack=x", "is no revision"), ("HEAD", "git: ")],
)
def test_what_git_does_not_know_is_told(since: str, said: str, desk: Path) -> None:
    result = run("diff", "--since", since, "--root", desk)
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize("damage", ["", "{", '{"editions": 5}', '{"editions": [], "words": [1]}'])
def test_a_damaged_file_is_not_taken_for_a_list(damage: str, desk: Path) -> None:
    (desk / "output/printed.json").write_text(damage)
    result = run("diff", "--root", desk)
    assert result.exit_code == 1
    assert "damaged" in result.stderr


def test_nothing_marked_says_what_to_do(built: Path) -> None:
    result = run("diff", "--root", built)
    assert result.exit_code == 2
    assert "handouts mark-printed" in result.stderr
    (built / "output/manifest.json").unlink()
    assert "run `handouts build`" in run("mark-printed", "--root", built).stderr


def test_only_what_was_built_can_be_marked(built: Path) -> None:
    (built / "output" / ALL[1]).write_bytes(b"changed")
    result = run("mark-printed", "--root", built)
    assert result.exit_code == 1
    assert f"{ALL[1]} is not what was built" in result.stderr
    assert not (built / "output/printed.json").exists()
    assert run("mark-printed", "rosewater", "--root", built).exit_code == 0


def test_a_clinic_that_is_not_there_cannot_be_marked(built: Path) -> None:
    result = run("mark-printed", "nowhere", "--root", built)
    assert result.exit_code == 2
    assert "there is harbor, rosewater" in result.stderr


def test_a_build_leaves_the_mark_alone_and_names_no_stranger(desk: Path) -> None:
    before = (desk / "output/printed.json").read_bytes()
    result = run("build", "-f", "-j", 1, "--root", desk)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (desk / "output/printed.json").read_bytes() == before


def test_an_output_that_is_not_up_to_date_is_mentioned(desk: Path) -> None:
    change(desk, f"{EN}/risks.yaml", "hurt", "ache")
    result = run("diff", "--root", desk)
    assert result.exit_code == 0
    assert "run `handouts build` first" in result.stderr


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(each.get_textpage().get_text_range().split()) for each in document)


def test_each_clinic_gets_its_list_on_its_own_paper(desk: Path, tmp_path: Path) -> None:
    change(desk, f"{EN}/risks.yaml", "hurt", "ache")
    change(desk, f"{H}/_brand.yml", "#0a3d62", "#3d0a62")
    build(desk)
    told(desk, "--lists", tmp_path / "lists")
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == [
        "harbor.pdf",
        "rosewater.pdf",
    ]
    harbor, rosewater = (
        (tmp_path / f"lists/{name}.pdf").read_bytes() for name in ("harbor", "rosewater")
    )
    for pdf, name in ((harbor, "Harbor Skin"), (rosewater, "Rosewater")):
        document = pypdfium2.PdfDocument(pdf)
        assert len(document) == 1
        assert name in document.get_metadata_dict()["Title"]
        report = page.validate_pdf_bytes(pdf, profile="ua1")
        assert [failure.message for failure in report.failures] == []
        assert "Pull and shred" in text_of(pdf)
        assert "TT-RISKS-EN" in text_of(pdf)
    assert "Only the look is new" in text_of(harbor)
    assert "Only the look is new" not in text_of(rosewater)
    assert "555-0100" in text_of(harbor)


def test_a_clinic_with_nothing_to_do_gets_no_list(desk: Path, tmp_path: Path) -> None:
    change(desk, f"{R}/clinic.yaml", "7946 0000", "7946 0009")
    build(desk)
    told(desk, "--lists", tmp_path / "lists")
    assert [path.name for path in (tmp_path / "lists").iterdir()] == ["rosewater.pdf"]


def test_the_page_shows_the_sentences_and_escapes_them(desk: Path, tmp_path: Path) -> None:
    change(desk, f"{EN}/risks.yaml", "hurt", "ache (a < b & so on)")
    build(desk)
    told(desk, "--html", tmp_path / "r.html")
    shown = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<del>" in shown
    assert "ache (a &lt; b &amp; so on)" in shown
    assert str(FILES[f"{EN}/risks.yaml"]).count("hurt") > 0


def said(*texts: str) -> Transcript:
    return Transcript(tuple(("h", text) for text in texts))


def test_only_the_sentence_that_changed_is_shown() -> None:
    (line,) = lines(said("One. Two. Three."), said("One. Zwei. Three."))
    assert (line.where, line.old, line.new) == ("h", ("Two.",), ("Zwei.",))


def test_what_is_added_or_gone_has_no_other_side() -> None:
    (added,) = lines(said("One."), said("One.", "Two."))
    (gone,) = lines(said("One.", "Two."), said("One."))
    assert (added.old, added.new) == ((), ("Two.",))
    assert (gone.old, gone.new) == (("Two.",), ())


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("language", sorted(SHIPPED.wording))
def test_a_list_is_one_page_in_every_language(language: str, paper: str) -> None:
    clinic = SHIPPED.clinics["al-noor"]
    contact = clinic.contact.model_copy(update={"languages": (language,), "paper": paper})
    codes, why = ("MN-CONSENT-EN", "MN-CONSENT-AR"), TO_SHRED[::2]
    row = Row("Microneedling: Consent", ("en", "ar"), codes, "1.0", "1.1", why)
    found = PullList((row,) * 7, (row,) * 3, (row,))
    clinic = replace(clinic, contact=contact)
    sheet = Composer(ROOT).pull_list(clinic, found, SHIPPED.wording, date(2026, 11, 21))
    plate = lay_out(Job(sheet))
    assert isinstance(plate, Plate)
    assert plate.pages == 1

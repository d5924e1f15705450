"""The commands print results, say what is wrong, and end with 0, 1 or 2."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from handouts.cli import main
from tests.program import laid_out, run
from tests.small import EN, FILES, H, R, T, make_library

Make = Callable[..., Path]

PROGRAM = str(Path(sys.executable).with_name("handouts"))
ALL = [
    f"{clinic}/en/tiny-{handout}.pdf"
    for clinic in ("harbor", "rosewater")
    for handout in ("aftercare", "consent", "risks")
]
BROKEN = {f"{EN}/risks.yaml": str(FILES[f"{EN}/risks.yaml"]).replace("lead:", "laed:")}


def pdfs(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with its PDFs; not to be changed."""
    root = make_library(tmp_path_factory.mktemp("built"))
    assert run("build", "--root", root, "-j", 1).exit_code == 0
    return root


@pytest.mark.parametrize("command", [[], *([name] for name in main.commands)], ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself(command: list[str], flag: str) -> None:
    result = run(*command, flag)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: main")
    assert result.stderr == ""
    for option in main.commands[command[0]].params if command else main.params:
        assert option.opts[-1] in result.stdout or isinstance(option, click.Argument)


def test_there_are_the_commands_that_the_readme_names() -> None:
    assert {"build", "check", "list", "doctor"} <= set(main.commands)


def test_the_version_is_told() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert (
        "handouts"
        in subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        ["build", "--nosuch"],
        ["build", "-j", "0"],
        ["build", "-j", "many"],
        ["build", "-o", __file__],
        ["build", "--root", "/nowhere/at/all"],
        ["check", "rosewater"],
        ["list", "-t"],
    ],
    ids=" ".join,
)
def test_a_slip_on_the_command_line_is_a_usage_error(
    arguments: list[str], library: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library())
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rosewatr"], "there is no clinic 'rosewatr': did you mean 'rosewater'?"),
        (["-t", "tinny"], "there is no treatment 'tinny': did you mean 'tiny'?"),
        (["-H", "riks"], "there is no handout 'riks': did you mean 'risks'?"),
        (["-l", "xx"], "there is no language 'xx': there is en"),
        (["harbor", "zzz"], "there is no clinic 'zzz': there is harbor, rosewater"),
    ],
)
@pytest.mark.parametrize("command", ["build", "list"])
def test_an_unknown_name_is_a_usage_error_with_a_hint(
    command: str, arguments: list[str], said: str, library: Make
) -> None:
    root = library()
    result = run(command, *arguments, "--root", root)
    assert result.exit_code == 2
    assert said in result.stderr
    assert pdfs(root) == []


@pytest.mark.parametrize("command", ["build", "list"])
def test_names_that_fit_nothing_together_are_a_usage_error(command: str, library: Make) -> None:
    again = {
        name.replace("/tiny/", "/again/"): str(text).replace("code: TT", "code: AG")
        for name, text in FILES.items()
        if "/tiny/" in name
    }
    result = run(command, "harbor", "-t", "again", "--root", library(again))
    assert result.exit_code == 2
    assert "no PDF fits all of this" in result.stderr


@pytest.mark.parametrize("command", ["build", "list"])
def test_a_name_that_a_broken_file_hides_is_not_called_unknown(command: str, library: Make) -> None:
    result = run(command, "-H", "risks", "--root", library({f"{T}/facts.yaml": "x"}))
    assert result.exit_code == 1
    assert "no handout" not in result.stderr


@pytest.mark.parametrize("command", ["build", "check", "list"])
def test_without_data_one_is_told_where_to_go(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(command)
    assert result.exit_code == 2
    assert "there is no data/ folder here or above" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["build"], ["build", "rosewater"], ["check"]], ids=" ".join)
def test_a_root_without_data_is_a_problem(arguments: list[str], tmp_path: Path) -> None:
    result = run(*arguments, "--root", tmp_path)
    assert result.exit_code == 1
    assert "data:1:1: is missing" in result.output


def test_the_library_is_the_nearest_folder_above_with_data(
    library: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = library()
    monkeypatch.chdir(root / "data/clinics")
    result = run("build", "harbor", "-H", "risks", "-j", 1)
    assert result.exit_code == 0
    assert pdfs(root / "output") == [ALL[2]]
    assert result.stdout == f"1 made, 0 unchanged: {root}/output/\n"


def test_the_output_folder_is_shown_as_it_lies_from_here(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built)
    assert run("build").stdout == "0 made, 6 unchanged: output/\n"


def test_pdfs_go_where_they_are_asked_to(library: Make, tmp_path: Path) -> None:
    root, folder = library(), tmp_path / "else/where"
    result = run("build", "harbor", "-H", "risks", "-j", 1, "-o", folder, "--root", root)
    assert result.exit_code == 0
    assert pdfs(folder) == [ALL[2]]
    assert not (root / "output").exists()


def test_a_library_in_order_is_said_to_be_so(library: Make) -> None:
    result = run("check", "--root", library())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "no errors, no warnings: 2 clinics and 3 sheets are whole\n"


def test_problems_are_printed_with_their_places(library: Make) -> None:
    result = run("check", "--root", library(BROKEN))
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{EN}/risks.yaml:2:1: ")
    assert "did you mean 'lead'?" in line
    assert line.endswith("[data]")
    assert result.stderr == "1 error, no warnings: 2 clinics and 2 sheets are whole\n"


def test_problems_are_given_as_json(library: Make) -> None:
    assert json.loads(run("check", "--json", "--root", library()).stdout) == {"problems": []}
    result = run("check", "--json", "--root", library(BROKEN))
    assert result.exit_code == 1
    assert result.stderr == ""
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem.pop("message")
    assert problem == {
        "path": f"{EN}/risks.yaml",
        "line": 2,
        "column": 1,
        "rule": "data",
        "warning": False,
        "note": False,
    }


def test_the_list_shows_each_pdf_with_code_version_and_title(library: Make) -> None:
    result = run("list", "--root", library())
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ALL
    title = "Tiny treatment: Consent to tiny treatment – Harbor Skin"
    assert lines[1].split(maxsplit=3)[1:] == ["TT-CONSENT-EN", "1.1", title]


def test_the_list_is_given_as_json(library: Make) -> None:
    result = run("list", "harbor", "-H", "consent", "--json", "--root", library())
    assert result.exit_code == 0
    row = {
        "path": ALL[1],
        "clinic": "harbor",
        "language": "en",
        "format": "standard",
        "treatment": "tiny",
        "handout": "consent",
        "code": "TT-CONSENT-EN",
        "version": "1.1",
        "review_by": "2028-01-10",
        "draft": True,
        "title": "Tiny treatment: Consent to tiny treatment – Harbor Skin",
    }
    assert json.loads(result.stdout) == {"editions": [row], "refused": [], "problems": 0}


def test_the_list_leaves_out_what_has_problems_and_says_so(library: Make) -> None:
    root = library(BROKEN)
    result = run("list", "--root", root)
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == [ALL[0], ALL[3]]
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        *ALL[1:3],
        *ALL[4:],
        "1 problem",
    ]
    data = json.loads(run("list", "--json", "--root", root).stdout)
    assert data["refused"] == [*ALL[1:3], *ALL[4:]]


def test_a_build_says_how_many_it_made(library: Make) -> None:
    root = library()
    result = run("build", "-H", "risks", "-j", 1, "--root", root)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"2 made, 0 unchanged: {root}/output/\n"


@pytest.mark.parametrize("flag", ["-q", "--quiet"])
def test_a_quiet_build_prints_nothing_when_all_is_well(flag: str, built: Path) -> None:
    result = run("build", flag, "--root", built)
    assert (result.exit_code, result.output) == (0, "")


def test_a_quiet_build_still_prints_what_is_wrong(library: Make) -> None:
    result = run("build", "-q", "-j", 1, "-H", "risks", "--root", library(BROKEN))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{EN}/risks.yaml:2:1: ")


def test_one_broken_handout_is_named_and_the_others_are_built(library: Make) -> None:
    root = library(BROKEN)
    result = run("build", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert pdfs(root / "output") == [ALL[0], ALL[3]]
    assert result.stdout == f"2 made, 0 unchanged, 4 refused: {root}/output/\n"
    problem, held = result.stderr.splitlines()
    assert problem.startswith(f"{EN}/risks.yaml:2:1: ")
    assert held.split("not made: ")[1].split(", ") == [*ALL[1:3], *ALL[4:]]


def test_a_build_is_given_as_json(library: Make) -> None:
    root = library({**BROKEN, f"{R}/clinic.yaml": "x"})
    result = run("build", "harbor", "-j", 1, "--json", "--root", root)
    assert result.exit_code == 1
    assert result.stderr == ""
    data = json.loads(result.stdout)
    assert data["dry_run"] is False
    assert data["counts"] == {"made": 1, "same": 0, "removed": 0, "failed": 0, "refused": 2}
    assert {row["path"]: row["outcome"] for row in data["editions"]} == {
        ALL[0]: "made",
        ALL[1]: "refused",
        ALL[2]: "refused",
    }
    first = data["editions"][0]
    assert first["title"] == "Tiny treatment: After your tiny treatment – Harbor Skin"
    assert first["pages"] == 1
    (problem,) = data["problems"]
    assert (problem["path"], problem["line"]) == (f"{EN}/risks.yaml", 2)


@pytest.mark.parametrize("flag", ["-n", "--dry-run"])
def test_a_dry_run_says_what_is_to_make_and_makes_nothing(flag: str, library: Make) -> None:
    root = library()
    before = sorted(root.rglob("*"))
    result = run("build", flag, "--root", root)
    assert result.exit_code == 0
    reason, summary = result.stdout.splitlines()
    assert reason.startswith("new: harbor/en/tiny-aftercare.pdf, ")
    assert reason.endswith(" and 2 more")
    assert summary == f"6 to make, 0 unchanged: {root}/output/"
    data = json.loads(run("build", flag, "--json", "--root", root).stdout)
    assert (data["dry_run"], data["counts"]["made"]) == (True, 6)
    assert sorted(root.rglob("*")) == before


def test_force_lays_out_again_what_was_there(built: Path) -> None:
    with laid_out() as seen:
        assert run("build", "harbor", "-H", "risks", "-j", 1, "--root", built).exit_code == 0
        assert seen == []
        assert run("build", "harbor", "-H", "risks", "-j", 1, "-f", "--root", built).exit_code == 0
    assert len(seen) == 3


def test_an_output_that_cannot_be_written_is_named(library: Make) -> None:
    root = library({"file": "in the way"})
    result = run("build", "harbor", "-H", "risks", "-j", 1, "-o", root / "file/x", "--root", root)
    assert result.exit_code == 1
    assert f"{root}/file/x/{ALL[2]} cannot be written: " in result.stderr
    assert result.stdout.startswith("0 made, 0 unchanged, 1 failed")


def test_stationery_that_does_not_fit_names_file_and_place(library: Make) -> None:
    clinic = str(FILES[f"{H}/clinic.yaml"]).replace("Weekdays 8 to 4", "Weekdays 8 to 4 " * 20)
    root = library({f"{H}/clinic.yaml": clinic})
    result = run("build", "-H", "risks", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{H}/clinic.yaml: ")
    assert "does not fit the contact" in result.stderr
    assert pdfs(root / "output") == [ALL[5]]


def program(*arguments: object, **how: Any) -> subprocess.CompletedProcess[str]:
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **how)


def test_a_real_process_ends_with_the_same_codes_and_streams(library: Make, built: Path) -> None:
    fine = program("check", "--root", built)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout.startswith("no errors")
    bad = program("check", "--root", library(BROKEN))
    assert bad.returncode == 1
    assert bad.stdout.startswith(f"{EN}/risks.yaml:2:1: ")
    usage = program("build", "nowhere", "--root", built)
    assert (usage.returncode, usage.stdout) == (2, "")
    assert "Traceback" not in fine.stderr + bad.stderr + usage.stderr


def on_terminal(*arguments: object) -> str:
    """What the program writes to a terminal as its error stream."""
    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("this machine has no terminal to lend")
    process = subprocess.Popen(
        [PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    text = b""
    try:
        while part := os.read(ours, 4096):
            text += part
    except OSError:  # how a terminal says that its other end is closed
        pass
    os.close(ours)
    process.communicate()
    assert process.returncode == 0
    return text.decode()


def test_there_is_a_progress_bar_on_a_terminal_and_nowhere_else(library: Make) -> None:
    root = library()
    shown = on_terminal("build", "harbor", "-H", "risks", "-j", 1, "--root", root)
    assert "Laying out" in shown
    assert "100%" in shown
    elsewhere = program("build", "harbor", "-f", "-H", "risks", "-j", 1, "--root", root)
    assert (elsewhere.returncode, elsewhere.stderr) == (0, "")
    assert on_terminal("build", "harbor", "-f", "-q", "-H", "risks", "--root", root) == ""

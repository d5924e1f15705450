"""What README and CONTRIBUTING show is what happens: commands, paths, messages, pictures."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pypdfium2
import pytest
import yaml
from PIL import Image

from handouts import doctor
from handouts.check import RULES
from handouts.cli import main
from handouts.load import load
from tests.pictures import MAX_BYTES, PICTURES, STRIPS, in_every_letterhead, strip

ROOT = Path(__file__).parents[1]
TEXTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "data/README.md", "data/BRANDING.md")
}
README, CONTRIBUTING, AUTHORS, BRANDING = TEXTS.values()

BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"[\w.*<>/-]*(?:/[\w.*<>/-]*|\.(?:py|yaml|yml|html|css|md|toml|txt|svg|png|pdf))")

NOT_RUN = {
    "python -m venv .venv",
    r".venv\Scripts\pip install -c .ci\locked.txt -e .",
    r".venv\Scripts\handouts doctor",
    r".venv\Scripts\handouts build",
    ".venv/bin/pip install --upgrade weasyprint",
    ".venv/bin/python -m tests.pictures",
}
"""Shown commands that would change this checkout, or are another system's."""


def blocks(text: str, language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(text) if kind == language]


def commands(text: str) -> list[str]:
    lines = "".join(blocks(text, "sh") + blocks(text, "bat")).splitlines()
    return [line.strip() for line in lines if line.strip()]


def spans(text: str) -> list[str]:
    """What stands in backticks, blocks of code aside."""
    return re.findall(r"`([^`]+)`", BLOCK.sub("", text))


def copy(folder: Path) -> Path:
    """A library of the shipped files, to be spoilt at will; it shares what is laid out already."""
    shutil.copytree(ROOT / "data", folder / "data")
    store = ROOT / ".handouts"
    store.mkdir(exist_ok=True)
    (folder / store.name).symlink_to(store)
    return folder


def run(line: str, root: Path) -> subprocess.CompletedProcess[str]:
    """A line as typed where `data/` lies; `handouts` is the one under test; no browser opens."""
    command = shlex.split(line)
    if command[0] == "handouts":
        command[0] = str(Path(sys.executable).with_name("handouts"))
    return subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "BROWSER": "true"},
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped library with its PDFs; not to be changed."""
    root = copy(tmp_path_factory.mktemp("docs"))
    for line in ("handouts build", "handouts mark-printed"):
        done = run(line, root)
        assert (done.returncode, done.stderr) == (0, "")
    return root


def test_blocks_of_code_are_of_kinds_that_are_tried() -> None:
    for text in TEXTS.values():
        assert text.count("```") == 2 * len(BLOCK.findall(text))
        assert {kind for kind, _ in BLOCK.findall(text)} <= {"sh", "bat", "yaml", "text", "jinja"}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_command_shown_runs(name: str, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "copy", symlinks=True)
    lines = [line for line in commands(TEXTS[name]) if line.startswith(("handouts ", "cp "))]
    assert len(lines) > 2
    for line in lines:
        done = run(line, tmp_path / "copy")
        assert (done.returncode, done.stderr) == (0, ""), line


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_shown_is_run_or_is_a_make_target_or_is_excused(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert commands(TEXTS[name])
    for line in commands(TEXTS[name]):
        if line.startswith("make "):
            assert line.removeprefix("make ") in targets
        else:
            assert line.startswith(("handouts ", "cp ")) or line in NOT_RUN
    for line in spans(TEXTS[name]):
        if line.startswith("make "):
            assert line.removeprefix("make ") in targets


def test_nothing_is_excused_that_is_not_shown() -> None:
    assert set(commands(README + CONTRIBUTING)) >= NOT_RUN


def without_notes(said: str) -> str:
    """What `check` says to be mended or judged."""
    return "".join(line for line in said.splitlines(keepends=True) if ": note: " not in line)


def put(root: Path, block: str) -> None:
    """What a block of YAML says, into the file that its first line names."""
    where, body = block.split("\n", 1)
    how, _, name = where.removeprefix("# ").rpartition(" ")
    path = root / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if how == "at the end of":
        body = before.rstrip() + "\n" + body
    elif how == "in":
        assert before.count('version: "1.0"\n') == 1
        body = before.replace('version: "1.0"\n', f'version: "1.0"\n{body}')
    else:
        assert not before
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")


def test_authors_can_do_all_that_their_page_shows_from_top_to_bottom(tmp_path: Path) -> None:
    root = copy(tmp_path)
    done = 0
    for kind, body in BLOCK.findall(AUTHORS):
        if kind == "yaml":
            put(root, body)
        elif kind == "text":
            assert without_notes(run("handouts check", root).stdout) == body
        else:
            for line in body.strip().splitlines():
                ended = run(line, root)
                assert ended.returncode == 0, (line, ended.stdout, ended.stderr)
                done += 1
    assert done > 12
    assert "approved" in run("handouts status", root).stdout
    assert all((root / made).exists() for made in MADE)
    page = pypdfium2.PdfDocument(root / "output/rosewater/en/peel-aftercare.pdf")[0]
    assert "SPF 30" in page.get_textpage().get_text_bounded().replace("\xa0", " ")
    assert "You can park behind" in run("handouts overrides al-noor", root).stdout


def test_a_clinic_is_branded_as_its_page_shows_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "true")
    root = copy(tmp_path)
    for kind, body in BLOCK.findall(BRANDING):
        if kind == "jinja":
            name = body.split()[1]
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(body, encoding="utf-8")
        elif kind == "yaml" and body.startswith("# "):
            put(root, body)
        elif kind == "sh":
            for line in body.strip().splitlines():
                ended = run(line, root)
                assert ended.returncode == 0, (line, ended.stdout, ended.stderr)
        else:
            assert yaml.safe_load(body).keys() <= {"typography", "formats", "pages"}
    page = pypdfium2.PdfDocument(root / "output/harbour/en/microneedling-aftercare.pdf")[0]
    shown = page.get_textpage().get_text_bounded()
    assert "Harbour Skin Clinic" in shown
    assert "Registered provider 1-0000000" in shown
    assert all((root / made).is_dir() for made in OWN)
    brand = load(root).clinics["harbour"].livery
    assert (brand.style.letterhead, brand.accent) == ("band", "#e0a030")


def test_every_block_that_a_clinics_template_can_fill_is_in_the_page() -> None:
    rows = re.findall(r"^\| (`[\w/.-]+\.(?:html|css)`.*?) \| (.*?) \|$", BRANDING, re.MULTILINE)
    said = {
        template: set(re.findall(r"`(\w+)`", filled))
        for templates, filled in rows
        for template in re.findall(r"`([^`]+)`", templates)
    }
    there = {}
    for path in (ROOT / "templates").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        for base in re.findall(r'{% extends "(.*?)" %}', text):
            text += (ROOT / "templates" / base).read_text(encoding="utf-8")
        if found := set(re.findall(r"{% block (\w+) %}", text)):
            there[path.relative_to(ROOT / "templates").as_posix()] = found
    assert said == there


def test_every_rule_is_in_the_authors_page() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|", AUTHORS, re.MULTILINE)
    assert sorted(rows) == sorted({*RULES, "allow"})


def test_make_pdfs_leaves_as_many_pdfs_as_the_readme_says(built: Path) -> None:
    assert "leaves 59 PDFs" in " ".join(README.split())
    assert len(list((built / "output").rglob("*.pdf"))) == 59


def options() -> Iterator[tuple[str, str]]:
    """Each way to write an option, with the command that takes it; `all` for the program's own."""
    everywhere: tuple[tuple[str, click.Command], ...] = (("all", main), *main.commands.items())
    program = click.Context(main, **main.context_settings)
    for name, command in everywhere:
        for param in command.get_params(click.Context(command, program)):
            if isinstance(param, click.Option):
                for written in param.opts:
                    yield written, "all" if "--help" in param.opts else name


def table_of_options() -> Iterator[tuple[str, str]]:
    rows = re.findall(r"^\| (`-.*?) \| (.*?) \|", README, re.MULTILINE)
    for cell, takers in rows:
        for written in re.findall(r"(?<![\w-])--?\w[\w-]*", cell):
            for taker in takers.split(", "):
                yield written, taker


def test_every_option_is_in_the_readme_with_the_commands_that_take_it() -> None:
    assert set(table_of_options()) == set(options())


def test_every_command_is_in_the_readme() -> None:
    rows = re.findall(r"^\| `handouts ([\w-]+)", README, re.MULTILINE)
    assert sorted(rows) == sorted(main.commands)


def test_windows_is_told_to_install_what_the_doctor_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.platform, "system", lambda: "Windows")
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    packages = re.findall(r"MSYS2\.MSYS2|mingw-[\w-]+", doctor.native_remedy())
    assert len(packages) > 1
    assert [package for package in packages if package not in README] == []


def repository() -> list[str]:
    tops = (".ci", ".github", "data", "handouts", "templates", "tests")
    found = [path for path in ROOT.iterdir() if path.is_file()]
    found += [path for top in tops for path in (ROOT / top).rglob("*")]
    return [path.relative_to(ROOT).as_posix() for path in found]


MADE = {"data/approvals.yaml"}
"""What a command makes; the test of the authors' page sees it made."""

OWN = {"templates/clinics/harbour/"}
"""What whoever brands a clinic makes; the test of that page sees it made."""


def is_there(path: str, built: Path) -> bool:
    """Whether a path, or a bare file name, is in the repository or among what a build makes."""
    pattern = re.sub(r"<[^>]*>", "*", path).rstrip("/")
    if path in MADE | OWN:
        return True
    if path.startswith(("output/", ".handouts/")):
        return any(built.glob(pattern))
    if "/" in path:
        return any(ROOT.glob(pattern)) or any((ROOT / "templates").glob(pattern))
    return path in {Path(name).name for name in repository()}


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_named_exists(name: str, built: Path) -> None:
    text = TEXTS[name]
    paths = {span for span in spans(text) if PATH.fullmatch(span)}
    paths |= {link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link}
    paths = {path for path in paths if not path.startswith(".venv/")}
    assert len(paths) > 5
    assert [path for path in sorted(paths) if not is_there(path, built)] == []


def test_a_path_that_is_not_there_would_be_noticed(built: Path) -> None:
    assert not is_there("data/clinics/nosuch/clinic.yaml", built)
    assert not is_there("nosuch.py", built)
    assert not is_there("output/<clinic>/nosuch.pdf", built)


def laid_over(base: Any, top: Any) -> Any:
    """The values of `top` in the place of those of `base`."""
    if not isinstance(base, dict) or not isinstance(top, dict):
        return top
    return {**base, **{key: laid_over(base.get(key), value) for key, value in top.items()}}


def test_the_yaml_shown_is_part_of_the_clinic_that_it_names(tmp_path: Path) -> None:
    (shown,) = blocks(README, "yaml")
    name = shown.splitlines()[0].removeprefix("# ")
    path = copy(tmp_path) / name
    clinic = yaml.safe_load(path.read_text(encoding="utf-8"))
    example = yaml.safe_load(shown)
    assert laid_over(clinic, example) == clinic
    written = yaml.safe_dump(laid_over(clinic, example), allow_unicode=True)
    path.write_text(written, encoding="utf-8")
    assert load(tmp_path).problems == ()


def test_the_slip_shown_is_said_as_shown(tmp_path: Path) -> None:
    (shown,) = (block for block in blocks(README, "text") if block.endswith("[data]\n"))
    slip, meant = re.findall(r"Write `(\w+)` for `(\w+)`", " ".join(README.split()))[0]
    path = copy(tmp_path) / shown.split(":")[0]
    right = path.read_text(encoding="utf-8")
    assert right.count(f" {meant}:") == 1
    path.write_text(right.replace(f" {meant}:", f" {slip}:"), encoding="utf-8")
    done = run("handouts check", tmp_path)
    assert (done.returncode, without_notes(done.stdout)) == (1, shown)


SINCE_PRINTED = (
    ("treatments/microneedling/en/aftercare.yaml", "heat or sauna.", "heat, sauna or steam."),
    ("clinics/rosewater/clinic.yaml", "7946 0181", "7946 0183"),
    ("clinics/juniper-bay/_brand.yml", "#14564f", "#3a2f6f"),
)


def test_what_diff_is_shown_to_say_is_what_it_says(built: Path, tmp_path: Path) -> None:
    (shown,) = (block for block in blocks(README, "text") if "to shred" in block)
    root = Path(shutil.copytree(built, tmp_path / "copy", symlinks=True))
    for name, old, new in SINCE_PRINTED:
        path = root / "data" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    assert run("handouts build", root).returncode == 0
    said = run("handouts diff", root).stdout
    assert re.sub(r"on [\d-]+$", "", said.rstrip()) == re.sub(r"on [\d-]+$", "", shown.rstrip())


def template_fault(root: Path) -> None:
    path = root / "templates/blocks/bullets.html"
    path.parent.mkdir(parents=True)
    path.write_text("<p>{{ block.nosuch }}</p>")


def warning(root: Path) -> None:
    css = (ROOT / "templates/sheet.css").read_text(encoding="utf-8")
    (root / "templates").mkdir()
    (root / "templates/sheet.css").write_text(css + "p { colour: red }\n", encoding="utf-8")


@pytest.mark.parametrize(("number", "spoil"), [(0, template_fault), (1, warning)])
def test_the_faults_shown_are_said_as_shown(number: int, spoil: Any, tmp_path: Path) -> None:
    spoil(copy(tmp_path))
    shown = blocks(CONTRIBUTING, "text")[number].strip()
    done = run("handouts build rosewater -H risks", tmp_path)
    assert done.returncode == 1
    assert without_place(shown) in without_place(done.stderr).splitlines()


def without_place(text: str) -> str:
    """The text without the line and column in a style sheet that is still being worked on."""
    return re.sub(r"at \d+:\d+", "at", text)


def test_the_pictures_shown_are_there_and_small_and_there_are_no_others() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README)
    assert {path for _, path in shown} == {
        path.relative_to(ROOT).as_posix() for path in PICTURES.iterdir()
    }
    assert {Path(path).stem for _, path in shown} == set(STRIPS)
    for words, path in shown:
        assert len(words) > 30
        assert (ROOT / path).stat().st_size < MAX_BYTES
        with Image.open(ROOT / path) as picture:
            assert picture.width == 1600


def test_the_pictures_show_pages_that_a_build_makes(built: Path, tmp_path: Path) -> None:
    in_every_letterhead(tmp_path)
    for pages in STRIPS.values():
        for pdf, number in pages:
            folder = tmp_path if (tmp_path / pdf).is_file() else built / "output"
            assert 1 <= number <= len(pypdfium2.PdfDocument(folder / pdf))
    pdf, number = next(iter(STRIPS.values()))[0]
    picture = strip([(built / "output" / pdf, number)] * 3)
    assert len(picture.convert("L").getcolors(256) or ()) > 10


def test_every_module_has_its_line_in_contributing() -> None:
    package = ROOT / "handouts"
    modules = [path.name for path in package.rglob("*.py") if path != package / "__init__.py"]
    lines = re.findall(r"^- `(\w+\.py)`: \S", CONTRIBUTING, re.MULTILINE)
    assert sorted(lines) == sorted(modules)
    assert len(modules) > 10


def test_the_changelog_begins_with_the_version_in_use() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([^\]]+)\]", changes, re.MULTILINE)[0] == project["version"]
    assert project["license"] in (ROOT / "LICENSE").read_text(encoding="utf-8")

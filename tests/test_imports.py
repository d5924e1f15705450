"""The arrows of the house: who may use whom, and what stays unloaded until it is needed."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import handouts
from tests.small import HARBOR_BRAND, SVG, H, make_library

HOUSE = Path(handouts.__file__).parent


def name_of(path: Path) -> str:
    """The module's name within the house; a package goes by its folder's."""
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in HOUSE.rglob("*.py") if path != HOUSE / "__init__.py"}

ARROWS: dict[str, set[str]] = {
    # what every room may lean on
    "errors": set(),
    "formats": set(),
    "toolchain": set(),
    "unseen": set(),
    "model": {"artwork", "errors", "formats", "unseen"},
    "body": {"formats", "model"},
    "fonts": set(),
    "icc": set(),
    "color": set(),
    "sheet": {"artwork", "formats", "model"},
    "markup": {"model"},
    "nodes": set(),
    "bidi": {"nodes"},
    "lettering": {"fonts", "model", "nodes"},
    "plurals": set(),
    # load: from files to a library
    "brandfile": {"model", "unseen"},
    "palette": {"brandfile", "color", "explain", "model", "yamlfile"},
    "disk": {"errors"},
    "raster": set(),
    "logo": {"raster"},
    "artwork": {"color", "raster"},
    "drawing": set(),
    "flatten": {"color"},
    "similarity": set(),
    "tracing": {
        "artwork", "color", "drawing", "flatten", "similarity", "logo", "placing", "raster",
    },
    "logo_process": {"artwork", "drawing", "model", "store", "tracing"},
    "inks": {"color", "model"},
    "placing": {"artwork", "inks", "model"},
    "yamlfile": {"errors", "unseen"},
    "explain": {"errors", "model", "unseen", "yamlfile"},
    "brand": {
        "artwork", "brandfile", "disk", "explain", "fonts", "logo_process", "model", "palette",
        "placing", "yamlfile",
    },
    "entries": {"model", "yamlfile"},
    "translation": {"entries", "errors", "model", "yamlfile"},
    "crosscheck": {
        "entries", "errors", "explain", "formats", "markup", "model", "plurals", "translation",
        "yamlfile",
    },
    "load": {
        "brand", "brandfile", "crosscheck", "disk", "entries", "errors", "explain", "logo",
        "logo_process", "model", "store", "toolchain", "yamlfile",
    },
    "memory": {"load", "model", "store", "toolchain", "yamlfile"},
    # plan, compose, render, overprint: values in, values out
    "resolve": {"body", "markup", "model", "plurals"},
    "reading": {"body", "markup", "model"},
    "standing": {"body", "model", "reading", "resolve"},
    "plan": {"body", "errors", "formats", "markup", "model", "reading", "resolve", "standing"},
    "final": {"errors", "plan"},
    "compose": {
        "bidi", "body", "errors", "fonts", "formats", "lettering", "markup", "model", "placing",
        "sheet", "store", "toolchain",
    },
    "prepress": {"artwork", "errors", "flatten", "model"},
    "render": {"errors", "fonts", "icc", "prepress", "sheet"},
    "overprint": {"color", "icc", "sheet"},
    "folding": set(),
    "drawn": {"errors"},
    "letters": set(),
    "tagging": set(),
    "swatches": set(),
    "plates": {
        "drawn", "errors", "folding", "letters", "overprint", "prepress", "sheet", "swatches",
        "tagging",
    },
    # check: what there is to say about the words
    "readability": set(),
    "vocabulary": {"yamlfile"},
    "manuscript": {"errors", "markup", "model", "readability", "resolve", "yamlfile"},
    "rules": {
        "errors", "manuscript", "model", "readability", "standing", "vocabulary", "yamlfile",
    },
    "telephones": set(),
    "likeness": {"errors", "model", "telephones", "yamlfile"},
    "contacts": {
        "artwork", "color", "errors", "fonts", "formats", "inks", "model", "placing", "telephones",
        "yamlfile",
    },
    "unset": {"errors", "fonts", "lettering", "model", "yamlfile"},
    "check": {
        "contacts", "errors", "explain", "likeness", "manuscript", "model", "rules", "standing",
        "unset",
        "yamlfile",
    },
    "examined": {"check", "errors", "model", "resolve", "store", "toolchain", "yamlfile"},
    # approve, and tell how things stand
    "approve": {"errors", "model", "plan", "standing", "store", "yamlfile"},
    "status": {"plan"},
    "overrides": {"markup", "model", "plan", "resolve"},
    "appraise": {
        "check", "errors", "manuscript", "model", "plan", "readability", "rules", "status",
        "yamlfile",
    },
    # write, and tell
    "outputs": set(),
    "store": {"outputs"},
    "archive": {"errors"},
    "manifest": {"archive", "plan", "store"},
    "tidy": {"archive", "manifest", "outputs", "plan", "report"},
    "reasons": {"outputs", "plan", "yamlfile"},
    "turns": set(),
    "settled": {"manifest", "outputs", "store", "toolchain", "turns"},
    "workers": set(),
    "watching": set(),
    "cluster": {"errors"},
    "warmed": {"fonts", "plates", "render", "sheet"},
    "layouts": {
        "errors", "fonts", "overprint", "plates", "render", "sheet", "toolchain", "workers",
    },
    "report": {"errors", "outputs"},
    "build": {
        "archive", "artwork", "body", "compose", "errors", "inks", "layouts", "manifest",
        "outputs", "overprint", "plan", "reading", "reasons", "report", "sheet", "store", "tidy",
        "toolchain", "turns", "yamlfile",
    },
    # what is on paper, and what has to be printed again
    "printed": {"errors", "manifest", "reading", "store"},
    "history": {"build", "errors", "layouts", "load", "plan", "printed", "store"},
    "changes": {"manifest", "printed", "readability", "reading"},
    "reprint": {"changes", "manifest"},
    "pulls": {
        "changes", "compose", "errors", "inks", "layouts", "markup", "model", "overprint",
        "sheet", "store",
    },
    # what comes off the printer, and what it looks like on a screen
    "preflight": {"color", "sheet"},
    "logo_check": {"artwork", "similarity"},
    "packs": {"color", "formats", "similarity", "plan", "preflight", "sheet"},
    "packlist": {"color", "packs"},
    "pictures": {"errors"},
    "preview": {"formats", "manifest", "pictures", "plan"},
    "gallery": {"formats", "model", "pictures", "plan", "report"},
    "proofs": {
        "build", "logo_check", "packs", "placing", "plan", "preflight", "report", "turns",
        "yamlfile",
    },
    # for editors
    "schema": {"brandfile", "explain", "model", "store", "yamlfile"},
    "doctor": {"fonts"},
    # the commands
    "cli.saying": {"plan"},
    "cli.asked": {
        "cli.saying", "disk", "examined", "explain", "final", "formats", "load", "manifest",
        "memory", "model", "plan", "store", "yamlfile",
    },
    "cli.options": {"formats"},
    "cli.pages": {"cli.asked", "cli.saying", "compose", "errors", "store"},
    "cli.making": {
        "archive", "build", "cli.asked", "cli.options", "cli.saying", "cluster", "errors",
        "examined", "load", "plan", "report", "settled", "store", "watching", "workers",
    },
    "cli.checking": {
        "appraise", "build", "check", "cli.asked", "cli.options", "cli.pages", "cli.saying", "load",
        "model", "packlist", "packs", "proofs",
    },
    "cli.approving": {
        "approve", "check", "cli.asked", "cli.options", "cli.saying", "errors", "load", "model",
        "overrides", "rules", "status",
    },
    "cli.printing": {
        "build", "changes", "cli.asked", "cli.options", "cli.pages", "cli.saying", "errors",
        "history", "manifest", "printed", "pulls", "reprint", "settled", "store",
    },
    "cli.looking": {
        "build", "cli.asked", "cli.options", "cli.pages", "cli.saying", "disk", "errors", "gallery",
        "history", "manifest", "model", "pictures", "plan", "preview", "proofs", "report",
        "yamlfile",
    },
    "cli.helping": {"cli.asked", "cli.options", "cli.saying", "doctor", "schema"},
    "cli": {
        "cli.approving", "cli.checking", "cli.helping", "cli.looking", "cli.making", "cli.printing",
    },
}  # fmt: skip

ALONE = {
    "weasyprint": {"render"},
    "pikepdf": {
        "drawn",
        "flatten",
        "folding",
        "letters",
        "plates",
        "prepress",
        "swatches",
        "tagging",
        "tracing",
    },
    "jinja2": {"compose"},
    "segno": {"prepress"},
    "yaml": {"yamlfile"},
    "msgpack": {"logo_process", "store"},
    "resvg_py": {"artwork"},
    "typst": {"tracing"},
    "click": {"cli"},
    "phonenumbers": {"telephones"},
    "syllapy": {"readability"},
    "filelock": {"turns"},
    "watchfiles": {"watching"},
    "distributed": {"cluster"},
    "page": {"archive"},
    "pypdfium2": {"logo_check", "pictures", "preflight", "tracing"},
}
"""Each of these libraries has one room; what reads PDFs has one to measure and one to show."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imported(module: str) -> Iterator[str]:
    """The full name of everything that the module imports, wherever in it."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}.py imports by dots"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_in(name: str) -> str:
    """The module that a full name leads to, or lies in."""
    _, *parts = name.split(".")
    return next(way for way in (".".join(parts[:2]), parts[0]) if way in MODULES)


def room(module: str) -> str:
    """The module, or the package that it is in."""
    return module.partition(".")[0]


def test_every_module_has_its_arrows() -> None:
    assert len(MODULES) > 10
    assert {"cli", "cli.making"} < set(MODULES)
    assert set(MODULES) == set(ARROWS)


@pytest.mark.parametrize("module", sorted(ARROWS))
def test_a_module_uses_what_it_may_and_no_other(module: str) -> None:
    ours = [name for name in imported(module) if name.split(".")[0] == "handouts"]
    assert {module_in(name) for name in ours} == ARROWS[module]


def test_the_arrows_never_lead_back() -> None:
    order = list(TopologicalSorter(ARROWS).static_order())
    assert len(order) == len(ARROWS)


@pytest.mark.parametrize("library", sorted(ALONE))
def test_a_library_is_imported_from_its_one_room(library: str) -> None:
    users = {
        module for module in MODULES if library in {name.split(".")[0] for name in imported(module)}
    }
    assert {room(module) for module in users} == ALONE[library]


SAYING = {"print", "input", "exit", "quit", "click.echo", "click.secho", "sys.exit", "os._exit",
          "sys.stdout", "sys.stderr"}  # fmt: skip


def says(module: str) -> set[str]:
    """What the module prints or exits with, but for what runs only as a program."""
    found = set()
    for part in tree(module).body:
        if not (isinstance(part, ast.If) and "__name__" in ast.unparse(part.test)):
            nodes = (node for node in ast.walk(part) if isinstance(node, (ast.Name, ast.Attribute)))
            found |= SAYING & {ast.unparse(node) for node in nodes}
    return found


def test_the_command_line_alone_prints_and_exits() -> None:
    assert {room(module) for module in MODULES if says(module)} == {"cli"}
    assert {"click.echo", "sys.exit"} <= says("cli.making")


LOADED = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules))))
from handouts.cli import main
main()
"""


def loaded(*arguments: object) -> set[str]:
    """The modules that a command has loaded when it ends."""
    command = [sys.executable, "-c", LOADED, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = set(json.loads(done.stderr))
    assert "click" in found
    return found


HEAVY = {"weasyprint", "pikepdf", "pypdfium2", "PIL", "jinja2", "babel"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library; its first build has loaded what lays pages out."""
    root = make_library(tmp_path_factory.mktemp("built"))
    assert {"weasyprint", "pikepdf"} <= loaded("build", "-j", 1, "--root", root)
    return root


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]], ids=str)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    found = loaded(*arguments)
    assert found & {*HEAVY, "pydantic", "yaml", "markdown_it", "msgpack"} == set()
    light = {"formats", *(module for module in MODULES if room(module) == "cli")}
    ours = {name for name in found if name.startswith("handouts")}
    assert ours == {"handouts", *(f"handouts.{module}" for module in light)}


@pytest.mark.parametrize("command", ["check", "list"])
def test_looking_at_a_library_loads_nothing_that_makes_pages(command: str, built: Path) -> None:
    found = loaded(command, "--root", built)
    assert "handouts.load" in found
    assert found & HEAVY == set()


def test_only_pictures_and_fonts_load_what_reads_them(tmp_path: Path) -> None:
    brand = HARBOR_BRAND.replace("logo.png", "logo.svg")
    drawn = make_library(tmp_path, {f"{H}/_brand.yml": brand, f"{H}/logo.svg": SVG})
    assert loaded("check", "--root", drawn) & {*HEAVY, "fontTools"} == set()


@pytest.mark.parametrize("flags", [[], ["-n"], ["--json"], ["-j", "1"]], ids=str)
def test_a_build_with_nothing_to_do_does_not_even_load_the_library(
    flags: list[str], built: Path
) -> None:
    found = loaded("build", *flags, "--root", built)
    assert "handouts.settled" in found
    assert found & {*HEAVY, "pydantic", "yaml", "handouts.build", "handouts.load"} == set()


@pytest.mark.parametrize("part", ["rosewater", "harbor"])
def test_a_build_that_looks_and_finds_nothing_new_loads_nothing_that_lays_out(
    part: str, built: Path
) -> None:
    found = loaded("build", part, "--root", built)
    assert "handouts.overprint" in found
    assert found & {"weasyprint", "pikepdf", "handouts.render"} == set()

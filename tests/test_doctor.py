"""The doctor says what is missing on a machine, and the very command that brings it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from handouts import doctor, fonts
from handouts.cli import main

Machine = Callable[..., None]
MISSING = {"Pango": ("libpango-that-is-nowhere.so.0", "nowhere.dylib")}


def examined() -> Result:
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stderr == ""
    return result


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Makes this machine one without Pango, with this package manager and user."""

    def become(tool: str | None, user: int, system: str = "Linux") -> None:
        monkeypatch.setattr(doctor, "LIBRARIES", {**doctor.LIBRARIES, **MISSING})
        monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name == tool else None)
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(doctor.platform, "system", lambda: system)

    return become


def test_a_machine_that_has_everything_is_well() -> None:
    result = examined()
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    for name in ("Python", "weasyprint", "pikepdf", "Pango", "HarfBuzz", fonts.BASE, "test page"):
        assert any(name in line for line in lines)


APT = (
    "apt-get update && apt-get install -y --no-install-recommends "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


@pytest.mark.parametrize(
    ("tool", "user", "command"),
    [
        ("apt-get", 0, APT),
        ("apt-get", 1000, f"sudo sh -c '{APT}'"),
        ("dnf", 1000, "sudo sh -c 'dnf install -y pango harfbuzz'"),
        ("apk", 0, "apk add pango harfbuzz-subset fontconfig"),
        ("brew", 1000, "brew install pango"),
    ],
)
def test_a_missing_library_is_named_with_the_command_that_brings_it(
    tool: str, user: int, command: str, machine: Machine
) -> None:
    machine(tool, user)
    result = examined()
    assert result.exit_code == 1
    assert "MISSING  Pango (native library)" in result.stdout.splitlines()
    assert result.stdout.endswith(f"\n\nType this to mend it:\n  {command}\n")


def test_a_machine_of_an_unknown_kind_gets_advice_without_a_command(machine: Machine) -> None:
    machine(None, 1000)
    advice = examined().stdout.splitlines()[-1]
    assert "package manager" in advice
    assert "sudo" not in advice


def test_the_same_command_is_given_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine("apt-get", 0)
    nowhere = dict.fromkeys(doctor.LIBRARIES, ("nowhere.so.0",))
    monkeypatch.setattr(doctor, "LIBRARIES", nowhere)
    result = examined()
    assert result.stdout.count("MISSING") == len(nowhere)
    assert result.stdout.count(APT) == 1


def test_a_missing_package_and_a_missing_font_are_brought_by_pip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("click", "no-such-package-anywhere"))
    monkeypatch.setattr(fonts, "SCRIPTS", ("No Such Face",))
    result = examined()
    assert result.exit_code == 1
    assert "MISSING  no-such-package-anywhere" in result.stdout
    assert "MISSING  font No Such Face" in result.stdout
    assert f"{sys.executable} -m pip install no-such-package-anywhere" in result.stdout
    assert f"{sys.executable} -m pip install fontpkg-no-such-face" in result.stdout
    assert "test page" not in result.stdout


def test_a_page_that_cannot_be_laid_out_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = subprocess.CompletedProcess([], 1, "", "Traceback\nOSError: cannot load library\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: broken)
    result = examined()
    assert result.exit_code == 1
    assert "MISSING  a test page: OSError: cannot load library" in result.stdout


NOWHERE = """
import ctypes, runpy, shutil
def missing(name):
    raise OSError(name)
ctypes.CDLL = missing
shutil.which = lambda name: name == "apt-get"
runpy.run_module("handouts.doctor", run_name="__main__")
"""


def program(*arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_set_up_is_told_nothing_when_no_library_is_missing() -> None:
    assert program("-m", "handouts.doctor") == (0, "", "")


def test_the_set_up_is_given_the_command_for_root_when_a_library_is_missing() -> None:
    assert program("-c", NOWHERE) == (1, f"{APT}\n", "")

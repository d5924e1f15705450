"""What the machine must have, whether it has it, and the command that brings it."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from handouts import fonts

LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "Pango for FreeType": (
        "libpangoft2-1.0.so.0",
        "libpangoft2-1.0.dylib",
        "libpangoft2-1.0-0.dll",
    ),
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.dylib", "libgobject-2.0-0.dll"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    "HarfBuzz subsetting": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
        "libharfbuzz-subset-0.dll",
    ),
}
REMEDIES = {
    "apt-get": "apt-get update && apt-get install -y --no-install-recommends "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "dnf": "dnf install -y pango harfbuzz",
    "apk": "apk add pango harfbuzz-subset fontconfig",
    "pacman": "pacman -S --needed pango harfbuzz fontconfig",
    "brew": "brew install pango",
}
DLL_FOLDERS = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin"
"""Where WeasyPrint looks on Windows, unless WEASYPRINT_DLL_DIRECTORIES says otherwise."""
PACKAGES = ("weasyprint", "pikepdf", "pypdfium2", "pydantic", "jinja2", "pyyaml", "click")


@dataclass(frozen=True)
class Finding:
    """One thing looked for; `remedy` is the command that brings it when it is missing."""

    what: str
    ok: bool
    remedy: str = ""


def examine() -> list[Finding]:
    findings = [_python(), *map(_package, PACKAGES)]
    findings += [_library(name, files) for name, files in LIBRARIES.items()]
    findings += [_font(family) for family in (fonts.BASE, fonts.LETTERS, *fonts.SCRIPTS)]
    if all(finding.ok for finding in findings):
        findings.append(_test_page())
    return findings


def native_remedy() -> str:
    """The command that installs the native libraries on this machine, as root would type it."""
    for tool, command in REMEDIES.items():
        if shutil.which(tool):
            return command
    if platform.system() == "Windows":
        return (
            "winget install MSYS2.MSYS2, then in its UCRT64 window: "
            "pacman -S mingw-w64-ucrt-x86_64-pango"
        )
    return (
        "install Pango and HarfBuzz (with its subset library) with this machine's package manager"
    )


def _as_typed(command: str) -> str:
    """The command with `sudo` where this user needs it."""
    root = not hasattr(os, "geteuid") or os.geteuid() == 0
    needs_root = command.split(maxsplit=1)[0] in REMEDIES.keys() - {"brew"}
    return f"sudo sh -c '{command}'" if needs_root and not root else command


def _python() -> Finding:
    return Finding(
        f"Python {platform.python_version()}",
        sys.version_info >= (3, 11),
        "install Python 3.11 or newer",
    )


def _package(name: str) -> Finding:
    try:
        return Finding(f"{name} {version(name)}", ok=True)
    except PackageNotFoundError:
        return Finding(name, ok=False, remedy=f"{sys.executable} -m pip install {name}")


def _library(name: str, files: tuple[str, ...]) -> Finding:
    return Finding(f"{name} (native library)", any(map(_loads, files)), _as_typed(native_remedy()))


def _loads(file: str) -> bool:
    if sys.platform == "win32":
        for folder in os.environ.get("WEASYPRINT_DLL_DIRECTORIES", DLL_FOLDERS).split(";"):
            with suppress(OSError):
                os.add_dll_directory(folder)
    places = ("", "/opt/homebrew/lib/", "/usr/local/lib/") if sys.platform == "darwin" else ("",)
    for place in places:
        try:
            ctypes.CDLL(place + file)
        except OSError:
            continue
        return True
    return False


def _font(family: str) -> Finding:
    remedy = f"{sys.executable} -m pip install {fonts.package(family)}"
    return Finding(f"font {family}", fonts.folder(family) is not None, remedy)


def _test_page() -> Finding:
    """Lays out one line in a process of its own: a native library may end it."""
    code = (
        "from handouts.render import lay_out; from handouts.sheet import Sheet, Typeface; "
        "page = '<html lang=en><title>t</title><p>test'; "
        f"lay_out(Sheet(page, '', (), (Typeface({fonts.BASE!r}),)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    last = run.stderr.strip().splitlines()[-1:] or [""]
    what = "a test page can be laid out" if run.returncode == 0 else f"a test page: {last[0]}"
    return Finding(what, run.returncode == 0, _as_typed(native_remedy()))


if __name__ == "__main__":
    if not all(finding.ok for finding in map(_library, LIBRARIES, LIBRARIES.values())):
        print(native_remedy())  # noqa: T201
        sys.exit(1)

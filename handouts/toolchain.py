"""What makes a page besides what it is made from: our code, packages, and native libraries.

Whatever is kept of earlier work is kept under a digest of all of it. A list of the files or
packages that matter would one day lack one, and old pages be taken for new ones.
"""

import ctypes
import re
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

HOUSE = Path(__file__).parent
TEMPLATES = (HOUSE / "templates", HOUSE.parent / "templates")
"""Where the program's templates are, installed or in a checkout."""

SUFFIXES = frozenset({".py", ".yaml", ".html", ".css"})
PRINTED = {"weasyprint": "WeasyPrint"}

NATIVE: dict[str, tuple[str, tuple[str, ...]]] = {
    "Pango": (
        "pango_version_string",
        ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ),
    "HarfBuzz": (
        "hb_version_string",
        ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    ),
    "Fontconfig": (
        "FcGetVersion",
        ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    ),
}
"""The native libraries that set text, each with the function that tells its version."""


@cache
def digest() -> str:
    """A digest of everything that has a part in a page, wherever it is installed."""
    whole = sha256(sys.version.encode())
    for name, version in versions().items():
        whole.update(f"{name} {version}\0".encode())
    return whole.hexdigest()


@cache
def versions() -> dict[str, str]:
    """What has a part in a page, each with its version; our own code by a digest."""
    named = {PRINTED.get(name, name): version for name, version in sorted(_packages())}
    return {**named, **dict(_native()), "handouts": code()[:12]}


@cache
def code() -> str:
    """A digest of our own modules, data and templates, in whatever folder they are."""
    whole = sha256()
    for folder in (HOUSE, *TEMPLATES):
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                name = path.relative_to(folder).as_posix()
                whole.update(f"{name}\0".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _packages() -> Iterator[tuple[str, str]]:
    """The packages that the program needs, and those that they need; all, if that is not known."""
    installed = _installed()
    if "handouts" not in installed:
        yield from ((name, version) for name, (version, _) in installed.items())
        return
    waiting, seen = ["handouts"], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in installed:
            seen.add(name)
            version, folder = installed[name]
            waiting += _required(folder)
            if name != "handouts":
                yield name, version


def _installed() -> dict[str, tuple[str, Path]]:
    """Every installed package by the name that installers compare: its version, and its folder.

    The names of folders say it; `importlib.metadata` would take a tenth of a second.
    """
    found: dict[str, tuple[str, Path]] = {}
    for place in filter(Path.is_dir, map(Path, filter(None, sys.path))):
        for folder in place.glob("*.dist-info"):
            name, _, version = folder.stem.rpartition("-")
            found.setdefault(_normal(name), (version, folder))
    return found


REQUIRED = re.compile(r"^Requires-Dist: *([\w.-]+)(?!.*\bextra *==)", re.MULTILINE)


def _required(folder: Path) -> Iterator[str]:
    """What a package needs on any machine."""
    head, _, _ = (folder / "METADATA").read_text("utf-8", "replace").partition("\n\n")
    return map(_normal, REQUIRED.findall(head))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _native() -> Iterator[tuple[str, str]]:
    for name, (function, files) in NATIVE.items():
        yield name, next(filter(None, (_told(file, function) for file in files)), "not there")


def _told(file: str, function: str) -> str:
    """The version that a native library tells; nothing if it is not there under this name."""
    try:
        told = getattr(ctypes.CDLL(file), function)
    except (OSError, AttributeError):
        return ""
    told.restype = ctypes.c_char_p if function != "FcGetVersion" else ctypes.c_int
    found = told()
    return found.decode() if isinstance(found, bytes) else str(found)

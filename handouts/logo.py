"""Whether a file can be printed as a logo: a picture of the kind it says, whole in itself."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.parsers import expat

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
STARTS = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}
KINDS = (".svg", *STARTS)

OUTSIDE = re.compile(r"url\(\s*[\"']?\s*(?!#|data:)|@import", re.IGNORECASE)
SVG = "http://www.w3.org/2000/svg"


class _RefusedError(Exception):
    """What was found in the picture; its text is the finding."""


def fault(name: str, data: bytes) -> str | None:
    """What keeps this file from being printed as a logo."""
    kind = PurePosixPath(name).suffix.lower()
    if kind not in KINDS:
        return "must be an .svg, .png or .jpg file"
    if kind == ".svg":
        return _svg_fault(data)
    if not data.startswith(STARTS[kind]):
        return f"is not a {kind[1:]} picture, whatever its name says: export it again"
    return None


def _svg_fault(data: bytes) -> str | None:
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if depth == 0 and tag not in (f"{SVG} svg", "svg"):
            raise _RefusedError("is not an SVG picture: its first element is not <svg>")
        depth += 1
        for found in _outside(tag, attributes):
            raise _RefusedError(found)

    def style(text: str) -> None:
        if OUTSIDE.search(text):
            raise _RefusedError("draws on another file: export it with everything embedded")

    def doctype(*_: object) -> None:
        raise _RefusedError("has a DOCTYPE: export it as plain SVG")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = style
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except _RefusedError as refused:
        return str(refused)
    except (expat.ExpatError, ValueError, LookupError):
        return "is not an SVG picture, whatever its name says: export it again"
    return None


def _outside(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag.rpartition(" ")[2].lower() == "script":
        yield "has a script: export it as plain SVG"
    for name, value in attributes.items():
        link = name.rpartition(" ")[2].lower() == "href"
        if (link and not value.strip().startswith(("#", "data:"))) or OUTSIDE.search(value):
            yield f"draws on another file ({value[:40]}): export it with everything embedded"

"""Whether a file can be printed as a logo: a picture of the kind it says, whole in itself."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
STARTS = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}
KINDS = (".svg", *STARTS)

MAX_PIXELS = 40_000_000
MIN_SIDE = 200
"""Pixels of the longer side; with fewer a logo prints blurred."""

OUTSIDE = re.compile(r"url\(\s*[\"']?\s*(?!#|data:)|@import", re.IGNORECASE)
SVG = "http://www.w3.org/2000/svg"
DRAWN = {
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "use",
}  # fmt: skip
UNDRAWN = {"defs", "symbol", "clipPath", "mask", "pattern", "marker"}
"""What is inside these is drawn only where something else asks for it."""

POSITIVE = r"\+?(?=[0-9.]*[1-9])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
BETWEEN = r"(?:\s+,?\s*|,\s*)"
VIEW_BOX = re.compile(BETWEEN.join((NUMBER, NUMBER, POSITIVE, POSITIVE)))
LENGTH = re.compile(POSITIVE + r"(?:px|pt|pc|mm|cm|in|em|ex|%)?")


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
    return _raster_fault(kind, data)


def _raster_fault(kind: str, data: bytes) -> str | None:
    try:
        picture = _opened(kind, data)
        width, height = picture.size
        if width * height > MAX_PIXELS:
            most = f"{MAX_PIXELS // 1_000_000} million"
            return f"has {width} × {height} pixels, can have {most} at most: make it smaller"
        if max(width, height) < MIN_SIDE:
            needed = f"at least {MIN_SIDE} px on its longer side"
            return f"would print blurred: needs {needed}, has {width} × {height}"
        _opened(kind, data).verify()
        _decode(picture)
    except (OSError, SyntaxError, ValueError, LookupError, struct.error, zlib.error):
        return "is damaged: export it again"
    return None


def _opened(kind: str, data: bytes) -> "ImageFile":
    """The picture, its size known and nothing decoded; `Image.open` would judge the size."""
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415  many logos are SVG
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415

    return (PngImageFile if kind == ".png" else JpegImageFile)(BytesIO(data))


def _decode(picture: "ImageFile") -> None:
    """Decode all of it; WeasyPrint, once loaded, has Pillow put up with half a picture."""
    from PIL import ImageFile  # noqa: PLC0415  many logos are SVG

    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


class _Drawing:
    """What a parser has seen of an SVG."""

    def __init__(self) -> None:
        self.sized = self.drawn = False
        self._open: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(f"{SVG} ")
        if not self._open:
            if name != "svg":
                raise _RefusedError("is not an SVG picture: its first element is not <svg>")
            self.sized = _is_sized(attributes)
        for found in _outside(tag, attributes):
            raise _RefusedError(found)
        if name == "text":
            raise _RefusedError("has <text>, and fonts differ: turn the letters into shapes")
        self.drawn |= name in DRAWN and UNDRAWN.isdisjoint(self._open)
        self._open.append(name)

    def end(self, _: str) -> None:
        self._open.pop()

    def style(self, text: str) -> None:
        if OUTSIDE.search(text):
            raise _RefusedError("draws on another file: export it with everything embedded")

    def doctype(self, *_: object) -> None:
        raise _RefusedError("has a DOCTYPE: export it as plain SVG")


def _svg_fault(data: bytes) -> str | None:
    parser, drawing = expat.ParserCreate(namespace_separator=" "), _Drawing()
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.style
    parser.StartDoctypeDeclHandler = drawing.doctype
    try:
        parser.Parse(data, True)
    except _RefusedError as refused:
        return str(refused)
    except (expat.ExpatError, ValueError, LookupError):
        return "is not an SVG picture, whatever its name says: export it again"
    if not drawing.sized:
        return "has no size: give <svg> a viewBox with a width and a height above 0"
    return None if drawing.drawn else "draws nothing: export it again"


def _is_sized(attributes: dict[str, str]) -> bool:
    """Whether there is a view box, or a width and a height, and nothing that shrinks it to none."""
    sides = [attributes.get(side, "auto").strip() for side in ("width", "height")]
    given = [side for side in sides if side != "auto"]
    if not all(LENGTH.fullmatch(side) for side in given):
        return False
    if "viewBox" in attributes:
        return VIEW_BOX.fullmatch(attributes["viewBox"].strip()) is not None
    return len(given) == 2 and not any(side.endswith("%") for side in given)


def _outside(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag.rpartition(" ")[2].lower() == "script":
        yield "has a script: export it as plain SVG"
    for name, value in attributes.items():
        link = name.rpartition(" ")[2].lower() == "href"
        if (link and not value.strip().startswith(("#", "data:"))) or OUTSIDE.search(value):
            yield f"draws on another file ({value[:40]}): export it with everything embedded"

"""Whether a file can be printed as a logo: a picture of the kind it says, whole in itself."""

import re
import struct
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

from handouts import raster

JPEG = b"\xff\xd8\xff"
STARTS = {".png": raster.PNG, ".jpg": JPEG, ".jpeg": JPEG}
KINDS = (".svg", *STARTS)

MAX_PIXELS = 40_000_000
MIN_SIDE = 40
"""Pixels of the longer side; with fewer there is no width at which a logo is more than a stain."""

RASTER = re.compile(r"data:image/(png|jpe?g);base64,", re.IGNORECASE)
SVG = "http://www.w3.org/2000/svg"
DRAWN = {
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "use",
}  # fmt: skip
ASKED_FOR = {"defs", "clipPath", "filter", "marker", "mask", "pattern", "symbol"}
"""What is inside these is drawn only where something else asks for it."""

MOST_DRAWN = 20_000
MOST_DEEP = 100
"""Elements, and elements within each other: a real logo has some hundreds, ten deep."""

HUGE = f"has more than {MOST_DRAWN:,} elements: simplify it, or export it as .png"
DEEP = f"has elements more than {MOST_DEEP} deep within each other: ungroup them"
POSITIVE = r"\+?(?=[0-9.]*[1-9])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
BETWEEN = r"(?:\s+,?\s*|,\s*)"
VIEW_BOX = re.compile(BETWEEN.join((NUMBER, NUMBER, POSITIVE, POSITIVE)))
LENGTH = re.compile(POSITIVE + r"(?:px|pt|pc|mm|cm|in|em|ex|%)?")

XLINK = "http://www.w3.org/1999/xlink"
XML_BASE = "http://www.w3.org/XML/1998/namespace base"
LETTERS = {"text", "tspan", "textPath", "tref"}
LETTERS_TOO = {*LETTERS, "a"}
"""What shows letters, in the fonts of the machine."""

TEXT = "has <text>, and fonts differ: turn the letters into shapes"
EMBED = "export it with everything embedded"
SUSPECT = re.compile(r"[(\\@]|href|(?<![\w-])id\s*:", re.IGNORECASE)
ADDRESS = re.compile(r"href|base|^id$|[^\w-]")
"""Properties by which an element would get another address or name."""


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
    return _raster_fault(data)


def _raster_fault(data: bytes, least: int = MIN_SIDE) -> str | None:
    try:
        picture = raster.opened(data)
        width, height = picture.size
        if width * height > MAX_PIXELS:
            most = f"{MAX_PIXELS // 1_000_000} million"
            return f"has {width} × {height} pixels, can have {most} at most: make it smaller"
        if max(width, height) < least:
            needed = f"at least {least} px on its longer side"
            return f"would print blurred: needs {needed}, has {width} × {height}"
        raster.opened(data).verify()
        raster.load(picture)
    except (OSError, SyntaxError, ValueError, LookupError, struct.error, zlib.error):
        return "is damaged: export it again"
    return None


class _Drawing:
    """What a parser has seen of an SVG."""

    def __init__(self) -> None:
        self.sized = self.drawn = False
        self._open: list[str] = []
        self._texts: list[str] = []
        self._styles: set[str] = set()
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, local = tag.removeprefix(f"{SVG} "), tag.rpartition(" ")[2]
        if not self._open:
            if name != "svg":
                raise _RefusedError("is not an SVG picture: its first element is not <svg>")
            self.sized = _is_sized(attributes)
        self._limit()
        for found in _outside(tag, attributes):
            raise _RefusedError(found)
        if name in LETTERS:
            raise _RefusedError(TEXT)
        if style := attributes.get("style"):
            self._judge(style, f" ({style[:40]})")
        self.drawn |= name in DRAWN and ASKED_FOR.isdisjoint(self._open)
        if "style" in self._open:
            raise _RefusedError("has a damaged style sheet: export it again")
        self._open.append(local)

    def _limit(self) -> None:
        self._count += 1
        if len(self._open) > MOST_DEEP:
            raise _RefusedError(DEEP)
        if self._count > MOST_DRAWN:
            raise _RefusedError(HUGE)

    def end(self, _: str) -> None:
        if self._open.pop() == "style":
            self._judge("".join(self._texts))
            self._texts.clear()

    def text(self, text: str) -> None:
        """Letters come in pieces, wherever a character is written as a number."""
        if self._open[-1] == "style":
            self._texts.append(text)
        elif text.strip() and not LETTERS_TOO.isdisjoint(self._open):
            raise _RefusedError(TEXT)

    def _judge(self, style: str, shown: str = "") -> None:
        if style not in self._styles and _styles_reach_out(style):
            raise _RefusedError(f"draws on another file{shown}: {EMBED}")
        self._styles.add(style)

    def doctype(self, *_: object) -> None:
        raise _RefusedError("has a DOCTYPE: export it as plain SVG")

    def instruction(self, target: str, _: str) -> None:
        if target == "xml-stylesheet":
            raise _RefusedError(f"draws on another file: {EMBED}")


def _svg_fault(data: bytes) -> str | None:
    parser, drawing = expat.ParserCreate(namespace_separator=" "), _Drawing()
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    parser.StartDoctypeDeclHandler = drawing.doctype
    parser.ProcessingInstructionHandler = drawing.instruction
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
    name = tag.rpartition(" ")[2]
    if name.lower() == "script":
        yield "has a script: export it as plain SVG"
    if name == "image" and not {"href", f"{XLINK} href"} & set(attributes):
        yield "has an <image> without a picture: export it again"
    for key, value in attributes.items():
        own = key.rpartition(" ")[2].lower()
        if own.startswith("on") and " " not in key:
            yield f"has a script ({key}): export it as plain SVG"
        if key == XML_BASE or (own == "href" and " " not in key.removeprefix(f"{XLINK} ")):
            yield from _link_fault(name, value)
        elif "(" in value and own != "style" and " " not in key and _styles_reach_out(value):
            yield f"draws on another file ({value[:40]}): {EMBED}"


def _link_fault(name: str, value: str) -> Iterator[str]:
    link = re.sub(r"[\t\r\n]", "", value).strip()
    if name != "image":
        if not link.startswith("#"):
            yield f"draws on another file ({value[:40]}): {EMBED}"
    elif found := RASTER.match(link):
        if said := _embedded_fault(found[1].lower(), link[found.end() :]):
            yield f"has a picture in it that {said}"
    elif link[:5].lower() == "data:":
        yield f"has something in it that is no .png or .jpg picture ({value[:40]}): export it again"
    else:
        yield f"draws on another file ({value[:40]}): {EMBED}"


def _embedded_fault(kind: str, text: str) -> str | None:
    """What is wrong with a picture that stands in a drawing as base64."""
    kind = f".{kind}"
    try:
        data = b64decode(unquote(text).replace(" ", ""), validate=True)
    except ValueError:
        return "is damaged: export it again"
    if not data.startswith(STARTS[kind]):
        return f"is not a {kind[1:]} picture, whatever it is called: export it again"
    if fault := _raster_fault(data, least=1):
        return fault
    return None


def _styles_reach_out(style: str) -> bool:
    """Whether a style sheet, or a part of one, names anything that is not in the drawing."""
    if not SUSPECT.search(style):
        return False
    import tinycss2  # noqa: PLC0415  few drawings have style sheets

    tokens = tinycss2.parse_component_value_list(style, skip_comments=True)
    return any(_reaches_out(before, token) for before, token in _pairs(tokens))


def _pairs(tokens: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each token, however deep in blocks, with the function that it stands in."""
    waiting: list[tuple[Any, Any]] = [(None, token) for token in tokens]
    while waiting:
        function, token = waiting.pop()
        yield function, token
        if token.type == "function":
            waiting += [(token, inner) for inner in token.arguments]
        elif hasattr(token, "content"):
            waiting += [(function, inner) for inner in token.content or ()]


def _reaches_out(function: Any, token: Any) -> bool:
    if token.type == "at-keyword":
        return str(token.lower_value) in {"import", "font-face", "namespace"}
    if token.type == "ident":
        return function is None and bool(ADDRESS.search(str(token.lower_value)))
    named = token.type == "url" or (token.type == "string" and function is not None)
    return named and not token.value.strip().startswith("#")

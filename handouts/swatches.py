"""Every colour of a laid-out document becomes an object of its own, to be filled later.

WeasyPrint writes an ink as a colour space of its own name, and any other colour as RGB. Here
both become swatches: colour spaces in which 1 is the colour. A clinic's colours are put in by
replacing these objects alone, and so is grey where a sheet is printed without colour.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

MARK = Name("/Swatch")
"""What a swatch that waits to be filled begins with, before its name."""

PAPER = b"\xff\xff\xff"

_NUMBER = rb"(-?[\d.]+)"
_COLOR = re.compile(
    rb"/--([\w-]+)\s+(?:cs|CS)\s+" + _NUMBER + rb"\s+(scn|SCN)\b"
    rb"|(?<![\w.])" + rb"\s+".join([_NUMBER] * 3) + rb"\s+(rg|RG)\b"
)


def set_apart(document: pikepdf.Pdf) -> None:
    """Let each colour of the document's pages and forms be that of a swatch."""
    names: dict[str, int] = {}
    uses_lab = False
    for stream in _contents(document):
        content = stream.read_bytes()
        uses_lab |= b"/lab-" in content
        changed = _COLOR.sub(lambda found: _named(found, names), content)
        if changed != content:
            stream.write(changed)
    swatches = {
        f"/k{number}": document.make_indirect(Array([MARK, String(name)]))
        for name, number in names.items()
    }
    for spaces in _color_spaces(document):
        for key in [key for key in spaces.keys() if key.startswith(("/--", "/lab-"))]:  # noqa: SIM118
            if key.startswith("/--") or not uses_lab:
                del spaces[key]
        for key, swatch in swatches.items():
            spaces[key] = swatch
    _paper_to_grey(document)


def _named(found: re.Match[bytes], names: dict[str, int]) -> bytes:
    """The same colour by its swatch; `names` gives each a number."""
    ink, share, ink_operator, red, green, blue, rgb_operator = found.groups()
    if ink:
        tint = float(share)
        name = ink.decode() if tint == 1 else f"{ink.decode()} {tint:g}"
        stroke = ink_operator == b"SCN"
    else:
        channels = (round(255 * float(part)) for part in (red, green, blue))
        name = "#" + bytes(channels).hex()
        stroke = rgb_operator == b"RG"
    number = names.setdefault(name, len(names))
    return b"/k%d %b 1 %b" % (number, *((b"CS", b"SCN") if stroke else (b"cs", b"scn")))


def _contents(document: pikepdf.Pdf) -> Iterator[Stream]:
    for page in document.pages:
        contents: Any = page.obj.get("/Contents")
        parts: list[Any] = list(contents) if isinstance(contents, Array) else [contents]
        yield from (part for part in parts if isinstance(part, Stream))
    for item in document.objects:
        if isinstance(item, Stream) and item.get("/Subtype") == "/Form":
            yield item


def _color_spaces(document: pikepdf.Pdf) -> Iterator[Any]:
    for item in document.objects:
        if isinstance(item, Dictionary) and "/lab-d50" in item:
            yield item


def _paper_to_grey(document: pikepdf.Pdf) -> None:
    """White that lies behind drawings needs no colour: a page of greys is counted as one."""
    for item in document.objects:
        if (
            isinstance(item, Stream)
            and item.get("/Width") == item.get("/Height") == 1
            and item.read_bytes() == PAPER
        ):
            item.ColorSpace = Name.DeviceGray
            item.write(PAPER[:1])


def name_of(item: Any) -> str | None:
    """The name of a swatch that waits to be filled; None for anything else."""
    if isinstance(item, Array) and len(item) == 2 and item[0] == MARK:
        return str(item[1])
    return None

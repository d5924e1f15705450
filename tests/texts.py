"""The words of a PDF as programs take them: as they are drawn, and by its tags."""

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2

from handouts.overprint import Imprint, Stationery, overprint
from handouts.plates import NOTHING, make_plate
from handouts.sheet import INKS

Mark = tuple[tuple[int, int], int]
"""A piece of marked content: the page or form that it is in, and its number there."""


def bare(pdf: bytes) -> bytes:
    """A laid-out PDF as its plate, with empty slots and black inks; no plate opens by itself."""
    plate = make_plate(pdf)
    empty = Stationery(dict.fromkeys(plate.slots, (NOTHING,)), dict.fromkeys(plate.slots, ""), ())
    inks = tuple((ink, "#000000") for ink in INKS)
    return overprint(plate, empty, Imprint("Title", "Author", "CODE", inks))


def by_pdfium(pdf: bytes | Path) -> list[str]:
    """Each page's words, one space between them, as browsers copy and find them."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def by_poppler(pdf: bytes | Path) -> list[str]:
    """Each page's words, one space between them, without the marks of direction around them."""
    data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    said = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    pages = said.stdout.decode().split("\f")[:-1]
    return [" ".join(re.sub("[\u202a-\u202e]", "", page).split()) for page in pages]


def by_pypdf(pdf: bytes | Path) -> list[str]:
    """Each page's words, one space between them, as text tools take them."""
    reader = pypdf.PdfReader(BytesIO(pdf) if isinstance(pdf, bytes) else pdf)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def by_tags(pdf: bytes | Path) -> list[str]:
    """Each page's words in the order of the structure tree, as they are read out."""
    with pikepdf.open(BytesIO(pdf) if isinstance(pdf, bytes) else pdf) as document:
        drawn = _drawn(document)
        said: dict[Any, list[str]] = {stream: [] for stream, _ in drawn}
        for element, mark in _content(document.Root.StructTreeRoot.K[0]):
            words = element.get("/ActualText")
            text = drawn.get(mark, "") if words is None else str(words)
            said.setdefault(mark[0], []).append(text)
        return ["".join(texts) for texts in said.values()]


def orders(pdf: Path) -> tuple[list[Mark], list[Mark]]:
    """The texts and what fills slots, as they are drawn and as the tags have them."""
    with pikepdf.open(pdf) as document:
        tagged = [
            mark
            for element, mark in _content(document.Root.StructTreeRoot.K[0])
            if element.S != "/Figure"
        ]
        streams = list(dict.fromkeys(stream for stream, _ in tagged))
        drawn = [mark for mark in _drawn(document) if mark in set(tagged)]
        return sorted(drawn, key=lambda mark: streams.index(mark[0])), tagged


def _content(element: Any) -> Iterator[tuple[Any, Mark]]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield element, (element.Pg.objgen, kid)
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _content(kid)
        elif isinstance(kid, pikepdf.Dictionary) and "/Stm" in kid:
            yield element, (kid.Stm.objgen, int(kid.MCID))


def _drawn(document: Any) -> dict[Mark, str]:
    """The text of each piece of marked content, as they are drawn."""
    forms = [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Stream) and "/StructParents" in item
    ]
    return {
        (stream.objgen, number): text
        for stream in [page.obj for page in document.pages if "/Contents" in page] + forms
        for number, text in _pieces(stream).items()
    }


def _pieces(stream: Any) -> dict[int, str]:
    maps = {
        name: letters(font) for name, font in stream.get("/Resources", {}).get("/Font", {}).items()
    }
    found: dict[int, str] = {}
    number, letter_of = None, dict[int, str]()
    for operands, operator in pikepdf.parse_content_stream(stream):
        if str(operator) == "BDC" and "/MCID" in operands[1]:
            number = int(operands[1].MCID)
            found[number] = ""
        elif str(operator) == "EMC":
            number = None
        elif str(operator) == "Tf":
            letter_of = maps[str(operands[0])]
        elif str(operator) == "TJ" and number is not None:
            shown = b"".join(
                bytes(part) for part in operands[0] if isinstance(part, pikepdf.String)
            )
            found[number] += "".join(
                letter_of[int.from_bytes(shown[at : at + 2])] for at in range(0, len(shown), 2)
            )
    return found


def letters(font: Any) -> dict[int, str]:
    """What each code of a font stands for."""
    map_ = font.ToUnicode.read_bytes().partition(b"endcodespacerange")[2]
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]*)>\n", map_)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}

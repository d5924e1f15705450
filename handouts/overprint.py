"""Plate + stationery + inks = an edition's PDF; the only writer of PDF syntax.

A plate is prepared once, with pikepdf. An edition is the plate's bytes, unchanged, and
one appended section (ISO 32000-1, 7.5.6) in which the images that hold the slots open
become the clinic's stationery and the inks become the clinic's colours.
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handouts.errors import LayoutFault
from handouts.sheet import INKS, SLOTS, Piece

FIRST_NUMBER = 5_000
"""Objects that are appended are numbered from here; a plate's own stay below.

No higher: qpdf 12 takes a number that is more than a third of the file's length in bytes
for a sign of damage.
"""


@dataclass(frozen=True)
class Plate:
    """A laid-out body with its brand left open, and the object numbers that fill it.

    `readings`: for each slot in the body, its structure elements as (number, start of
    the dictionary), to which the words that the slot shows are added.
    """

    pdf: bytes
    digest: str
    pages: int
    language: str
    catalog: int
    metadata: int
    inks: dict[str, int]
    slots: dict[str, int]
    readings: dict[str, tuple[tuple[int, bytes], ...]]


@dataclass(frozen=True)
class Stationery:
    """A clinic's pieces as PDF objects.

    `forms`: each slot's form XObject; `objects`: all that the forms refer to, written
    out from number FIRST_NUMBER + 10; `offsets`: (number, place in `objects`).
    """

    forms: dict[str, bytes]
    words: dict[str, str]
    objects: bytes
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Imprint:
    """What an edition says of itself: title, author, document code, inks as `#rrggbb`."""

    title: str
    author: str
    code: str
    inks: tuple[tuple[str, str], ...]


def overprint(plate: Plate, stationery: Stationery, imprint: Imprint) -> bytes:
    """The edition's PDF: the plate and what is appended to it."""
    section = _Section(len(plate.pdf))
    for name, color in imprint.inks:
        ink = _ink(name, color)
        section.add(_ink_number(name), ink)
        if name in plate.inks:
            section.add(plate.inks[name], ink)
    for slot, number in plate.slots.items():
        section.add(number, stationery.forms[slot])
        words = _text(stationery.words[slot])
        for element, start in plate.readings[slot]:
            section.add(element, start + b"/ActualText" + words + b">>")
    section.add_all(stationery.objects, stationery.offsets)
    identifier = sha256(
        "\0".join((plate.digest, imprint.title, imprint.author, imprint.code)).encode() + section.digest()
    ).hexdigest()[:32]
    info = FIRST_NUMBER + len(INKS)
    section.add(info, b"<</Title" + _text(imprint.title) + b"/Author" + _text(imprint.author) + b">>")
    section.add(plate.metadata, _metadata(imprint, plate.language, identifier))
    return plate.pdf + section.close(info + 1, plate, info, identifier)


def _ink_number(name: str) -> int:
    return FIRST_NUMBER + INKS.index(name)


class _Section:
    """An incremental update under construction, to stand at `start` in the file."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._parts: list[bytes] = [b"\n"]
        self._length = 1
        self._entries: list[tuple[int, int]] = []

    def add(self, number: int, body: bytes) -> None:
        self.add_all(b"%d 0 obj\n%b\nendobj\n" % (number, body), ((number, 0),))

    def add_all(self, objects: bytes, offsets: Iterable[tuple[int, int]]) -> None:
        place = self._start + self._length
        self._entries += [(number, place + offset) for number, offset in offsets]
        self._parts.append(objects)
        self._length += len(objects)

    def digest(self) -> bytes:
        return sha256(b"".join(self._parts)).digest()

    def close(self, number: int, plate: Plate, info: int, identifier: str) -> bytes:
        """The section with its cross-reference stream, itself object `number`."""
        place = self._start + self._length
        entries = sorted([*self._entries, (number, place)])
        table = b"".join(struct.pack(">BIB", 1, offset, 0) for _, offset in entries)
        index = b" ".join(b"%d 1" % entry for entry, _ in entries)
        ident = identifier.encode()
        head = b"<</Type/XRef/W[1 4 1]/Index[%b]/Size %d/Prev %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Length %d>>" % (
            index, entries[-1][0] + 1, _startxref(plate.pdf), plate.catalog, info, ident, ident, len(table))  # fmt: skip
        self.add(number, head + b"\nstream\n" + table + b"\nendstream")
        return b"".join(self._parts) + b"startxref\n%d\n%%%%EOF\n" % place


def _ink(name: str, color: str) -> bytes:
    """A colour space in which 1 is the colour, 0 is paper, and between them are tints."""
    rgb = b" ".join(b"%.4f" % (int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))
    function = b"<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[%b]/N 1>>" % rgb
    return b"[/Separation/%b/DeviceRGB%b]" % (name.encode(), function)


def _text(text: str) -> bytes:
    return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().encode() + b">"


@lru_cache(64)
def _startxref(pdf: bytes) -> int:
    return int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{code}</dc:identifier>
<xmpMM:DocumentID>uuid:{identifier}</xmpMM:DocumentID>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def _metadata(imprint: Imprint, language: str, identifier: str) -> bytes:
    xmp = _XMP.format(
        title=escape(imprint.title),
        author=escape(imprint.author),
        code=escape(imprint.code),
        language=language,
        identifier=identifier,
    ).encode()
    return b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(xmp), xmp)


def make_plate(pdf: bytes) -> Plate:
    """Open a laid-out sheet's inks and slots, and note where they are."""
    with pikepdf.open(BytesIO(pdf)) as document:
        _part_inks(document)
        _running_headers_to_artifacts(document)
        del document.Root.OutputIntents
        tidy = BytesIO()
        document.save(
            tidy, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    with pikepdf.open(tidy) as document:
        return _survey(tidy.getvalue(), document)


def _part_inks(document: pikepdf.Pdf) -> None:
    """Make each ink an object of its own, so that it can be replaced alone."""
    for spaces in _color_spaces(document):
        for ink in INKS:
            if f"/--{ink}" in spaces:
                spaces[f"/--{ink}"] = document.make_indirect(spaces[f"/--{ink}"])


def _color_spaces(document: pikepdf.Pdf) -> Iterator[Any]:
    for item in document.objects:
        if isinstance(item, Dictionary) and "/lab-d50" in item:
            yield item


_MARK = re.compile(rb"/\w+\s*<<\s*/MCID (\d+)\s*>>\s*BDC")


def _running_headers_to_artifacts(document: pikepdf.Pdf) -> None:
    """Mark what repeats on every page as an artifact: it hangs in no structure tree."""
    tree = document.Root.StructTreeRoot
    reached = set(_reach(tree))
    parents = tree.ParentTree.Nums
    rows = {int(parents[i]): parents[i + 1] for i in range(0, len(parents), 2)}
    for page in document.pages:
        row = rows[int(page.StructParents)]
        loose = {i for i, element in enumerate(row) if element.objgen not in reached}
        content = page.Contents.read_bytes()
        page.Contents.write(_MARK.sub(_artifact(loose), content))
        for index in loose:
            row[index] = pikepdf.Object.parse(b"null")


def _artifact(loose: set[int]) -> Callable[[re.Match[bytes]], bytes]:
    header = b"/Artifact << /Type /Pagination >> BDC"
    return lambda mark: header if int(mark[1]) in loose else mark[0]


def _reach(element: Any) -> Iterator[tuple[int, int]]:
    yield element.objgen
    kids = element.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from _reach(kid)


def _survey(pdf: bytes, document: pikepdf.Pdf) -> Plate:
    if len(document.objects) >= FIRST_NUMBER:
        raise LayoutFault(f"{len(document.pages)} pages are too many for one handout: split it")
    slots = dict(_slots(document))
    readings: dict[str, list[tuple[int, bytes]]] = {slot: [] for slot in slots}
    for item in document.objects:
        if isinstance(item, Dictionary) and str(item.get("/Alt", "")).startswith("slot:"):
            readings[str(item.Alt).removeprefix("slot:")].append((item.objgen[0], _reading(item)))
    return Plate(
        pdf=pdf,
        digest=sha256(pdf).hexdigest(),
        pages=len(document.pages),
        language=str(document.Root.Lang),
        catalog=document.Root.objgen[0],
        metadata=document.Root.Metadata.objgen[0],
        inks={
            ink: spaces[f"/--{ink}"].objgen[0]
            for spaces in _color_spaces(document)
            for ink in INKS
            if f"/--{ink}" in spaces
        },
        slots=slots,
        readings={slot: tuple(found) for slot, found in readings.items()},
    )


def _slots(document: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    names = {bytes(color): slot for slot, color in SLOTS.items()}
    for item in document.objects:
        if isinstance(item, Stream) and item.get("/Subtype") == "/Image" and item.Width == 1:
            slot = names.get(item.read_bytes())
            if slot:
                yield slot, item.objgen[0]


def _reading(figure: Any) -> bytes:
    """The start of a paragraph that takes the place of a slot's figure in the structure."""
    parts = {key: figure[key] for key in ("/P", "/Pg", "/K")}
    return b"<</Type/StructElem/S/P" + b"".join(
        key.encode() + b" " + _written(value, _own_number) for key, value in parts.items()
    )


def _own_number(item: Any) -> int:
    return int(item.objgen[0])


def make_stationery(pdf: bytes, pieces: tuple[Piece, ...], words: tuple[str, ...]) -> Stationery:
    """Turn a laid-out document, one page a piece, into objects that any plate can take."""
    with pikepdf.open(BytesIO(pdf)) as document:
        writer = _Writer()
        forms = {
            piece.slot: writer.stream(_form(page, piece))
            for page, piece in zip(document.pages, pieces, strict=True)
        }
        objects, offsets = writer.rest()
    texts = {piece.slot: text for piece, text in zip(pieces, words, strict=True)}
    return Stationery(forms, texts, objects, offsets)


def _form(page: pikepdf.Page, piece: Piece) -> Stream:
    """The top left of the page, as large as the slot, scaled to the unit square of an image."""
    form = page.as_form_xobject()
    width, height = piece.width * 72 / 25.4, piece.height * 72 / 25.4
    bottom = float(page.mediabox[3]) - height
    form.BBox = Array([0, _decimal(bottom), _decimal(width), _decimal(bottom + height)])
    form.Matrix = Array(
        [_decimal(1 / width), 0, 0, _decimal(1 / height), 0, _decimal(-bottom / height)]
    )
    return form


def _decimal(value: float) -> Decimal:
    return round(Decimal(value), 9)


class _Writer:
    """Writes objects out under new numbers, each once, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, Any]] = []

    def stream(self, item: Any) -> bytes:
        data = item.read_raw_bytes()
        entries = {key: value for key, value in item.items() if key != "/Length"}
        head = b"".join(key.encode() + b" " + self.value(value) for key, value in entries.items())
        return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (head, len(data), data)

    def value(self, item: Any) -> bytes:
        return _written(item, self._number)

    def rest(self) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """All objects that were referred to, and where each of them starts."""
        parts: list[bytes] = []
        offsets: list[tuple[int, int]] = []
        length = 0
        for number, item in self._waiting:
            body = self.stream(item) if isinstance(item, Stream) else _direct(item, self._number)
            part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            offsets.append((number, length))
            parts.append(part)
            length += len(part)
        return b"".join(parts), tuple(offsets)

    def _number(self, item: Any) -> int:
        if item.objgen not in self._numbers:
            self._numbers[item.objgen] = FIRST_NUMBER + 10 + len(self._numbers)
            self._waiting.append((self._numbers[item.objgen], item))
        return self._numbers[item.objgen]


def _written(item: Any, number: Callable[[Any], int]) -> bytes:
    if isinstance(item, pikepdf.Object) and item.is_indirect:
        return b"%d 0 R" % number(item)
    return _direct(item, number)


def _direct(item: Any, number: Callable[[Any], int]) -> bytes:
    if isinstance(item, Dictionary):
        return b"<<" + b"".join(_entry(key, value, number) for key, value in item.items()) + b">>"
    if isinstance(item, Array):
        return b"[" + b" ".join(_written(value, number) for value in item) + b"]"
    if isinstance(item, bool):
        return b"true" if item else b"false"
    if isinstance(item, int):
        return b"%d" % item
    if isinstance(item, Decimal):
        return f"{item:f}".encode()
    return bytes(item.unparse())


def _entry(key: str, value: Any, number: Callable[[Any], int]) -> bytes:
    ink = key.removeprefix("/--")
    if ink in INKS:
        return key.encode() + b" %d 0 R" % _ink_number(ink)
    return Name(key).unparse() + b" " + _written(value, number)

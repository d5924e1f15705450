"""Plate + stationery + inks = an edition's PDF.

An edition is the plate's bytes, unchanged, and one appended section (ISO 32000-1, 7.5.6)
in which the images that hold the slots open become the clinic's stationery and the inks
become the clinic's colours.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from xml.sax.saxutils import escape

from handouts import color as shades
from handouts import icc
from handouts.sheet import Way

Syntax = tuple[bytes | int, ...]
"""PDF syntax in which a whole number stands for that of an appended object, counted from 0.

The objects of a section are numbered right after the plate's own. A fixed, high number
would spare the counting, but qpdf 12 takes an object number of more than a third of the
file's length for a sign of damage.
"""


@dataclass(frozen=True)
class Plate:
    """A laid-out body with its brand left open, and the object numbers that fill it.

    `size`: the first number that is free; `startxref`: where its cross-references are.
    `root`: the start of the dictionary that is the catalog, which `pdf` lacks. `swatches`: the
    objects to be filled with colours, by their names (see `Imprint`).
    `readings`: for each slot in the body, its structure elements as (number, start of
    the dictionary), to which the words that the slot shows are added.
    `way`: how it was laid out, a hint for the next one like it.
    """

    pdf: bytes
    digest: str
    pages: int
    language: str
    size: int
    startxref: int
    catalog: int
    root: bytes
    metadata: int
    swatches: dict[str, int]
    slots: dict[str, int]
    readings: dict[str, tuple[tuple[int, bytes], ...]]
    way: Way | None


@dataclass(frozen=True)
class Stationery:
    """A clinic's pieces: each slot's form XObject and words, and the objects forms refer to.

    One of `objects` that is text is the name of a swatch.
    """

    forms: dict[str, Syntax]
    words: dict[str, str]
    objects: tuple[Syntax | str, ...]


def gathered(sets: Iterable[Stationery], plate: Plate) -> Stationery:
    """One stationery with the pieces of all sets that have any for the plate."""
    forms, words = dict[str, Syntax](), dict[str, str]()
    objects: list[Syntax | str] = []
    for part in sets:
        if not part.forms.keys() & plate.slots.keys():
            continue
        move = partial(_moved, by=len(objects))
        forms |= {slot: _moved(form, len(objects)) for slot, form in part.forms.items()}
        words |= part.words
        objects += [item if isinstance(item, str) else move(item) for item in part.objects]
    return Stationery(forms, words, tuple(objects))


def _moved(syntax: Syntax, by: int) -> Syntax:
    """The syntax with its numbers raised."""
    return tuple(part + by if isinstance(part, int) else part for part in syntax)


@dataclass(frozen=True)
class Imprint:
    """What an edition says of itself: title, author, document code, inks as `#rrggbb`.

    `mono`: without any colour. `version` of the words; `about`: their state and the format.
    """

    title: str
    author: str
    code: str
    inks: tuple[tuple[str, str], ...]
    mono: bool = False
    version: str = ""
    about: str = ""


def overprint(
    plate: Plate, stationery: Stationery, imprint: Imprint, *, archive: bool = False
) -> bytes:
    """The edition's PDF: the plate and what is appended to it; for an archive, as PDF/A-2a."""
    section, filled = _Section(plate), _Swatches(imprint)
    for name, number in plate.swatches.items():
        section.add(number, filled[name])
    for slot, number in plate.slots.items():
        section.add_syntax(number, stationery.forms[slot])
        words = _text(stationery.words[slot])
        for element, start in plate.readings[slot]:
            section.add(element, start + b"/ActualText" + words + b">>")
    for index, item in enumerate(stationery.objects):
        if isinstance(item, str):
            section.add(plate.size + index, filled[item])
        else:
            section.add_syntax(plate.size + index, item)
    info = plate.size + len(stationery.objects)
    if archive:
        section.add(info + 1, _stream(b"/N 3", icc.srgb()))
    section.add(plate.catalog, plate.root + (_INTENT % (info + 1) if archive else b"") + b">>")
    identifier = section.identifier(imprint)
    section.add(info, b"<</Title%b/Author%b>>" % (_text(imprint.title), _text(imprint.author)))
    claims = _CLAIMS if archive else ""
    section.add(plate.metadata, _metadata(imprint, plate.language, identifier, claims))
    return plate.pdf + section.close(info, identifier)


class _Swatches:
    """What fills the swatches of a plate and its stationery."""

    def __init__(self, imprint: Imprint) -> None:
        self._inks, self._mono = dict(imprint.inks), imprint.mono

    def __getitem__(self, name: str) -> bytes:
        """The colour space of a swatch: an ink, a tint of one (`accent 0.5`), or a colour."""
        ink, _, tint = name.partition(" ")
        color = ink if ink.startswith("#") else self._inks[ink]
        return _filled(shades.tint(color, float(tint)) if tint else color, mono=self._mono)


class _Section:
    """An incremental update of a plate under construction."""

    def __init__(self, plate: Plate) -> None:
        self._plate = plate
        self._parts: list[bytes] = [b"\n"]
        self._end = len(plate.pdf) + 1
        self._entries: list[tuple[int, int]] = []

    def add(self, number: int, body: bytes) -> None:
        part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._entries.append((number, self._end))
        self._parts.append(part)
        self._end += len(part)

    def add_syntax(self, number: int, syntax: Syntax) -> None:
        size = self._plate.size
        parts = (b"%d" % (size + part) if isinstance(part, int) else part for part in syntax)
        self.add(number, b"".join(parts))

    def identifier(self, imprint: Imprint) -> str:
        """32 hexadecimal digits that no other edition has."""
        own = (imprint.title, imprint.author, imprint.code, imprint.version, imprint.about)
        says = "\0".join((self._plate.digest, *own))
        return sha256(says.encode() + b"".join(self._parts)).hexdigest()[:32]

    def close(self, info: int, identifier: str) -> bytes:
        """The section, ended by its cross-reference stream."""
        number, place = max(number for number, _ in self._entries) + 1, self._end
        entries = sorted([*self._entries, (number, place)])
        table = b"".join(struct.pack(">BIB", 1, offset, 0) for _, offset in entries)
        index = b" ".join(b"%d 1" % entry for entry, _ in entries)
        keys = b"/Index[%b]/Size %d/Prev %d/Root %d 0 R/Info %d 0 R" % (
            index, number + 1, self._plate.startxref, self._plate.catalog, info)  # fmt: skip
        ident = identifier.encode()
        head = b"<</Type/XRef/W[1 4 1]%b/ID[<%b><%b>]/Length %d>>" % (
            keys,
            ident,
            ident,
            len(table),
        )
        self.add(number, head + b"\nstream\n" + table + b"\nendstream")
        return b"".join(self._parts) + b"startxref\n%d\n%%%%EOF\n" % place


@cache
def _filled(color: str, *, mono: bool) -> bytes:
    """A colour space in which 1 is the colour and 0 is paper.

    Indexed, not Separation: a print shop gets no plate for it, white ones least of all.
    """
    if mono:
        return b"[/Indexed/DeviceGray 1<ff%02x>]" % level(color)
    return b"[/Indexed/DeviceRGB 1<ffffff%b>]" % color[1:].encode()


DARK = 0.4
"""Below this lightness a colour is that of text: in grey it is printed black, not as dots."""


def level(color: str) -> int:
    """How light a colour is without colour, from 0 for black to 255 for paper."""
    grey = int(shades.grey(color)[1:3], 16)
    return 0 if grey < DARK * 255 else grey


def _text(text: str) -> bytes:
    return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().encode() + b">"


_INTENT = (
    b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
    b"/Info(sRGB IEC61966-2-1)/DestOutputProfile %d 0 R>>]"
)
"""What the catalog of a copy for an archive says of its colours."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{code}</dc:identifier>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{about}</rdf:li></rdf:Alt></dc:description>
<xmpMM:VersionID>{version}</xmpMM:VersionID>
<xmpMM:DocumentID>uuid:{identifier}</xmpMM:DocumentID>
</rdf:Description>{claims}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

_CLAIMS = """
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""
"""What the copy says that it is, and what PDF/A wants told of a property that it does not know."""


def _metadata(imprint: Imprint, language: str, identifier: str, claims: str) -> bytes:
    xmp = _XMP.format(
        title=escape(imprint.title),
        author=escape(imprint.author),
        code=escape(imprint.code),
        about=escape(imprint.about),
        version=escape(imprint.version),
        language=language,
        identifier=identifier,
        claims=claims,
    ).encode()
    return _stream(b"/Type/Metadata/Subtype/XML", xmp)


def _stream(keys: bytes, data: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (keys, len(data), data)

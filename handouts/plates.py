"""Opens laid-out PDFs for overprinting: plates are surveyed, stationery is taken apart."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handouts import swatches
from handouts.drawn import in_reading_order
from handouts.errors import LayoutError
from handouts.folding import fold
from handouts.letters import spell_out
from handouts.overprint import Plate, Stationery, Syntax
from handouts.prepress import place_logos
from handouts.sheet import SLOTS, LogoPrint, Piece, Way
from handouts.tagging import join_lists

NOTHING = (
    b"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>/Length 0>>\nstream\n\nendstream"
)
"""A form on which there is nothing."""


def make_plate(
    pdf: bytes, *, folds: bool = False, direction: str = "ltr", way: Way | None = None
) -> Plate:
    """Open a laid-out sheet's swatches and slots, and note where they are.

    `folds`: it is a booklet; its pages are set in pairs. `direction`: `ltr` or `rtl`, the way in
    which it is read.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        _running_headers_to_artifacts(document)
        join_lists(document)
        in_reading_order(document)
        spell_out(document)
        swatches.set_apart(document)
        _never_smoothed(document)
        del document.Root.OutputIntents
        if folds:
            fold(document, mirrored=direction == "rtl")
        document.Root.ViewerPreferences = _preferences(folds=folds)
        tidy = BytesIO()
        document.save(
            tidy, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    plate = _with_clear_ends(tidy.getvalue())
    with pikepdf.open(BytesIO(plate)) as document:
        return _survey(plate, document, way)


def _preferences(*, folds: bool) -> Dictionary:
    """How a viewer shows and prints the sheet: in its size, on both sides, on its paper.

    It does not say `/Direction /R2L`: PDFium then takes every line for one that runs from right
    to left, and copies an address as `com.example.clinic@hello`.
    """
    return Dictionary(
        DisplayDocTitle=True,
        PrintScaling=Name("/None"),
        Duplex=Name.DuplexFlipShortEdge if folds else Name.DuplexFlipLongEdge,
        PickTrayByPDFSize=True,
    )


_ROOT = re.compile(rb"/Root \d+ 0 R")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*$")


def _never_whole(pdf: bytes) -> bytes:
    """A plate that no viewer opens by itself: without a catalog to begin at, nor an end.

    A PDF that lost its last part would else open as its plate: with no clinic, no number, and
    black boxes where its colours should be.
    """
    root, end = _ROOT.search(pdf, pdf.rindex(b" 0 obj\n")), _END.search(pdf)
    if root is None or end is None:
        raise LayoutError("a laid-out PDF does not end with its cross-references")
    for found in (root, end):
        pdf = pdf[: found.start()] + b" " * len(found[0]) + pdf[found.end() :]
    return pdf


def _never_smoothed(document: pikepdf.Pdf) -> None:
    """Pictures come as fine as they are printed; PDF/A has them shown just so."""
    for item in document.objects:
        if isinstance(item, Stream) and "/Interpolate" in item:
            del item.Interpolate


_UNCLEAR_END = re.compile(rb"\r\nendstream\nendobj\n")


def _with_clear_ends(pdf: bytes) -> bytes:
    """The same with CR and LF after each stream whose last byte is a CR.

    Else that byte could be taken for a part of the line's end, and the stream for a byte too
    short, which PDF/A forbids. A space at the start of its dictionary goes: nothing else moves.
    """
    for unclear in _UNCLEAR_END.finditer(pdf):
        space = pdf.rindex(b" 0 obj\n<< ", 0, unclear.start()) + 9
        last = unclear.start() + 1
        pdf = pdf[:space] + pdf[space + 1 : last] + b"\r\n" + pdf[last + 1 :]
    return pdf


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


def _survey(pdf: bytes, document: pikepdf.Pdf, way: Way | None) -> Plate:
    slots = dict(_slots(document))
    readings: dict[str, list[tuple[int, bytes]]] = {slot: [] for slot in slots}
    for item in document.objects:
        if isinstance(item, Dictionary) and str(item.get("/Alt", "")).startswith("slot:"):
            readings[str(item.Alt).removeprefix("slot:")].append((item.objgen[0], _reading(item)))
    bare = _never_whole(pdf)
    return Plate(
        pdf=bare,
        digest=sha256(bare).hexdigest(),
        pages=len(document.pages),
        language=str(document.Root.Lang),
        size=len(document.objects) + 1,
        startxref=int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0]),
        catalog=document.Root.objgen[0],
        root=document.Root.unparse(resolved=True).rstrip().removesuffix(b">>"),
        metadata=document.Root.Metadata.objgen[0],
        swatches={
            name: item.objgen[0]
            for item in document.objects
            if (name := swatches.name_of(item)) is not None
        },
        slots=slots,
        readings={slot: tuple(found) for slot, found in readings.items()},
        way=way,
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
        key.encode() + b" " + value.unparse() for key, value in parts.items()
    )


def make_stationery(
    pdf: bytes, pieces: tuple[Piece, ...], words: tuple[str, ...], logos: tuple[LogoPrint, ...] = ()
) -> Stationery:
    """Turn a laid-out document, one page for each piece not blank, into objects for any plate."""
    shown = [piece for piece in pieces if not piece.blank]
    with pikepdf.open(BytesIO(pdf)) as document:
        _rename_fonts(document)
        spell_out(document)
        _never_smoothed(document)
        swatches.set_apart(document)
        place_logos(document, logos)
        _compress(document)
        writer = _Writer()
        forms = {
            piece.slot: writer.written(_form(page, piece))
            for page, piece in zip(document.pages, shown, strict=True)
        }
        objects = tuple(writer.rest())
    readings = {piece.slot: _read_out(text) for piece, text in zip(shown, words, strict=True)}
    blank = [piece.slot for piece in pieces if piece.blank]
    forms |= dict.fromkeys(blank, (NOTHING,))
    return Stationery(forms, readings | dict.fromkeys(blank, ""), objects)


def _compress(document: pikepdf.Pdf) -> None:
    for item in document.objects:
        if isinstance(item, Stream) and "/Filter" not in item:
            data = item.read_bytes()
            item.write(zlib.compress(data, 9), filter=Name.FlateDecode)


def _rename_fonts(document: pikepdf.Pdf) -> None:
    """Give each font subset a tag that no other's has (ISO 32000-1, 9.6.4): by its own bytes."""
    tags = {}
    for item in document.objects:
        for key in ("/FontFile2", "/FontFile3"):
            if isinstance(item, Dictionary) and key in item:
                letters = sha256(item[key].read_raw_bytes()).digest()[:6]
                tags[_tag(item.FontName)] = "".join(chr(65 + byte % 26) for byte in letters)
    for item in document.objects:
        for key in ("/BaseFont", "/FontName"):
            if isinstance(item, Dictionary) and _tag(item.get(key, "")) in tags:
                tag, _, name = str(item[key])[1:].partition("+")
                item[key] = Name(f"/{tags[tag]}+{name}")


def _tag(name: Any) -> str:
    return str(name)[1:].partition("+")[0]


def _read_out(words: str) -> str:
    """The paragraphs with a pause between them: a line break alone is not heard.

    A no-break space, as in a telephone number, is one like others to who cannot see it.
    """
    *before, last = words.replace("\N{NO-BREAK SPACE}", " ").splitlines() or [""]
    return "".join(f"{line}{'' if line[-1:] in _PAUSES else '.'} " for line in before) + last


_PAUSES = tuple(".!?:;,،؛؟")


def _form(page: pikepdf.Page, piece: Piece) -> Stream:
    """The top left of the page, as large as the slot, scaled to the unit square of an image."""
    form = cast(Stream, page.as_form_xobject())
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
    """Writes objects out under numbers of its own, each once, as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[Any] = []

    def written(self, item: Any) -> Syntax:
        """An object's syntax; what it refers to waits to be written."""
        if not isinstance(item, Stream):
            return _joined(self._value(item))
        data = item.read_raw_bytes()
        entries = {key: value for key, value in item.items() if key != "/Length"}
        gap = b"\r\n" if data.endswith(b"\r") else b"\n"  # as in _with_clear_ends
        end = b"/Length %d>>\nstream\n%b%bendstream" % (len(data), data, gap)
        return _joined([b"<<", *self._entries(entries), end])

    def rest(self) -> Iterator[Syntax | str]:
        """Everything that was referred to, in the order of its numbers; a swatch by its name."""
        for item in self._waiting:
            name = swatches.name_of(item)
            yield self.written(item) if name is None else name

    def _reference(self, item: Any) -> list[bytes | int]:
        if item.objgen not in self._numbers:
            self._numbers[item.objgen] = len(self._waiting)
            self._waiting.append(item)
        return [self._numbers[item.objgen], b" 0 R"]

    def _entries(self, entries: Any) -> Iterator[bytes | int]:
        for key, value in entries.items():
            yield Name(key).unparse() + b" "
            yield from self._inner(value)

    def _inner(self, item: Any) -> Iterable[bytes | int]:
        if isinstance(item, pikepdf.Object) and item.is_indirect:
            return self._reference(item)
        return self._value(item)

    def _value(self, item: Any) -> Iterator[bytes | int]:
        if isinstance(item, Dictionary):
            yield from (b"<<", *self._entries(item), b">>")
        elif isinstance(item, Array):
            yield b"["
            for value in item:
                yield from (*self._inner(value), b" ")
            yield b"]"
        else:
            yield _scalar(item)


def _scalar(item: Any) -> bytes:
    if isinstance(item, bool):
        return b"true" if item else b"false"
    if isinstance(item, int):
        return b"%d" % item
    if isinstance(item, Decimal):
        return f"{item:f}".encode()
    return bytes(item.unparse())


def _joined(parts: Iterable[bytes | int]) -> Syntax:
    """The same syntax with neighbouring bytes in one piece."""
    joined: list[bytes | int] = []
    for part in parts:
        last = joined[-1] if joined else 0
        if isinstance(part, bytes) and isinstance(last, bytes):
            joined[-1] = last + part
        else:
            joined.append(part)
    return tuple(joined)

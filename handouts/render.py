"""From HTML to PDF; the only module that knows WeasyPrint.

Rendering sees nothing but the sheet that it is handed: no network, no file, no font
of the machine. Whatever WeasyPrint has to complain about fails the sheet.
"""

import atexit
import logging
import math
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

from handouts import fonts, icc, prepress
from handouts.errors import FitError, LayoutError
from handouts.sheet import INKS, Asset, LogoPrint, Piece, Sheet, Typeface, Way

_FOLDER = TemporaryDirectory(prefix="handouts-")
atexit.register(_FOLDER.cleanup)


def _fontconfig(typefaces: tuple[Typeface, ...]) -> Path:
    """A fontconfig file that knows these typefaces and no others."""
    places = [_place(typeface) for typeface in typefaces]
    lines = [f"<dir>{escape(str(place))}</dir>" for place in places]
    lines.append(f"<cachedir>{escape(_FOLDER.name)}/cache</cachedir>")
    text = f"<?xml version='1.0'?><fontconfig><reset-dirs/>{''.join(lines)}</fontconfig>"
    path = _own(sha256(text.encode()))
    path.write_text(text, encoding="utf-8")
    return path


def _own(digest: Any) -> Path:
    """A path that no other process writes to: forked ones share the folder."""
    return Path(_FOLDER.name, f"{digest.hexdigest()[:16]}-{os.getpid()}")


def _place(typeface: Typeface) -> Path:
    if not typeface.files:
        place = fonts.folder(typeface.family)
        if place is None:
            raise LayoutError(
                f"no font {typeface.family}: pip install {fonts.package(typeface.family)}"
            )
        return place
    place = _own(sha256(b"".join(file.data for file in typeface.files)))
    place.mkdir(exist_ok=True)
    for index, file in enumerate(typeface.files):
        (place / f"{index}{Path(file.name).suffix}").write_bytes(file.data)
    return place


os.environ["FONTCONFIG_FILE"] = str(_fontconfig((Typeface(fonts.BASE),)))

try:
    import weasyprint  # its import already looks for fonts
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf.tags import add_tags
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.text.line_break import line_size
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError as error:
    raise ImportError("native libraries are missing: run `handouts doctor`") from error

PX_PER_MM = 96 / 25.4
SLACK_PX = 0.1

ACCEPTED: tuple[re.Pattern[str], ...] = ()
"""WeasyPrint's warnings that were looked at and found harmless to a sheet."""


@dataclass(frozen=True)
class Proof:
    """A laid-out document: the PDF, its number of pages, the words of each, and the way taken."""

    pdf: bytes
    pages: int
    words: tuple[str, ...]
    way: Way | None = None


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Hands out the sheet's own assets; anything else stops the rendering."""

    def __init__(self, assets: tuple[Asset, ...], logos: tuple[LogoPrint, ...] = ()) -> None:
        super().__init__(allowed_protocols=["asset"])
        self._assets = {"asset:ink.icc": icc.ink()}
        for logo in dict.fromkeys(logos):
            self._assets[f"asset:{logo.name}"] = prepress.placeholder(logo)
        for asset in dict.fromkeys(assets):
            data = prepress.finished(asset)
            if self._assets.setdefault(f"asset:{asset.name}", data) != data:
                raise LayoutError(f"two files have the name {asset.name}")

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        if url not in self._assets:
            raise FatalURLFetchingError(
                f"{url} is not part of the sheet: nothing outside it is read"
            )
        return URLFetcherResponse(url, self._assets[url])


_NO_GLYPH = re.compile(r'unsupported by fonts: "(.*)" \(U\+[0-9A-F]+\)')


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self.letters: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if glyph := _NO_GLYPH.search(text):
            self.letters.append(glyph[1])
        elif not any(pattern.search(text) for pattern in ACCEPTED):
            self.texts.append(text)

    def told(self) -> str:
        """All of it in one line, each thing once."""
        letters, texts = list(dict.fromkeys(self.letters)), list(dict.fromkeys(self.texts))
        if letters:
            texts.append(fonts.lacking(letters))
        return "; ".join(texts)


def lay_out(sheet: Sheet, hint: Way | None = None) -> Proof:
    """Lay the sheet out; a little tighter if that spares a page.

    `hint`: the way that these versions of programs took with a sheet like it, to be tried first.
    Raises LayoutError for anything that WeasyPrint warns of (a glyph that no font has
    among it), and FitError, naming the words, for text that leaves the page or overlaps.
    """
    with _laying_out(sheet.typefaces):
        document, way = _on_fewest_pages(sheet, hint)
        for page in document.pages:
            _keep_apart(page._page_box)
        _show_all(sheet.words, document)
        return replace(_proof(document, document.pages, tagged=True), way=way)


def _show_all(words: tuple[str, ...], document: Any) -> None:
    """These words are on the pages, as often as there are of them."""
    texts = (box.text for page in document.pages for box in _texts(page._page_box))
    if lost := Counter(words) - Counter(re.findall(r"\w+", " ".join(texts))):
        said = " ".join(lost.elements())[:80]
        raise LayoutError(f"a clinic's own style sheet hides “{said}”: show it")


ROOM = ((0.035, 0, 7), (0.07, 1, math.inf))
"""About how much room the steps of a sheet's way to be tighter make: on every page, as a share of
it; how much of the white at the feet of pages they fill; and up to how many pages that holds: on
many, a little room is lost between what stays together."""


def _on_fewest_pages(sheet: Sheet, hint: Way | None) -> tuple[Any, Way]:
    """The sheet as it is, or in one of its tighter ways if that spares pages or gaps.

    Laying out takes long, so a way is tried only if there is hope.
    """
    html = _html((sheet,))

    @cache
    def tighter(steps: int) -> Any:
        return _document(html, [sheet.css, *sheet.tighter[:steps]], tagged=True)

    outline = _outline(sheet)
    known = hint if hint and hint[0] == outline else _KNOWN.get(outline)
    if known and _lines(tighter(known[1])) == known[2]:
        return tighter(known[1]), known
    best = 0
    for step, room in enumerate(ROOM[: len(sheet.tighter)], 1):
        if _may_be_spared(tighter(best), *room):
            best = min(best, step, key=lambda steps: _gaps(tighter(steps)))
    _KNOWN[outline] = outline, best, _lines(tighter(best))
    return tighter(best), _KNOWN[outline]


_KNOWN: dict[str, Way] = {}
"""The ways that sheets of each outline came to.

Sheets often differ in a few words, such as a clinic's own hours. Ways to be tighter move lines,
and break none anew: what has the same lines in one way has them in all, and comes to the same.
"""


def _outline(sheet: Sheet) -> str:
    """A digest of all but the words."""
    faces = [
        (face.family, *(sha256(file.data).hexdigest() for file in face.files))
        for face in sheet.typefaces
    ]
    parts = [re.sub(">[^<]*<", "><", sheet.html), sheet.css, *sheet.tighter, repr(faces)]
    return sha256("\0".join(parts).encode()).hexdigest()


def _lines(document: Any) -> str:
    """A digest of where everything stands on its page, and how high it is."""
    places = [
        (type(box).__name__, round(box.position_y, 1), round(box.height, 1))
        for page in document.pages
        for box in _inside(_root(page._page_box))
    ]
    return sha256(repr(places).encode()).hexdigest()


def _may_be_spared(document: Any, gain: float, filled: float, most: float) -> bool:
    """Whether the last page might go on those before it, or one of them breaks off early."""
    *others, last = map(_white, document.pages)
    if not 0 < len(others) < most:
        return False
    return 1 - last <= gain * len(others) + filled * sum(others) or _gaps(document)[1] > 0


def _gaps(document: Any) -> tuple[int, int]:
    """How many pages there are, and how many of them break off before they are half full."""
    return len(document.pages), sum(_white(page) > 0.5 for page in document.pages[:-1])


def _white(page: Any) -> float:
    """The share of a page that is left white at its foot.

    A box that goes on overleaf reaches the foot, whatever is in it: only the innermost count.
    """
    box = page._page_box
    inner = (each for each in _inside(_root(box)) if not getattr(each, "children", ()))
    return float(1 - (_lowest(inner) - box.content_box_y()) / box.height)


def lay_out_pieces(sheets: tuple[Sheet, ...], pieces: tuple[Piece, ...]) -> tuple[Proof, ...]:
    """Lay out sheets that differ in nothing but their bodies, one page for each piece not blank.

    They share one document, and yet each proof is what the sheet alone would give. The pieces
    of one that is alone may be laid out tighter, those that do not fit. Raises as `lay_out`,
    and FitError for a piece that is larger than its slot.
    """
    pieces = tuple(piece for piece in pieces if not piece.blank)
    steps = dict.fromkeys((piece.slot for piece in pieces), 0)
    most = {piece.slot: len(piece.tighter) for piece in pieces}
    while True:
        tighter = [step for piece in pieces for step in piece.tighter[: steps[piece.slot]]]
        try:
            return _lay_out_pieces(sheets, pieces, tighter)
        except _TooLargeError as error:
            if len(sheets) > 1 or steps[error.slot] == most[error.slot]:
                raise FitError(error.message) from None
            steps[error.slot] += 1


class _TooLargeError(FitError):
    """What does not fit, in the piece for this slot."""

    def __init__(self, message: str, slot: str) -> None:
        super().__init__(message)
        self.slot = slot


def _lay_out_pieces(
    sheets: tuple[Sheet, ...], pieces: tuple[Piece, ...], tighter: list[str]
) -> tuple[Proof, ...]:
    with _laying_out(sheets[0].typefaces):
        document = _document(_html(sheets), [sheets[0].css, *tighter], tagged=False)
        proofs = []
        for start in range(0, len(document.pages), len(pieces)):
            pages = document.pages[start : start + len(pieces)]
            for page, piece in zip(pages, pieces, strict=True):
                _fit(page._page_box, piece)
            proofs.append(_proof(document, pages, tagged=False))
        if len(proofs) != len(sheets):
            raise LayoutError(f"templates/stationery.html makes {len(document.pages)} pages")
        return tuple(proofs)


def _proof(document: Any, pages: list[Any], *, tagged: bool) -> Proof:
    words = tuple("\n".join(_paragraphs(page._page_box)) for page in pages)
    for page in pages:
        _space_out(page._page_box)
    copy = document.copy(pages)
    copy.fonts = _Fonts()
    return Proof(copy.write_pdf(**_options(tagged=tagged)), len(pages), words)


class _Fonts(dict[Any, Any]):
    """A document's fonts, each of which is told what its glyphs stand for by `_GlyphTexts`."""

    def __setitem__(self, key: Any, font: Any) -> None:
        font.to_unicode = _GlyphTexts(font)
        super().__setitem__(key, font)


def _tagged_with_languages(pdf: Any, document: Any, version: Any, streams: Any) -> None:
    """WeasyPrint's `add_tags`, but that a text in another language than the page's says in which.

    The name of a text's tag is written as it is into its structure element, so another entry of
    the element may follow it.
    """
    own = document.pages[0]._page_box.style["lang"]
    for stream in streams:
        for box, mark in stream._tags.items():
            language = box.style["lang"]
            if language and language != own and isinstance(box, boxes.TextBox):
                mark["tag"] += f" /Lang ({language})"
    add_tags(pdf, document, version, streams)


weasyprint.pdf.add_tags = _tagged_with_languages


class _GlyphTexts(dict[int, str]):
    """What each glyph of a font stands for.

    WeasyPrint has one glyph of a letter and its accents stand for all of them, and the others for
    nothing, in all words of the document. Here each stands for its own. A bracket stands for what
    it looks like: PDFium and pdf.js turn it round themselves where the text runs from the right.
    """

    def __init__(self, font: Any) -> None:
        super().__init__()
        self._known = partial(_own_letter, font.file_content, font.index)

    def __setitem__(self, glyph: int, text: str) -> None:
        text = unicodedata.normalize("NFC", text)
        parts = unicodedata.normalize("NFD", text)
        mirrored = len(text) == 1 and unicodedata.mirrored(text)
        if mirrored or len(parts) != 1:
            own = self._known(glyph)
            text = own if own and (mirrored or not text or own in parts + text) else text
        super().__setitem__(glyph, text)


def _own_letter(file: bytes, index: int, glyph: int) -> str:
    """The letter that a glyph is drawn for by itself, in whatever form; empty if there is none."""
    return unicodedata.normalize("NFKC", _own_letters(file, index).get(glyph, ""))


@lru_cache(32)
def _own_letters(file: bytes, index: int) -> dict[int, str]:
    font = TTFont(BytesIO(file), fontNumber=index, lazy=True)
    return {font.getGlyphID(name): chr(code) for code, name in font.getBestCmap().items()}


def _space_out(page_box: Any) -> None:
    """End each line with the space at which it was broken, so that words stay apart.

    What stands after it is in another text; programs that follow the tags join the two.
    """
    for box in page_box.descendants(placeholders=True):
        for line, ends in _lines_of(box):
            *_, last = [None, *_texts(line, placeholders=False)]
            if ends and last is not None and not last.text.endswith(" "):
                _add_space(last)


def _add_space(text: Any) -> None:
    layout, before = text.pango_layout, _width(text)
    layout.text += " "
    if layout.first_line_direction % 2:  # then the space is drawn at its left
        text.position_x -= _width(text) - before


def _width(text: Any) -> float:
    layout = text.pango_layout
    layout.reactivate(text.style)
    first, _ = layout.get_first_line()
    width, _ = line_size(first, text.style)
    layout.deactivate()
    return float(width)


@contextmanager
def _laying_out(typefaces: tuple[Typeface, ...]) -> Iterator[None]:
    os.environ["FONTCONFIG_FILE"] = str(_fontconfig(typefaces))
    with _no_complaints():
        yield


def _options(*, tagged: bool) -> dict[str, Any]:
    return {"pdf_variant": "pdf/ua-1"} if tagged else {}


def _html(sheets: tuple[Sheet, ...]) -> Any:
    """The sheets in one document, which is parsed once for all ways to lay it out."""
    fetcher = _Fetcher(
        tuple(asset for sheet in sheets for asset in sheet.assets),
        tuple(logo for sheet in sheets for logo in sheet.logos),
    )
    html, *others = (
        weasyprint.HTML(string=sheet.html, url_fetcher=fetcher, base_url="asset:")
        for sheet in sheets
    )
    for other in others:
        html.etree_element.find("body").extend(other.etree_element.find("body"))
    return html


def _document(html: Any, css: list[str], *, tagged: bool) -> Any:
    font_config = FontConfiguration()
    profiles: dict[str, Any] = {}
    inks = _parsed(_INK_RULES, font_config, profiles)
    return html.render(
        font_config=font_config,
        color_profiles=profiles,
        stylesheets=[inks, *map(_stylesheet, css)],
        **_options(tagged=tagged),
    )


@lru_cache(64)
def _stylesheet(css: str) -> Any:
    """What many documents share; one with faults is not kept, so that each names them."""
    with _no_complaints():
        return _parsed(css, FontConfiguration(), {})


def _parsed(css: str, font_config: Any, profiles: dict[str, Any]) -> Any:
    return weasyprint.CSS(
        string=css,
        font_config=font_config,
        color_profiles=profiles,
        url_fetcher=_Fetcher(()),
        base_url="asset:",
    )


@contextmanager
def _no_complaints() -> Iterator[None]:
    complaints = _Complaints()
    logger = logging.getLogger("weasyprint")
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [complaints], False
    try:
        yield
    except FatalURLFetchingError as error:
        raise LayoutError(str(error)) from None
    finally:
        logger.handlers, logger.propagate = before
    if said := complaints.told():
        raise LayoutError(said)


def _paragraphs(box: Any) -> Iterator[str]:
    """The words of each block in a box, its lines run together."""
    lines = list(_lines_of(box))
    if lines:
        yield "".join(_line(line) + " " * ends for line, ends in lines).strip()
    else:
        for child in getattr(box, "children", ()):
            yield from _paragraphs(child)


def _line(box: Any) -> str:
    texts = (child.text for child in box.descendants() if isinstance(child, boxes.TextBox))
    return "".join(texts).strip()


_TAIL = 12
"""How many letters at its end tell a line of a block from the others, if it begins with what is
not written there, such as the number of an item."""


def _lines_of(box: Any) -> Iterator[tuple[Any, bool]]:
    """The lines of a block, and whether each ends between words, not in the midst of one."""
    lines = [child for child in getattr(box, "children", ()) if isinstance(child, boxes.LineBox)]
    said = " ".join("".join(_said(box.element)).split()) if len(lines) > 1 else ""
    place = 0
    for line in lines[:-1]:
        words = " ".join(_line(line).split())
        found = next((tail for tail in (words, words[-_TAIL:]) if tail in said[place:]), None)
        if found is not None:
            place = said.index(found, place) + len(found)
        yield line, found is None or said[place : place + 1] == " "
    for line in lines[-1:]:
        yield line, False


def _said(element: Any) -> Iterator[str]:
    """The texts in an element, as they are written."""
    yield element.text or ""
    for child in element:
        yield from [" "] if child.tag == "br" else _said(child)
        yield child.tail or ""


def _keep_apart(page_box: Any) -> None:
    """No text of a page may leave its own column or lie upon other text."""
    root = _root(page_box)
    for text in _too_wide(root):
        raise FitError(f"“{text}” is too long for its column: break it up")
    texts = sorted(_texts(root), key=lambda box: box.position_y)
    for index, box in enumerate(texts):
        for other in texts[index + 1 :]:
            if other.position_y >= box.position_y + box.height * _CORE:
                break
            if _cross(box, other):
                both = f"“{box.text.strip()}” and “{other.text.strip()}”"
                raise FitError(f"{both} lie upon each other: make the first or its heading shorter")


def _too_wide(root: Any) -> Iterator[str]:
    for box in root.descendants(placeholders=True):
        lines = [
            child for child in getattr(box, "children", ()) if isinstance(child, boxes.LineBox)
        ]
        if lines and isinstance(box, boxes.BlockContainerBox):
            left = box.content_box_x() - SLACK_PX
            right = left + box.width + 2 * SLACK_PX
            for line in lines:
                for text in _texts(line, placeholders=False):
                    if text.position_x < left or text.position_x + text.width > right:
                        yield text.text.strip()


_CORE = 0.8
"""The part of a text's height that its letters fill: lines may lie closer than their boxes."""


def _cross(box: Any, other: Any) -> bool:
    """Whether two texts, the first one the higher, share more than a hair of the page."""
    return bool(
        box.position_x + box.width > other.position_x + 1
        and other.position_x + other.width > box.position_x + 1
        and other.position_y < box.position_y + box.height * _CORE
    )


def _texts(box: Any, *, placeholders: bool = True) -> Iterator[Any]:
    """The texts in a box; without placeholders, only those that flow with it."""
    for inner in box.descendants(placeholders=placeholders):
        if isinstance(inner, boxes.TextBox) and inner.text.strip():
            yield inner


def _root(page_box: Any) -> Any:
    return next(box for box in page_box.children if box.element_tag == "html")


def _fit(page_box: Any, piece: Piece) -> None:
    """No text may leave its own column, and nothing of the piece its slot."""
    width, bottom = piece.width * PX_PER_MM, piece.height * PX_PER_MM
    root = _root(page_box)
    fields = [*_fields(root, width), _Field(piece.slot, root, 0, width)]
    blamed = next((f"{field.name} “{text}”" for field in fields for text in field.escaped()), None)
    if blamed and any(field.left + field.box.width > width + SLACK_PX for field in fields[:-1]):
        words = ((field.name, word) for field in fields for word in field.words())
        blamed = "{} “{}”".format(*max(words, key=lambda item: len(item[1])))
    if blamed is None and _lowest(_inside(root)) > bottom + SLACK_PX:
        tallest = max(fields[:-1] or fields, key=lambda field: float(field.box.margin_height()))
        blamed = f"{tallest.name} “{' '.join(_paragraphs(tallest.box))}”"
    if blamed is not None:
        size = f"{piece.width:g} × {piece.height:g} mm"
        said = f"{blamed} does not fit the {piece.slot} ({size}): make it shorter"
        raise _TooLargeError(said, piece.slot)


@dataclass(frozen=True)
class _Field:
    """One field of a piece of stationery, in the column from `left` to `right` in px."""

    name: str
    box: Any
    left: float
    right: float

    def words(self) -> Iterator[str]:
        """The words of the field, each of which keeps its column from being narrower."""
        for text in _paragraphs(self.box):
            yield from text.split()

    def escaped(self) -> Iterator[str]:
        """The texts that leave the column, or the box where its height is fixed."""
        fixed = self.box.style["height"] != "auto"
        bottom = self.box.position_y + self.box.margin_height() if fixed else math.inf
        for box in _texts(self.box):
            if (
                box.position_x < self.left - SLACK_PX
                or box.position_x + box.width > self.right + SLACK_PX
                or box.position_y + box.height * _CORE > bottom + SLACK_PX
            ):
                yield box.text.strip()


def _fields(root: Any, width: float) -> Iterator[_Field]:
    for inner in root.descendants():
        name = inner.element.get("data-field") if inner.element is not None else None
        flows = isinstance(inner, boxes.InlineBlockBox)  # then it breaks as words do
        if name and isinstance(inner, boxes.BlockContainerBox) and not flows:
            left = inner.content_box_x()
            yield _Field(name, inner, left, min(left + inner.width, width))


def _inside(root: Any) -> Iterator[Any]:
    return (box for box in root.descendants() if box.element_tag not in {"html", "body"})


def _lowest(inside: Iterable[Any]) -> float:
    """How far down any of the boxes reaches, in px."""
    return max((float(box.position_y + box.margin_height()) for box in inside), default=0)


_INK_RULES = "".join(
    f"@color-profile --{ink} {{ src: url(asset:ink.icc); components: tint }}\n" for ink in INKS
)

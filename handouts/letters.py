"""What programs that take the text of a page are told of its letters, where they mistake them.

What runs from the right is drawn from the left, and whoever takes the text of a page turns it
round, code by code. A glyph of two letters then comes out with its letters swapped: “not” in
Arabic becomes “the”. So such a glyph stands for its last letter alone, and is followed by glyphs
that show nothing, each of which stands for one of the others.

An accent drawn as a glyph of its own is set back over its letter. PDFium and poppler take the way
forward again for a space between words. So a text with such an accent says besides what it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Stream

_PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>\n")

_MISTAKEN = re.compile(rb"> <(?:[0-9a-f]{5,}|03[0-6][0-9a-f])>\n")
"""A glyph of several letters, or one of an accent."""

_SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9a-f]+)>")

_AT_ONCE = 100
"""How many pairs a block of a CMap may hold (Adobe Technical Note 5014)."""

_HAIR = 1
"""The width of what shows nothing, in thousandths of the letters' size: PDFium leaves out what has
none, and no more may be claimed of a glyph that has none."""

Codes = dict[bytes, bytes]
"""A ligature's code to those of its letters, from the left; all in hexadecimal digits."""


def spell_out(document: pikepdf.Pdf) -> None:
    """Tell text apart that programs would mistake; the pages look the same."""
    fonts = [
        item for item in document.objects if isinstance(item, Dictionary) and "/ToUnicode" in item
    ]
    if not any(_MISTAKEN.search(font.ToUnicode.read_bytes()) for font in fonts):
        return
    accents = _Accents()
    ligatures: dict[Any, Codes] = {}
    for font in fonts:
        codes = _parted(font)
        if codes:
            ligatures[font.objgen] = codes
        accents.note(font)
    for stream, resources in _streams(document):
        _show(stream, resources, ligatures)
        accents.say(stream, resources)


def _streams(document: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    for page in document.pages:
        yield page.Contents, page.Resources
    for item in document.objects:
        if isinstance(item, Stream) and item.get("/Subtype") == "/Form":
            yield item, item.get("/Resources", Dictionary())


def _text_of(font: Any) -> dict[int, str]:
    """What each code of a font stands for."""
    pairs = _PAIR.findall(font.ToUnicode.read_bytes().partition(b"endcodespacerange")[2])
    return {int(code, 16): _text(text) for code, text in pairs}


class _Accents:
    """Says in words what is drawn with accents as glyphs of their own."""

    def __init__(self) -> None:
        self._text_of: dict[Any, dict[int, str]] = {}
        self._any = False

    def note(self, font: Any) -> None:
        text_of = self._text_of[font.objgen] = _text_of(font)
        self._any |= any(map(_is_accent, text_of.values()))

    def say(self, stream: Any, resources: Any) -> None:
        if not self._any:
            return
        named = {
            str(name)[1:].encode(): self._text_of[font.objgen]
            for name, font in resources.get("/Font", Dictionary()).items()
            if font.objgen in self._text_of
        }

        def said(block: re.Match[bytes]) -> bytes:
            letters = list(_shown(block[0], named))
            if not any(map(_is_accent, letters)):
                return block[0]
            words = unicodedata.normalize("NFC", "".join(letters))
            digits = ("\ufeff" + words).encode("utf-16-be").hex().encode()
            return b"/Span <</ActualText <%b>>> BDC\n%b\nEMC" % (digits, block[0])

        content = stream.read_bytes()
        spoken = _BLOCK.sub(said, content)
        if spoken != content:
            stream.write(spoken)


_BLOCK = re.compile(rb"^BT$.*?^ET$", re.MULTILINE | re.DOTALL)


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def _shown(block: bytes, named: dict[bytes, dict[int, str]]) -> Iterator[str]:
    text_of: dict[int, str] = {}
    for found in _SHOWN.finditer(block):
        if found[1]:
            text_of = named.get(found[1], {})
        else:
            codes = (found[2][at : at + 4] for at in range(0, len(found[2]), 4))
            yield from (text_of.get(int(code, 16), "") for code in codes)


def _parted(font: Any) -> Codes:
    """The codes for a font's ligatures, which it knows from then on."""
    map_ = font.ToUnicode.read_bytes()
    text_of = _text_of(font)
    ligatures = {code: text for code, text in text_of.items() if len(text) > 1 and _leftward(text)}
    letters = list(dict.fromkeys(letter for text in ligatures.values() for letter in text[:-1]))
    free = (code for code in range(1, max(text_of, default=0)) if code not in text_of)
    code_of = dict(zip(letters, islice(free, len(letters)), strict=False))
    if not ligatures or len(code_of) < len(letters):
        return {}
    text_of |= {code: text[-1] for code, text in ligatures.items()}
    text_of |= {code: letter for letter, code in code_of.items()}
    font.ToUnicode.write(_with_pairs(map_, text_of))
    for code in code_of.values():
        font.DescendantFonts[0].W.extend([code, Array([_HAIR])])
    hidden = {letter: b"%04x>%d<" % (code, _HAIR) for letter, code in code_of.items()}
    return {
        b"%04x" % code: b"%04x" % code + b"".join(hidden[letter] for letter in text[-2::-1])
        for code, text in ligatures.items()
    }


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _leftward(text: str) -> bool:
    return all(unicodedata.bidirectional(letter) in ("R", "AL", "NSM") for letter in text)


def _with_pairs(map_: bytes, text_of: dict[int, str]) -> bytes:
    """A CMap with these pairs in the place of its own."""
    start = map_.index(b"\n", map_.index(b"endcodespacerange")) + 1
    end = map_.rindex(b"endbfchar") + len(b"endbfchar\n")
    pairs = [
        b"<%04x> <%s>\n" % (code, text.encode("utf-16-be").hex().encode())
        for code, text in text_of.items()
    ]
    blocks = [pairs[at : at + _AT_ONCE] for at in range(0, len(pairs), _AT_ONCE)]
    written = [b"%d beginbfchar\n%bendbfchar\n" % (len(each), b"".join(each)) for each in blocks]
    return b"".join([map_[:start], *written, map_[end:]])


def _show(stream: Any, resources: Any, fonts: dict[Any, Codes]) -> None:
    """Have a stream show the letters' codes where it shows a ligature's."""
    named = {
        str(name)[1:].encode(): fonts[font.objgen]
        for name, font in resources.get("/Font", Dictionary()).items()
        if font.objgen in fonts
    }
    codes: Codes = {}

    def shown(found: re.Match[bytes]) -> bytes:
        nonlocal codes
        if found[1]:
            codes = named.get(found[1], {})
            return found[0]
        digits = found[2]
        each = (digits[at : at + 4] for at in range(0, len(digits), 4))
        return b"<%b>" % b"".join(codes.get(code, code) for code in each)

    if named:
        stream.write(_SHOWN.sub(shown, stream.read_bytes()))

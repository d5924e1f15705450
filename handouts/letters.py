"""Each letter of a right-to-left ligature as one code, so that programs can put it in order.

What runs from the right is drawn from the left, and whoever takes the text of a page turns it
round, code by code. A glyph of two letters then comes out with its letters swapped: “not” in
Arabic becomes “the”. So such a glyph stands for its last letter alone, and is followed by glyphs
that show nothing, each of which stands for one of the others.
"""

import re
import unicodedata
from itertools import islice
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Stream

_PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>\n")

_SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9a-f]+)>")

_AT_ONCE = 100
"""How many pairs a block of a CMap may hold (Adobe Technical Note 5014)."""

_HAIR = 1
"""The width of what shows nothing, in thousandths of the letters' size: PDFium leaves out what has
none, and no more may be claimed of a glyph that has none."""

Codes = dict[bytes, bytes]
"""A ligature's code to those of its letters, from the left; all in hexadecimal digits."""


def part_ligatures(document: pikepdf.Pdf) -> None:
    """Give each letter of a right-to-left ligature a code of its own; the pages look the same."""
    fonts: dict[Any, Codes] = {}
    for item in document.objects:
        if isinstance(item, Dictionary) and "/ToUnicode" in item:
            codes = _parted(item)
            if codes:
                fonts[item.objgen] = codes
    if not fonts:
        return
    for page in document.pages:
        _show(page.Contents, page.Resources, fonts)
    for item in document.objects:
        if isinstance(item, Stream) and item.get("/Subtype") == "/Form":
            _show(item, item.get("/Resources", Dictionary()), fonts)


def _parted(font: Any) -> Codes:
    """The codes for a font's ligatures, which it knows from then on."""
    map_ = font.ToUnicode.read_bytes()
    text_of = {int(code, 16): _text(text) for code, text in _PAIR.findall(map_)}
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

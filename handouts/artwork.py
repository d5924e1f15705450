"""What a logo looks like, and the form in which it is printed: in colour or in grey."""

import math
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.sax.saxutils import escape

from handouts import color as shades
from handouts import drawing, raster
from handouts.drawing import SHAPES
from handouts.model import Asset

if TYPE_CHECKING:
    from PIL.Image import Image

WHITE = "#ffffff"
PHOTOGRAPH = 512 * 512
"""Pixels from which a JPEG is worth staying one."""
MOST_OF_IT = 0.6
SOME_OF_IT = 0.34
NEARLY_ALL = 0.95
"""The shares of what is seen that must stand out: of a picture, whose colours are counted by
area, and of a drawing, of whose colours nobody knows how much they cover."""

UNSEEN = {"clipPath", "mask", "filter"}
SWATCHES = ("fill", "stroke", "stop-color", "flood-color", "lighting-color", "color")
TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*+>", re.DOTALL
)
ATTRIBUTE = re.compile(r"(?<=\s)([\w:.-]++)(\s*+=\s*+)(\"[^\"]*\"|'[^']*')")
DECLARED = re.compile(rf"(?<![\w-])((?:{'|'.join(SWATCHES)})\s*+:\s*+)([^;{{}}!]*)", re.IGNORECASE)
RASTER = re.compile(r"\s*data:image/(?:png|jpe?g);base64,", re.IGNORECASE)
ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
TAG = re.compile(r"<(/?)\s*(?:[\w.-]+:)?([\w.-]+)")


@dataclass(frozen=True)
class Look:
    """What a logo looks like; `opaque` ones bring the ground that they stand on."""

    aspect: float
    pixels: tuple[int, int] | None
    colors: tuple[tuple[str, float], ...]
    opaque: bool


@lru_cache(256)
def look(asset: Asset) -> Look:
    """How wide it is for its height, and which colours are seen in it."""
    if not _is_drawing(asset):
        return _raster_look(raster.decoded(asset.data))
    top = drawing.read(asset.data)
    return Look(_aspect(top), None, _drawn_colors(top), _has_ground(top))


def stands_out(look: Look, background: str, *, all_of_it: bool = False, limit: float = 1.6) -> bool:
    """Whether enough of what is seen has at least this contrast to what it is printed on."""
    if look.opaque and any(
        shades.contrast(one, other) >= limit for one, _ in look.colors for other, _ in look.colors
    ):
        return True
    clear = [share for color, share in look.colors if shades.contrast(color, background) >= limit]
    needed = NEARLY_ALL if all_of_it else MOST_OF_IT if look.pixels else SOME_OF_IT
    return sum(clear) >= needed * sum(share for _, share in look.colors) - 1e-9


def dpi(look: Look, width_mm: float) -> float | None:
    """Pixels per inch at this width; None for a drawing."""
    return look.pixels[0] / (width_mm / 25.4) if look.pixels else None


def printable(asset: Asset, most: int) -> Asset:
    """The logo upright, in 8-bit sRGB and with no more pixels than a printer can show."""
    if _is_drawing(asset):
        return asset
    picture = raster.decoded(asset.data)
    if max(picture.size) > most:
        picture = raster.scaled(picture, most)
    return _saved(asset, picture)


def grey(asset: Asset) -> Asset:
    """The logo as a printer without colour shows it; one that is all but white is turned round."""
    seen = look(asset)
    turn = not seen.opaque and not stands_out(seen, WHITE)
    if _is_drawing(asset):
        return Asset(asset.name, _grey_drawing(asset.data, turn))
    return _saved(asset, raster.grey(raster.decoded(asset.data), turn))


def _is_drawing(asset: Asset) -> bool:
    return PurePosixPath(asset.name).suffix.lower() == ".svg"


def _saved(asset: Asset, picture: "Image") -> Asset:
    held, path = BytesIO(), PurePosixPath(asset.name)
    came_as_jpeg = asset.data.startswith(b"\xff\xd8")
    if came_as_jpeg and picture.width * picture.height >= PHOTOGRAPH:
        picture.save(held, "JPEG", quality=92, subsampling=0)
        return Asset(path.with_suffix(".jpg").name, held.getvalue())
    picture.save(held, "PNG", compress_level=9)
    return Asset(path.with_suffix(".png").name, held.getvalue())


def _raster_look(picture: "Image") -> Look:
    aspect = picture.width / picture.height
    return Look(aspect, picture.size, raster.colors(picture), raster.is_box(picture))


def _aspect(top: drawing.Part) -> float:
    given = [
        drawing.measure(top.attributes.get(side, ""), math.nan) for side in ("width", "height")
    ]
    width, height = (side or math.nan for side in given)
    if math.isfinite(width / height):
        return width / height
    box = drawing.numbers(top.attributes.get("viewBox", ""))
    return box[2] / box[3]


def _drawn_colors(top: drawing.Part) -> tuple[tuple[str, float], ...]:
    found = Counter(_colors_of(top))
    main = [color for color, _ in found.most_common(raster.MOST_COLORS)]
    return tuple((color, 1 / len(main)) for color in main)


def _colors_of(part: drawing.Part) -> Iterator[str]:
    given = part.attributes
    if part.name in UNSEEN or given.get("display") == "none":
        return
    if part.name in SHAPES and given.get("visibility") != "hidden":
        yield from _painted(given.get("fill", "black"), given.get("fill-opacity"))
        yield from _painted(given.get("stroke", "none"), given.get("stroke-opacity"))
    elif part.name == "stop":
        yield from _painted(given.get("stop-color", "black"), given.get("stop-opacity"))
    elif part.name == "image" and (picture := _embedded(given.get("href", ""))):
        yield from (color for color, _ in raster.colors(raster.decoded(picture)))
    for child in part.children:
        yield from _colors_of(child)


def _painted(value: str, opacity: str | None) -> Iterator[str]:
    if "url(" in value or value.strip() in {"", "none"}:
        return
    red, green, blue, alpha = _channels(value) or (0.0, 0.0, 0.0, 1.0)
    if alpha and (opacity or "1").strip() not in {"0", "0%", "0.0"}:
        yield _hex(red, green, blue)


def _has_ground(top: drawing.Part) -> bool:
    """Whether the first thing drawn is a rectangle that fills the picture."""
    box = drawing.numbers(top.attributes.get("viewBox", ""))
    first = next((part for part in top.every() if part.name in SHAPES), None)
    if len(box) != 4 or first is None or first.name != "rect":
        return False
    given = first.attributes
    if given.get("fill", "black") in {"none", "transparent"} or "transform" in given:
        return False

    def along(*keys: str) -> list[float]:
        pairs = zip(keys, box[2:], strict=True)
        return [drawing.measure(given.get(key, "0"), whole) or 0 for key, whole in pairs]

    at, sides = along("x", "y"), along("width", "height")
    near = 0.02 * max(box[2:])
    return all(
        start <= edge + near and start + side >= edge + whole - near
        for start, side, edge, whole in zip(at, sides, box[:2], box[2:], strict=True)
    )


def _channels(value: str) -> tuple[float, float, float, float] | None:
    """Red, green, blue and alpha from 0 to 1; None for what is no colour."""
    from tinycss2.color5 import parse_color  # noqa: PLC0415  rasters do not need it

    parsed = parse_color(value.strip())
    if parsed is None or isinstance(parsed, str) or parsed == "currentcolor":
        return None
    try:
        red, green, blue = (min(1.0, max(0.0, part or 0)) for part in parsed.to("srgb").coordinates)
    except NotImplementedError:
        return None
    return red, green, blue, float(parsed.alpha)


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def _embedded(href: str) -> bytes | None:
    found = RASTER.match(href)
    return b64decode(unquote(href[found.end() :])) if found else None


def _grey_drawing(data: bytes, turn: bool) -> bytes:
    encoding = _encoding(data)
    text = data.decode(encoding)
    return "".join(_Greyed(text, turn).pieces()).encode(encoding)


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Python's "utf-16" would write the machine's own order.
        return "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    if data[:4] in {b"<\0?\0", b"\0<\0?"}:
        return "utf-16-le" if data[:1] == b"<" else "utf-16-be"
    declared = ENCODING.search(data[:200])
    return declared[1].decode("ascii") if declared else "utf-8"


class _Greyed:
    """A drawing's text with its colours made grey; all else stays as it was written."""

    def __init__(self, text: str, turn: bool) -> None:
        self._text, self._turn = text, turn
        self._masks, self._styled, self._begun = 0, False, False

    def pieces(self) -> Iterator[str]:
        """The text, piece by piece."""
        end = 0
        for found in TOKEN.finditer(self._text):
            yield self._words(self._text[end : found.start()])
            yield self._token(found[0])
            end = found.end()
        yield self._text[end:]

    def _words(self, text: str) -> str:
        return _rewritten(text, self._sheet) if self._styled else text

    def _token(self, token: str) -> str:
        if token.startswith("<![CDATA["):
            return f"<![CDATA[{self._sheet(token[9:-3])}]]>" if self._styled else token
        tag = TAG.match(token)
        if tag is None:
            return token
        step = (not token.endswith("/>")) - 2 * bool(tag[1])
        if tag[2] == "style":
            self._styled = step > 0
        if tag[2] == "mask":
            self._masks += step
        if tag[1] or self._masks:
            return token
        token = ATTRIBUTE.sub(self._attribute, token)
        return self._opening(token) if not self._begun else token

    def _opening(self, token: str) -> str:
        """The first tag, which gives what has no colour its black, and so takes the other."""
        self._begun = True
        if not self._turn or re.search(r"\sfill\s*=", token):
            return token
        name = re.match(r"<[\w:.-]+", token)
        at = name.end() if name else 0
        return f'{token[:at]} fill="{WHITE}"{token[at:]}'

    def _attribute(self, found: re.Match[str]) -> str:
        name, between, quoted = found.groups()
        local = name.rpartition(":")[2]
        value = quoted[1:-1]
        if name == "style":
            value = _rewritten(value, self._sheet)
        elif name in SWATCHES:
            value = _rewritten(value, self._swatch)
        elif local == "href":
            value = _rewritten(value, self._picture)
        return f"{name}{between}{quoted[0]}{value}{quoted[0]}"

    def _sheet(self, text: str) -> str:
        return DECLARED.sub(lambda found: found[1] + self._swatch(found[2]), text)

    def _swatch(self, value: str) -> str:
        """One colour's grey, after whatever pattern it stands in for."""
        source, color = re.fullmatch(r"(\s*(?:url\([^)]*\))?\s*)(.*)", value, re.DOTALL).groups()  # type: ignore[union-attr]
        plain = re.sub(r"/\*.*?\*/", "", color, flags=re.DOTALL).strip()
        channels = _channels(plain) if plain else None
        if channels is None:
            return value
        *parts, alpha = channels
        if len(set(parts)) == 1 and not self._turn:
            return value
        level = int(shades.grey(_hex(*parts))[1:3], 16)
        level = 255 - level if self._turn else level
        shade = _hex(*[level / 255] * 3)
        if alpha < 1:
            shade = f"rgba({level}, {level}, {level}, {alpha:g})"
        return source + shade + color[len(color.rstrip()) :]

    def _picture(self, href: str) -> str:
        picture = _embedded(href)
        if picture is None:
            return href
        made = _saved(Asset("a.png", b""), raster.grey(raster.decoded(picture), self._turn))
        return f"data:image/png;base64,{b64encode(made.data).decode()}"


def _rewritten(text: str, change: Callable[[str], str]) -> str:
    """The text of a file changed; as it stood, entities and all, if there is nothing to change."""
    plain = unescape(text)
    changed = change(plain)
    return text if changed == plain else escape(changed, {'"': "&quot;", "'": "&apos;"})

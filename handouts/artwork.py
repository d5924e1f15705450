"""A logo as it is printed: trimmed to its ink, in a form that is known to be drawn right."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from handouts import color as shades
from handouts import raster

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER = "#ffffff"

CLEAR = 1.6
"""The contrast with its ground at which a colour of a logo is clearly seen."""

LOST = 1.1
"""The contrast below which it is not seen at all."""

MOST_LOST = 0.03
"""The share of a logo's ink that may not be seen: a highlight, the end of a gradient. A name
takes a tenth or more."""

ENOUGH_CLEAR = 0.25
"""The share that must be clearly seen; on a ground that the logo was not made for, nearly all."""

NEARLY_ALL = 0.95

FINE = 600
"""Dots to the inch of a drawing that is printed as a picture."""


@dataclass(frozen=True)
class Artwork:
    """What is known of a logo, and what it is printed from.

    `name` and `digest` (SHA-256) are those of its file. `svg`: the drawing, trimmed; empty for
    what came as pixels. `paths`: the drawing as a PDF of one page, if it can be printed as paths;
    `why`: why not, and then `picture` is what it looks like, as a PNG. What came as pixels,
    `pixels` wide and high, has a picture alone, a PNG or a JPEG.

    `aspect`: its width by its height. `colors`: what is seen, as `#rrggbb` with the share of the
    ink, the largest first. `ground`: the colour of the box that it stands in, if it brings one.
    `see_through`: whether what is behind it shows. `lost`: the share of the ink that is not seen
    on white. `thumbnail`: a small PNG.
    """

    name: str
    digest: str
    svg: str
    paths: bytes
    why: str
    picture: bytes
    pixels: tuple[int, int] | None
    aspect: float
    colors: tuple[tuple[str, float], ...]
    ground: str
    see_through: bool
    lost: float
    thumbnail: bytes

    @property
    def on_paper(self) -> bool:
        """Whether it stands in a box as white as paper."""
        return bool(self.ground) and shades.contrast(self.ground, PAPER) < LOST


@dataclass(frozen=True)
class LogoPrint:
    """A logo as one letterhead shows it; width and height in mm.

    `ground`: the colour that it stands on, as `#rrggbb`. `grey`: without colour; `turned`: with
    light for dark.
    """

    artwork: Artwork
    width: float
    height: float
    ground: str = PAPER
    grey: bool = False
    turned: bool = False

    @cached_property
    def name(self) -> str:
        """A file name that no other print has, for many letterheads share one document."""
        ground = self.ground if self.artwork.see_through else ""
        how = f"{ground} {self.grey} {self.turned} {'' if self.artwork.paths else self.width}"
        whole = sha256(f"{how} {self.artwork.svg}".encode() + self.artwork.picture)
        return f"logo-{whole.hexdigest()[:24]}.png"


def is_seen(artwork: Artwork, ground: str, *, made_for_it: bool = True) -> bool:
    """Whether all of the logo is seen on a ground, and enough of it clearly."""
    if artwork.ground and share_clear(artwork, artwork.ground, limit=LOST) > 0:
        return not artwork.on_paper or ground == PAPER
    needed = ENOUGH_CLEAR if made_for_it else NEARLY_ALL
    return share_lost(artwork, ground) <= MOST_LOST and share_clear(artwork, ground) >= needed


def share_clear(artwork: Artwork, ground: str, limit: float = CLEAR) -> float:
    """The share of the ink whose colour stands out from a ground."""
    return sum(share for color, share in artwork.colors if shades.contrast(color, ground) >= limit)


def share_lost(artwork: Artwork, ground: str) -> float:
    """The share of the ink that is not told from its ground, and is not enclosed in what is."""
    if ground == PAPER:
        return artwork.lost
    if all(shades.contrast(color, ground) >= LOST for color, _ in artwork.colors):
        return 0.0
    return _lost(artwork.thumbnail, ground)


@lru_cache(1024)
def _lost(thumbnail: bytes, ground: str) -> float:
    return lost(raster.decoded(thumbnail), ground)


def lost(picture: "Image", ground: str) -> float:
    """The share of a picture's ink that cannot be told from this ground where it borders on it.

    White letters on a badge border on the badge, and are seen; white letters beside it are not.
    """
    width, _ = picture.size
    data = picture.convert("RGBA").tobytes()
    pale: dict[bytes, bool] = {}
    kinds = bytearray(len(data) // 4)
    for at in range(len(kinds)):
        pixel = data[4 * at : 4 * at + 4]
        if pixel[3] >= 128:
            rgb = pixel[:3]
            if rgb not in pale:
                pale[rgb] = shades.contrast(f"#{rgb.hex()}", ground) < LOST
            kinds[at] = _PALE if pale[rgb] else _INK
    total = len(kinds) - kinds.count(_NOTHING)
    found = sum(size for size, open_ in _islands(kinds, width) if open_ > 0.5)
    return found / total if total else 0.0


_NOTHING, _PALE, _INK = range(3)


def _islands(kinds: bytearray, width: int) -> list[tuple[int, float]]:
    """For each island of pale pixels, how many they are, and how much of its shore is open."""
    islands, left = [], {at for at, kind in enumerate(kinds) if kind == _PALE}
    while left:
        waiting, size, shore, open_ = [left.pop()], 0, 0, 0
        while waiting:
            at = waiting.pop()
            size += 1
            for near, there in _neighbours(at, width, len(kinds)):
                if near in left:
                    left.discard(near)
                    waiting.append(near)
                elif not there or kinds[near] != _PALE:
                    shore += 1
                    open_ += not there or kinds[near] == _NOTHING
        islands.append((size, open_ / shore if shore else 1.0))
    return islands


def _neighbours(at: int, width: int, size: int) -> tuple[tuple[int, bool], ...]:
    """The pixels beside, above and below, and whether they are in the picture."""
    return (
        (at - 1, at % width > 0),
        (at + 1, (at + 1) % width > 0),
        (at - width, at >= width),
        (at + width, at + width < size),
    )


def in_grey(artwork: Artwork) -> tuple[bool, str]:
    """How a printer without colour shows all of it: whether turned, light for dark, on what grey.

    A white logo is turned. One that is partly white and partly dark needs a ground.
    """
    if artwork.ground:
        return False, PAPER
    thumbnail = raster.decoded(artwork.thumbnail)
    choices = ((False, PAPER), (True, PAPER), (False, BLACK), (False, MIDDLE))
    shares = [_lost_in_grey(artwork, thumbnail, turned, ground) for turned, ground in choices]
    good = (choice for choice, share in zip(choices, shares, strict=True) if share <= MOST_LOST)
    return next(good, choices[shares.index(min(shares))])


BLACK, MIDDLE = "#000000", "#808080"


def _lost_in_grey(artwork: Artwork, thumbnail: "Image", turned: bool, ground: str) -> float:
    """The share that is not seen; turned, or on a ground not made for it, what is not clear."""
    if turned or ground != PAPER:
        greys = ((shades.grey(color), share) for color, share in artwork.colors)
        levels = ((abs(255 * turned - int(grey[1:3], 16)), share) for grey, share in greys)
        clear = (
            share
            for level, share in levels
            if shades.contrast(f"#{level:02x}{level:02x}{level:02x}", ground) >= CLEAR
        )
        return 1 - sum(clear)
    return lost(raster.grey(thumbnail, turned), ground)


def dpi(artwork: Artwork, width_mm: float) -> float | None:
    """Pixels to the inch at this width; None for a drawing."""
    return artwork.pixels[0] / (width_mm / 25.4) if artwork.pixels else None


def drawn(artwork: Artwork, width: int) -> "Image":
    """The logo as it looks, so many pixels wide, with what is transparent in it left so.

    Drawings are drawn by resvg, which draws them as browsers do.
    """
    if not artwork.picture:
        return rendered(artwork.svg, width)
    picture = raster.decoded(artwork.picture)
    height = max(1, round(width / artwork.aspect))
    return raster.resized(picture.convert("RGBA"), width, height)


def rendered(svg: str, width: int) -> "Image":
    """A drawing of which all is said in it, so many pixels wide; raises ValueError for none."""
    import resvg_py  # noqa: PLC0415  few builds draw logos
    from PIL import Image  # noqa: PLC0415

    png = resvg_py.svg_to_bytes(svg_string=svg, width=max(1, width), skip_system_fonts=True, dpi=96)
    return Image.open(BytesIO(bytes(png))).convert("RGBA")


def printed(picture: "Image", ground: str, *, grey: bool = False, turned: bool = False) -> "Image":
    """A picture as it is on paper: upon its ground, in RGB or in grey, light turned to dark."""
    if grey:
        picture = raster.grey(picture, turned)
    return raster.on_ground(picture, ground)

"""Where a logo stands on a letterhead: how large, and on what ground, so that it is seen."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import sqrt

from handouts import artwork, inks
from handouts.artwork import Artwork, LogoPrint
from handouts.model import Asset, Livery

ROOM = {"rule": (52, 17), "band": (48, 15), "centred": (80, 9.6), "side": (36, 19)}
"""The widest and the tallest that a logo can be on each letterhead, in mm."""

AREA = 420
"""In mm²: logos of any shape look equally large, not equally wide or tall."""

LARGE = 1.35
"""How much larger all of that is in large print."""

LEAST = 2.0
"""In mm: what is less wide or tall is a line, and no logo."""

PADDING = 1.2
"""In mm, around a logo on a ground of its own."""


@dataclass(frozen=True)
class Placed:
    """A logo as it is printed; `chip`: `paper`, `band` or `ink` if on a ground of its own."""

    logo: LogoPrint
    chip: str


@lru_cache(1024)
def place(livery: Livery, *, large: bool = False, mono: bool = False) -> Placed:
    """The clinic's logo as its letterhead shows it."""
    asset, chip = livery.logo, ""
    turned, ground = False, inks.PAPER
    if mono:
        turned, ground = artwork.in_grey(asset)
        chip = "" if ground == inks.PAPER else "ink" if ground == artwork.BLACK else "grey"
    else:
        asset, chip = _chosen(livery)
        ground = _below(livery, chip)
    width, height = _measures(livery, asset, chip, LARGE if large else 1)
    return Placed(LogoPrint(asset, width, height, ground, mono, turned), chip)


def _measures(livery: Livery, asset: Artwork, chip: str, scale: float) -> tuple[float, float]:
    width, height = ROOM[livery.style.letterhead]
    spare = 2 * PADDING if chip else 0
    room = scale * width - spare, scale * height - spare
    wide = min(room[0], room[1] * asset.aspect, sqrt(AREA * asset.aspect) * scale)
    return round(wide, 3), round(wide / asset.aspect, 3)


def widest(aspect: float) -> float:
    """How wide a logo of this shape may be printed on any letterhead, in mm."""
    rooms = (min(width, height * aspect) for width, height in ROOM.values())
    return LARGE * min(max(rooms), sqrt(AREA * aspect))


def unseen(livery: Livery) -> str | None:
    """What of the logo could not be seen on paper, nor on the brand's colour, if anything."""
    if any(_is_seen(livery, *choice) for choice in _choices(livery)):
        return None
    lost = artwork.share_lost(livery.logo, inks.PAPER)
    if artwork.MOST_LOST < lost < artwork.NEARLY_ALL:
        pale = f"{lost:.0%} of it is as light as paper, and it cannot stand on the brand's colour"
        return f"{pale}: give one whose every part is darker, or one for dark grounds as `dark`"
    return (
        "is as light as paper, and as the brand's colour: "
        "add a darker one, or one for dark grounds as `dark`"
    )


def misfit(livery: Livery) -> str | None:
    """What is wrong with the logo's shape, if it leaves but a line on the letterhead."""
    placed = place(livery)
    sides = placed.logo.width, placed.logo.height
    least = min(sides)
    if least >= LEAST:
        return None
    wide, tall = ("tall", "wide") if sides[0] < sides[1] else ("wide", "tall")
    times = max(sides) / least
    said = f"is {times:.0f} times as {wide} as {tall}, and would be {least:.1f} mm {tall} on paper"
    return f"{said}: give one of another shape, or choose another letterhead"


def _chosen(livery: Livery) -> tuple[Artwork, str]:
    """The logo or its variant for dark grounds, and the ground to put it on, if any."""
    seen = (choice for choice in _choices(livery) if _is_seen(livery, *choice))
    return next(seen, (livery.logo, ""))


def _choices(livery: Livery) -> list[tuple[Artwork, str]]:
    """What can be printed, the best first."""
    variants = [livery.logo, livery.on_dark] if livery.on_dark else [livery.logo]
    if livery.style.letterhead != "band":
        return [(livery.logo, ""), *((asset, "band") for asset in reversed(variants))]
    return [*((asset, "") for asset in reversed(variants)), (livery.logo, "paper")]


def _below(livery: Livery, chip: str) -> str:
    """The colour that a logo stands on, as `#rrggbb`."""
    on_band = chip == "band" or (not chip and livery.style.letterhead == "band")
    return dict(inks.fills(livery, mono=False))["band"] if on_band else inks.PAPER


def _is_seen(livery: Livery, asset: Artwork, chip: str) -> bool:
    below = _below(livery, chip)
    made_for_it = asset == (livery.logo if below == inks.PAPER else livery.on_dark)
    return artwork.is_seen(asset, below, made_for_it=made_for_it)


def code(address: str) -> Asset:
    """A QR code that leads to this address, under a name of its own."""
    data = f"https://{address}".encode()
    return Asset(f"code-{sha256(data).hexdigest()[:16]}.svg", data, "qr")

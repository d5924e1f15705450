"""Where a logo stands on a letterhead: how large, and on what ground, so that it is seen."""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from math import sqrt
from pathlib import Path

from handouts import artwork, inks
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
    """A logo in mm; `ground`: `paper` or `band` if it stands on a ground of its own."""

    asset: Asset
    width: float
    height: float
    ground: str


@lru_cache(1024)
def place(livery: Livery, *, large: bool = False, mono: bool = False) -> Placed:
    """The clinic's logo as its letterhead shows it."""
    asset, ground = _chosen(livery, mono=mono)
    width, height = ROOM[livery.style.letterhead]
    scale = LARGE if large else 1
    spare = 2 * PADDING if ground else 0
    aspect = artwork.look(asset).aspect
    room = scale * width - spare, scale * height - spare
    wide = min(room[0], room[1] * aspect, sqrt(AREA * aspect) * scale)
    finished = replace(asset, finish="grey") if mono else asset
    return Placed(_named_by_content(finished), round(wide, 3), round(wide / aspect, 3), ground)


def is_seen(livery: Livery) -> bool:
    """Whether the logo stands out on paper, or on the brand's colour."""
    return any(_stands_out(livery, *choice) for choice in _choices(livery))


def misfit(livery: Livery) -> str | None:
    """What is wrong with the logo's shape, if it leaves but a line on the letterhead."""
    placed = place(livery)
    least = min(placed.width, placed.height)
    if least >= LEAST:
        return None
    wide, tall = ("tall", "wide") if placed.width < placed.height else ("wide", "tall")
    times = max(placed.width, placed.height) / least
    said = f"is {times:.0f} times as {wide} as {tall}, and would be {least:.1f} mm {tall} on paper"
    return f"{said}: give one of another shape, or choose another letterhead"


def _chosen(livery: Livery, *, mono: bool) -> tuple[Asset, str]:
    """The logo or its variant for dark grounds, and the ground to put it on, if any."""
    if mono:
        return livery.logo, ""
    seen = (choice for choice in _choices(livery) if _stands_out(livery, *choice))
    return next(seen, (livery.logo, ""))


def _choices(livery: Livery) -> list[tuple[Asset, str]]:
    """What can be printed, the best first."""
    variants = [livery.logo, livery.on_dark] if livery.on_dark else [livery.logo]
    if livery.style.letterhead != "band":
        return [(livery.logo, ""), *((asset, "band") for asset in reversed(variants))]
    return [*((asset, "") for asset in reversed(variants)), (livery.logo, "paper")]


def _stands_out(livery: Livery, asset: Asset, ground: str) -> bool:
    on_band = ground == "band" or (not ground and livery.style.letterhead == "band")
    below = dict(inks.fills(livery, mono=False))["band"] if on_band else inks.PAPER
    made_for_it = asset == (livery.on_dark if on_band else livery.logo)
    return artwork.stands_out(artwork.look(asset), below, all_of_it=not made_for_it)


def _named_by_content(asset: Asset) -> Asset:
    """The asset under a name that no other has: many clinics' pieces share one document."""
    digest = sha256(asset.finish.encode() + asset.data).hexdigest()[:16]
    return replace(asset, name=digest + Path(asset.name).suffix)


def code(address: str) -> Asset:
    """A QR code that leads to this address, under a name of its own."""
    return _named_by_content(Asset("code.svg", f"https://{address}".encode(), "qr"))

"""What goes to the printer's: a page of HTML with all that it needs, and the slots on it."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from handouts.artwork import LogoPrint
from handouts.formats import Layout
from handouts.model import Asset, Paper, Typeface

__all__ = ["INKS", "SLOTS", "Asset", "LogoPrint", "Piece", "Sheet", "Typeface", "Way", "size"]

INKS = (
    *("primary", "mark", "accent", "line", "bar", "panel", "call", "call-edge"),
    *("field", "on-field", "field-edge", "band", "on-band"),
)
"""The colours that a plate or a piece of stationery names and a clinic fills (see `inks`)."""

SLOTS = {
    "letterhead": (1, 2, 3),
    "edge": (4, 5, 6),
    "contact": (7, 8, 9),
    "patient_label": (10, 11, 12),
    "web": (13, 14, 15),
}
"""The places for stationery, each with the reserved colour of the image that holds it open."""

SETS = (("letterhead", "edge", "contact"), ("patient_label",), ("web",))
"""The slots whose pieces are laid out in one: a clinic's own, one that is the same in many
clinics, and one that is another on each sheet."""


@dataclass(frozen=True)
class Size:
    """A page in mm: its paper, the margin at its sides, and the size of each slot on it."""

    width: float
    height: float
    side: float
    slots: dict[str, tuple[float, float]]

    @property
    def text(self) -> float:
        """The width between the margins."""
        return round(self.width - 2 * self.side, 1)


EDGE = 12.7
"""What an office printer cannot be relied on to print, in mm from the paper's edge."""

PAPERS: dict[Paper, tuple[float, float]] = {"a4": (210, 297), "letter": (215.9, 279.4)}


HEADS = {"standard": 24.0, "large-print": 36.0, "booklet": 32.0}
"""The height of the letterhead in each layout, in mm."""

CALLS = {"standard": (54.0,) * 3, "large-print": (56.0, 66.0, 76.0), "booklet": (44.0, 48.0, 54.0)}
"""The height of the contact panel with one, two and three telephone lines; where it stands
beside the emergency panel, it is as high as that."""


@cache
def size(paper: Paper, layout: Layout = "standard", phones: int = 1) -> Size:
    """A page in this layout, for a clinic with so many telephone lines."""
    width, height = PAPERS[paper]
    if layout == "booklet":
        width, height = height / 2, width
    side = 17.6 if layout == "booklet" else 18.0
    text = round(width - 2 * side, 1)
    panel = 76.0 if layout == "standard" else text - 10
    slots = {
        "letterhead": (text, HEADS[layout]),
        "edge": (2.5, round(height - 2 * EDGE, 1)),
        "contact": (panel, CALLS[layout][phones - 1]),
        "patient_label": (70.0, 36.0),
        "web": (text, 33.0),
    }
    return Size(width, height, side, slots)


@dataclass(frozen=True)
class Piece:
    """A piece of stationery for one slot; width and height in mm.

    `tighter`: CSS to add, one step after the other, where the piece does not fit without.
    `blank`: there is nothing on it, and no page to lay out.
    """

    slot: str
    width: float
    height: float
    tighter: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True)
class Sheet:
    """A document to lay out: its HTML, its CSS, and every image and typeface they name.

    `tighter`: CSS to add, one step after the other, where it does not come out well without.
    `folds`: its pages are those of a booklet. `direction`: the way in which it is read.
    `words`: what must stand on its pages, where a style sheet might have hidden it.
    `logos`: what takes the places of images of their names.
    """

    html: str
    css: str
    assets: tuple[Asset, ...]
    typefaces: tuple[Typeface, ...]
    tighter: tuple[str, ...] = ()
    folds: bool = False
    direction: Literal["ltr", "rtl"] = "ltr"
    words: tuple[str, ...] = ()
    logos: tuple[LogoPrint, ...] = ()


Way = tuple[str, int, str]
"""How a sheet came out: a digest of all but its words, how many steps tighter, and a digest of
where everything stands on its pages."""

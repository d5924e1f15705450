"""What goes to the printer's: a page of HTML with all that it needs, and the slots on it."""

from dataclasses import dataclass

from handouts.model import Asset, Paper, Typeface

__all__ = ["INKS", "SIZES", "SLOTS", "Asset", "Piece", "Sheet", "Typeface"]

INKS = ("primary", "accent")
"""The colours that a plate names and a clinic fills."""

SLOTS = {"letterhead": (1, 2, 3), "contact": (4, 5, 6), "patient_label": (7, 8, 9)}
"""The places for stationery, each with the reserved colour of the image that holds it open."""


SETS = (("letterhead", "contact"), ("patient_label",))
"""The slots whose pieces are laid out in one: those of a clinic alone, and one that is the same
in many clinics."""


@dataclass(frozen=True)
class Size:
    """A paper's size in mm and the size in mm of each slot on it."""

    width: float
    height: float
    slots: dict[str, tuple[float, float]]


SIZES: dict[Paper, Size] = {
    "a4": Size(210, 297, {"letterhead": (174, 22), "contact": (76, 53), "patient_label": (70, 36)}),
    "letter": Size(
        215.9, 279.4, {"letterhead": (179.9, 22), "contact": (76, 53), "patient_label": (70, 36)}
    ),
}


@dataclass(frozen=True)
class Piece:
    """A piece of stationery for one slot; width and height in mm."""

    slot: str
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """A document to lay out: its HTML, its CSS, and every image and typeface they name."""

    html: str
    css: str
    assets: tuple[Asset, ...]
    typefaces: tuple[Typeface, ...]

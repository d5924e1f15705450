"""What fills each ink of a plate: a clinic's colours, so that everything can be read on paper.

Whatever tells one style from another is on every plate, in an ink of its own; what a style
does without is filled with the colour of paper.
"""

from functools import cache

from handouts import color
from handouts.model import Livery, Style

PAPER, TEXT, HAIRLINE = "#ffffff", "#1f2328", "#c4c8cd"
TINT = 0.12

SEEN = 1.5
"""The contrast that the pale edge of a box needs to be seen; it carries no meaning."""

Fills = tuple[tuple[str, str], ...]
"""Each ink of `sheet.INKS` with its colour, as `#rrggbb`."""


def fills(livery: Livery, *, mono: bool) -> Fills:
    """The inks of a clinic's sheets; `mono`: in black and grey, with no filled areas."""
    return _fills(livery.primary, livery.accent, livery.style, mono)


@cache
def _fills(primary: str, accent: str, style: Style, mono: bool) -> Fills:
    colored = {**_lettering(primary, style), **_boxes(accent, style)}
    colored["band"], colored["on-band"] = color.ground(primary, (PAPER, TEXT))
    if style.call_box == "quiet":
        colored["call-edge"] = colored["mark"]
    return tuple({**colored, **(_mono(style) if mono else {})}.items())


def _lettering(primary: str, style: Style) -> dict[str, str]:
    panel = color.tint(primary, TINT) if style.sections == "tints" else PAPER
    mark = color.legible(primary, color.GRAPHIC, PAPER)
    return {
        "primary": color.legible(primary, color.TEXT, panel),
        "mark": mark,
        "line": HAIRLINE if style.sections == "lines" else PAPER,
        "bar": mark if style.sections == "bars" else PAPER,
        "panel": panel,
    }


def _boxes(accent: str, style: Style) -> dict[str, str]:
    light = style.call_box == "light"
    call = color.tint(accent, TINT) if light else PAPER
    return {
        "accent": color.legible(accent, SEEN, PAPER),
        "call": call,
        "call-edge": call,
        "field": TEXT if light else PAPER,
        "on-field": PAPER if light else TEXT,
        "field-edge": TEXT,
    }


def _mono(style: Style) -> dict[str, str]:
    black = dict.fromkeys(("primary", "mark", "accent", "call-edge", "on-field", "on-band"), TEXT)
    bars = style.sections == "bars"
    lines = {"bar": TEXT if bars else PAPER, "line": PAPER if bars else HAIRLINE}
    return {**black, **dict.fromkeys(("panel", "call", "field", "band"), PAPER), **lines}

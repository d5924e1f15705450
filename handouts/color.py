"""How far colours stand out from each other, as WCAG 2 reckons it; colours are `#rrggbb`."""

import re
from collections.abc import Iterator
from functools import cache
from operator import mul

TEXT = 4.5
"""What WCAG 2 asks for between text and what it stands on (AA)."""

GRAPHIC = 3.0
"""What it asks for between marks that carry meaning and what they stand on."""

STEPS = 256
HEX = re.compile(r"#[0-9a-fA-F]{6}")


LINEAR = ((3.2409699, -1.5373832, -0.4986108), (-0.9692436, 1.8759675, 0.0415551),
          (0.0556301, -0.2039770, 1.0569715))  # fmt: skip
"""From XYZ under daylight (D65) to the linear parts of sRGB (IEC 61966-2-1)."""


def parsed(text: str) -> str | None:
    """Any colour as CSS writes it, seen on white paper; None for what is no colour."""
    from tinycss2.color5 import parse_color  # noqa: PLC0415  most colours are six digits

    if len(text) == 7 and HEX.fullmatch(text):
        return text.lower()
    found = parse_color(text.strip())
    if found is None or isinstance(found, str) or found == "currentcolor":
        return None
    try:
        parts = [part or 0.0 for part in found.to("srgb").coordinates]
    except NotImplementedError:
        try:
            seen = [part or 0.0 for part in found.to("xyz-d65").coordinates]
        except NotImplementedError:
            return None
        linear = [sum(map(mul, row, seen)) for row in LINEAR]
        parts = [_encoded(part) for part in linear]
    alpha = float(found.alpha)
    shown = (1 - alpha + alpha * min(1.0, max(0.0, part)) for part in parts)
    return "#" + "".join(f"{round(255 * part):02x}" for part in shown)


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def contrast(one: str, other: str) -> float:
    """From 1, for the same colour, to 21, for black and white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(one: str, other: str) -> float:
    """The contrast in colour or on a printer without any, whichever is the smaller."""
    return min(contrast(one, other), contrast(grey(one), grey(other)))


def floored(ratio: float) -> float:
    """The ratio with one decimal, never rounded up to what it does not reach."""
    return int(ratio * 10) / 10


def grey(color: str) -> str:
    """What a printer without colour makes of it."""
    level = round(luma(*_parts(color)))
    return f"#{level:02x}{level:02x}{level:02x}"


def luma(red: float, green: float, blue: float) -> float:
    """How light that grey is, on the scale of its parts."""
    return 0.299 * red + 0.587 * green + 0.114 * blue


def tint(color: str, share: float) -> str:
    """The colour thinned with white to this share."""
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in _parts(color))


def legible(color: str, limit: float, paper: str) -> str:
    """The nearest shade of the colour, from itself to black, with this contrast on the paper."""
    return next(shade for shade in _shades(color) if least_contrast(shade, paper) >= limit)


def ground(color: str, texts: tuple[str, ...]) -> tuple[str, str]:
    """The nearest shade of the colour on which one of these can be read, and that one."""
    for shade in _shades(color):
        best = max(texts, key=lambda text: least_contrast(text, shade))
        if least_contrast(best, shade) >= TEXT:
            return shade, best
    raise ValueError(f"none of {texts} can be read on black")


def _shades(color: str) -> Iterator[str]:
    """The colour mixed with ever more black."""
    parts = _parts(color)
    for share in range(STEPS, -1, -1):
        yield "#" + "".join(f"{round(part * share / STEPS):02x}" for part in parts)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@cache
def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

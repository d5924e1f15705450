"""From the colours of a brand file to the two that are printed."""

from collections.abc import Callable, Iterator
from typing import Any

from handouts import color
from handouts.brandfile import Colors, ColorVariants
from handouts.explain import did_you_mean, show
from handouts.model import HOLE
from handouts.yamlfile import Way

PRINTED = ("primary", "secondary")
TEXT = "#1f2328"
"""What titles are printed in where the brand names no colour at all: that of the text."""

Blame = Callable[[Way, str], None]
ColorWay = tuple[str, ...]


def inks(colors: Colors, blame: Blame) -> tuple[str, str] | None:
    """The primary colour and the accent as `#rrggbb`, or None if any that counts is no colour."""
    traces = [_trace(("color", name), colors) for name in PRINTED]
    checked = dict.fromkeys([*_palette(colors), *(way for trace in traces for way in trace)])
    faults = [*_unknown(checked, colors), *_circles(checked, colors)]
    for way, said in faults:
        blame(_at(way, colors), f"{'.'.join(way)}: {said}")
    if faults or HOLE in [text for _, text in _named(colors)]:
        return None
    primary, secondary = (_found(trace, colors) for trace in traces)
    primary = primary or _found(_trace(("color", "foreground"), colors), colors) or TEXT
    return primary, secondary or primary


def in_light(value: Any) -> str:
    """The colour for light paper, of one that may have variants; empty if there is none."""
    if isinstance(value, ColorVariants):
        return value.light or value.dark or ""
    return value  # type: ignore[no-any-return]  # text, or a hole


def _named(colors: Colors) -> Iterator[tuple[ColorWay, str]]:
    """Every colour that is given, with its way."""
    for name, value in colors.palette.items():
        yield ("color", "palette", name), in_light(value)
    for name in Colors.model_fields:
        if name != "palette" and (text := in_light(getattr(colors, name))) != "":
            yield ("color", name), text


def _palette(colors: Colors) -> Iterator[ColorWay]:
    return (("color", "palette", name) for name in colors.palette)


def _next(way: ColorWay, colors: Colors) -> ColorWay | None:
    """The colour to which this one refers by its name; its own name is none."""
    known = dict(_named(colors))
    text = known.get(way, "")
    for other in (("color", "palette", text), ("color", text)):
        if text and other in known and other != way:
            return other
    return None


def _trace(way: ColorWay, colors: Colors) -> list[ColorWay]:
    """This colour, that to which it refers, and so on; one that comes round again ends it."""
    known, trace = dict(_named(colors)), [way]
    if way not in known:
        way = ("color", "palette", way[-1])
        trace = [way] if way in known else []
    while trace and (step := _next(trace[-1], colors)) and step not in trace:
        trace.append(step)
    return trace


def _found(trace: list[ColorWay], colors: Colors) -> str | None:
    return color.parsed(dict(_named(colors))[trace[-1]]) if trace else None


def _unknown(ways: dict[ColorWay, None], colors: Colors) -> Iterator[tuple[ColorWay, str]]:
    known = dict(_named(colors))
    for way in ways if HOLE not in list(colors.palette) else ():
        text = known.get(way, "")
        if text is not HOLE and _next(way, colors) is None and color.parsed(text) is None:
            yield way, _no_color(text, [*colors.palette, *Colors.model_fields])


def _no_color(text: str, names: list[str]) -> str:
    meant = did_you_mean(text, names)
    if color.parsed(f"#{text}"):
        meant = meant or f"#{text}"
    advice = f": did you mean {meant!r}?" if meant else ""
    wanted = "a colour such as `#a1004b` or a name in the palette"
    return f"must be {wanted}, found {show(text)}{advice}"


def _circles(ways: dict[ColorWay, None], colors: Colors) -> Iterator[tuple[ColorWay, str]]:
    """One name of each circle."""
    for way in ways:
        trace = _trace(way, colors)
        if _next(trace[-1], colors) == way == min(trace):
            yield way, "leads back to itself"


def _at(way: ColorWay, colors: Colors) -> Way:
    """Where the text of a colour stands, in a variant of it or by itself."""
    value: Any = colors.palette.get(way[-1]) if "palette" in way else getattr(colors, way[-1])
    if isinstance(value, ColorVariants):
        return (*way, "light" if value.light else "dark")
    return way

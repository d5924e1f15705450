"""What drawing an SVG would cost, and what in it WeasyPrint or a printer would never finish."""

import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from handouts.drawing import (
    ASKED_FOR,
    NUMBER,
    SHAPES,
    Matrix,
    Part,
    StyleError,
    after,
    measure,
    numbers,
    read,
    targets,
    turned,
)

MOST_DRAWN = 20_000
MOST_DEEP = 100
"""Elements within each other; WeasyPrint gives up at some 300, with opacity sooner."""
MOST_LOOKED_UP = 2_000_000
"""References times elements; WeasyPrint looks through the whole drawing for each id."""
MOST_TILES = 40_000
MOST_BANDS = 500
MOST_DASHES = 20_000
LARGEST = 1e7

PAINTS = ("fill", "stroke")
MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")
EFFECTS = ("clip-path", "mask", "filter")
GRADIENTS = {"linearGradient", "radialGradient"}

# fmt: off
LENGTHS = frozenset({
    "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "fx", "fy",
    "fr", "dx", "dy", "refX", "refY", "markerWidth", "markerHeight", "stroke-width",
    "stroke-dashoffset", "font-size", "offset",
})
# fmt: on
RATIOS = frozenset({"opacity", "fill-opacity", "stroke-opacity", "stop-opacity"})
SWATCHES = frozenset({"fill", "stroke", "stop-color", "flood-color", "lighting-color"})
OTHER_SPACE = re.compile(r"color\(\s*(?!srgb[\s)])|device-cmyk|(?!currentColor)(?i:currentcolor)")
"""Colours that WeasyPrint warns of, or that would leave sRGB."""

ENDINGS = ("px", "pt", "pc", "in", "cm", "mm", "q", "em", "ex", "rem")
TURNS = frozenset({"transform", "gradientTransform", "patternTransform"})
MEASURED = re.compile(rf"{NUMBER}%?")
LIST = re.compile(rf"(?:[\s,]*+{NUMBER}(?:px|pt|pc|in|cm|mm|%)?)*+[\s,]*+")
BOX = re.compile(rf"(?:[\s,]*+{NUMBER}){{4}}\s*+")
WORD = re.compile(r"(?!nan|inf|thin)[a-z-]+|", re.IGNORECASE)
COMMAND = re.compile(r"([A-Za-z])([^A-DF-Za-df-z]*)")
ARC = re.compile(rf"(?:[\s,]*+{NUMBER}){{3}}(?:[\s,]*+[01]){{2}}(?:[\s,]*+{NUMBER}){{2}}")
COORDINATES = {"m": 2, "l": 2, "t": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "z": 0}

HUGE = f"draws more than {MOST_DRAWN:,} shapes, copies and all: simplify it, or export it as .png"
DEEP = f"has elements more than {MOST_DEEP} deep within each other: ungroup them"


class TooMuchError(Exception):
    """What is too much, and what to do about it."""


def too_much(data: bytes) -> str | None:
    """What in the drawing would hang, crash or spoil the layout or the printer."""
    try:
        top = read(data)
        _Scale(top).judge()
    except (StyleError, TooMuchError) as error:
        return str(error)
    return None


class _Weight(NamedTuple):
    """How many elements are drawn for a part, how many measured, and how deep they lie."""

    drawn: float = 0
    boxes: float = 0
    height: int = 0


class _Scale:
    """Weighs each part of a drawing once, its references as often as they are followed."""

    def __init__(self, top: Part) -> None:
        self._top = top
        self._parts = list(top.every())
        self._named: dict[str, Part] = {}
        for part in self._parts:
            if name := part.attributes.get("id"):
                self._named.setdefault(name, part)
        self._weights: dict[int, _Weight] = {}
        self._open: set[int] = set()
        self._extent = _extent(top)

    def judge(self) -> None:
        """Raises TooMuchError for the first thing that is."""
        for key, value in {pair: None for part in self._parts for pair in part.attributes.items()}:
            _sound(key, value)
        self._look_up()
        for part in self._parts:
            self._weigh(part, 0)
        if self._weights[id(self._top)].drawn > MOST_DRAWN:
            raise TooMuchError(HUGE)
        for part in self._parts:
            self._repeats(part)
        _upright(self._top)

    def _look_up(self) -> None:
        wanted = {name for part in self._parts for name in _mentions(part)}
        lost = sum(part.name == "use" and self._linked(part) is None for part in self._parts)
        if (len(wanted) + lost) * len(self._parts) > MOST_LOOKED_UP:
            raise TooMuchError(HUGE)

    def _weigh(self, part: Part, depth: int) -> _Weight:
        """What the part weighs with all it draws; raises for a circle."""
        known = self._weights.get(id(part))
        if depth + (known.height if known else 0) > MOST_DEEP:
            raise TooMuchError(DEEP)
        if known is not None:
            return known
        if id(part) in self._open:
            name = part.attributes.get("id", part.name)
            raise TooMuchError(f"draws #{name} within itself: take that reference out")
        self._open.add(id(part))
        weight = self._weight(part, depth + 1)
        self._open.discard(id(part))
        self._weights[id(part)] = weight
        return weight

    def _weight(self, part: Part, depth: int) -> _Weight:
        inside = [self._weigh(child, depth) for child in part.children]
        shown = [
            weight
            for child, weight in zip(part.children, inside, strict=True)
            if child.name not in ASKED_FOR
        ]
        linked = self._linked(part)
        if linked is not None:
            shown.append(self._weigh(linked, depth))
        effects = self._named_by(part, EFFECTS, depth)
        painted = part.name == "use" or part.name in SHAPES
        paints = self._named_by(part, PAINTS, depth) if painted else []
        markers = self._named_by(part, MARKERS, depth) if painted else []
        drawn = 1 + sum(weight.drawn for weight in (*shown, *effects))
        boxes = 1 + sum(weight.boxes for weight in shown)
        if part.name in SHAPES:
            drawn += _outline(part) + sum(weight.drawn for weight in paints)
            drawn += _corners(part) * sum(weight.drawn for weight in markers)
        elif part.name == "use":
            drawn *= 1 + sum(weight.drawn for weight in (*paints, *markers))
        if part.name == "use" or "opacity" in part.attributes:
            drawn += boxes / 4
        below = (*inside, *shown, *effects, *paints, *markers)
        return _Weight(drawn, boxes, 1 + max((weight.height for weight in below), default=0))

    def _named_by(self, part: Part, keys: tuple[str, ...], depth: int) -> list[_Weight]:
        names = [name for key in keys for name in targets(part.attributes.get(key, ""))]
        return [self._weigh(self._named[name], depth) for name in names if name in self._named]

    def _linked(self, part: Part) -> Part | None:
        if part.name in {"a", "image"}:
            return None
        return self._named.get(part.attributes.get("href", "").strip()[1:])

    def _repeats(self, part: Part) -> None:
        if part.name == "pattern" and self._tiles(part) > MOST_TILES:
            name = part.attributes.get("id", "")
            raise TooMuchError(f"has a pattern (#{name}) with too small a tile: make it larger")
        if part.name in GRADIENTS and self._bands(part) > MOST_BANDS:
            name = part.attributes.get("id", "")
            raise TooMuchError(f"has a gradient (#{name}) that repeats too often: make it longer")
        dashes = [
            measure(one, self._extent) or 0
            for one in re.split(r"[\s,]+", part.attributes.get("stroke-dasharray", ""))
        ]
        if (together := sum(map(abs, dashes))) and self._extent / together > MOST_DASHES:
            raise TooMuchError("has a line with too short dashes: make them longer")

    def _inherited(self, part: Part) -> dict[str, str]:
        """The attributes with those of what it refers to, which no circle is any more."""
        above = self._linked(part)
        return {**(self._inherited(above) if above else {}), **part.attributes}

    def _tiles(self, pattern: Part) -> float:
        given = self._inherited(pattern)
        used = given.get("patternUnits") == "userSpaceOnUse"
        largest = max([self._extent, *map(_extent, self._painted(pattern))])
        whole, default = (self._extent, "0") if used else (1, "1")
        across, down = (
            measure(given.get(side, default), whole) or 0 for side in ("width", "height")
        )
        a, b, c, d = turned(given.get("patternTransform", "")) or (1, 0, 0, 1)
        tile = abs(across * down * (a * d - b * c))
        shapes = largest**2 if used else 1
        return shapes / tile if tile else 0

    def _painted(self, pattern: Part) -> Iterator[Part]:
        name = pattern.attributes.get("id", "")
        for part in self._parts:
            if part.name in SHAPES and any(
                name in targets(part.attributes.get(paint, "")) for paint in PAINTS
            ):
                yield part

    def _bands(self, gradient: Part) -> float:
        given = self._inherited(gradient)
        if given.get("spreadMethod") not in {"repeat", "reflect"}:
            return 0
        used = given.get("gradientUnits") == "userSpaceOnUse"
        whole = max([self._extent, *map(_extent, self._painted(gradient))]) if used else 1.0
        matrix = turned(given.get("gradientTransform", "")) or (1, 0, 0, 1)
        length = _vector(gradient.name, given, whole, matrix)
        return math.inf if length <= 0 else whole / length


def _vector(name: str, given: dict[str, str], whole: float, matrix: Matrix) -> float:
    """How far a gradient goes before it begins anew."""

    def at(key: str, default: str) -> float:
        return measure(given.get(key, default), whole) or 0

    a, b, c, d = matrix
    if name == "radialGradient":
        return (at("r", "50%") - at("fr", "0")) * math.sqrt(abs(a * d - b * c))
    x, y = at("x2", "100%") - at("x1", "0"), at("y2", "0") - at("y1", "0")
    return math.hypot(a * x + c * y, b * x + d * y)


def _upright(top: Part) -> None:
    """Raises for a picture that stands on its side: WeasyPrint takes it for one without width."""
    waiting: list[tuple[Part, Matrix]] = [(top, (1, 0, 0, 1))]
    while waiting:
        part, above = waiting.pop()
        matrix = after(turned(part.attributes.get("transform", "")) or (1, 0, 0, 1), above)
        a, b, c, d = matrix
        if part.name == "image" and (abs(a) < abs(b) / 2 or abs(d) < abs(c) / 2):
            raise TooMuchError("has a picture in it that is turned: turn it before embedding it")
        waiting.extend((child, matrix) for child in part.children)


def _mentions(part: Part) -> Iterator[str]:
    for key in (*PAINTS, *EFFECTS, *MARKERS):
        yield from targets(part.attributes.get(key, ""))
    if part.name not in {"a", "image"} and "href" in part.attributes:
        yield part.attributes["href"]


def _extent(part: Part) -> float:
    """How far a part may reach in its own measure, in one direction."""
    box = numbers(part.attributes.get("viewBox", ""))
    if part.name == "svg" and len(box) == 4:
        return max(box[2:])
    keys = ("width", "height", "r", "rx", "ry", "x1", "x2", "y1", "y2")
    sides = [abs(measure(part.attributes.get(key, ""), 1) or 0) for key in keys]
    drawn = numbers(part.attributes.get("d", "") + " " + part.attributes.get("points", ""))
    return 2 * max([*sides, *map(abs, drawn)])


def _outline(part: Part) -> float:
    """The cost of a long outline; WeasyPrint copies what is left of it at each point."""
    return (len(_line(part)) / 2000) ** 2


def _corners(part: Part) -> float:
    """How many markers may stand on a part's outline."""
    if not any(key in part.attributes for key in MARKERS):
        return 2
    return 2 + len(re.findall(r"[0-9]+", _line(part)))


def _line(part: Part) -> str:
    """The points of an outline, as they are written."""
    return part.attributes.get("d", "") + part.attributes.get("points", "")


def _sound(key: str, value: str) -> None:
    """Raises for a number that no page can hold, and for what ends WeasyPrint's drawing."""
    if not _is_sound(key, value):
        raise TooMuchError(
            f"has what no page can hold ({key}={value.strip()[:30]!r}): export it again"
        )


def _is_sound(key: str, value: str) -> bool:
    judge = JUDGES.get(key)
    return judge is None or (judge(value.strip()) and (key in SWATCHES or _small(value)))


def _is_length(value: str) -> bool:
    if measure(value, 1) is not None:
        return True
    # WeasyPrint takes `thin`, and the `min` of `min-content`, for a number of inches.
    return WORD.fullmatch(value) is not None and not value.partition("-")[0].endswith(ENDINGS)


def _is_side(value: str) -> bool:
    return _is_length(value) and measure(value, 1) != 0


def _is_share(value: str) -> bool:
    return MEASURED.fullmatch(value) is not None


def _are_points(value: str) -> bool:
    return LIST.fullmatch(value) is not None and len(numbers(value)) % 2 == 0


def _is_skew(value: str) -> bool:
    """Whether a transformation can be undone, which WeasyPrint does for gradients."""
    a, b, c, d = turned(value) or (0, 0, 0, 0)
    return a * d != b * c


def _is_list(value: str) -> bool:
    return value == "none" or LIST.fullmatch(value) is not None


def _is_angle(value: str) -> bool:
    return value in {"auto", "auto-start-reverse"} or MEASURED.fullmatch(value) is not None


def _small(value: str) -> bool:
    return all(abs(number) <= LARGEST for number in numbers(value))


def _is_path(value: str) -> bool:
    """Whether each command of an outline has the numbers that it takes."""
    if value.strip() in {"", "none"}:
        return True
    if not re.match(r"\s*[Mm]", value):
        return False
    if COMMAND.sub("", value).strip():
        return False
    return all(_is_command(letter, inside) for letter, inside in COMMAND.findall(value))


def _is_command(letter: str, inside: str) -> bool:
    if letter in "aA":
        return bool(inside.strip()) and not ARC.sub("", inside).strip(" \t\r\n,")
    takes = COORDINATES.get(letter.lower())
    if takes is None or LIST.fullmatch(inside) is None:
        return False
    found = len(re.findall(NUMBER, inside))
    return found == 0 if takes == 0 else found > 0 and found % takes == 0


JUDGES: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(LENGTHS, _is_length),
    **dict.fromkeys(RATIOS, _is_share),
    **dict.fromkeys(TURNS, lambda value: turned(value) is not None),
    **dict.fromkeys(SWATCHES, lambda value: OTHER_SPACE.search(value) is None),
    "gradientTransform": _is_skew,
    "markerWidth": _is_side,
    "markerHeight": _is_side,
    "stroke-miterlimit": lambda value: re.fullmatch(NUMBER, value) is not None,
    "points": _are_points,
    "stroke-dasharray": _is_list,
    "transform-origin": lambda value: "%" not in value,
    "viewBox": lambda value: BOX.fullmatch(value) is not None,
    "preserveAspectRatio": bool,
    "orient": _is_angle,
    "d": _is_path,
}
"""What each attribute may say; with anything else WeasyPrint drops the whole drawing."""

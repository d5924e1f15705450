"""An SVG as its elements, each with the attributes by which WeasyPrint draws it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
APART = frozenset({
    "clip", "clip-path", "filter", "height", "id", "mask", "opacity", "overflow", "rotate",
    "stop-color", "stop-opacity", "style", "transform", "transform-origin", "viewBox", "width",
    "x", "y", "dx", "dy", "href", "class", "preserveAspectRatio",
})  # fmt: skip
"""What an element has for itself; anything else it also has from what it is in."""

SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}

ASKED_FOR = {"defs", "clipPath", "filter", "marker", "mask", "pattern", "symbol"}
"""What is inside these is drawn only where something else asks for it."""

NUMBER = r"(?>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
"""Atomic: whoever writes a million digits does not make us try where to part them."""
UNITS = {
    "": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4,
    "q": 96 / 101.6, "em": 16, "rem": 16, "ex": 8,
}  # fmt: skip
MEASURE = re.compile(rf"({NUMBER})(px|pt|pc|in|cm|mm|q|rem|em|ex|%)?", re.IGNORECASE)
STEP = re.compile(r"(?<![A-Za-z])([A-Za-z]++)\s*+\(([^()]*)\)")
VALUE = re.compile(rf"[\s,]*+({NUMBER})([a-z]*)")
TARGET = re.compile(r"url\([\s\"']*+[^()\"'#\s]*+#([^()\"'\s]*)", re.IGNORECASE)

Matrix = tuple[float, float, float, float]
"""What a transformation does to a direction; where it moves things to does not matter here."""


class StyleError(Exception):
    """A style sheet that cannot be followed, and what to do about it."""


@dataclass
class Part:
    """An element; its children stand in the order in which they are drawn."""

    name: str
    attributes: dict[str, str]
    children: list["Part"] = field(default_factory=list)

    def every(self) -> Iterator["Part"]:
        """The part and all within it, in the order of the file."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read(data: bytes) -> Part:
    """The drawing as a tree; raises StyleError for a style sheet that takes too long to apply."""
    root = ElementTree.fromstring(data)  # noqa: S314  `logo` has refused every DOCTYPE
    sheets = _Sheets(root)
    top = Part(local(root.tag), _own(root))
    waiting: list[tuple[Any, Part, dict[str, str]]] = [(sheets.top, top, {})]
    held = 0
    while waiting:
        node, part, above = waiting.pop()
        _settle(part.attributes, above, sheets.declared(node))
        held += len(part.attributes)
        if held > _Sheets.MOST:
            raise StyleError("hands down too many attributes: export it as plain SVG")
        for child in sheets.inside(node):
            inner = Part(local(sheets.element(child).tag), _own(sheets.element(child)))
            part.children.append(inner)
            waiting.append((child, inner, part.attributes))
    return top


def local(tag: object) -> str:
    """The name without its namespace, as WeasyPrint goes by it."""
    return str(tag).rpartition("}")[2]


def _own(element: ElementTree.Element) -> dict[str, str]:
    own = dict(element.attrib)
    if LINK in own:
        own["href"] = own.pop(LINK)
    return own


def _settle(own: dict[str, str], above: dict[str, str], declared: list[tuple[str, str]]) -> None:
    for key, value in above.items():
        if key not in APART:
            own.setdefault(key, value)
    own.update(declared)
    for key, value in list(own.items()):
        if value == "inherit":
            own.pop(key)
            if key in above:
                own[key] = above[key]
        elif value == "currentColor":
            own[key] = own.get("color", "black")


class _Sheets:
    """What the style sheets and `style` attributes of a drawing say; nothing loaded if none do."""

    MOST = 2_000_000

    def __init__(self, root: ElementTree.Element) -> None:
        self._plain: Any = None
        self._urgent: Any = None
        self.top: Any = root
        texts = [style.text for style in root.iter(f"{{{SVG}}}style") if style.text]
        self._known: dict[str, Any] = {}
        if texts:
            self._compile(root, texts)

    def _compile(self, root: ElementTree.Element, texts: list[str]) -> None:
        import cssselect2  # noqa: PLC0415  few drawings have style sheets
        import tinycss2  # noqa: PLC0415

        self._plain, self._urgent = cssselect2.Matcher(), cssselect2.Matcher()
        self.top = cssselect2.ElementWrapper.from_xml_root(root)
        selectors = 0
        for text in texts:
            for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
                if rule.type == "qualified-rule":
                    selectors += _followed(tinycss2.serialize(rule.prelude))
                    self._add(rule, cssselect2)
        if selectors * sum(1 for _ in root.iter()) > self.MOST:
            raise StyleError("has too large a style sheet: export it with presentation attributes")

    def _add(self, rule: Any, cssselect2: Any) -> None:
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.parser.SelectorError:
            raise StyleError("has a damaged style sheet: export it again") from None
        plain, urgent = declarations(rule.content)
        for selector in selectors:
            if selector.pseudo_element is None and not selector.never_matches:
                self._plain.add_selector(selector, plain)
                self._urgent.add_selector(selector, urgent)

    def element(self, node: Any) -> ElementTree.Element:
        found: ElementTree.Element = node if self._plain is None else node.etree_element
        return found

    def inside(self, node: Any) -> list[Any]:
        if self._plain is None:
            return [child for child in node if isinstance(child.tag, str)]
        return list(node.iter_children())

    def declared(self, node: Any) -> list[tuple[str, str]]:
        """The declarations that hold for an element, the strongest last."""
        style = self.element(node).get("style", "")
        plain, urgent = self._known.get(style) or self._known.setdefault(
            style, declarations(style) if style else ([], [])
        )
        if self._plain is None:
            return [*plain, *urgent]
        first = [pair for rule in self._plain.match(node) for pair in rule[-1]]
        then = [pair for rule in self._urgent.match(node) for pair in rule[-1]]
        return [*first, *plain, *then, *urgent]


INVOLVED = re.compile(r"[~(]")


def _followed(selectors: str) -> int:
    """How many selectors these are; those that need a long search are refused."""
    listed = selectors.split(",")
    for selector in listed:
        if INVOLVED.search(selector) or len(re.split(r"[\s>+]+", selector.strip())) > 3:
            advice = "export it with presentation attributes"
            raise StyleError(f"has too involved a style sheet ({selector.strip()[:40]}): {advice}")
    return len(listed)


def declarations(content: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The plain and the important declarations of a block."""
    import tinycss2  # noqa: PLC0415  few drawings have style sheets

    found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for part in tinycss2.parse_blocks_contents(content):
        if part.type == "declaration" and not part.name.startswith("-"):
            pair = (part.lower_name, tinycss2.serialize(part.value).strip())
            found[part.important].append(pair)
    return found


def measure(text: str, whole: float) -> float | None:
    """A length in px, a share being one of the whole; None if it is none."""
    found = MEASURE.fullmatch(text.strip())
    if found is None:
        return None
    number, unit = float(found[1]), (found[2] or "").lower()
    return number * whole / 100 if unit == "%" else number * UNITS[unit]


def numbers(text: str) -> list[float]:
    """All numbers in a text of nothing but numbers, commas and spaces."""
    return [float(found) for found in re.findall(NUMBER, text)]


def turned(transform: str) -> Matrix | None:
    """What a transformation does to directions; None if it cannot be followed."""
    result: Matrix = (1.0, 0.0, 0.0, 1.0)
    for name, inside in STEP.findall(transform):
        one = _step(name, _values(inside))
        if one is None:
            return None
        result = after(one, result)
    left = STEP.sub("", transform).strip(", \t\r\n")
    return result if left in {"", "none"} else None


def _values(inside: str) -> list[float]:
    if VALUE.sub("", inside).strip():
        return []
    units = {**UNITS, "deg": 1, "rad": 180 / math.pi, "turn": 360, "grad": 0.9}
    return [float(number) * units.get(unit, math.nan) for number, unit in VALUE.findall(inside)]


ARITY = {
    "matrix": {6}, "rotate": {1, 3}, "skewX": {1}, "skewY": {1}, "translate": {1, 2},
    "translateX": {1}, "translateY": {1}, "scale": {1, 2}, "scaleX": {1}, "scaleY": {1},
}  # fmt: skip


def _step(name: str, values: list[float]) -> Matrix | None:
    if len(values) not in ARITY.get(name, set()) or not all(map(math.isfinite, values)):
        return None
    if name == "matrix":
        return values[0], values[1], values[2], values[3]
    if name == "rotate":
        angle = math.radians(values[0])
        return math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle)
    if name.startswith("skew"):
        slope = math.tan(math.radians(values[0]))
        return (1.0, 0.0, slope, 1.0) if name == "skewX" else (1.0, slope, 0.0, 1.0)
    if name.startswith("scale"):
        across = values[0] if name != "scaleY" else 1.0
        down = values[-1] if name != "scaleX" else 1.0
        return across, 0.0, 0.0, down
    return 1.0, 0.0, 0.0, 1.0


def after(inner: Matrix, outer: Matrix) -> Matrix:
    """Both transformations, the inner one first."""
    a, b, c, d = inner
    e, f, g, h = outer
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h


def targets(value: str) -> list[str]:
    """The ids that a value such as `url(#a) red` names."""
    return TARGET.findall(value) if "#" in value else []

"""An SVG with its style sheets applied, in the part of SVG that every renderer draws alike.

Renderers differ in CSS: variables, new notations of colours, selectors, units in transforms are
dropped by one and drawn by another, without a word. Here they are resolved as a browser does,
so that each element says itself, in plain terms, how it is drawn. What cannot be resolved raises
DrawingError with what to do instead.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import cssselect2
import tinycss2
from tinycss2.color5 import parse_color

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
PLAIN = "export it as plain SVG, with presentation attributes"

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)

SWATCHES = frozenset({"fill", "stroke", "stop-color", "flood-color", "lighting-color", "color"})
GEOMETRY = frozenset({"x", "y", "width", "height", "cx", "cy", "r", "rx", "ry"})
"""Properties of SVG 2 that renderers take from attributes only."""

MEASURED = GEOMETRY | {
    "x1", "y1", "x2", "y2", "fx", "fy", "fr", "stroke-width", "stroke-dasharray",
    "stroke-dashoffset", "markerWidth", "markerHeight", "refX", "refY",
}  # fmt: skip
TRANSFORMS = frozenset({"transform", "gradientTransform", "patternTransform"})
MOVED = frozenset({"animate", "animateColor", "animateMotion", "animateTransform", "set"})
SHAPED_BY_CSS = frozenset({"d", "rotate", "scale", "translate", "offset-path", "zoom"})
TARGETED = frozenset({"clip-path", "mask", "mask-image", "marker", "marker-start", "marker-mid"})

VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*((?:[^()]|\([^()]*\))*))?\)", re.IGNORECASE)
NOTATION = re.compile(r"(?<![\w-])(?!url\b)[a-z][\w-]*\((?:[^()]|\([^()]*\))*\)", re.IGNORECASE)
COMPUTED = re.compile(r"(?<![\w-])(?:var|calc|min|max|clamp|env|attr)\(", re.IGNORECASE)
UNIT = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(deg|rad|grad|turn|px)\b", re.IGNORECASE
)
TURNS = {"deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0, "px": 1.0}
LENGTH = re.compile(
    r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(px|pt|pc|in|cm|mm|q|em|rem|ex)?\s*"
)
UNITS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4,
    "q": 96 / 101.6, "em": 16.0, "rem": 16.0, "ex": 8.0,
}  # fmt: skip
WITH_UNIT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]+)", re.IGNORECASE)

FRAME = 1024
"""The longer side of a drawing in px. Renderers round the sides to whole ones, which would move
a drawing of 20.25 px by a hundredth."""

Declared = list[tuple[str, str]]
"""Properties with their values, the strongest last."""


class DrawingError(Exception):
    """What in a drawing cannot be drawn as a browser draws it, and what to do."""


@dataclass(frozen=True)
class Drawing:
    """An SVG whose elements say themselves how they are drawn; its canvas in px of its own."""

    root: ElementTree.Element
    width: float
    height: float

    def svg(self, box: tuple[float, float, float, float] | None = None) -> str:
        """The drawing, or what of it lies in a box (left, top, width, height), as SVG."""
        x, y, width, height = box or (0.0, 0.0, self.width, self.height)
        scale = FRAME / max(width, height)
        frame = ElementTree.Element(f"{{{SVG}}}svg", {
            "width": str(max(1, round(width * scale))),
            "height": str(max(1, round(height * scale))),
            "viewBox": f"{x:.8g} {y:.8g} {width:.8g} {height:.8g}",
        })  # fmt: skip
        frame.append(self.root)
        return ElementTree.tostring(frame, "unicode")


def read(data: bytes) -> Drawing:
    """The drawing with all that its style sheets say written at its elements.

    Raises DrawingError for what no renderer can be relied on to draw.
    """
    root = ElementTree.fromstring(data)  # noqa: S314  `logo` has refused every DOCTYPE
    for element in root.iter():
        if isinstance(element.tag, str) and "}" not in element.tag:
            element.tag = f"{{{SVG}}}{element.tag}"  # what was forgotten at the top
    _Styles(root).apply()
    width, height = _canvas(root)
    root.set("width", f"{width:.6g}")
    root.set("height", f"{height:.6g}")
    for side in ("x", "y"):
        root.attrib.pop(side, None)
    return Drawing(root, width, height)


def never_paths(drawing: Drawing) -> str:
    """What of a drawing has no form as paths, if anything; to try it could take long."""
    for element in drawing.root.iter():
        declared = dict(element.attrib)
        declared |= dict(part.split(":", 1) for part in element.get("style", "").split(";") if part)
        for key, said in PIXELS.items():
            if declared.get(key, "none").strip() not in {"none", "normal", ""}:
                return said
        if local(element.tag) == "image":
            return "has a picture in it"
    return ""


PIXELS = {"filter": "has a filter", "mask": "has a mask", "mix-blend-mode": "mixes colours"}
"""Properties whose effect is worked out pixel by pixel."""


def local(tag: object) -> str:
    """A name without its namespace."""
    return str(tag).rpartition("}")[2]


def _canvas(root: ElementTree.Element) -> tuple[float, float]:
    """How wide and how high a drawing is in px, as a browser shows it by itself."""
    box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if part]
    width, height = (_length(root.get(side, "")) for side in ("width", "height"))
    across, down = (box[2], box[3]) if len(box) == 4 else (300.0, 150.0)
    if width and height:
        return width, height
    if width or height:
        ratio = across / down
        return (width, width / ratio) if width else ((height or 1) * ratio, height or 1)
    return across, down


def _length(text: str) -> float | None:
    """A length in px; None for none, or a share of the page it would stand on."""
    found = LENGTH.fullmatch(text.lower())
    return float(found[1]) * UNITS[found[2] or ""] if found else None


@dataclass
class _Rules:
    """What style sheets declare, by selector; without any, nothing is matched."""

    plain: Any = None
    urgent: Any = None

    def add(self, selectors: Any, content: Any) -> None:
        plain, urgent = _declarations(content)
        for selector in selectors:
            if selector.pseudo_element is None and not selector.never_matches:
                self.plain.add_selector(selector, plain)
                self.urgent.add_selector(selector, urgent)


@dataclass
class _Styles:
    """The style sheets and `style` attributes of a drawing."""

    root: ElementTree.Element
    _rules: _Rules = field(default_factory=_Rules)

    def apply(self) -> None:
        """Write what holds for each element at the element, and take the sheets away."""
        texts = ["".join(style.itertext()) for style in self.root.iter(f"{{{SVG}}}style")]
        if any(text.strip() for text in texts):
            self._rules = _Rules(cssselect2.Matcher(), cssselect2.Matcher())
            for text in texts:
                self._read(tinycss2.parse_stylesheet(text, True, True))
        matched = self._matched()
        waiting: list[tuple[ElementTree.Element, dict[str, str]]] = [(self.root, {})]
        while waiting:
            element, above = waiting.pop()
            variables = _settle(element, matched(element), above)
            for child in list(element):
                if _is_drawn(child):
                    waiting.append((child, variables))
                else:
                    element.remove(child)

    def _read(self, rules: Any) -> None:
        for rule in rules:
            if rule.type == "at-rule":
                self._read_at_rule(rule)
            elif rule.type == "qualified-rule":
                try:
                    selectors = cssselect2.compile_selector_list(rule.prelude)
                except cssselect2.parser.SelectorError:
                    written = tinycss2.serialize(rule.prelude).strip()[:40]
                    raise DrawingError(
                        f"has too involved a style sheet ({written}): {PLAIN}"
                    ) from None
                self._rules.add(selectors, rule.content)
            elif rule.type == "error":
                raise DrawingError("has a damaged style sheet: export it again")

    def _read_at_rule(self, rule: Any) -> None:
        name, prelude = rule.lower_at_keyword, tinycss2.serialize(rule.prelude).lower()
        asked = re.sub(r"\s+", "", prelude)
        if name == "media" and asked in {"all", "screen", "(prefers-color-scheme:light)"}:
            self._read(tinycss2.parse_blocks_contents(rule.content, True, True))
        elif name == "media" and asked not in {"print", "(prefers-color-scheme:dark)"}:
            shown = prelude.strip()[:40]
            raise DrawingError(f"changes with what it is shown on (@media {shown}): {PLAIN}")
        elif name not in {"media", "keyframes", "charset", "-webkit-keyframes"}:
            raise DrawingError(f"has too involved a style sheet (@{name}): {PLAIN}")

    def _matched(self) -> Callable[[ElementTree.Element], tuple[Declared, Declared]]:
        """For an element, what the sheets declare: plainly, and as important."""
        if self._rules.plain is None:
            return lambda _: ([], [])
        wrapper = cssselect2.ElementWrapper.from_xml_root(self.root)
        found = {
            node.etree_element: (
                [pair for rule in self._rules.plain.match(node) for pair in rule[-1]],
                [pair for rule in self._rules.urgent.match(node) for pair in rule[-1]],
            )
            for node in wrapper.iter_subtree()
        }
        return lambda element: found.get(element, ([], []))


def _is_drawn(element: ElementTree.Element) -> bool:
    """Whether it is more than a comment, a sheet, or what only one program reads."""
    if not isinstance(element.tag, str) or local(element.tag) == "style":
        return False
    return local(element.tag) != "foreignObject" or "requiredExtensions" not in element.attrib


def _declarations(content: Any) -> tuple[Declared, Declared]:
    """The plain and the important declarations of a block."""
    found: tuple[Declared, Declared] = ([], [])
    for part in tinycss2.parse_blocks_contents(content):
        if part.type == "declaration":
            name = part.name if part.name.startswith("--") else part.lower_name
            found[part.important].append((name, tinycss2.serialize(part.value).strip()))
        elif part.type in {"qualified-rule", "at-rule"}:
            raise DrawingError(f"has too involved a style sheet: {PLAIN}")
    return found


def _settle(
    element: ElementTree.Element, matched: tuple[Declared, Declared], above: dict[str, str]
) -> dict[str, str]:
    """Write at an element how it is drawn; its variables, which what is in it has too."""
    name = local(element.tag)
    if name in MOVED:
        raise DrawingError(f"moves (<{name}>): {PLAIN}")
    if name == "foreignObject":
        raise DrawingError(f"has a part of a web page in it (<{name}>): {PLAIN}")
    plain, urgent = _declarations(element.attrib.pop("style", ""))
    declared = dict([*matched[0], *plain, *matched[1], *urgent])
    own = {key: value for key, value in declared.items() if key.startswith("--")}
    variables = {**above, **own}
    kept = []
    for key, value in (*element.attrib.items(), *declared.items()):
        if key.startswith(("--", "-", "{")) or key == "id":
            continue
        said = _resolved(key, value, variables)
        _refuse(name, key, said, in_css=key in declared and key not in GEOMETRY | TRANSFORMS)
        if key in declared and key not in GEOMETRY | TRANSFORMS:
            kept.append(f"{key}:{said}")
        else:
            element.set(key, said)
    if kept:
        element.set("style", ";".join(kept))
    return variables


def _resolved(key: str, value: str, variables: dict[str, str]) -> str:
    """A property's value in plain terms."""
    if "var(" in value.lower():
        value = _without_variables(value, variables)
    if key in SWATCHES:
        value = NOTATION.sub(lambda found: _hex(found[0]), value)
        value = re.sub(r"(?i)\bcurrentcolor\b", "currentColor", value)
        return _hex(value.strip()) if value.strip().lower() == "rebeccapurple" else value
    if key in MEASURED:
        return WITH_UNIT.sub(_in_px, value)
    if key in TRANSFORMS:
        return UNIT.sub(lambda found: f"{float(found[1]) * TURNS[found[2].lower()]:.9g}", value)
    return value


def _in_px(found: re.Match[str]) -> str:
    if (scale := UNITS.get(found[2].lower())) is None:
        raise DrawingError(f"measures in what depends on a page ({found[0]}): {PLAIN}")
    return f"{float(found[1]) * scale:.9g}"


def _without_variables(value: str, variables: dict[str, str], depth: int = 0) -> str:
    def said(found: re.Match[str]) -> str:
        meant = variables.get(found[1], found[2])
        if meant is None:
            raise DrawingError(f"uses a variable that nothing sets ({found[1]}): {PLAIN}")
        return meant.strip()

    changed = VARIABLE.sub(said, value)
    if "var(" in changed.lower() and changed != value and depth < 20:
        return _without_variables(changed, variables, depth + 1)
    return changed


def _refuse(element: str, key: str, value: str, *, in_css: bool) -> None:
    """Raises for what renderers draw in different ways, or not at all."""
    written = f"{key}: {value.strip()[:40]}"
    if COMPUTED.search(value) or (key in TRANSFORMS and ("%" in value or UNIT.search(value))):
        raise DrawingError(f"computes a value ({written}): {PLAIN}")
    plain = value.strip().lower()
    if key == "pathLength":
        raise DrawingError(f"measures its lines itself ({written}): turn them into shapes")
    if key == "vector-effect" and plain != "none":
        raise DrawingError(f"has lines that do not scale ({written}): turn them into shapes")
    if key.startswith("animation") or (in_css and key in SHAPED_BY_CSS and plain != "none"):
        raise DrawingError(f"is drawn by its style sheet ({written}): {PLAIN}")
    if key in TARGETED and plain not in {"", "none", "inherit"} and not plain.startswith("url("):
        raise DrawingError(f"is cut out by a style sheet ({written}): {PLAIN}")
    if key == "mask-image" or (key.startswith("mask-") and key != "mask-type" and in_css):
        raise DrawingError(f"is cut out by a style sheet ({written}): {PLAIN}")
    if element == "svg" and key in {"background", "background-color"} and plain not in NO_GROUND:
        raise DrawingError(f"has a ground in its style ({written}): draw it as a rectangle")


NO_GROUND = {"none", "transparent", "initial", "inherit", "unset", "0 0"}


def _hex(notation: str) -> str:
    """A colour as `#rrggbb` or `#rrggbbaa`."""
    try:
        parsed: Any = parse_color(notation)
        coordinates = [min(1.0, max(0.0, part or 0)) for part in parsed.to("srgb").coordinates]
    except (AttributeError, NotImplementedError, ValueError):
        raise DrawingError(
            f"has a colour that few programs know ({notation[:40]}): {PLAIN}"
        ) from None
    channels = [*coordinates, float(parsed.alpha)]
    return "#" + "".join(f"{round(255 * part):02x}" for part in channels[: 3 + (channels[3] < 1)])

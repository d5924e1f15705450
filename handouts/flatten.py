"""A drawing in PDF, rewritten so that nothing in it is transparent and no colour needs a profile.

A page must be drawn alike by every viewer and every printer's interpreter. Transparency makes
printers turn whole pages into pictures, and a profile of its own in each drawing is read in as
many ways as there are programs. So whatever is seen through is mixed with the ground that it
stands on, which is known, and colours are those of the device: RGB, or grey.

What stands on something else than its ground (a half transparent shape upon another) would come
out wrong; the caller compares the result with a reference and takes a picture instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handouts.color import luma

Channels = tuple[float, float, float]
"""Red, green and blue from 0 to 1, as sRGB has them."""


class NotFlatError(Exception):
    """What in the drawing has no form without transparency."""


@dataclass(frozen=True)
class Tint:
    """How colours are printed: mixed with the `ground` where they are transparent, in `grey`,
    and `turned`, light for dark."""

    ground: Channels = (1.0, 1.0, 1.0)
    grey: bool = False
    turned: bool = False

    def of(self, color: Channels, alpha: float = 1.0) -> tuple[float, ...]:
        """The colour's channels on paper: three, or one in grey."""
        if self.grey:
            level = luma(*color)
            level = 1 - level if self.turned else level
            ground = luma(*self.ground)
            return (level * alpha + ground * (1 - alpha),)
        pairs = zip(color, self.ground, strict=True)
        return tuple(own * alpha + below * (1 - alpha) for own, below in pairs)


def flatten(document: pikepdf.Pdf, tint: Tint) -> tuple[bytes, Dictionary]:
    """The content of a document's only page, and its resources, with nothing transparent.

    Raises NotFlatError for masks, blend modes, pictures, and whatever else cannot be rewritten.
    """
    page = document.pages[0]
    writer = _Flattener(document, tint)
    return writer.rewritten(page.obj, page.get("/Resources", Dictionary()), 1.0)


PASSED = frozenset(
    "w J j M d i ri cm m l c v y h re n W W* f F f* S s B B* b b*".split()  # noqa: SIM905
)
"""Operators that say nothing of colour: lines, shapes, clips, matrices."""

DROPPED = frozenset({"BDC", "BMC", "EMC", "MP", "DP"})
"""Marks, which mean nothing outside of the page that they were made for."""

PLAIN = frozenset({"/Type", "/ca", "/CA", "/BM", "/SMask", "/AIS", "/SA", "/OP", "/op", "/OPM"})


@dataclass(frozen=True)
class _Paint:
    """How the next shape is painted; `space`: the channels of a colour space, 0 for a pattern."""

    fill: float
    stroke: float
    spaces: tuple[int, int] = (1, 1)


@dataclass
class _Scope:
    """A content stream that is being rewritten, and what it will need."""

    resources: Any
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def named(self, kind: str, name: Any) -> Any:
        found = self.resources.get(kind, Dictionary()).get(str(name))
        if found is None:
            raise NotFlatError(f"names {name}, which is not there")
        return found

    def keep(self, kind: str, name: str, item: Any) -> None:
        self.made.setdefault(kind, {})[name] = item

    def dictionary(self) -> Dictionary:
        return Dictionary({kind: Dictionary(items) for kind, items in self.made.items()})


class _Flattener:
    """Rewrites content streams, each form and pattern once for each way it is painted."""

    def __init__(self, document: pikepdf.Pdf, tint: Tint) -> None:
        self._document, self._tint = document, tint
        self._size = 0
        self._known: dict[tuple[object, float], Any] = {}

    def rewritten(self, item: Any, resources: Any, alpha: float) -> tuple[bytes, Dictionary]:
        scope, lines = _Scope(resources), list[bytes]()
        stack, paint = list[_Paint](), _Paint(alpha, alpha)
        self._size += _size(item)
        if self._size > MOST:
            raise NotFlatError("has very many shapes")
        for instruction in pikepdf.parse_content_stream(item):
            operator = str(instruction.operator)
            operands: Any = instruction.operands
            if operator == "q":
                stack.append(paint)
            elif operator == "Q":
                paint = stack.pop() if stack else paint
            elif operator == "gs":
                paint = _seen_through(paint, scope.named("/ExtGState", operands[0]), alpha)
                continue
            elif operator in {"cs", "CS"}:
                paint = self._in_space(paint, scope, operands[0], stroke=operator == "CS")
                continue
            elif operator in DROPPED:
                continue
            elif operator not in PASSED:
                lines.append(self._painted(operator, operands, paint, scope))
                continue
            lines.append(pikepdf.unparse_content_stream([(operands, instruction.operator)]))
        return b"\n".join(lines), scope.dictionary()

    def _painted(self, operator: str, operands: Any, paint: _Paint, scope: _Scope) -> bytes:
        if operator in COLORED:
            return self._colored(operator, operands, paint, scope)
        if operator == "Do":
            form = scope.named("/XObject", operands[0])
            return self._placed("/XObject", operands[0], form, paint.fill, scope) + b" Do"
        if operator == "sh":
            shading = scope.named("/Shading", operands[0])
            return self._placed("/Shading", operands[0], shading, paint.fill, scope) + b" sh"
        raise NotFlatError(f"has what is no shape ({operator})")

    def _colored(self, operator: str, operands: Any, paint: _Paint, scope: _Scope) -> bytes:
        stroke = operator.isupper()
        alpha = paint.stroke if stroke else paint.fill
        if len(operands) and isinstance(operands[-1], Name):
            pattern = scope.named("/Pattern", operands[-1])
            name = self._placed("/Pattern", operands[-1], pattern, alpha, scope)
            space, color = (b"CS", b"SCN") if stroke else (b"cs", b"scn")
            return b"/Pattern %b %b %b" % (space, name, color)
        count = {"g": 1, "rg": 3}.get(operator.lower()) or paint.spaces[stroke]
        channels = _channels([float(value) for value in operands], count)
        return _color(self._tint.of(channels, alpha), stroke=stroke)

    def _in_space(self, paint: _Paint, scope: _Scope, name: Any, *, stroke: bool) -> _Paint:
        found = 0 if name == Name.Pattern else _count(_space(name, scope))
        fill, line = paint.spaces
        return replace(paint, spaces=(fill, found) if stroke else (found, line))

    def _placed(self, kind: str, name: Any, item: Any, alpha: float, scope: _Scope) -> bytes:
        """The name under which what is placed is found, mixed with the ground to this share."""
        key = (item.objgen if item.is_indirect else id(item), alpha)
        if key not in self._known:
            make: Callable[[Any, float], Any] = {
                "/XObject": self._form,
                "/Pattern": self._pattern,
                "/Shading": self._shading,
            }[kind]
            self._known[key] = make(item, alpha)
        own = str(name) if alpha == 1 else f"{name}-{round(alpha * 255)}"
        scope.keep(kind, own, self._known[key])
        return own.encode()

    def _form(self, form: Any, alpha: float) -> Any:
        if form.get("/Subtype") != "/Form":
            raise NotFlatError("has a picture in it")
        return self._stream(form, alpha, "/Type", "/Subtype", "/BBox", "/Matrix")

    def _pattern(self, pattern: Any, alpha: float) -> Any:
        if pattern.PatternType == 1:
            raise NotFlatError("has a pattern")  # tiles are laid to whole pixels by some viewers
        if "/ExtGState" in pattern:
            raise NotFlatError("has a gradient with a state of its own")
        made = Dictionary(PatternType=2, Shading=self._shading(pattern.Shading, alpha))
        if "/Matrix" in pattern:
            made.Matrix = pattern.Matrix
        return self._document.make_indirect(made)

    def _stream(self, item: Any, alpha: float, *keys: str) -> Any:
        content, resources = self.rewritten(item, item.get("/Resources", Dictionary()), alpha)
        made = Stream(self._document, content)
        for key in keys:
            if key in item:
                made[key] = item[key]
        made.Resources = resources
        return self._document.make_indirect(made)

    def _shading(self, shading: Any, alpha: float) -> Any:
        if "/Background" in shading or shading.ShadingType not in {1, 2, 3}:
            raise NotFlatError("has a gradient of a rare kind")
        count = _count(shading.ColorSpace)
        made = Dictionary({key: value for key, value in shading.items() if key != "/AntiAlias"})
        made.ColorSpace = Name.DeviceGray if self._tint.grey else Name.DeviceRGB
        made.Function = self._function(shading.Function, count, alpha)
        return self._document.make_indirect(made)

    def _function(self, function: Any, count: int, alpha: float) -> Any:
        if isinstance(function, Array):
            raise NotFlatError("has a gradient of several functions")
        kind = int(function.FunctionType)
        made = Dictionary({key: function[key] for key in ("/FunctionType", "/Domain")})
        if kind == 2:
            for key, default in (("/C0", 0.0), ("/C1", 1.0)):
                ends = [float(value) for value in function.get(key, [default])]
                made[key] = _numbers(self._tint.of(_channels(ends, count), alpha))
            made.N = function.N
        elif kind == 3:
            made.Bounds, made.Encode = function.Bounds, function.Encode
            made.Functions = Array(
                [self._function(each, count, alpha) for each in function.Functions]
            )
        elif kind == 4 and count == 3 and alpha == 1 and not self._tint.grey:
            return function
        else:
            raise NotFlatError("has a gradient of a rare kind")
        return self._document.make_indirect(made)


MOST = 1_000_000
"""Bytes of a drawing's content: more takes seconds to rewrite, and a picture does as well."""

COLORED = frozenset({"g", "G", "rg", "RG", "sc", "SC", "scn", "SCN"})


def _size(item: Any) -> int:
    """How many bytes a content stream has, or that of a page."""
    stream = item if isinstance(item, Stream) else item.Contents
    parts = stream if isinstance(stream, Array) else [stream]
    return sum(len(part.read_bytes()) for part in parts)


def _seen_through(paint: _Paint, state: Any, alpha: float) -> _Paint:
    """The paint in a graphics state, whose shares are those of a form that has its own."""
    if stray := set(state.keys()) - PLAIN:
        raise NotFlatError(f"has a state that is not known here ({min(stray)})")
    if state.get("/SMask", Name("/None")) != Name("/None"):
        raise NotFlatError("has a mask")
    if state.get("/BM", Name.Normal) not in (Name.Normal, Name.Compatible):
        raise NotFlatError("mixes colours")
    fill = alpha * float(state.ca) if "/ca" in state else paint.fill
    stroke = alpha * float(state.CA) if "/CA" in state else paint.stroke
    return replace(paint, fill=fill, stroke=stroke)


def _space(name: Any, scope: _Scope) -> Any:
    if name in (Name.DeviceGray, Name.DeviceRGB):
        return name
    return scope.named("/ColorSpace", name)


def _count(space: Any) -> int:
    """How many channels a colour space has: one is grey, three are sRGB."""
    if space == Name.DeviceGray:
        return 1
    if space == Name.DeviceRGB:
        return 3
    if isinstance(space, Array) and space[0] == Name.ICCBased and space[1].N in {1, 3}:
        return int(space[1].N)
    raise NotFlatError("has colours that are neither grey nor RGB")


def _channels(values: list[float], count: int) -> Channels:
    if count == 1 and len(values) == 1:
        return values[0], values[0], values[0]
    if count == 3 and len(values) == 3:
        return values[0], values[1], values[2]
    raise NotFlatError("has colours that are neither grey nor RGB")


def _color(channels: tuple[float, ...], *, stroke: bool) -> bytes:
    """The operator that sets a colour; greys are grey, so that black is printed with black."""
    if len({round(channel, 4) for channel in channels}) == 1:
        return b"%b %b" % (_written(channels[:1]), b"G" if stroke else b"g")
    return b"%b %b" % (_written(channels), b"RG" if stroke else b"rg")


def _written(channels: tuple[float, ...]) -> bytes:
    return b" ".join(b"%.4g" % round(channel, 4) for channel in channels)


def _numbers(channels: Iterator[float] | tuple[float, ...]) -> Array:
    return Array([Decimal(f"{channel:.4f}") for channel in channels])

"""A clinic's brand, made ready to print: its logo, inks and typeface."""

import logging
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath

from handouts import fonts, placing
from handouts import logo as pictures
from handouts.artwork import Artwork
from handouts.brandfile import Brand, Colors, Face, Logo, Logos, LogoVariants
from handouts.disk import UnreadableError, read
from handouts.explain import did_you_mean, show
from handouts.logo_process import Artworks
from handouts.model import HOLE, Asset, Headings, Livery, Typeface
from handouts.yamlfile import Way

MAX_LOGO = 1024 * 1024
MAX_FONT = 4 * 1024 * 1024
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
FONT_STARTS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
FONT_KINDS = (".ttf", ".otf")

logging.getLogger("fontTools").addHandler(logging.NullHandler())
"""What it remarks about a broken font is not for our readers."""

ColorWay = tuple[str, ...]
Blame = Callable[[Way, str], None]
"""Takes the way to a value of the brand file, and what is wrong with it."""


def livery(folder: Path, brand: Brand, artworks: Artworks, blame: Blame) -> Livery | None:
    """What the brand file and the files that it names amount to; None if anything is amiss."""
    logo, on_dark = _logos(folder, brand.logo, artworks, blame)
    inks = _inks(brand.color, blame)
    base = _typeface(folder, brand, "base", blame)
    headings = _headings(folder, brand, base, blame)
    style = brand.defaults.handouts
    if not (logo and inks and base and headings) or isinstance(on_dark, str) or style is HOLE:
        return None
    found = Livery(logo, *inks, base, headings, style, on_dark)
    if fault := placing.unseen(found) or placing.misfit(found):
        blame(chosen(brand.logo)[0], f"logo: {fault}")
        return None
    return found


BAD = "a file that is named and cannot be used"


def _logos(
    folder: Path, logo: Logos | str, artworks: Artworks, blame: Blame
) -> tuple[Artwork | None, Artwork | str | None]:
    """The logo, None if there is no good one, and its variant for dark grounds, if any."""
    way, name = chosen(logo)
    if name is None:
        blame(way, "logo: names no file: add `medium: logo.svg`")
    dark_way, dark = _chosen_for_dark(logo)
    on_dark = _logo(folder, dark_way, dark, artworks, blame) or BAD if dark else None
    return _logo(folder, way, name, artworks, blame) if name else None, on_dark


def _logo(folder: Path, way: Way, name: str, artworks: Artworks, blame: Blame) -> Artwork | None:
    asset = _asset(folder, name, MAX_LOGO, lambda said: blame(way, f"logo: {name} {said}"))
    if asset is None:
        return None
    found = artworks.of(asset)
    if isinstance(found, str):
        blame(way, f"logo: {name} {found}")
        return None
    return replace(found, name=asset.name)


def files(folder: Path) -> Iterator[Asset]:
    """The pictures in a clinic's folder that its brand file seems to name."""
    try:
        named = (folder / "_brand.yml").read_bytes()
        found = [path for path in folder.rglob("*") if path.suffix.lower() in pictures.KINDS]
    except OSError:
        return
    for path in found:
        if path.name.encode() in named:
            asset = _asset(folder, path.relative_to(folder).as_posix(), MAX_LOGO, lambda _: None)
            if asset:
                yield asset


SIZES = ("medium", "large", "small")
"""Which of a brand's logos is printed: the first that there is."""


def chosen(logo: Logos | str) -> tuple[Way, str | None]:
    """Where the logo's file is named, and its path, which may be a hole."""
    if isinstance(logo, str):
        return ("logo",), logo
    size, choice = _choice(logo)
    if choice is None:
        return ("logo",), None
    name = choice.light if isinstance(choice, LogoVariants) else choice
    return _named(("logo", size, "light"), name, logo)


def _chosen_for_dark(logo: Logos | str) -> tuple[Way, str | None]:
    if isinstance(logo, str):
        return (), None
    size, choice = _choice(logo)
    name = choice.dark if isinstance(choice, LogoVariants) else None
    return _named(("logo", size, "dark"), name, logo) if name else ((), None)


def _choice(logo: Logos) -> tuple[str, LogoVariants | str | None]:
    """The logo that is printed, with its size."""
    sizes = ((size, getattr(logo, size)) for size in SIZES)
    return next(((size, choice) for size, choice in sizes if choice is not None), ("", None))


def _named(way: Way, name: str, logo: Logos) -> tuple[Way, str]:
    image = logo.images.get(name)
    if image is None:
        return way, name
    return ("logo", "images", name, "path"), image.path if isinstance(image, Logo) else image


def _asset(folder: Path, name: str, limit: int, blame: Callable[[str], None]) -> Asset | None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        blame("leads out of the clinic's folder: move the file into it")
        return None
    try:
        return Asset(path.name, read(folder / path, folder, limit))
    except UnreadableError as error:
        blame(error.message)
        return None


def _inks(colors: Colors, blame: Blame) -> tuple[str, str] | None:
    """The primary colour and the accent."""
    faults = list(_color_faults(colors))
    for way, said in faults:
        blame(way, f"{'.'.join(way)}: {said}")
    if faults or HOLE in [color for _, color in _colors(colors)]:
        return None
    _, primary = _traced("primary", colors)
    _, secondary = _traced("secondary", colors)
    return _hex(primary), _hex(secondary or primary)


def _color_faults(colors: Colors) -> Iterator[tuple[ColorWay, str]]:
    palette = colors.palette
    for way, color in _colors(colors):
        if color and not HEX.fullmatch(color) and color not in palette:
            yield way, _no_color(color, palette)
    for name in _circles(palette):
        yield ("color", "palette", name), "leads back to itself"


def _colors(colors: Colors) -> Iterator[tuple[ColorWay, str]]:
    """The colours that get printed, each with its way."""
    for name, color in colors.palette.items():
        yield ("color", "palette", name), color
    yield ("color", "primary"), colors.primary
    if colors.secondary:
        yield ("color", "secondary"), colors.secondary


def _no_color(color: str, palette: dict[str, str]) -> str:
    meant = did_you_mean(color, palette)
    if HEX.fullmatch(f"#{color}"):
        meant = meant or f"#{color}"
    advice = f": did you mean {meant!r}?" if meant else ""
    wanted = "a colour such as `#a1004b` or a name in the palette"
    return f"must be {wanted}, found {show(color)}{advice}"


def _circles(palette: dict[str, str]) -> Iterator[str]:
    """One name of each circle in the palette."""
    for name in palette:
        circle = [name]
        while (step := palette.get(circle[-1])) and step not in circle:
            circle.append(step)
        if step and step == name == min(circle):
            yield name


def _traced(name: str, colors: Colors) -> tuple[ColorWay, str]:
    """The colour that this one comes down to as far as it can be followed, with its way."""
    way: ColorWay = ("color", name)
    color: str = getattr(colors, name)
    for _ in colors.palette:
        step = colors.palette.get(color)
        if color and not HEX.fullmatch(color) and step is not None:
            way, color = ("color", "palette", color), step
    return way, color


def _hex(color: str) -> str:
    digits = color[1:].lower()
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"


def _headings(folder: Path, brand: Brand, base: Typeface | None, blame: Blame) -> Headings | None:
    """What titles are set in: the base typeface, if the brand names no other."""
    face = brand.typography.headings
    typeface = _typeface(folder, brand, "headings", blame) if face and face.family else base
    weight = _weight(face)
    if weight is None:
        blame(("typography", "headings", "weight"), f"must be one of {', '.join(WEIGHTS)}")
    return Headings(typeface, weight) if typeface and weight else None


WEIGHTS = {"regular": 400, "normal": 400, "medium": 500, "semi-bold": 600, "bold": 700}
"""The names of weights that titles can have; lighter ones are lost on paper."""


def _weight(face: Face | None) -> int | None:
    """The weight of titles as a number, or None where it can be no title's."""
    weight = face.weight if face and face.weight is not None else 700
    known = WEIGHTS.get(str(weight), weight)
    return known if isinstance(known, int) and known in range(400, 901, 100) else None


def _typeface(folder: Path, brand: Brand, part: str, blame: Blame) -> Typeface | None:
    face = getattr(brand.typography, part)
    family = face.family if face and face.family else fonts.BASE
    named = list(_font_files(brand, family))
    files = [_font(folder, way, name, family, blame) if name else None for way, name in named]
    if named:
        whole = tuple(asset for asset in files if asset)
        return Typeface(family, whole) if len(whole) == len(named) else None
    if fonts.folder(family):
        return Typeface(family)
    if HOLE in [font.family and font.source for font in brand.typography.fonts]:
        return None
    advice = f"pip install {fonts.package(family)}"
    way = ("typography", part, "family")
    blame(way, f"no installed package brings the family {show(family)}: {advice}")
    return None


def _font_files(brand: Brand, family: str) -> Iterator[tuple[Way, str]]:
    for index, font in enumerate(brand.typography.fonts):
        if font.family == family and font.source == "file":
            for number, file in enumerate(font.files):
                yield ("typography", "fonts", index, "files", number, "path"), file.path


def _font(folder: Path, way: Way, name: str, family: str, blame: Blame) -> Asset | None:
    def wrong(said: str) -> None:
        blame(way, f"font: {name} {said}")

    if PurePosixPath(name).suffix.lower() not in FONT_KINDS:
        wrong("must be a .ttf or .otf file")
        return None
    asset = _asset(folder, name, MAX_FONT, wrong)
    own = _own_family(asset) if asset else family
    if own is None:
        wrong("is not a font, whatever its name says")
    elif own.casefold() != family.casefold():
        wrong(f"calls itself {show(own)}: write that for the family, wherever it is named")
    else:
        return asset
    return None


def _own_family(font: Asset) -> str | None:
    """What a font file calls its family, if all of it is there; no other name will find it."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415  few clinics have fonts

    if not font.data.startswith(FONT_STARTS):
        return None
    try:
        with TTFont(BytesIO(font.data), lazy=True) as opened:
            for table in opened.reader.keys():  # noqa: SIM118  it is no dict
                opened.reader[table]
            family: str | None = opened["name"].getBestFamilyName()
            return family
    except (TTLibError, LookupError, ValueError, AssertionError, struct.error):
        return None

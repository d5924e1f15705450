"""A clinic's brand, made ready to print: its logo, inks and typeface."""

import logging
import re
import struct
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath

from handouts import fonts, palette, placing
from handouts.artwork import Artwork
from handouts.brandfile import AnyLogo, Brand, Face, Font, Logo, LogoVariants
from handouts.disk import MISSING, UnreadableError, read
from handouts.explain import did_you_mean, folded, show
from handouts.logo_process import Artworks
from handouts.model import HOLE, Asset, Headings, Livery, Typeface
from handouts.yamlfile import Way

MAX_LOGO = 1024 * 1024
MAX_FONT = 4 * 1024 * 1024
FONT_STARTS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
FONT_KINDS = (".ttf", ".otf")

logging.getLogger("fontTools").addHandler(logging.NullHandler())
"""What it remarks about a broken font is not for our readers."""

Blame = Callable[[Way, str], None]
"""Takes the way to a value of the brand file, and what is wrong with it."""


def livery(folder: Path, brand: Brand, artworks: Artworks, blame: Blame) -> Livery | None:
    """What the brand file and the files that it names amount to; None if anything is amiss."""
    logo, on_dark = _logos(folder, brand.logo, artworks, blame)
    inks = palette.inks(brand.color, blame)
    base = _typeface(folder, brand, "base", blame, Typeface(fonts.BASE))
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
    folder: Path, logo: AnyLogo, artworks: Artworks, blame: Blame
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


NAMED = re.compile(rb"[^\s'\"{}\[\],:#]+\.(?:svg|png|jpe?g)\b", re.IGNORECASE)


def files(folder: Path) -> Iterator[Asset]:
    """The pictures that a clinic's brand file seems to name, as far as they are there."""
    try:
        named = NAMED.findall((folder / "_brand.yml").read_bytes())
    except OSError:
        return
    for name in dict.fromkeys(named):
        path = name.decode("utf-8", "replace")
        try:
            yield Asset(PurePosixPath(path).name, read(folder / path, folder, MAX_LOGO))
        except (UnreadableError, ValueError):
            continue


SIZES = ("medium", "large", "small")
"""Which of a brand's logos is printed: the first of which there is a file here."""

ON_THE_WEB = re.compile(r"(?:https?:)?//|data:", re.IGNORECASE)


def chosen(logo: AnyLogo) -> tuple[Way, str | None]:
    """Where the logo's file is named, and its path, which may be a hole."""
    return next(_choices(logo, "light"), (("logo",), None))


def _chosen_for_dark(logo: AnyLogo) -> tuple[Way, str | None]:
    """As `chosen`, for the variant on dark grounds of the same logo."""
    size = chosen(logo)[0][1:2]
    found = (choice for choice in _choices(logo, "dark") if choice[0][1:2] == size)
    return next(found, ((), None))


def _choices(logo: AnyLogo, ground: str) -> Iterator[tuple[Way, str]]:
    """The files named for a ground, those that lie here before those on the web.

    What is for dark grounds only does for light ones where there is no other.
    """
    found = list(_files(logo, ground))
    if not found and ground == "light":
        found = list(_files(logo, "dark"))
    yield from sorted(found, key=lambda each: bool(each[1] and ON_THE_WEB.match(each[1])))


def _files(logo: AnyLogo, ground: str) -> Iterator[tuple[Way, str]]:
    if isinstance(logo, (str, Logo)):
        yield from [_named(("logo",), logo, {})] if ground == "light" else []
        return
    for size in SIZES:
        choice = getattr(logo, size)
        if isinstance(choice, LogoVariants):
            if (variant := getattr(choice, ground)) is not None:
                yield _named(("logo", size, ground), variant, logo.images)
        elif choice is not None and ground == "light":
            yield _named(("logo", size), choice, logo.images)


def _named(way: Way, choice: Logo | str, images: dict[str, Logo | str]) -> tuple[Way, str]:
    """Where the file of a logo is named, and its path."""
    if isinstance(choice, str) and (image := images.get(choice)) is not None:
        way, choice = ("logo", "images", choice), image
    return ((*way, "path"), choice.path) if isinstance(choice, Logo) else (way, choice)


def _asset(folder: Path, name: str, limit: int, blame: Callable[[str], None]) -> Asset | None:
    if ON_THE_WEB.match(name):
        blame("is not here: save it in the clinic's folder, and write its file name")
        return None
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        blame("leads out of the clinic's folder: move the file into it")
        return None
    try:
        return Asset(path.name, read(folder / path, folder, limit))
    except UnreadableError as error:
        near = _near(folder, name) if error.message == MISSING else ""
        blame(error.message + near)
        return None


LOOKED_AT = 500
"""Among how many files of a clinic a near name is looked for."""


def _near(folder: Path, name: str) -> str:
    """Which file may be meant by a name of which there is none, and in what it differs."""
    paths = (path for path in islice(folder.rglob("*"), LOOKED_AT) if path.is_file())
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    slashed, kind = name.replace("\\", "/"), PurePosixPath(name).suffix
    if slashed != name and slashed in names:
        return f": write {slashed!r}, with / for the backslash"
    for found in names:
        if unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", slashed):
            return f": there is {found!r}, whose accents are encoded differently: rename the file"
        if folded(found) == folded(slashed):
            return f": there is {found!r}, which differs in capitals: write it so"
        if folded(found) == folded(slashed + kind):
            return f": there is {found!r}, which has its ending twice: rename the file"
        if folded(PurePosixPath(found).name) == folded(slashed):
            return f": there is {found!r}, in a folder: write it so"
    meant = did_you_mean(slashed, [found for found in names if found.endswith(kind)])
    return f": did you mean {meant!r}?" if meant else ""


def _headings(folder: Path, brand: Brand, base: Typeface | None, blame: Blame) -> Headings | None:
    """What titles are set in: the base typeface, if the brand names no other that there is."""
    face = brand.typography.headings
    typeface = base
    if base and face and face.family:
        typeface = _typeface(folder, brand, "headings", blame, base)
    weight = _weight(face)
    if weight is None:
        names = ", ".join(WEIGHTS)
        blame(("typography", "headings", "weight"), f"must be 100 to 900, or one of {names}")
    return Headings(typeface, weight) if typeface and weight else None


WEIGHTS = {
    "thin": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "regular": 400,
    "normal": 400, "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700,
    "extra-bold": 800, "ultra-bold": 800, "black": 900,
}  # fmt: skip
LIGHTEST = 400
"""Titles of less weight are lost on paper."""


def _weight(face: Face | None) -> int | None:
    """The weight of titles as a number, or None where it can be no title's."""
    named = face.weight if face and face.weight is not None else 700
    text = str(named).strip().lower()
    found = re.fullmatch(r"(\d{1,4})(?: *\.\. *(\d{1,4}))?", text)
    if not found:
        return max(WEIGHTS[text], LIGHTEST) if text in WEIGHTS else None
    low, high = int(found[1]), int(found[2] or found[1])
    weight = min(max(700, low), high)
    return max(round(weight, -2), LIGHTEST) if 1 <= weight <= 950 else None


def _typeface(
    folder: Path, brand: Brand, part: str, blame: Blame, otherwise: Typeface
) -> Typeface | None:
    """The first family named for this part that there is, or the other typeface."""
    face = getattr(brand.typography, part)
    declared = brand.typography.fonts or ()
    if HOLE in (brand.typography.fonts, *(font.family for font in declared)):
        return None
    for family in fonts.families(face.family) if face and face.family else ():
        if named := list(_font_files(declared, family)):
            files = [_font(folder, way, name, family, blame) for way, name in named]
            whole = tuple(asset for asset in files if asset)
            return Typeface(family, whole) if len(whole) == len(named) else None
        if fonts.folder(family):
            return Typeface(family)
        own = [font.family for font in declared if font.files]
        if meant := did_you_mean(family, [name for name in own if name != family]):
            way = ("typography", part, "family")
            blame(way, f"no font here is called {show(family)}: did you mean {meant!r}?")
            return None
    if face and face.family is HOLE:
        return None
    return otherwise


def _font_files(declared: tuple[Font, ...], family: str) -> Iterator[tuple[Way, str]]:
    """The files of a family with their places, if all of them lie here."""
    for index, font in enumerate(declared):
        if font.family.casefold() == family.casefold() and font.source in (None, "file"):
            way: Way = ("typography", "fonts", index, "files")
            named = [
                ((*way, number), file)
                if isinstance(file, str)
                else ((*way, number, "path"), file.path)
                for number, file in enumerate(font.files)
            ]
            if not any(name and ON_THE_WEB.match(name) for _, name in named):
                yield from named


def _font(folder: Path, way: Way, name: str, family: str, blame: Blame) -> Asset | None:
    if not name:
        return None

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

"""A PNG or a JPEG: all that is in it, as a printer shows it."""

from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

PNG = b"\x89PNG\r\n\x1a\n"
MOST_COLORS = 8
"""How many colours of a logo are told apart."""

SEEN = 96
"""Pixels of the longer side at which colours are counted."""


def opened(data: bytes) -> "ImageFile":
    """The picture, its size known and nothing decoded; `Image.open` would judge the size."""
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415  many logos are SVG
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415

    return (PngImageFile if data.startswith(PNG) else JpegImageFile)(BytesIO(data))


def load(picture: "ImageFile") -> None:
    """Decode all of it; WeasyPrint, once loaded, has Pillow put up with half a picture."""
    from PIL import ImageFile  # noqa: PLC0415  many logos are SVG

    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def decoded(data: bytes) -> "Image":
    """All of the picture, upright, as L, LA, RGB or RGBA in sRGB and nothing else about it."""
    from PIL import ImageOps  # noqa: PLC0415  many logos are SVG

    file = opened(data)
    load(file)
    profile = file.info.get("icc_profile")
    picture = _eight_bit(ImageOps.exif_transpose(file))
    picture = _standard(picture, profile) if profile else picture
    picture = picture.convert("RGB") if picture.mode == "CMYK" else picture
    if "A" in picture.mode and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert(picture.mode[:-1])
    picture.info = {}
    return picture


def _eight_bit(picture: "Image") -> "Image":
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if "transparency" in picture.info or picture.mode in {"PA", "RGBa"}:
        return picture.convert("RGBA")
    if picture.mode in {"P", "YCbCr", "LAB", "HSV"}:
        return picture.convert("RGB")
    return picture.convert("L") if picture.mode == "1" else picture


def _standard(picture: "Image", profile: bytes) -> "Image":
    """The picture in sRGB; as it is if its profile is that, or cannot be used."""
    from PIL import ImageCms  # noqa: PLC0415  few logos have a profile

    plain = picture.convert(picture.mode[:-1]) if "A" in picture.mode else picture
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(own):
            return picture
        standard = ImageCms.createProfile("sRGB")
        moved = ImageCms.profileToProfile(plain, own, standard, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    if moved is None:
        return picture
    if plain is not picture:
        moved.putalpha(picture.getchannel("A"))
    return moved


def scaled(picture: "Image", most: int) -> "Image":
    """The picture with so many pixels on its longer side."""
    from PIL.Image import Resampling  # noqa: PLC0415  many logos are SVG

    share = most / max(picture.size)
    if share == 1:
        return picture
    width, height = (max(1, round(side * share)) for side in picture.size)
    return picture.resize((width, height), Resampling.LANCZOS)


def grey(picture: "Image", turn: bool) -> "Image":
    """The picture without colour; `turn`: with light for dark and dark for light."""
    from PIL import Image, ImageOps  # noqa: PLC0415  many logos are SVG

    level = picture.convert("RGB").convert("L")
    level = ImageOps.invert(level) if turn else level
    if "A" not in picture.mode:
        return level
    return Image.merge("LA", (level, picture.getchannel("A")))


def is_box(picture: "Image") -> bool:
    """Whether nothing can be seen through it at any edge."""
    if "A" not in picture.mode:
        return True
    alpha, (width, height) = picture.getchannel("A"), picture.size
    edges = [
        (0, 0, width, 1), (0, height - 1, width, height),
        (0, 0, 1, height), (width - 1, 0, width, height),
    ]  # fmt: skip
    return all(alpha.crop(edge).getextrema()[0] >= 250 for edge in edges)  # type: ignore[operator]


def colors(picture: "Image") -> tuple[tuple[str, float], ...]:
    """What is seen, as `#rrggbb`, each colour with its share of the area, the largest first."""
    from PIL import Image  # noqa: PLC0415  many logos are SVG

    small = scaled(picture, SEEN) if max(picture.size) > SEEN else picture
    data = small.convert("RGBA").tobytes()
    seen = b"".join(data[at : at + 3] for at in range(0, len(data), 4) if data[at + 3] >= 128)
    if not seen:
        return ()
    strip = Image.frombytes("RGB", (len(seen) // 3, 1), seen)
    counted = strip.quantize(MOST_COLORS, Image.Quantize.MEDIANCUT).convert("RGB").getcolors()
    total = strip.width
    found = Counter({"#" + bytes(rgb).hex(): count for count, rgb in counted or ()})  # type: ignore[arg-type]
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple((color, count / total) for color, count in ordered)


def resized(picture: "Image", width: int, height: int) -> "Image":
    """The picture in this size; what is transparent leaves no rim."""
    from PIL.Image import Resampling  # noqa: PLC0415  many logos are SVG

    return picture.resize((width, height), Resampling.LANCZOS)


def on_ground(picture: "Image", ground: str) -> "Image":
    """The picture upon a ground (`#rrggbb`), opaque, as L or RGB."""
    from PIL import Image  # noqa: PLC0415  many logos are SVG

    if "A" not in picture.mode:
        return picture
    mode = "L" if picture.mode == "LA" else "RGB"
    below = Image.new("RGB", picture.size, ground).convert(mode)
    below.paste(picture.convert(mode), mask=picture.getchannel("A"))
    return below

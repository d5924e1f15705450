"""Whether two pictures of a logo look the same, whoever drew them."""

from PIL import Image, ImageChops, ImageFilter, ImageOps

NEAR = 12
"""How much a channel differs, of 255, in what is taken for the same colour."""

DIFFERS = 40
"""How much a channel differs, of 255, where two drawings are not alike: edges drawn half a pixel
apart by two renderers, and then blurred, come to some 30."""

MOST_DIFFERING = 0.004
"""The share of a logo's ink in which they may differ. Of samples of public logos that were looked
at, those alike to the eye stayed below it, and a lost mask or mixture came to 0.02 and more; what
is in doubt is printed as a picture, which does no harm."""

MOST_ON_PAGE = 0.01
"""The same for a logo cut out of a finished page, whose pixels begin anywhere: pictures of 600
dots to the inch, drawn at twice that, come to 0.006."""


def alike(reference: Image.Image, found: Image.Image) -> bool:
    """Whether two pictures of a logo on its ground, in one size, look the same."""
    return differing(reference, found) <= MOST_DIFFERING


def differing(reference: Image.Image, found: Image.Image) -> float:
    """The share of a logo's ink in which another picture of it looks otherwise, from 0 to 1."""
    blur, rim = ImageFilter.BoxBlur(1), min(1, min(reference.size) // 16)
    one, other = (
        ImageOps.crop(picture.convert("RGB").filter(blur), rim) for picture in (reference, found)
    )
    apart = most(ImageChops.difference(one, other)).histogram()
    ground = reference.convert("RGB").getpixel((0, 0))
    inked = most(ImageChops.difference(one, Image.new("RGB", one.size, ground))).histogram()
    ink = max(sum(inked[NEAR:]), one.width * one.height // 50)
    return sum(apart[DIFFERS:]) / ink


def most(difference: Image.Image) -> Image.Image:
    """The channel that differs most, at each pixel."""
    red, green, blue = difference.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)

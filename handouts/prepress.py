"""Pictures made ready for the printer's, from the files that clinics have."""

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from math import ceil, sqrt

from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from handouts import artwork
from handouts.artwork import FINE, LogoPrint
from handouts.errors import LayoutError
from handouts.flatten import NotFlatError, Tint, flatten
from handouts.model import Asset

MARK = b"logo:"


def finished(asset: Asset) -> bytes:
    """The picture as it is laid out: a file as it is, or the code of an address."""
    return _code(asset.data.decode()) if asset.finish == "qr" else asset.data


def _code(address: str) -> bytes:
    """A QR code as a drawing, without the quiet zone around it."""
    import segno  # noqa: PLC0415  few clinics have codes

    drawing = BytesIO()
    code = segno.make(address, error="m", micro=False, boost_error=False)
    code.save(drawing, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawing.getvalue()


def placeholder(logo: LogoPrint) -> bytes:
    """A PNG that holds a logo's place while its letterhead is laid out.

    WeasyPrint never sees the logo itself. It draws shadings in the colour space of the first
    ink, drops masks and filters, and can be brought to hang; and a printer wants it flat.
    """
    held = BytesIO()
    Image.frombytes("L", _size(logo), _pixels(logo)).save(held, "PNG")
    return held.getvalue()


def _size(logo: LogoPrint) -> tuple[int, int]:
    """So few pixels that have the logo's shape, and room for its name."""
    shape = Fraction(logo.artwork.aspect).limit_denominator(400)
    width, height = shape.numerator, shape.denominator
    times = ceil(sqrt(len(MARK + logo.name.encode()) / (width * height)))
    return times * width, times * height


def _pixels(logo: LogoPrint) -> bytes:
    width, height = _size(logo)
    return (MARK + logo.name.encode()).ljust(width * height, b"\0")


def place_logos(document: Pdf, logos: Iterable[LogoPrint]) -> None:
    """Put each logo in the place of the image that has held it open.

    Raises LayoutError for one that has none: what holds a place open must never be printed.
    """
    waiting = {_pixels(logo): logo for logo in logos}
    found = [
        (item, waiting.get(item.read_bytes()))
        for item in document.objects
        if isinstance(item, Stream) and item.get("/ColorSpace") == "/DeviceGray"
    ]
    for image, logo in found:
        if logo:
            _place(document, image, logo)
    placed = {logo.name for _, logo in found if logo}
    if any(logo.name not in placed for logo in waiting.values()):
        raise LayoutError("the logo is not where the letterhead has a place for it")


def _place(document: Pdf, image: Stream, logo: LogoPrint) -> None:
    for key in set(image.keys()) - {"/Length"}:
        del image[key]
    image.Type = Name.XObject
    try:
        _place_paths(document, image, logo)
    except NotFlatError:
        _place_picture(image, logo)


def _place_paths(document: Pdf, image: Stream, logo: LogoPrint) -> None:
    """Make the image a form that shows a drawing in the unit square, as an image would."""
    if not logo.artwork.paths:
        raise NotFlatError(logo.artwork.why)
    with Pdf.open(BytesIO(logo.artwork.paths)) as drawing:
        content, resources = flatten(drawing, _tint(logo))
        width, height = (float(side) for side in drawing.pages[0].mediabox[2:])
        held = drawing.make_indirect(resources)
        image.Resources = document.copy_foreign(held)
    image.Subtype = Name.Form
    image.BBox = Array([0, 0, round(width, 4), round(height, 4)])
    image.Matrix = Array([round(1 / width, 9), 0, 0, round(1 / height, 9), 0, 0])
    image.write(content)


def _place_picture(image: Stream, logo: LogoPrint) -> None:
    seen = artwork.drawn(logo.artwork, _pixels_across(logo))
    shown = artwork.printed(seen, logo.ground, grey=logo.grey, turned=logo.turned)
    image.Subtype = Name.Image
    image.Width, image.Height, image.BitsPerComponent = *shown.size, 8
    image.ColorSpace = Name.DeviceGray if shown.mode == "L" else Name.DeviceRGB
    if logo.artwork.picture.startswith(b"\xff\xd8"):
        held = BytesIO()
        shown.save(held, "JPEG", quality=92, subsampling=0)
        image.write(held.getvalue(), filter=Name.DCTDecode)
    else:
        predictor = Dictionary(
            Predictor=15, Colors=len(shown.getbands()), BitsPerComponent=8, Columns=shown.width
        )
        image.write(_deflated(shown), filter=Name.FlateDecode, decode_parms=predictor)


def _pixels_across(logo: LogoPrint) -> int:
    """As many as the picture has, but none that no printer shows, and enough to look smooth."""
    inches = logo.width / 25.4
    native = logo.artwork.pixels[0] if logo.artwork.pixels else FINE * inches
    return max(1, round(min(FINE * inches, max(SMOOTH * inches, native))))


SMOOTH = 300
"""Dots to the inch below which viewers make pictures finer, each in its own way."""


def _deflated(picture: Image.Image) -> bytes:
    """The pixels, compressed row by row as in a PNG, whose predictors PDF knows."""
    held = BytesIO()
    picture.save(held, "PNG", compress_level=9)
    data, at, found = held.getvalue(), 8, bytearray()
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            found += data[at + 8 : at + 8 + size]
        at += size + 12
    return bytes(found)


def _tint(logo: LogoPrint) -> Tint:
    red, green, blue = bytes.fromhex(logo.ground[1:])
    return Tint((red / 255, green / 255, blue / 255), logo.grey, logo.turned)

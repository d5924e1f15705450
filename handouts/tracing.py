"""From a logo's file to its artwork: drawn once for trial, and compared with how it should look.

Two programs draw the same file: resvg draws the reference, and typst turns the drawing into
paths of PDF, which are flattened and drawn by pdfium. Only paths that show what the reference
shows are printed; any other drawing is printed as a picture of the reference.
"""

from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
from PIL import Image, ImageChops

from handouts import artwork, drawing, logo, placing, raster, similarity
from handouts.artwork import FINE, PAPER, Artwork
from handouts.color import contrast
from handouts.drawing import Drawing, DrawingError
from handouts.flatten import NotFlatError, Tint, flatten

if TYPE_CHECKING:
    import typst

TRIED = 256
"""Pixels of the longer side of a drawing that is tried."""

FINER = 3
"""How much finer paths are drawn than they are compared."""

SMALL = 96
"""Pixels of the longer side of a thumbnail."""

MOST = 1600
"""Pixels of a picture's longer side: some 600 to the inch in the widest letterhead."""

PHOTOGRAPH = 512 * 512
"""Pixels from which a JPEG is worth staying one."""

SEEN = 16
"""How opaque, of 255, ink is that counts as such."""

NEAR = 12
"""How much a channel differs, of 255, in what is taken for the same colour."""


def made(name: str, data: bytes) -> Artwork:
    """The artwork of a logo's file; raises DrawingError for one that cannot be printed."""
    if fault := logo.fault(name, data):
        raise DrawingError(fault)
    return _from_drawing(name, data) if name.lower().endswith(".svg") else _from_pixels(name, data)


def _from_drawing(name: str, data: bytes) -> Artwork:
    whole = drawing.read(data)
    svg, aspect, seen = _trimmed(whole)
    if why := drawing.never_paths(whole):
        paths = b""
    else:
        paths, why = _tried(svg, seen)
    known = {"svg": svg, "paths": paths, "why": why, "aspect": aspect}
    if paths:
        return _artwork(name, data, seen, **known, see_through=_is_see_through(paths))
    picture = artwork.rendered(svg, round(placing.widest(aspect) / 25.4 * FINE))
    return _artwork(name, data, seen, **known, picture=_png(picture), see_through=True)


def _from_pixels(name: str, data: bytes) -> Artwork:
    picture = raster.decoded(data)
    box = _ink_box(picture)
    if box is None:
        raise DrawingError("shows nothing: export it again")
    if box != (0, 0, *picture.size):
        picture = picture.crop(box)
    size = picture.size
    if max(size) > MOST:
        picture = raster.scaled(picture, MOST)
    photograph = data.startswith(b"\xff\xd8") and picture.width * picture.height >= PHOTOGRAPH
    saved = _jpeg(picture) if photograph else _png(picture)
    known = {"picture": saved, "pixels": size, "see_through": "A" in picture.mode}
    return _artwork(name, data, picture, **known)


def _png(picture: Image.Image) -> bytes:
    held = BytesIO()
    picture.save(held, "PNG", compress_level=9)
    return held.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    held = BytesIO()
    picture.save(held, "JPEG", quality=92, subsampling=0)
    return held.getvalue()


def _artwork(name: str, data: bytes, seen: Image.Image, **known: Any) -> Artwork:
    thumbnail = raster.scaled(seen, SMALL) if max(seen.size) > SMALL else seen
    ground = _ground(thumbnail)
    inked = _without(thumbnail, ground) if ground and _is_pale(ground) else thumbnail
    aspect = seen.width / seen.height
    blank: dict[str, Any] = {"svg": "", "paths": b"", "why": "", "picture": b"", "pixels": None}
    return Artwork(
        name=name,
        digest=sha256(data).hexdigest(),
        **{**blank, "aspect": aspect, **known},
        colors=raster.colors(inked),
        ground=ground,
        lost=0.0 if ground else artwork.lost(thumbnail, PAPER),
        thumbnail=_png(thumbnail),
    )


def _width(aspect: float, longer: int) -> int:
    return max(1, round(longer * min(1.0, aspect)))


def _trimmed(whole: Drawing) -> tuple[str, float, Image.Image]:
    """The drawing with nothing but its ink, its width by its height, and what it looks like."""
    box = 0.0, 0.0, whole.width, whole.height
    for finer, margin in ((1, 1), (1, 1), (2, 0)):
        seen = artwork.rendered(whole.svg(box), _width(box[2] / box[3], finer * TRIED))
        ink = _ink_box(seen)
        if ink is None:
            raise DrawingError("draws nothing that can be seen: export it again")
        left, top, right, bottom = ink
        if max(left + seen.width - right, top + seen.height - bottom) <= 2 * finer:
            return whole.svg(box), box[2] / box[3], raster.scaled(seen, TRIED)
        scale = box[2] / seen.width
        left, top = max(0, left - margin), max(0, top - margin)
        right, bottom = min(seen.width, right + margin), min(seen.height, bottom + margin)
        across, down = (right - left) * scale, (bottom - top) * scale
        box = box[0] + left * scale, box[1] + top * scale, across, down
    svg, aspect = whole.svg(box), box[2] / box[3]
    return svg, aspect, artwork.rendered(svg, _width(aspect, TRIED))


def _ink_box(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Round all that is seen: what is opaque, and not white that a picture is filled up with."""
    box = picture.getchannel("A").point(_OVER).getbbox() if "A" in picture.mode else None
    if "A" in picture.mode and (box is None or box != (0, 0, *picture.size)):
        return box
    ground = _ground(picture)
    if not ground or not _is_pale(ground):
        return 0, 0, *picture.size
    return _differing(picture, ground).getbbox()


_OVER = [255 * (level >= SEEN) for level in range(256)]


def _ground(picture: Image.Image) -> str:
    """The one colour of a picture's edges, if nothing can be seen through them; else none."""
    if not raster.is_box(picture):
        return ""
    plain = picture.convert("RGB")
    width, height = plain.size
    edges = [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height)]
    strips = [plain.crop(edge) for edge in (*edges, (width - 1, 0, width, height))]
    pixels = [pixel for strip in strips for pixel in _pixels(strip)]
    middle = tuple(sorted(channel)[len(pixels) // 2] for channel in zip(*pixels, strict=True))
    return "#" + bytes(middle).hex()


def _pixels(picture: Image.Image) -> list[tuple[int, ...]]:
    data = picture.tobytes()
    return [tuple(data[at : at + 3]) for at in range(0, len(data), 3)]


def _is_pale(color: str) -> bool:
    return contrast(color, PAPER) < artwork.LOST


def _differing(picture: Image.Image, color: str) -> Image.Image:
    """Where a picture has another colour than this one: white there, and black elsewhere."""
    plain = picture.convert("RGB")
    return similarity.most(ImageChops.difference(plain, Image.new("RGB", plain.size, color))).point(
        _APART
    )


_APART = [255 * (level > NEAR) for level in range(256)]


def _without(picture: Image.Image, color: str) -> Image.Image:
    """The picture with nothing where it has this colour."""
    cut = picture.convert("RGB")
    cut.putalpha(_differing(picture, color))
    return cut


def _tried(svg: str, seen: Image.Image) -> tuple[bytes, str]:
    """The drawing as paths if they show what is to be seen; else why they do not."""
    paths = as_paths(svg)
    try:
        see_through = _is_see_through(paths)
        for ground in (PAPER, ANOTHER) if see_through else (PAPER,):
            reference = artwork.printed(seen, ground)
            if not similarity.alike(reference, drawn_paths(paths, ground, seen.size)):
                why = "mixes what is transparent in it" if see_through else "is no drawing of paths"
                return b"", why
    except NotFlatError as error:
        return b"", str(error)
    return paths, ""


ANOTHER = "#5a7a3c"
"""A ground on which it shows if what is mixed with white by chance looks right on white."""


def as_paths(svg: str) -> bytes:
    """A drawing as a PDF of one page that is as large as it is."""
    page = b'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("logo.svg")'
    sources: Any = {"main": page, "logo.svg": svg.encode()}
    found: Any = _compiler().compile(input=sources, format="pdf", pdf_tags=False)
    return bytes(found)


@cache
def _compiler() -> "typst.Compiler":
    import typst  # noqa: PLC0415  few builds draw logos

    return typst.Compiler(ignore_system_fonts=True)


def drawn_paths(paths: bytes, ground: str, size: tuple[int, int]) -> Image.Image:
    """A drawing's paths, flattened, as pdfium draws them on a ground."""
    with pikepdf.open(BytesIO(paths)) as document:
        content, resources = flatten(document, Tint(_share(ground)))
        document.pages[0].Contents = document.make_stream(content)
        document.pages[0].Resources = resources
        held = BytesIO()
        document.save(held)
    pdf = pypdfium2.PdfDocument(held.getvalue())
    try:
        page = pdf[0]
        filled = tuple(round(255 * part) for part in _share(ground))
        # pdfium rounds the number of pixels up, and straight edges to whole ones
        scale = (FINER * size[0] - 0.01) / page.get_width()
        drawn: Image.Image = page.render(scale=scale, fill_color=(*filled, 255)).to_pil()
        return drawn.convert("RGB").resize(size, Image.Resampling.BOX)
    finally:
        pdf.close()


def _share(color: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(color[1:])
    return red / 255, green / 255, blue / 255


def _is_see_through(paths: bytes) -> bool:
    """Whether anything of the ground shows through a drawing's ink."""
    with pikepdf.open(BytesIO(paths)) as document:
        states = (item for item in document.objects if isinstance(item, pikepdf.Dictionary))
        return any(float(state.get(key, 1)) < 1 for state in states for key in ("/ca", "/CA"))

"""What a logo looks like, and what is made of it for the printer."""

import re
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFile, PngImagePlugin

from handouts.artwork import Look, dpi, grey, look, printable, stands_out
from handouts.logo import fault
from handouts.model import Asset
from tests.small import SVG
from tests.test_logo import TAKEN, drawn, embedded, on_a_page, saved

PINK, PINK_GREY = "#a1004b", "#393939"
RED = (255, 0, 0)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def opened(asset: Asset) -> Image.Image:
    picture = Image.open(BytesIO(asset.data))
    picture.load()
    return picture


def raster(picture: Image.Image, kind: str = "PNG", **options: object) -> Asset:
    return Asset("a.png" if kind == "PNG" else "a.jpeg", saved(picture, kind, **options))


def svg(inside: str, attributes: str = 'viewBox="0 0 100 50"') -> Asset:
    return Asset("a.svg", drawn(inside, attributes).encode())


def disc(color: object, ground: object = (0, 0, 0, 0), mode: str = "RGBA") -> Image.Image:
    """A disc upon a ground, 80 × 40 pixels."""
    picture = Image.new(mode, (80, 40), ground)  # type: ignore[arg-type]
    ImageDraw.Draw(picture).ellipse((20, 0, 59, 39), fill=color)  # type: ignore[arg-type]
    return picture


@pytest.mark.parametrize(
    ("attributes", "aspect"),
    [
        ('viewBox="-5,-5 30 10"', 3),
        ('viewBox="0 0 30 10" width="100%" height="auto"', 3),
        ('viewBox="0 0 30 10" width="40mm"', 3),
        ('viewBox="0 0 30 10" width="40" height="40"', 1),
        ('width="1in" height="48px"', 2),
        ('width="2em" height="4ex"', 1),
    ],
)
def test_a_drawing_is_as_wide_as_it_says(attributes: str, aspect: float) -> None:
    seen = look(svg("<rect/>", attributes))
    assert seen.aspect == pytest.approx(aspect)
    assert seen.pixels is None
    assert dpi(seen, 40) is None


def test_a_raster_is_as_wide_as_it_stands_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    seen = look(raster(Image.new("RGB", (400, 100)), "JPEG", exif=turned))
    assert (seen.aspect, seen.pixels) == (0.25, (100, 400))
    assert dpi(seen, 25.4) == 100


@pytest.mark.parametrize(
    ("inside", "colors"),
    [
        ("<rect/>", ["#000000"]),
        ('<rect fill="#fff" stroke="hsl(0 100% 50%)"/>', ["#ffffff", "#ff0000"]),
        ('<g fill="red"><rect/><g style="fill:lime"><rect/></g></g>', ["#ff0000", "#00ff00"]),
        ('<g style="color:red"><rect fill="currentColor"/></g>', ["#ff0000"]),
        ('<style>.k{fill:blue!important}</style><rect class="k" fill="red"/>', ["#0000ff"]),
        ('<style>.k{fill:blue!important}</style><rect class="k" style="fill:red"/>', ["#0000ff"]),
        ('<style>g .k{fill:blue}</style><rect class="k"/>', ["#000000"]),
        ('<linearGradient id="a"><stop/><stop stop-color="red"/></linearGradient>'
         '<rect fill="url(#a)"/>', ["#000000", "#ff0000"]),
        ('<rect fill="none"/><rect display="none"/><rect fill="red" fill-opacity="0"/>', []),
        (f'<clipPath id="c"><rect/></clipPath><path fill="{PINK}"/>', [PINK]),
        (embedded(saved(disc(RED))), ["#ff0000"]),
    ],
)  # fmt: skip
def test_a_drawings_colours_are_those_it_paints_with(inside: str, colors: list[str]) -> None:
    found = look(svg(inside)).colors
    assert [color for color, _ in found] == colors
    assert sum(share for _, share in found) == pytest.approx(1.0 if colors else 0.0)


def test_a_rasters_colours_are_those_that_are_seen() -> None:
    (red, _), *others = look(raster(disc(RED))).colors
    assert red == "#ff0000"
    assert sum(share for _, share in others) < 0.05
    white, black = look(raster(disc("black", "white", "RGB"))).colors[:2]
    assert white == ("#ffffff", pytest.approx(0.61, abs=0.05))
    assert black == ("#000000", pytest.approx(0.39, abs=0.05))
    assert look(raster(Image.new("RGBA", (40, 40)))).colors == ()


@pytest.mark.parametrize(
    ("logo", "opaque"),
    [
        (raster(disc(RED)), False),
        (raster(disc(RED, (255, 255, 255, 255))), True),
        (raster(disc(RED, "white", "RGB")), True),
        (svg("<rect/>"), False),
        (svg('<rect width="100" height="50"/>'), True),
        (svg('<rect width="100%" height="100%"/>', 'viewBox="-5 -5 9 9"'), False),
        (svg('<rect width="100" height="50" fill="none"/>'), False),
    ],
    ids=range(7),
)
def test_a_box_is_told_from_a_shape(logo: Asset, opaque: bool) -> None:
    assert look(logo).opaque is opaque


@pytest.mark.parametrize(
    ("logo", "on_white", "on_black"),
    [
        (raster(disc("white")), False, True),
        (raster(disc("black")), True, False),
        (raster(disc("black", "white", "RGB")), True, True),
        (svg('<path fill="#fff"/>'), False, True),
        (svg(f'<path fill="#fffff0"/><path fill="{PINK}"/>'), True, True),
        (
            svg(f'<g fill="#fffff0"><path/><path/><path fill="#ffe"/></g><path fill="{PINK}"/>'),
            False,
            True,
        ),
        (svg("<path/>"), True, False),
    ],
    ids=range(7),
)
def test_white_on_nothing_is_told_from_the_rest(
    logo: Asset, on_white: bool, on_black: bool
) -> None:
    assert stands_out(look(logo), "#ffffff") is on_white
    assert stands_out(look(logo), "#000000") is on_black


def test_most_of_it_must_stand_out() -> None:
    colors = (("#000000", 0.6), ("#ffffff", 0.4))
    picture, sketch = Look(1, (9, 9), colors, False), Look(1, None, colors, False)
    assert stands_out(picture, "#ffffff")
    assert not stands_out(picture, "#000000")
    assert not stands_out(picture, "#ffffff", limit=22)
    assert stands_out(sketch, "#000000")
    assert not stands_out(sketch, "#000000", all_of_it=True)


def deep(picture: Image.Image) -> Image.Image:
    return picture.convert("I").point(lambda level: level * 257).convert("I;16")


PALETTE = disc(RED).quantize(4, Image.Quantize.FASTOCTREE)
KINDS = {
    "16 bits": (raster(deep(Image.new("L", (40, 40), 77))), "L", 77),
    "one bit": (raster(Image.new("1", (40, 40), 1)), "L", 255),
    "grey": (raster(Image.new("L", (40, 40), 77)), "L", 77),
    "grey and clear": (raster(Image.new("LA", (40, 40), (77, 9))), "LA", (77, 9)),
    "opaque": (raster(Image.new("RGBA", (40, 40), (*RED, 255))), "RGB", RED),
    "palette": (raster(Image.new("RGB", (40, 40), RED).quantize(2)), "RGB", RED),
    "palette and clear": (raster(PALETTE), "RGBA", (*RED, 255)),
    "one clear colour": (
        raster(Image.new("RGB", (40, 40), RED), transparency=(1, 2, 3)), "RGB", RED,
    ),
    "profile": (raster(Image.new("RGB", (40, 40), RED), icc_profile=SRGB), "RGB", RED),
    "damaged profile": (raster(Image.new("RGB", (40, 40), RED), icc_profile=b"x"), "RGB", RED),
    "another's profile": (raster(Image.new("RGB", (40, 40), RED), icc_profile=LAB), "RGB", RED),
    "moving": (
        raster(Image.new("RGB", (40, 40), RED), save_all=True,
               append_images=[Image.new("RGB", (40, 40))]), "RGB", RED,
    ),
    "cmyk": (
        raster(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", quality=100), "RGB", RED,
    ),
    "grey photograph": (raster(Image.new("L", (40, 40), 77), "JPEG"), "L", 77),
}  # fmt: skip


@pytest.mark.parametrize(("logo", "mode", "pixel"), KINDS.values(), ids=KINDS)
def test_every_kind_of_raster_becomes_one_that_can_be_printed(
    logo: Asset, mode: str, pixel: object
) -> None:
    assert fault(logo.name, logo.data) is None
    made = printable(logo, 500)
    picture = opened(made)
    assert picture.mode == mode
    found = picture.getpixel((picture.width // 2, picture.height // 2))
    assert found == pytest.approx(pixel, abs=3)
    assert (made.name, picture.format, picture.info) == ("a.png", "PNG", {})
    assert printable(logo, 500) == made


def adobe(data: bytes, transform: int) -> bytes:
    """The JPEG with Adobe's mark, by which its inks count backwards."""
    mark = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])
    plain = re.sub(rb"\xff\xee\x00\x0eAdobe.{7}", b"", data, flags=re.DOTALL)
    return plain[:2] + mark + plain[2:]


@pytest.mark.parametrize(("transform", "expected"), [(0, (255, 0, 0)), (2, (178, 0, 225))])
def test_adobes_inks_are_read_as_adobe_counts_them(
    transform: int, expected: tuple[int, ...]
) -> None:
    # The same numbers are red as inks, and another colour as YCCK.
    data = saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", quality=100)
    made = opened(printable(Asset("a.jpg", adobe(data, transform)), 500))
    assert made.mode == "RGB"
    assert made.getpixel((20, 20)) == pytest.approx(expected, abs=3)


def test_a_turned_picture_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    logo = raster(disc(RED), exif=exif)
    made = opened(printable(logo, 500))
    assert made.size == (40, 80)
    assert not made.getexif()


def interlaced() -> bytes:
    """A picture of 40 × 1 red pixels, in Adam7's passes; Pillow does not write such."""
    header = struct.pack(">IIBBBBB", 40, 1, 8, 2, 0, 0, 1)
    passes = [5, 5, 10, 20]
    rows = b"".join(b"\0" + bytes(RED) * width for width in passes)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_an_interlaced_picture_is_printed() -> None:
    logo = Asset("a.png", interlaced())
    assert fault(logo.name, logo.data) is None
    made = opened(printable(logo, 500))
    assert "interlace" not in made.info
    assert look(logo).colors == (("#ff0000", 1.0),)


def test_a_large_picture_is_made_smaller_and_a_small_one_is_not_made_larger() -> None:
    assert opened(printable(raster(disc(RED)), 40)).size == (40, 20)
    assert opened(printable(raster(disc(RED)), 4000)).size == (80, 40)
    assert opened(printable(raster(Image.new("L", (900, 1))), 90)).size == (90, 1)


def test_clear_pixels_leave_no_rim_when_a_picture_is_made_smaller() -> None:
    made = opened(printable(raster(disc(RED, (0, 255, 0, 0))), 30))
    green, alpha = made.getchannel("G").tobytes(), made.getchannel("A").tobytes()
    assert made.mode == "RGBA"
    assert max(alpha) == 255
    assert all(level < 8 for level, seen in zip(green, alpha, strict=True) if seen > 40)


def test_a_photograph_stays_one() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret"
    logo = raster(Image.new("RGB", (600, 600), RED), "JPEG", exif=exif, icc_profile=SRGB)
    made = printable(logo, 550)
    assert (made.name, opened(made).format, opened(made).size) == ("a.jpg", "JPEG", (550, 550))
    assert {layer[1:3] for layer in opened(made).layer} == {(1, 1)}  # type: ignore[attr-defined]
    assert b"secret" not in made.data
    assert b"ICC_PROFILE" not in made.data
    assert printable(logo, 300).name == "a.png"


def test_a_drawing_is_printed_as_it_is() -> None:
    logo = Asset("a.svg", SVG.encode())
    assert printable(logo, 10) is logo


def test_half_a_picture_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = saved(disc(RED))
    with pytest.raises(OSError, match="truncated"):
        printable(Asset("a.png", whole[: len(whole) // 2]), 500)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_raster_in_grey_has_no_colour() -> None:
    made = grey(raster(disc(PINK)))
    assert opened(made).mode == "LA"
    assert opened(made).getpixel((40, 20)) == (0x39, 255)
    assert opened(grey(raster(disc(PINK, "white", "RGB")))).mode == "L"


def test_a_white_raster_is_turned_round_to_be_printed_in_grey() -> None:
    assert opened(grey(raster(disc("white")))).getpixel((40, 20)) == (0, 255)
    assert opened(grey(raster(disc("#eee", "white", "RGB")))).getpixel((40, 20)) == 0xEE


GREYED = {
    "nothing": ("<rect/>", None),
    "attribute": (f'<rect fill="{PINK}"/>', f'<rect fill="{PINK_GREY}"/>'),
    "name": ("<rect  fill = 'red' x='1'/>", "<rect  fill = '#4c4c4c' x='1'/>"),
    "number": ('<rect fill="&#35;f00"/>', '<rect fill="#4c4c4c"/>'),
    "clear": ('<rect fill="rgba(255, 0, 0, .5)"/>', '<rect fill="rgba(76, 76, 76, 0.5)"/>'),
    "pattern": ('<rect fill="url(#a) red"/>', '<rect fill="url(#a) #4c4c4c"/>'),
    "stop": ('<rect/><stop stop-color="red"/>', '<rect/><stop stop-color="#4c4c4c"/>'),
    "style": (
        f'<rect style="stroke: {PINK} ;fill:none;fill-opacity:1"/>',
        f'<rect style="stroke: {PINK_GREY} ;fill:none;fill-opacity:1"/>',
    ),
    "quoted": (
        '<rect style="fill:red;font-family:&quot;A&quot;"/>',
        '<rect style="fill:#4c4c4c;font-family:&quot;A&quot;"/>',
    ),
    "sheet": (
        "<style>/* red */ .red{fill:red!important}</style><rect class='red'/>",
        "<style>/* red */ .red{fill:#4c4c4c!important}</style><rect class='red'/>",
    ),
    "CDATA": (
        "<style><![CDATA[g>rect{fill:red}]]></style><rect/>",
        "<style><![CDATA[g>rect{fill:#4c4c4c}]]></style><rect/>",
    ),
    "comment": ('<!-- <rect fill="red"/> --><rect/>', None),
    "words": ("<title>fill: red</title><rect/>", None),
    "mask": ('<mask id="m"><rect fill="red"/></mask><rect/>', None),
    "already": ('<rect fill="#4c4c4c"/>', None),
    "no colour": ('<rect fill="none" stroke="inherit"/><rect fill="nonsense"/>', None),
}


@pytest.mark.parametrize(("inside", "expected"), GREYED.values(), ids=GREYED)
def test_a_drawing_in_grey_differs_in_its_colours_alone(inside: str, expected: str | None) -> None:
    made = grey(svg(inside))
    assert made.data.decode() == drawn(expected or inside, 'viewBox="0 0 100 50"')


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<rect fill="#fff"/>', '<rect fill="#000000"/>'),
        ('<rect style="fill:#ffe"/>', '<rect style="fill:#020202"/>'),
        ('<rect fill="#fff"/><rect fill="#ffe"/><path/>', '<svg fill="#ffffff" '),
    ],
)
def test_a_white_drawing_is_turned_round_to_be_printed_in_grey(inside: str, expected: str) -> None:
    made = grey(svg(inside))
    assert expected in made.data.decode()
    assert stands_out(look(made), "#ffffff")


def test_a_white_drawing_on_its_own_ground_is_not_turned_round() -> None:
    inside = '<rect width="100" height="50" fill="#fff"/><path fill="#eee"/>'
    assert grey(svg(inside)) == svg(inside)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_drawing_in_grey_stays_in_its_own_letters(encoding: str) -> None:
    name = {"latin-1": "ISO-8859-1", "utf-8-sig": "utf-8"}.get(encoding, "utf-16")
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    text = f"{mark}<?xml version='1.0' encoding='{name}'?>" + drawn("<title>ö</title><g/>{}")
    made = grey(Asset("a.svg", text.replace("{}", '<path fill="red"/>').encode(encoding)))
    assert made.data == text.replace("{}", '<path fill="#4c4c4c"/>').encode(encoding)


def swapped() -> bytes:
    """A profile in which what is called red is blue, and the other way round."""

    def xyz(*values: float) -> bytes:
        return struct.pack(">4s4x3i", b"XYZ ", *(round(65536 * value) for value in values))

    name = b"Swapped\0"
    tags = {
        b"desc": struct.pack(">4s4xI", b"desc", len(name)) + name + bytes(78),
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.1431, 0.0606, 0.7141),
        b"gXYZ": xyz(0.3851, 0.7169, 0.0971),
        b"bXYZ": xyz(0.4360, 0.2225, 0.0139),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), struct.pack(">4s4xIH2x", b"curv", 1, 563)),
    }
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += struct.pack(">4sII", tag, start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    size = start + len(data)
    head = struct.pack(">I4xI4s4s4s12x4s28x", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return head + struct.pack(">3i48x", 63190, 65536, 54061) + table + data


def test_colours_are_moved_from_their_profile_to_srgb() -> None:
    made = opened(printable(raster(Image.new("RGB", (40, 40), RED), icc_profile=swapped()), 50))
    assert made.getpixel((9, 9)) == pytest.approx((0, 0, 255), abs=3)
    clear = raster(Image.new("RGBA", (40, 40), (*RED, 99)), icc_profile=swapped())
    assert opened(printable(clear, 50)).getpixel((9, 9)) == pytest.approx((0, 0, 255, 99), abs=3)


def test_a_picture_in_a_drawing_is_grey_as_well() -> None:
    (found, _), *_ = look(grey(svg(embedded(saved(disc(PINK)))))).colors
    assert found == PINK_GREY


@pytest.mark.parametrize("name", TAKEN)
def test_whatever_is_taken_can_be_looked_at_and_printed_in_grey(name: str) -> None:
    logo = Asset("a.svg", TAKEN[name])
    made = grey(logo)
    assert look(logo).aspect > 0
    assert all(color[1:3] == color[3:5] == color[5:] for color, _ in look(made).colors)
    assert fault(made.name, made.data) is None
    assert grey(made) == made


def test_all_that_is_made_is_drawn_without_a_warning() -> None:
    rasters = [logo for logo, _, _ in KINDS.values()]
    drawings = [Asset("a.svg", data) for data in TAKEN.values()]
    made = [grey(logo) for logo in (*rasters, *drawings)] + [printable(one, 90) for one in rasters]
    on_a_page(*(Asset(f"{at}{one.name}", one.data) for at, one in enumerate(made)))


def test_nothing_about_a_picture_is_carried_along() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "secret")
    assert b"secret" not in printable(raster(disc(RED), pnginfo=words), 500).data

"""What a logo looks like on paper: as its file does, whatever drew the file."""

import subprocess
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from pypdfium2 import raw

from handouts import artwork, logo_check, placing, similarity
from handouts.artwork import MIDDLE, PAPER, Artwork, LogoPrint
from handouts.load import load
from handouts.logo_process import Artworks
from handouts.model import Asset
from tests.prints import as_print, by_pdfium, difference, looks_like_its_file, page_of
from tests.program import run
from tests.small import FILES, H, make_library
from tests.test_logo import TAKEN, drawn, saved

SEA, WINE, GOLD = "#0b5d7a", "#7d3a52", "#e0a030"
RED = (255, 0, 0)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

STOPS = f'<stop stop-color="{SEA}"/><stop offset="1" stop-color="{GOLD}"/>'
BOX = '<path id="a" d="M10 10h236v80H10z"/>'
DISCS = (
    f'<circle cx="60" cy="50" r="60" fill="{WINE}" {{0}}/>'
    f'<circle cx="180" cy="50" r="60" fill="{SEA}" {{0}}/>'
)
SHADOW = (
    '<filter id="f" x="-10" y="-10" width="130" height="130" filterUnits="userSpaceOnUse">'
    '<feOffset in="SourceAlpha" dy="6"/><feGaussianBlur stdDeviation="4"/>'
    '<feBlend in="SourceGraphic"/></filter>'
)


def wide(inside: str, size: str = "256 100") -> bytes:
    return drawn(inside, f'viewBox="0 0 {size}"').encode()


DRAWINGS = {
    "linear gradient": wide(
        f'<linearGradient id="g">{STOPS}</linearGradient>'
        '<path fill="url(#g)" d="M10 10h236v80H10z"/>'
    ),
    "gradient of the page": wide(
        f'<linearGradient id="g" gradientUnits="userSpaceOnUse" x1="10" x2="246">{STOPS}'
        '</linearGradient><path fill="url(#g)" d="M10 10h236v80H10z"/>'
    ),
    "radial gradient": wide(
        f'<radialGradient id="g" cx=".3" fx=".2">{STOPS}</radialGradient>'
        '<circle cx="128" cy="50" r="45" fill="url(#g)"/>'
    ),
    "gradient that repeats": wide(
        f'<linearGradient id="g" x2=".3" spreadMethod="reflect">{STOPS}</linearGradient>'
        '<path fill="url(#g)" d="M10 10h236v80H10z"/>'
    ),
    "gradient that ends in nothing": wide(
        f'<linearGradient id="g"><stop stop-color="{SEA}"/><stop offset="1" stop-color="{SEA}" '
        'stop-opacity="0"/></linearGradient><path fill="url(#g)" d="M10 10h236v80H10z"/>'
    ),
    "gradient of a line": wide(
        f'<linearGradient id="g">{STOPS}</linearGradient>'
        '<circle cx="128" cy="50" r="40" fill="none" stroke="url(#g)" stroke-width="9"/>'
    ),
    "opacity of a group": wide(
        f'<g opacity=".9"><path fill="#d02020" d="M10 10h180v80H10z"/>'
        f'<path fill="{SEA}" d="M150 20h90v60h-90z"/></g>'
    ),
    "opacity of one": wide(
        f'<path fill="{SEA}" opacity=".6" d="M10 10h99v80H10z"/>'
        f'<path fill="{WINE}" fill-opacity=".7" d="M130 10h99v80h-99z"/>'
    ),
    "opacity of a use": wide(
        f'<defs><path id="a" d="M0 0h80v80H0z"/></defs><g fill="{SEA}">'
        '<use href="#a" x="10" y="10" opacity=".5"/><use href="#a" x="60" y="10" opacity=".5"/></g>'
    ),
    "pattern": wide(
        f'<pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse"><path fill="{SEA}" '
        f'd="M0 0h10v10H0z"/><circle cx="15" cy="15" r="4" fill="{GOLD}"/></pattern>'
        '<path fill="url(#p)" d="M10 10h236v80H10z"/>'
    ),
    "mask by use": wide(
        f'<defs>{BOX}</defs><mask id="b" fill="white"><use xlink:href="#a"/></mask>'
        + DISCS.format('mask="url(#b)"')
    ),
    "mask of a gradient": wide(
        '<linearGradient id="g"><stop stop-color="#fff"/><stop offset="1"/></linearGradient>'
        '<mask id="b"><path fill="url(#g)" d="M0 0h256v100H0z"/></mask>'
        + DISCS.format('mask="url(#b)"')
    ),
    "clip by use": wide(
        f'<defs>{BOX}</defs><clipPath id="b"><use xlink:href="#a"/></clipPath>'
        + DISCS.format('clip-path="url(#b)"')
    ),
    "clip rule from above": wide(
        f'<g fill-rule="evenodd" fill="{SEA}"><path d="M10 10h80v80H10zM30 30h40v40H30z"/></g>'
        '<g clip-rule="evenodd"><clipPath id="e"><path d="M110 10h80v80h-80zM130 30h40v40h-40z"/>'
        f'</clipPath><path fill="{WINE}" clip-path="url(#e)" d="M100 0h100v100H100z"/></g>'
    ),
    "shadow": wide(
        f'{SHADOW}<g filter="url(#f)"><path fill="{WINE}" d="M10 10h80v80h-80z"/></g>'
        f'<circle cx="180" cy="50" r="40" fill="{SEA}"/>'
    ),
    "shadow in CSS": wide(
        f'<path style="filter:drop-shadow(3px 3px 2px #444);fill:{WINE}" d="M10 10h80v80h-80z"/>'
    ),
    "blend": wide(
        f'<g style="isolation:isolate"><path fill="{GOLD}" d="M10 10h80v80H10z"/>'
        f'<circle cx="80" cy="50" r="40" fill="{SEA}" style="mix-blend-mode:multiply"/></g>'
    ),
    "order of painting": wide(
        f'<path d="M40 50h170" stroke="{SEA}" stroke-width="60" fill="none"/><circle cx="128" '
        f'cy="50" r="30" fill="{GOLD}" stroke="{WINE}" stroke-width="30" paint-order="stroke"/>'
    ),
    "variable": wide(
        f'<path fill="var(--fill-0, {SEA})" d="M10 10h80v80H10z"/>'
        f'<circle cx="150" cy="50" r="40" style="fill:var(--brand,{WINE})"/>'
    ),
    "variable that is set": wide(
        f"<style>:root{{--brand:{WINE}}}.k{{fill:var(--brand, red)}}</style>"
        '<path class="k" d="M10 10h80v80H10z"/>'
    ),
    "style sheet": wide(
        f"<style>path:not(.k):nth-child(2n){{fill:{GOLD}}}g > .k{{fill:rgb(11 93 122 / 80%)}}"
        '.k{transform:translate(20px)}</style><g><path class="k" d="M10 10h80v80H10z"/>'
        '<path d="M140 10h80v80h-80z"/></g>'
    ),
    "arcs": wide(
        f'<path fill="{SEA}" d="M10 50a40 40 0 0 1 80 0z"/>'
        f'<path fill="{WINE}" d="M200 10a40 40 0 1 1-1 0z"/>'
    ),
    "badge": wide(
        f'<circle cx="50" cy="50" r="45" fill="{SEA}"/><path fill="#fff" d="M30 40h40v20H30z"/>'
    ),
    "a picture in it": TAKEN["a picture in it"],
}


def made(artworks: Artworks, data: bytes, name: str = "a.svg") -> Artwork:
    found = artworks.of(Asset(name, data))
    assert isinstance(found, Artwork), found
    return found


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_printed_as_a_browser_draws_it(name: str, artworks: Artworks) -> None:
    found = made(artworks, DRAWINGS[name])
    assert looks_like_its_file(found)
    assert looks_like_its_file(found, "#123456")


@pytest.mark.parametrize("name", TAKEN)
def test_whatever_is_taken_is_printed_as_its_file_looks(name: str, artworks: Artworks) -> None:
    assert looks_like_its_file(made(artworks, TAKEN[name]))


PIXELS = {
    "linear gradient": ((5, 50), SEA),
    "variable": ((20, 50), SEA),
    "variable that is set": ((50, 50), WINE),
    "mask by use": ((30, 50), WINE),
    "clip rule from above": ((50, 50), PAPER),
}


@pytest.mark.parametrize("name", PIXELS)
def test_colours_are_those_of_the_file(name: str, artworks: Artworks) -> None:
    (across, down), color = PIXELS[name]
    picture = by_pdfium(page_of(as_print(made(artworks, DRAWINGS[name]))), 300)
    found = picture.getpixel((picture.width * across // 100, picture.height * down // 100))
    assert found == pytest.approx(tuple(bytes.fromhex(color[1:])), abs=12)


def test_a_drawing_that_looks_otherwise_is_told_from_its_file(artworks: Artworks) -> None:
    file, other = (made(artworks, DRAWINGS[name]) for name in ("badge", "blend"))
    wanted = logo_check.reference(as_print(file))
    seen = by_pdfium(page_of(as_print(other)), wanted.width).resize(wanted.size)
    assert similarity.differing(wanted, seen) > similarity.MOST_ON_PAGE


def test_what_is_printed_as_paths_has_neither_transparency_nor_profiles(artworks: Artworks) -> None:
    found = made(artworks, DRAWINGS["opacity of one"])
    assert found.paths
    pdf = page_of(as_print(found))
    assert not any(word in pdf for word in (b"/ca ", b"/SMask", b"ICCBased", b"/Group"))


def test_what_has_no_form_as_paths_is_a_picture_of_600_dots(artworks: Artworks) -> None:
    found = made(artworks, DRAWINGS["shadow"])
    assert (found.paths, found.why) == (b"", "has a filter")
    printed = as_print(found)
    smaller = LogoPrint(found, 20, 20 / found.aspect)
    document = pypdfium2.PdfDocument(page_of(smaller))
    (image,) = document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
    assert image.get_px_size()[0] == pytest.approx(20 / 25.4 * 600, abs=1)
    assert difference(printed) <= similarity.MOST_ON_PAGE


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<path style="fill:var(--x)" d="M0 0h9v9z"/>', "a variable that nothing sets (--x)"),
        ('<path fill="oklch(60% .2 20)" d="M0 0h9v9z"/>', "a colour that few programs know"),
        ('<path d="M0 0h9v9z"><animate attributeName="x"/></path>', "moves (<animate>)"),
        ('<foreignObject width="9" height="9"/><path d="M0 0h9v9z"/>', "part of a web page"),
        ('<path d="M0 0h9" stroke="red" vector-effect="non-scaling-stroke"/>', "do not scale"),
        ('<path d="M0 0h9v9z" style="clip-path:circle(2px)"/>', "cut out by a style sheet"),
        ("<style>@media (min-width:9px){path{fill:red}}</style><path d='M0 0h9v9z'/>", "@media"),
        ("<style>@layer a{path{fill:red}}</style><path d='M0 0h9v9z'/>", "@layer"),
        ('<path d="M0 0h9v9z" style="width:calc(1px + 2px)"/>', "computes a value"),
        ('<path fill="none" d="M0 0h9v9z"/>', "draws nothing that can be seen"),
        ('<path fill="red" fill-opacity="0" d="M0 0h9v9z"/>', "draws nothing that can be seen"),
    ],
)
def test_what_is_drawn_in_different_ways_is_refused(
    inside: str, said: str, artworks: Artworks
) -> None:
    found = artworks.of(Asset("a.svg", drawn(inside).encode()))
    assert isinstance(found, str)
    assert said in found
    assert "export" in found or "turn" in found


SMALL = (
    f'<g transform="translate(70,120)"><ellipse cx="30" cy="10" rx="30" ry="10" fill="{WINE}"/>'
    f'<path d="M62 2h40v4H62zm0 8h40v4H62z" fill="{SEA}"/></g>'
)


def test_a_drawing_is_trimmed_to_its_ink(artworks: Artworks) -> None:
    page = drawn(SMALL, 'width="210mm" height="297mm" viewBox="0 0 210 297"').encode()
    found = made(artworks, page)
    assert found.aspect == pytest.approx(102 / 20, rel=0.02)
    assert looks_like_its_file(found)


def square(mode: str, ground: object) -> bytes:
    picture = Image.new(mode, (800, 800), ground)  # type: ignore[arg-type]
    ImageDraw.Draw(picture).rectangle((200, 360, 599, 439), fill=SEA)
    return saved(picture)


@pytest.mark.parametrize(("mode", "ground"), [("RGBA", (0, 0, 0, 0)), ("RGB", "white")])
def test_a_picture_is_trimmed_to_its_ink(mode: str, ground: object, artworks: Artworks) -> None:
    found = made(artworks, square(mode, ground), "a.png")
    assert (found.aspect, found.pixels) == (5.0, (400, 80))
    assert looks_like_its_file(found)


def test_a_box_of_colour_is_ink(artworks: Artworks) -> None:
    found = made(artworks, square("RGB", GOLD), "a.png")
    assert (found.aspect, found.ground) == (1.0, GOLD)


def beside(color: object, mark: str = GOLD) -> bytes:
    """A mark, and a name in another colour beside it."""
    picture = Image.new("RGBA", (400, 100))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((0, 0, 99, 99), fill=mark)
    for left in range(120, 380, 40):
        pen.rectangle((left, 20, left + 25, 80), fill=color)  # type: ignore[arg-type]
    return saved(picture)


def test_a_white_name_beside_a_mark_is_not_seen_on_paper(artworks: Artworks) -> None:
    found = made(artworks, beside("white"), "a.png")
    assert artwork.share_lost(found, PAPER) > 0.3
    assert not artwork.is_seen(found, PAPER)
    assert artwork.is_seen(found, "#1f3a5f")


def test_white_letters_on_a_badge_are_seen(artworks: Artworks) -> None:
    assert artwork.is_seen(made(artworks, DRAWINGS["badge"]), PAPER)


def test_pale_colours_count_by_their_area(artworks: Artworks) -> None:
    words = wide(
        '<path fill="#0b3d4f" d="M0 0h110v90H0z"/><path fill="#f2d16b" d="M120 0h60v90h-60z"/>'
        '<path fill="#bfe3da" d="M190 0h60v90h-60z"/>'
    )
    assert artwork.is_seen(made(artworks, words), PAPER)
    pale = wide('<path fill="#f6e3a0" d="M0 0h250v90H0z"/><path d="M0 95h3v3H0z"/>')
    assert not artwork.is_seen(made(artworks, pale), PAPER)


def test_in_grey_all_of_a_logo_is_seen(artworks: Artworks) -> None:
    white = wide('<path fill="#fff" d="M0 0h250v90H0z"/>')
    assert artwork.in_grey(made(artworks, white)) == (True, PAPER)
    assert artwork.in_grey(made(artworks, DRAWINGS["badge"])) == (False, PAPER)
    mixed = beside("white", mark="#222222")
    assert artwork.in_grey(made(artworks, mixed, "a.png")) == (False, MIDDLE)


def deep(picture: Image.Image) -> Image.Image:
    return picture.convert("I").point(lambda level: level * 257).convert("I;16")


RASTERS = {
    "16 bits": (saved(deep(Image.new("L", (40, 40), 77))), (77, 77, 77)),
    "one bit": (saved(Image.new("1", (40, 40), 0)), (0, 0, 0)),
    "grey": (saved(Image.new("L", (40, 40), 77)), (77, 77, 77)),
    "opaque": (saved(Image.new("RGBA", (40, 40), (*RED, 255))), RED),
    "palette": (saved(Image.new("RGB", (40, 40), RED).quantize(2)), RED),
    "one clear colour": (saved(Image.new("RGB", (40, 40), RED), transparency=(1, 2, 3)), RED),
    "profile": (saved(Image.new("RGB", (40, 40), RED), icc_profile=SRGB), RED),
    "damaged profile": (saved(Image.new("RGB", (40, 40), RED), icc_profile=b"x"), RED),
    "another's profile": (saved(Image.new("RGB", (40, 40), RED), icc_profile=LAB), RED),
    "half transparent": (saved(Image.new("RGBA", (40, 40), (*RED, 128))), (255, 127, 127)),
    "cmyk": (saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", quality=100), RED),
    "grey photograph": (saved(Image.new("L", (40, 40), 77), "JPEG"), (77, 77, 77)),
    "photograph": (saved(Image.new("RGB", (600, 600), RED), "JPEG", quality=100), RED),
}  # fmt: skip


@pytest.mark.parametrize("name", RASTERS)
def test_every_kind_of_raster_is_printed_as_it_looks(name: str, artworks: Artworks) -> None:
    data, color = RASTERS[name]
    file = "a.png" if data.startswith(b"\x89PNG") else "a.jpg"
    found = made(artworks, data, file)
    assert looks_like_its_file(found)
    picture = by_pdfium(page_of(as_print(found)), 99)
    assert picture.getpixel((49, picture.height // 2)) == pytest.approx(color, abs=4)


def test_a_raster_stands_upright_and_nothing_about_it_is_carried_along(artworks: Artworks) -> None:
    turned, about = Image.Exif(), PngImagePlugin.PngInfo()
    turned[0x0112] = 6
    photo = Image.new("RGB", (400, 100), RED)
    found = made(artworks, saved(photo, "JPEG", exif=turned), "a.jpg")
    assert (found.aspect, found.pixels) == (0.25, (100, 400))
    about.add_text("Author", "A Nurse")
    found = made(artworks, saved(photo, pnginfo=about), "a.png")
    assert b"A Nurse" not in page_of(as_print(found))


def test_a_large_picture_is_made_smaller_and_a_small_one_is_not_made_larger(
    artworks: Artworks,
) -> None:
    large = made(artworks, saved(Image.new("RGB", (4000, 1000), RED)), "a.png")
    assert large.pixels == (4000, 1000)
    assert Image.open(BytesIO(large.picture)).size == (1600, 400)
    assert artwork.dpi(large, 25.4) == 4000
    small = made(artworks, saved(Image.new("RGB", (60, 40), RED)), "a.png")
    assert Image.open(BytesIO(small.picture)).size == (60, 40)


def test_clear_pixels_leave_no_rim(artworks: Artworks) -> None:
    picture = Image.new("RGBA", (2400, 2400), (0, 255, 0, 0))
    ImageDraw.Draw(picture).ellipse((100, 100, 2299, 2299), fill=RED)
    page = by_pdfium(page_of(as_print(made(artworks, saved(picture), "a.png"))), 300)
    greenest = max(green - red for red, green, _ in page.get_flattened_data())
    assert greenest <= 8


def by_poppler(pdf: Path, place: Path) -> Image.Image:
    how = ["-r", "300", "-f", "1", "-l", "1", "-png", "-singlefile"]
    subprocess.run(["pdftoppm", *how, pdf, place], check=True)
    return Image.open(place.with_suffix(".png")).convert("RGB")


def by_ghostscript(pdf: Path, place: Path) -> Image.Image:
    how = ["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=png16m", "-r300", "-dLastPage=1"]
    smooth = ["-dGraphicsAlphaBits=4", f"-sOutputFile={place}"]
    subprocess.run(["gs", *how, *smooth, pdf], check=True)
    return Image.open(place).convert("RGB")


ROUGH = 0.03
"""What the rims come to in viewers that do not smooth all edges."""

LETTERHEADS = {
    "rule": "linear gradient",
    "band": "opacity of a group",
    "centred": "mask by use",
    "side": "shadow",
}


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic for each letterhead, with a logo that is hard to draw, in colour and in mono."""
    root = make_library(tmp_path_factory.mktemp("dressed"), {f"{H}/logo.png": None})
    contact = (root / f"{H}/clinic.yaml").read_text("utf-8") + "formats: [standard, mono]\n"
    for letterhead, name in LETTERHEADS.items():
        folder = root / "data/clinics" / letterhead
        folder.mkdir()
        (folder / "clinic.yaml").write_text(contact, "utf-8")
        (folder / "logo.svg").write_bytes(DRAWINGS[name])
        style = f"defaults: {{handouts: {{letterhead: {letterhead}}}}}"
        (folder / "_brand.yml").write_text(
            f'logo: logo.svg\ncolor: {{primary: "#f3e9d8"}}\n{style}\n', "utf-8"
        )
    for old in ("harbor", "rosewater"):
        for path in (root / "data/clinics" / old).iterdir():
            path.unlink()
        (root / "data/clinics" / old).rmdir()
    done = run("build", "-j", 1, "-H", "aftercare", "--archive", "--root", root)
    assert done.exit_code == 0, done.output
    return root


@pytest.mark.parametrize("form", ["standard", "mono"])
@pytest.mark.parametrize("letterhead", LETTERHEADS)
def test_every_viewer_shows_the_logo_on_every_letterhead(
    letterhead: str, form: str, dressed: Path, tmp_path: Path
) -> None:
    livery = load(dressed).clinics[letterhead].livery
    logo = placing.place(livery, mono=form == "mono").logo
    end = "" if form == "standard" else f"-{form}"
    folder = dressed / "output" / letterhead / "en"
    for pdf in (
        folder / f"tiny-aftercare{end}.pdf",
        folder / "archive" / f"tiny-aftercare{end}-archive.pdf",
    ):
        share = logo_check.differing(pdf.read_bytes(), logo)
        assert share is not None
        assert share <= similarity.MOST_ON_PAGE
    page = pypdfium2.PdfDocument(folder / f"tiny-aftercare{end}.pdf")[0]
    height, boxes = page.get_height(), list(logo_check.boxes(page, logo))
    wanted = logo_check.reference(logo, 128)
    for draw in (by_poppler, by_ghostscript):
        picture = draw(folder / f"tiny-aftercare{end}.pdf", tmp_path / "page")
        scale = picture.height / height
        shares = [
            similarity.differing(
                wanted,
                picture.resize(
                    wanted.size,
                    Image.Resampling.BOX,
                    (x0 * scale, (height - y1) * scale, x1 * scale, (height - y0) * scale),
                ),
            )
            for x0, y0, x1, y1 in boxes
        ]
        assert min(shares) <= ROUGH, draw.__name__


def test_a_logo_that_is_not_the_clinics_is_found_on_the_page(
    dressed: Path, artworks: Artworks
) -> None:
    pdf = (dressed / "output/rule/en/tiny-aftercare.pdf").read_bytes()
    right = placing.place(load(dressed).clinics["rule"].livery).logo
    wrong = LogoPrint(made(artworks, DRAWINGS["pattern"]), right.width, right.height)
    tall = LogoPrint(made(artworks, DRAWINGS["radial gradient"]), 20, 20)
    assert logo_check.differing(pdf, wrong) > similarity.MOST_ON_PAGE  # type: ignore[operator]
    assert logo_check.differing(pdf, tall) is None


def test_clinics_may_show_one_logo_in_two_sizes(tmp_path: Path) -> None:
    logo_of_both = wide(f'<path fill="{GOLD}" d="M0 0h508v133H0z"/>', "508 133")
    contact = str(FILES[f"{H}/clinic.yaml"]).replace("(207) 555-0100", "(207) 555-0142")
    files: dict[str, str | bytes | None] = {
        "data/clinics/other/clinic.yaml": contact.replace("Harbor Skin", "Other Skin"),
        "data/clinics/other/_brand.yml": 'logo: logo.svg\ncolor: {primary: "#123456"}\n',
        "data/clinics/other/logo.svg": logo_of_both,
        f"{H}/_brand.yml": 'logo: logo.svg\ncolor: {primary: "#123456"}\n'
        "defaults: {handouts: {letterhead: centred}}\n",
        f"{H}/logo.svg": logo_of_both,
    }
    root = make_library(tmp_path, files)
    done = run("build", "-j", 1, "-H", "aftercare", "--root", root)
    assert done.exit_code == 0, done.output
    for name in ("harbor", "other"):
        logo = placing.place(load(root).clinics[name].livery).logo
        pdf = (root / "output" / name / "en/tiny-aftercare.pdf").read_bytes()
        share = logo_check.differing(pdf, logo)
        assert share is not None
        assert share <= similarity.MOST_ON_PAGE


def test_equal_logos_are_placed_the_same_way_each_time(artworks: Artworks) -> None:
    logo = as_print(made(artworks, DRAWINGS["pattern"]))
    assert page_of(logo).partition(b"/ID")[0] == page_of(logo).partition(b"/ID")[0]


@pytest.mark.parametrize(
    "name",
    ["linear gradient", "radial gradient", "opacity of one", "clip by use", "variable", "arcs"],
)
def test_what_can_be_printed_as_paths_is(name: str, artworks: Artworks) -> None:
    assert made(artworks, DRAWINGS[name]).paths

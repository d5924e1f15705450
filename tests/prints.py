"""A logo as it comes off paper, to be compared with how it should look."""

from io import BytesIO

import pikepdf
import pypdfium2
from PIL import Image

from handouts import logo_check, placing, prepress, similarity
from handouts.artwork import PAPER, Artwork, LogoPrint


def as_print(found: Artwork, **how: object) -> LogoPrint:
    width = placing.widest(found.aspect)
    return LogoPrint(found, width, width / found.aspect, **how)  # type: ignore[arg-type]


def page_of(logo: LogoPrint) -> bytes:
    """A PDF of one page that is all logo, upon its ground."""
    document = pikepdf.new()
    width, height = (side / 25.4 * 72 for side in (logo.width, logo.height))
    page = document.add_blank_page(page_size=(width, height))
    picture = Image.open(BytesIO(prepress.placeholder(logo)))
    image = pikepdf.Stream(document, picture.tobytes())
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = *picture.size, 8
    image.ColorSpace = pikepdf.Name.DeviceGray
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(L=document.make_indirect(image)))
    red, green, blue = (part / 255 for part in bytes.fromhex(logo.ground[1:]))
    ground = f"{red:.4f} {green:.4f} {blue:.4f} rg 0 0 {width:.3f} {height:.3f} re f "
    page.Contents = document.make_stream(
        f"{ground}q {width:.3f} 0 0 {height:.3f} 0 0 cm /L Do Q".encode()
    )
    prepress.place_logos(document, [logo])
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def by_pdfium(pdf: bytes, across: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        scale = (across - 0.01) / page.get_width()
        picture: Image.Image = page.render(scale=scale).to_pil()
        return picture.convert("RGB")
    finally:
        document.close()


def difference(logo: LogoPrint) -> float:
    """The share of the ink that looks otherwise than the reference, from 0 to 1."""
    wanted = logo_check.reference(logo)
    seen = by_pdfium(page_of(logo), 3 * wanted.width)
    return similarity.differing(wanted, seen.resize(wanted.size, Image.Resampling.BOX))


def looks_like_its_file(found: Artwork, ground: str = PAPER) -> bool:
    """Whether it does in colour on this ground, and in grey on paper."""
    prints = (as_print(found, ground=ground), as_print(found, grey=True))
    return all(difference(each) <= similarity.MOST_ON_PAGE for each in prints)

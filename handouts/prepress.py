"""Pictures made ready for the printer's, from the files that clinics have."""

from io import BytesIO

from handouts import artwork
from handouts.model import Asset

MOST = 1600
"""Pixels of a picture's longer side: some 600 to the inch in the widest letterhead."""


def finished(asset: Asset) -> bytes:
    """The picture as it is printed: in colour or in grey, or the code of an address."""
    if asset.finish == "qr":
        return _code(asset.data.decode())
    if asset.finish == "grey":
        asset = artwork.grey(asset)
    return artwork.printable(asset, MOST).data


def _code(address: str) -> bytes:
    """A QR code as a drawing, without the quiet zone around it."""
    import segno  # noqa: PLC0415  few clinics have codes

    drawing = BytesIO()
    code = segno.make(address, error="m", micro=False, boost_error=False)
    code.save(drawing, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawing.getvalue()

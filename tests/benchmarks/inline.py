"""The plain way: an edition as one HTML page with its brand in place, no slots, no inks."""

import re

from handouts.compose import Composer
from handouts.model import Inks
from handouts.plan import Edition
from handouts.sheet import Sheet


def inline(edition: Edition, composer: Composer) -> Sheet:
    """The edition's whole page, as it would be laid out by itself."""
    body, clinic = edition.body, edition.clinic
    sheet = composer.sheet(body)
    brand, _ = composer.stationery(clinic, body.language, body.wording)
    html = sheet.html
    parts = re.split(r'<div class="piece (\w+)">', brand.html.partition("</body>")[0])
    for slot, content in zip(parts[1::2], parts[2::2], strict=True):
        words = content.rpartition("</div>")[0].replace('alt=""', 'alt="logo"')
        piece = f'<div class="slot piece {slot}">{words}</div>'.replace("\\", r"\\")
        html = re.sub(rf'<img class="slot {slot}"[^>]*>', piece, html)
    if 'class="slot letterhead"' in html:
        raise ValueError(f"{edition.path}: a slot is still open")
    css = _plain(sheet.css + _scoped(brand.css), clinic.inks)
    return Sheet(html, css, brand.assets, sheet.typefaces)


def _scoped(css: str) -> str:
    """The stationery's rules, for the pieces on the sheet alone."""
    css = re.sub(r"@page[^}]*}|\.\w+ \{ page:[^}]*}", "", css)
    rules = re.findall(r"([^{}]+)\{([^}]*)}", css)
    return "".join(
        ", ".join(map(_of_a_piece, names.split(","))) + f" {{{body}}}\n" for names, body in rules
    )


def _of_a_piece(selector: str) -> str:
    selector = selector.strip()
    if selector in {"html", ".piece"}:
        return ".piece"
    return f".piece{selector if selector.startswith('.letterhead') else ' ' + selector}"


def _plain(css: str, inks: Inks) -> str:
    """The CSS with a colour wherever it names an ink."""

    def fill(ink: re.Match[str]) -> str:
        color, tint = getattr(inks, ink[1]), float(ink[2])
        parts = (int(color[i : i + 2], 16) for i in (1, 3, 5))
        return "rgb({:.3f} {:.3f} {:.3f})".format(*(255 - tint * (255 - part) for part in parts))

    return re.sub(r"color\(--(\w+) ([\d.]+)\)", fill, css)

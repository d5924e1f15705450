"""The plain way: an edition as one HTML page with its brand in place, no slots, no inks."""

import re
from dataclasses import replace
from typing import Any

from handouts.compose import Composer
from handouts.gallery import KEYS
from handouts.inks import fills
from handouts.overprint import level
from handouts.plan import Edition
from handouts.sheet import INKS, SLOTS, Sheet


def inline(edition: Edition, composer: Composer) -> Sheet:
    """The edition's whole page, as it would be laid out by itself."""
    body, clinic = edition.body, edition.clinic
    sheet = composer.sheet(body)
    how: dict[str, Any] = {"layout": body.layout, "mono": edition.mono, "page": edition.page}
    brand, _ = composer.stationery(clinic, body.language, body.wording, **how)
    html = sheet.html
    parts = re.split(r'<div class="piece ([\w ]+)">', brand.html.partition("</body>")[0])
    for classes, content in zip(parts[1::2], parts[2::2], strict=True):
        slot = classes.split()[0]
        words = content.rpartition("</div>")[0].replace('alt=""', 'alt="logo"')
        piece = f'<div class="slot piece {classes}">{words}</div>'.replace("\\", r"\\")
        html = re.sub(rf'<img class="slot {slot}"[^>]*>', piece, html)
    html = re.sub(r'<img class="slot edge"[^>]*>', "", html)
    if '<img class="slot' in html:
        raise ValueError(f"{edition.path}: a slot is still open")
    css = _plain(sheet.css + _scoped(brand.css), dict(fills(clinic.livery, mono=edition.mono)))
    css = _without_color(css) if edition.mono else css
    assets = *brand.assets, *sheet.assets
    return replace(sheet, html=html, css=css, assets=assets, words=(), logos=brand.logos)


def _without_color(css: str) -> str:
    """The CSS with each colour as it is printed in grey."""
    css = re.sub(r"#[0-9a-f]{6}\b", lambda found: _grey(found[0], 0), css)
    return re.sub(r"rgb\(([\d.]+) ([\d.]+) ([\d.]+)\)", _apart, css)


def _apart(found: re.Match[str]) -> str:
    parts = [float(part) for part in found.groups()]
    color = "#" + "".join(f"{min(255, int(part)):02x}" for part in parts)
    return _grey(color, parts[0] % 1)


def _grey(color: str, more: float) -> str:
    """What the colour is in grey, and a hair more, so that no two inks are quite the same."""
    return "rgb({0:.3f} {0:.3f} {0:.3f})".format(level(color) + more)


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
    first = re.split(r"[ .]", selector.removeprefix("."))[0]
    return f".piece{selector if first in ON_THE_PIECE else ' ' + selector}"


ON_THE_PIECE = {*SLOTS, *KEYS["letterhead"]}


def _plain(css: str, inks: dict[str, str]) -> str:
    """The CSS with a colour wherever it names an ink, no two of them quite the same.

    Edges of one colour would be drawn in one go, and their corners otherwise.
    """

    def fill(ink: re.Match[str]) -> str:
        color, tint = inks[ink[1]], float(ink[2])
        parts = (int(color[i : i + 2], 16) + INKS.index(ink[1]) / 200 for i in (1, 3, 5))
        return "rgb({:.3f} {:.3f} {:.3f})".format(*(255 - tint * (255 - part) for part in parts))

    return re.sub(r"color\(--([\w-]+) ([\d.]+)\)", fill, css)

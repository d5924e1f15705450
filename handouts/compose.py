"""From a body or a clinic to HTML, by the Jinja templates."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from markupsafe import Markup, escape
from PIL import Image

from handouts import fonts, markup
from handouts.body import Body
from handouts.errors import TemplateError
from handouts.model import Block, Clinic, Heading, Wording
from handouts.sheet import SIZES, SLOTS, Asset, Piece, Sheet, Typeface
from handouts.store import Store

OWN = [Path(__file__).with_name("templates"), Path(__file__).parents[1] / "templates"]
"""Where the program's templates are, installed or in a checkout; a library's stand before."""

WIDE = {"table", "risk_table", "statements", "signatures", "timeline", "call_box", "references"}
"""The kinds of block that span the narrow column and the text."""

SHORT = {"bullets": 6, "steps": 6, "checklist": 6, "leaflets": 6, "fields": 6, "signatures": 3}
"""Up to how many items of these kinds stay together on a page."""


@dataclass
class Section:
    """A heading, or none, and the blocks that follow it, all wide or none of them."""

    heading: Heading | None
    blocks: list[Block] = field(default_factory=list)
    ruled: bool = False
    """Whether a line closes it: at its foot, so that no page begins with one."""

    @property
    def titled(self) -> bool:
        return bool(self.heading) or any(block.kind == "call_box" for block in self.blocks)

    @property
    def wide(self) -> bool:
        return bool(self.blocks) and self.blocks[0].kind in WIDE

    @property
    def signed(self) -> bool:
        return any(block.kind == "signatures" for block in self.blocks)


@dataclass(frozen=True)
class Compiled:
    """A template as Jinja has compiled it."""

    code: bytes


class _Kept(jinja2.BytecodeCache):
    """Compiled templates, found again by what the templates say."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if found := self._store.get(Compiled, self._key(bucket)):
            bucket.bytecode_from_string(found.code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._store.put(self._key(bucket), Compiled(bucket.bytecode_to_string()))

    def _key(self, bucket: jinja2.bccache.Bucket) -> str:
        return sha256(f"{bucket.key} {bucket.checksum}".encode()).hexdigest()


class Composer:
    """Fills the templates of one library; with a store, each is compiled once only."""

    def __init__(self, root: Path, store: Store | None = None) -> None:
        self._loader = jinja2.FileSystemLoader([root / "templates", *OWN])
        self._jinja = jinja2.Environment(
            loader=self._loader,
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_Kept(store) if store else None,
        )
        self._jinja.filters.update(md=markup.html, css=_css_string, day=_day, fill=_filled)
        self._jinja.filters.update(apart=_apart, direction=_direction)
        self._jinja.globals["slot"] = _slot
        self._jinja.tests["short"] = _is_short
        self._css: dict[object, str] = {}

    def sheet(self, body: Body) -> Sheet:
        """The body's sheet: brand left open, words complete."""
        warnings, mark = _warnings(body)
        values = {
            "body": body,
            "wording": body.wording,
            "size": SIZES[body.paper],
            "warnings": warnings,
            "mark": mark,
        }
        html = self._fill("sheet.html", sections=ruled(body.blocks), **values)
        for said in filter(None, (*warnings, mark)):
            if escape(said) not in html:
                raise TemplateError(f"templates/sheet.html does not print “{said}”: put it back")
        css = self._fill("sheet.css", family=_family(body.typeface), **values)
        return Sheet(html, css, _slot_images(), _typefaces(body.typeface))

    def stationery(
        self, clinic: Clinic, language: str, wording: Wording, slots: Iterable[str] = SLOTS
    ) -> tuple[Sheet, tuple[Piece, ...]]:
        """The clinic's pieces for these slots, one page each in the order of the pieces.

        The sheet brings the logo only where it shows it.
        """
        size = SIZES[clinic.contact.paper]
        pieces = tuple(Piece(slot, *size.slots[slot]) for slot in slots)
        logo = _named_by_content(clinic.logo)
        values = {
            "clinic": replace(clinic, logo=logo),
            "contact": clinic.contact,
            "language": language,
            "wording": wording,
            "pieces": pieces,
        }
        html = self._fill("stationery.html", **values)
        css = self._stationery_css(language, wording, pieces, clinic.typeface)
        assets = (logo,) if logo.name in html else ()
        return Sheet(html, css, assets, _typefaces(clinic.typeface)), pieces

    def pull_list(
        self, clinic: Clinic, found: object, wordings: dict[str, Wording], today: date
    ) -> Sheet:
        """A clinic's list of sheets to pull, in the first of its languages."""
        language = clinic.contact.languages[0]
        wording = wordings[language]
        values = {
            "language": language,
            "locale": f"{language}-{clinic.contact.country}",
            "wording": wording,
            "wordings": wordings,
            "pull": wording.pull,
            "found": found,
            "today": today,
            "size": SIZES[clinic.contact.paper],
        }
        html = self._fill("pull.html", **values)
        css = self._fill("pull.css", family=_family(clinic.typeface), **values)
        return Sheet(html, css, _slot_images(), _typefaces(clinic.typeface))

    def _stationery_css(
        self, language: str, wording: Wording, pieces: tuple[Piece, ...], typeface: Typeface
    ) -> str:
        """The same for many clinics, so it is filled once; it is not told of which."""
        key = (language, id(wording), pieces, typeface)
        if key not in self._css:
            self._css[key] = self._fill(
                "stationery.css",
                language=language,
                wording=wording,
                pieces=pieces,
                family=_family(typeface),
            )
        return self._css[key]

    def templates(self) -> dict[str, str]:
        """A digest of each template that there is, by its name."""
        found = {}
        for name in self._jinja.list_templates(extensions=["html", "css"]):
            source, _, _ = self._loader.get_source(self._jinja, name)
            found[f"templates/{name}"] = sha256(source.encode()).hexdigest()
        return found

    def page(self, name: str, **values: Any) -> str:
        """A page to read on a screen."""
        return self._fill(name, **values)

    def _fill(self, name: str, **values: Any) -> str:
        try:
            return self._jinja.get_template(name).render(values)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"templates/{error.name}:{error.lineno}: {error.message}") from None
        except jinja2.TemplateNotFound as error:
            raise TemplateError(f"templates/{error.name} is missing") from None
        except Exception as error:
            raise TemplateError(f"{_template_line(error)}: {error}") from None


def ruled(blocks: tuple[Block, ...]) -> list[Section]:
    """The sections of the page, each told whether a line closes it."""
    found = list(sections(blocks))
    for section, following in pairwise(found):
        section.ruled = following.titled
    return found


def sections(blocks: tuple[Block, ...]) -> Iterator[Section]:
    """The blocks as sections of the page: a heading starts one, and so does a change of width."""
    current = Section(None)
    for block in blocks:
        if isinstance(block, Heading):
            if current.heading or current.blocks:
                yield current
            current = Section(block)
        elif current.blocks and (block.kind == "call_box" or current.wide != (block.kind in WIDE)):
            yield current
            current = Section(None, [block])
        else:
            current.blocks.append(block)
    yield current


def _warnings(body: Body) -> tuple[list[str], str]:
    """What every page must say before anybody relies on it, and that in a word; or nothing."""
    notice, wording = body.notice, body.wording
    said = [] if notice.approved else [(wording.draft, wording.draft_mark)]
    if notice.expired:
        day = _day(notice.expired, body.locale)
        said.append((wording.expired.format(date=day), wording.expired_mark))
    return [words for words, _ in said], said[0][1] if said else ""


def _is_short(block: Block) -> bool:
    """Whether a block is a list that is better moved whole than broken."""
    limit = SHORT.get(block.kind, 0)
    return limit > 0 and len(getattr(block, block.kind)) <= limit


def _template_line(error: BaseException) -> str:
    """Where in the templates an error was raised, innermost first."""
    place, trace = "templates", error.__traceback__
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.suffix in {".html", ".css"} and "templates" in path.parts:
            start = len(path.parts) - path.parts[::-1].index("templates") - 1
            place = f"{'/'.join(path.parts[start:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _css_string(text: str) -> Markup:
    """The text as a CSS string."""
    escaped = re.sub(r"[^\w .,:;·-]", lambda found: f"\\{ord(found[0]):06x}", text)
    return Markup(f'"{escaped}"')  # noqa: S704  escaped just above


def _filled(phrase: str, **values: object) -> str:
    return phrase.format(**values)


def _apart(phrase: str, **values: object) -> Markup:
    """The phrase filled in, each value set apart so that it keeps its own direction."""
    span = Markup('<span class="apart" dir="{}">{}</span>')
    apart = {name: span.format(_direction(str(value)), value) for name, value in values.items()}
    return Markup(escape(phrase)).format(**apart)  # noqa: S704  escaped here


def _direction(text: str) -> str:
    """Which way a text runs, by its first letter."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    strong = next((way for way in ways if way in ("L", "R", "AL")), "L")
    return "ltr" if strong == "L" else "rtl"


@cache
def _day(value: date, locale: str) -> str:
    """A day as it is written where the sheet is printed."""
    try:
        known = Locale.parse(locale, sep="-")
    except UnknownLocaleError:
        known = Locale.parse(locale.partition("-")[0])
    return format_skeleton("yMMMd", value, locale=known)


def _slot(name: str) -> Markup:
    """What holds a slot open until stationery is printed there."""
    return Markup('<img class="slot {0}" src="asset:{0}.png" alt="slot:{0}">').format(name)


def _named_by_content(asset: Asset) -> Asset:
    """The asset under a name that no other has: many clinics' pieces share one document."""
    name = sha256(asset.data).hexdigest()[:16] + Path(asset.name).suffix
    return Asset(name, asset.data)


def _family(typeface: Typeface) -> Markup:
    families = [typeface.family, *fonts.SCRIPTS]
    return Markup(", ").join(_css_string(family) for family in families)


def _typefaces(typeface: Typeface) -> tuple[Typeface, ...]:
    return (typeface, *(Typeface(family) for family in fonts.SCRIPTS))


@lru_cache(1)
def _slot_images() -> tuple[Asset, ...]:
    return tuple(Asset(f"{slot}.png", _pixel(color)) for slot, color in SLOTS.items())


def _pixel(color: tuple[int, int, int]) -> bytes:
    data = BytesIO()
    Image.new("RGB", (1, 1), color).save(data, "PNG")
    return data.getvalue()

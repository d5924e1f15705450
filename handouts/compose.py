"""From a body or a clinic to HTML, by the Jinja templates."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache, partial
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import jinja2
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from markupsafe import Markup, escape
from PIL import Image

from handouts import bidi, fonts, lettering, markup, placing, toolchain
from handouts import sheet as sheets
from handouts.body import Body, locale
from handouts.errors import LayoutError, TemplateError
from handouts.formats import Layout
from handouts.model import Block, Clinic, Heading, Headings, Prose, Wording
from handouts.sheet import SLOTS, Asset, Piece, Sheet, Typeface
from handouts.store import Store

WIDE = {"table", "risk_table", "statements", "signatures", "timeline", "call_box", "references"}
"""The kinds of block that span the narrow column and the text."""

TIGHTER_SHEET = tuple(f"tighter/sheet-{step}.css" for step in (1, 2))
"""What makes a sheet tighter, step by step."""

TIGHTER_PIECES = {
    slot: tuple(f"tighter/{slot}-{step + 1}.css" for step in range(steps))
    for slot, steps in (("letterhead", 4), ("contact", 2), ("patient_label", 1))
}
"""What makes a piece of stationery tighter, step by step."""

MAY_BE_BLANK = {"edge"}
"""The slots that a letterhead may leave as they are."""

BASE = "handouts"
"""By this a clinic's template names the one that it takes the place of."""

SHORT = {"bullets": 6, "steps": 6, "checklist": 6, "leaflets": 6, "fields": 6, "signatures": 5}
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
        """Whether it begins with what is to be signed, that is, with what stands before it."""
        return bool(self.blocks) and self.blocks[0].kind == "signatures"


@dataclass(frozen=True)
class Compiled:
    """A template as Jinja has compiled it."""

    code: bytes


class _Kept(jinja2.BytecodeCache):
    """Compiled templates, found again by what the templates say and what compiled them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if found := self._store.get(Compiled, self._key(bucket)):
            bucket.bytecode_from_string(found.code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._store.put(self._key(bucket), Compiled(bucket.bytecode_to_string()))

    def _key(self, bucket: jinja2.bccache.Bucket) -> str:
        return sha256(f"{bucket.key} {bucket.checksum} {toolchain.digest()}".encode()).hexdigest()


class Composer:
    """Fills the templates of one library; with a store, each is compiled once only."""

    def __init__(self, root: Path, store: Store | None = None) -> None:
        self._folder = root / "templates"
        self._kept = _Kept(store) if store else None
        self._dressed: dict[str, jinja2.Environment] = {}
        self._css: dict[object, tuple[str, dict[str, tuple[str, ...]]]] = {}
        self._sheets_css: dict[object, tuple[str, ...]] = {}

    def sheet(self, body: Body) -> Sheet:
        """The body's sheet: brand left open, words complete."""
        warnings, mark = _warnings(body)
        foot, standing = _foot(body), "\N{NO-BREAK SPACE}· ".join(warnings) or _approved(body)
        values = {
            "body": body,
            "wording": body.wording,
            "size": sheets.size(body.paper, body.layout, body.phones),
            "warnings": warnings,
            "mark": mark,
            "foot": foot,
            "standing": standing,
        }
        fill = partial(self._fill, body.templates)
        html = fill("sheet.html", sections=ruled(body.blocks), **values)
        for said in filter(None, (*warnings, mark)):
            if escape(said) not in html:
                raise TemplateError(f"templates/sheet.html does not print “{said}”: put it back")
        words: tuple[str, ...] = ()
        if body.templates:
            written = self._fill("", "sheet.html", sections=ruled(body.blocks), **values)
            words = _same_words(html, written, body.templates)
        css, *tighter = self._sheet_css(body, mark, sum(map(len, (body.code, *foot, standing))))
        faces = body.typeface, body.headings.typeface
        html = _lettered(html, faces, body.wording)
        return Sheet(
            html,
            css,
            _slot_images(),
            _typefaces(faces, html + css),
            tuple(tighter),
            folds=body.layout == "booklet",
            direction=body.wording.direction,
            words=words,
        )

    def stationery(  # noqa: PLR0913  each has a part in it
        self,
        clinic: Clinic,
        language: str,
        wording: Wording,
        slots: Iterable[str] = SLOTS,
        *,
        layout: Layout = "standard",
        mono: bool = False,
        page: str | None = None,
    ) -> tuple[Sheet, tuple[Piece, ...]]:
        """The clinic's pieces for these slots, one page each in the order of the pieces.

        `page`: the sheet's own on the web. The sheet brings only the pictures that it shows.
        """
        size = sheets.size(clinic.contact.paper, layout, len(clinic.contact.phone))
        pieces = tuple(Piece(slot, *size.slots[slot]) for slot in slots if page or slot != "web")
        placed = placing.place(clinic.livery, large=layout == "large-print", mono=mono)
        code = placing.code(page) if page else None
        fill = partial(
            self._fill,
            clinic.templates,
            clinic=clinic,
            contact=clinic.contact,
            language=language,
            wording=wording,
            layout=layout,
            logo=placed,
            web={"asset": code, "address": page},
        )
        css, tighter = self._stationery_css(clinic, language, wording, pieces, layout)
        bodies = {
            piece.slot: Markup(fill(f"stationery/{piece.slot}.html", piece=piece))  # noqa: S704  filled by Jinja
            for piece in pieces
        }
        blank = {slot for slot, body in bodies.items() if slot in MAY_BE_BLANK and not body.strip()}
        pieces = tuple(
            replace(piece, tighter=tighter[piece.slot], blank=piece.slot in blank)
            for piece in pieces
        )
        faces = clinic.livery.typeface, clinic.livery.headings.typeface
        html = _lettered(fill("stationery.html", bodies=bodies, blank=blank), faces, wording)
        assets = (code,) if code and code.name in html else ()
        logos = (placed.logo,) if placed.logo.name in html else ()
        return Sheet(html, css, assets, _typefaces(faces, html + css), logos=logos), pieces

    def _sheet_css(self, body: Body, mark: str, foot_letters: int) -> tuple[str, ...]:
        """The same for many sheets, so it is filled once; it is not told of their words."""
        faces = body.typeface, body.headings
        size = body.paper, body.layout, body.phones
        key = (body.templates, id(body.wording), size, mark, foot_letters, faces)
        if key not in self._sheets_css:
            values = {
                "wording": body.wording,
                "size": sheets.size(*size),
                "layout": body.layout,
                "mark": mark,
                "foot_letters": foot_letters,
                **_lettering(*faces),
            }
            self._sheets_css[key] = tuple(
                self._fill(body.templates, name, **values) for name in ("sheet.css", *TIGHTER_SHEET)
            )
        return self._sheets_css[key]

    def pull_list(
        self, clinic: Clinic, found: object, wordings: dict[str, Wording], today: date
    ) -> Sheet:
        """A clinic's list of sheets to pull, in the first of its languages."""
        language = clinic.contact.languages[0]
        wording = wordings[language]
        values = {
            "language": language,
            "locale": locale(language, clinic.contact.country),
            "wording": wording,
            "wordings": wordings,
            "pull": wording.pull,
            "found": found,
            "today": today,
            "size": sheets.size(clinic.contact.paper),
        }
        fill = partial(self._fill, "")
        faces = clinic.livery.typeface, clinic.livery.headings.typeface
        html = _lettered(fill("pull.html", **values), faces, wording)
        values |= _lettering(clinic.livery.typeface, clinic.livery.headings)
        css = fill("pull.css", **values)
        typefaces = _typefaces(faces, html + css)
        return Sheet(html, css, _slot_images(), typefaces)

    def _stationery_css(
        self,
        clinic: Clinic,
        language: str,
        wording: Wording,
        pieces: tuple[Piece, ...],
        layout: Layout,
    ) -> tuple[str, dict[str, tuple[str, ...]]]:
        """The same for many clinics, so it is filled once; it is not told of which."""
        livery = clinic.livery
        faces = livery.typeface, livery.headings
        key = (clinic.templates, language, id(wording), pieces, layout, faces)
        if key not in self._css:
            values = {"language": language, "wording": wording, "pieces": pieces, "layout": layout}
            values |= _lettering(*faces)
            names = {piece.slot: TIGHTER_PIECES.get(piece.slot, ()) for piece in pieces}
            tighter = {
                slot: tuple(self._fill(clinic.templates, name, **values) for name in steps)
                for slot, steps in names.items()
            }
            css = self._fill(clinic.templates, "stationery.css", **values)
            self._css[key] = css, tighter
        return self._css[key]

    def templates(self) -> dict[str, str]:
        """A digest of each template that there is, by its name."""
        jinja = self._environment("")
        found = {}
        for name in jinja.list_templates(extensions=["html", "css"]):
            if not name.startswith(f"{BASE}/"):
                source, _, _ = cast(jinja2.BaseLoader, jinja.loader).get_source(jinja, name)
                found[f"templates/{name}"] = sha256(source.encode()).hexdigest()
        return found

    def page(self, name: str, **values: Any) -> str:
        """A page to read on a screen."""
        return self._fill("", name, **values)

    def _environment(self, dress: str) -> jinja2.Environment:
        """Where templates are found: a clinic's own stand before the library's and ours."""
        if dress not in self._dressed:
            shared = jinja2.FileSystemLoader([self._folder, *toolchain.TEMPLATES])
            own = [jinja2.FileSystemLoader(self._folder / "clinics" / dress)] if dress else []
            loader = jinja2.ChoiceLoader([*own, jinja2.PrefixLoader({BASE: shared}), shared])
            jinja = jinja2.Environment(
                loader=loader,
                undefined=jinja2.StrictUndefined,
                autoescape=True,
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
                bytecode_cache=self._kept,
            )
            jinja.filters.update(md=_md, css=_css_string, day=_day, fill=_filled)
            jinja.filters.update(apart=_apart, direction=_direction)
            jinja.globals["slot"] = _slot
            jinja.tests["short"] = _is_short
            self._dressed[dress] = jinja
        return self._dressed[dress]

    def _fill(self, dress: str, name: str, **values: Any) -> str:
        try:
            return self._environment(dress).get_template(name).render(values)
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


def _same_words(html: str, written: str, templates: str) -> tuple[str, ...]:
    """The words of a sheet in a clinic's own templates, which are just those of the library's."""
    shown, known = Counter(_words(html)), Counter(_words(written))
    for what, words in (("leaves out", known - shown), ("adds", shown - known)):
        if words:
            said = " ".join(words.elements())[:80]
            raise TemplateError(
                f"templates/clinics/{templates}/ {what} “{said}”: a sheet's words stand in data/, "
                "where they are approved"
            )
    return tuple(shown.elements())


def _lettered(html: str, faces: tuple[Typeface, ...], wording: Wording) -> str:
    """The page, each word of one typeface, and what runs the other way in its own order.

    LayoutError for an accent that no typeface can set upon its letter.
    """
    accented = lettering.unanchored(html, faces)
    if accented:  # of others WeasyPrint tells, but not of accents that stand beside their letter
        raise LayoutError(fonts.lacking(list(dict.fromkeys(accented))))
    apart = bidi.isolated(html) if wording.direction == "rtl" else html
    return lettering.whole_words(apart, faces)


def _words(html: str) -> list[str]:
    body = html.partition("<body>")[2].replace("<", " <")
    return re.findall(r"\w+", Markup(body).striptags())  # noqa: S704  read, not printed


def _foot(body: Body) -> tuple[str, ...]:
    """What stands at the foot of every page, beside its code."""
    wording = body.wording
    return (
        wording.version.format(version=body.version),
        wording.written.format(date=_day(body.written, body.locale)),
        wording.review_by.format(date=_day(body.review_by, body.locale)),
    )


def _approved(body: Body) -> str:
    notice = body.notice
    day = _day(notice.approved, body.locale) if notice.approved else ""
    return body.wording.approved.format(date=day, role=notice.role)


@jinja2.pass_context
def _md(context: jinja2.runtime.Context, text: Prose) -> Markup:
    """A sheet's text as HTML."""
    return markup.html(text, context["body"].locale)


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
def _day(value: date, place: str) -> str:
    """A day as it is written where the sheet is printed; no line ends in the midst of it."""
    known = _known(place)
    shown = str(format_skeleton("yMMMd", value, locale=known)) if known else value.isoformat()
    return shown.replace(" ", "\N{NO-BREAK SPACE}")


def _known(place: str) -> Locale | None:
    """The nearest locale of which the days are known, from the most exact to the language."""
    parts = place.split("-")
    for length in range(len(parts), 0, -1):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse("-".join(parts[:length]), sep="-")
    return None


def _slot(name: str) -> Markup:
    """What holds a slot open until stationery is printed there."""
    return Markup('<img class="slot {0}" src="asset:{0}.png" alt="slot:{0}">').format(name)


def _lettering(base: Typeface, headings: Headings) -> dict[str, Any]:
    """The families of text and of titles, as CSS has them, and the weight of titles."""

    def families(typeface: Typeface) -> Markup:
        names = dict.fromkeys((typeface.family, base.family, fonts.LETTERS, *fonts.SCRIPTS))
        return Markup(", ").join(_css_string(family) for family in names)

    return {
        "family": families(base),
        "headings": families(headings.typeface),
        "headings_weight": headings.weight,
    }


def _typefaces(faces: tuple[Typeface, ...], text: str) -> tuple[Typeface, ...]:
    """All typefaces that a page takes; that for further letters only where the text has such."""
    others = (fonts.LETTERS,) if lettering.needs_letters(text, faces) else ()
    return tuple(dict.fromkeys((*faces, *map(Typeface, (*others, *fonts.SCRIPTS)))))


@lru_cache(1)
def _slot_images() -> tuple[Asset, ...]:
    """What holds the slots open, and what lies behind pictures that are drawn in CSS."""
    colors = {**SLOTS, "paper": (255, 255, 255)}
    return tuple(Asset(f"{name}.png", _pixel(color)) for name, color in colors.items())


def _pixel(color: tuple[int, int, int]) -> bytes:
    data = BytesIO()
    Image.new("RGB", (1, 1), color).save(data, "PNG")
    return data.getvalue()

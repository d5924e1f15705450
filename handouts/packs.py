"""What goes to the printer together, what it takes, and what of it will not come out well."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from handouts import color
from handouts.formats import Format, is_mono
from handouts.plan import Edition
from handouts.preflight import TOLERANCE, Ink, Page, Text, outside
from handouts.sheet import EDGE
from handouts.similarity import MOST_ON_PAGE

LEAST_TEXT = 12.0
"""In pt: what patients of any age are to read without effort is 12 at least."""

ROUNDING = 0.05
"""In pt: what pixels of CSS, in whole numbers of a font's units, come short of."""

LEAST_CONTRAST = color.TEXT
"""In grey, for whatever the brand's colours are, many an office prints without any."""

MOST_INK = 0.10
"""Of a page in mono: makers rate a cartridge for 5 %, which is about what text alone takes, and
twice that is a page with an area filled in, which mono is to do without."""


@dataclass(frozen=True)
class Proof:
    """One PDF, measured.

    `logo`: the share of the logo's ink that does not look as its file does; None if it is not
    on the first page.
    """

    path: str
    clinic: str
    language: str
    format: Format
    pages: tuple[Page, ...]
    logo: float | None = 0.0

    @property
    def sheets(self) -> int:
        """Pieces of paper, printed on both sides."""
        return ceil(len(self.pages) / 2)


def proof(edition: Edition, pages: tuple[Page, ...], logo: float | None) -> Proof:
    """What was measured of an edition's PDF."""
    language, clinic = edition.body.language, edition.clinic.id
    return Proof(edition.path, clinic, language, edition.format, pages, logo)


@dataclass(frozen=True)
class Pack:
    """A clinic's PDFs in one language and format; each of them starts a sheet of paper.

    `ink`: of a page on average. `fullest`: of the page with the most. The smallest text is in
    pt, the distance from the paper's edge in mm.
    """

    clinic: str
    language: str
    format: Format
    handouts: int
    pages: int
    sheets: int
    ink: Ink
    fullest: Ink
    smallest_text: float | None
    least_contrast: float | None
    edge: float


def packs(proofs: Iterable[Proof]) -> list[Pack]:
    """The packs, in the order in which their first PDFs come."""
    parts: dict[tuple[str, str, Format], list[Proof]] = {}
    for each in proofs:
        parts.setdefault((each.clinic, each.language, each.format), []).append(each)
    return [_pack(part) for part in parts.values()]


def _pack(part: list[Proof]) -> Pack:
    first = part[0]
    pages = [page for each in part for page in each.pages]
    texts = [text for page in pages for text in page.texts]
    return Pack(
        first.clinic,
        first.language,
        first.format,
        handouts=len(part),
        pages=len(pages),
        sheets=sum(each.sheets for each in part),
        ink=_ink(pages, lambda shares: sum(shares) / len(shares)),
        fullest=_ink(pages, max),
        smallest_text=min((text.size_pt for text in texts), default=None),
        least_contrast=min((text.contrast for text in texts), default=None),
        edge=min(page.edge for page in pages),
    )


def _ink(pages: list[Page], of: Callable[[list[float]], float]) -> Ink:
    return Ink(of([page.ink.color for page in pages]), of([page.ink.mono for page in pages]))


@dataclass(frozen=True)
class Fault:
    """What on a page breaks a limit: logo, text, contrast, edge or ink; and by how much."""

    path: str
    page: int
    limit: str
    value: float
    said: str
    words: tuple[str, ...] = ()


def faults(proofs: Iterable[Proof]) -> list[Fault]:
    """All that breaks a limit, page by page."""
    return [
        fault
        for each in proofs
        for fault in (
            *_logo_faults(each),
            *(fault for page in each.pages for fault in _faults(each, page)),
        )
    ]


def _logo_faults(proof: Proof) -> Iterator[Fault]:
    if proof.logo is None:
        yield Fault(proof.path, 1, "logo", 1.0, "the logo is not there")
    elif proof.logo > MOST_ON_PAGE:
        said = f"{percent(proof.logo)} of the logo does not look as its file does"
        yield Fault(proof.path, 1, "logo", round(proof.logo, 3), said)


def _faults(proof: Proof, page: Page) -> Iterator[Fault]:
    def fault(limit: str, value: float, said: str, texts: Iterable[Text] = ()) -> Fault:
        words = tuple(text.words for text in texts)
        return Fault(proof.path, page.number, limit, value, said, words)

    small = [text for text in page.texts if text.size_pt < LEAST_TEXT - ROUNDING]
    for size, texts in _by(small, lambda text: round(text.size_pt, 1)):
        yield fault("text", size, f"text of {size:g} pt, under {LEAST_TEXT:g}", texts)
    pale = [text for text in page.texts if text.contrast < LEAST_CONTRAST]
    for ratio, texts in _by(pale, lambda text: color.floored(text.contrast)):
        said = f"contrast of {ratio} in grey where it is least, under {LEAST_CONTRAST}"
        yield fault("contrast", ratio, said, texts)
    if page.edge < EDGE - TOLERANCE:
        near = round(page.edge, 1)
        yield fault("edge", near, _said_of_edge(near), outside(page))
    if is_mono(proof.format) and page.ink.mono > MOST_INK:
        share = round(page.ink.mono, 3)
        yield fault(
            "ink", share, f"ink on {percent(share)} of a page in mono, over {percent(MOST_INK)}"
        )


def _said_of_edge(near: float) -> str:
    if near < 0:
        return f"off the page by {-near:.1f} mm"
    return f"{near:.1f} mm from the edge of the paper, under {EDGE}"


def _by(texts: list[Text], value: Callable[[Text], float]) -> Iterator[tuple[float, list[Text]]]:
    for key, group in groupby(sorted(texts, key=value), value):
        yield key, list(group)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"

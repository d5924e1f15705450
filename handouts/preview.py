"""Every page of every sheet, to be looked at; or those of two builds, side by side."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Generic, TypeVar

from handouts import manifest, pictures
from handouts.formats import FORMATS
from handouts.manifest import Item
from handouts.pictures import Facing, Pace, Picture
from handouts.plan import Edition, Plan, Selection

MOST = 200
"""How many PDFs one page can show: that is some 100 MB, and browsers open no more with ease."""


@dataclass(frozen=True)
class Shown:
    """A sheet in one format, with its pages."""

    item: Item
    pages: list[Picture]

    @property
    def sheet(self) -> Item:
        return self.item

    @property
    def differing(self) -> int:
        return 0


@dataclass(frozen=True)
class Compared:
    """A sheet as it is in two places, or in one of them only, page by page."""

    old: Item | None
    new: Item | None
    pages: list[Facing]

    @property
    def sheet(self) -> Item:
        return next(item for item in (self.old, self.new) if item)

    @property
    def differing(self) -> int:
        return sum(not page.same for page in self.pages)


Sheet = TypeVar("Sheet", Shown, Compared)


@dataclass(frozen=True)
class Part(Generic[Sheet]):
    """A clinic's sheets in one language; without an `edition` there are none of them any more."""

    clinic: str
    language: str
    edition: Edition | None
    sheets: list[Sheet]

    @property
    def name(self) -> str:
        return self.edition.clinic.contact.name_in(self.language) if self.edition else self.clinic

    @property
    def clinic_name(self) -> str:
        return self.edition.clinic.contact.name if self.edition else self.clinic

    @property
    def direction(self) -> str:
        return self.edition.body.wording.direction if self.edition else "ltr"

    def title(self, item: Item) -> str:
        """The sheet's title, without the clinic's name, which stands above."""
        return item.title.removesuffix(f" – {self.name}")


@dataclass(frozen=True)
class Side:
    """One of two things to compare: what it is called, where its PDFs are, and which they are."""

    name: str
    folder: Path
    items: list[Item]


def side(
    name: str, folder: Path, selection: Selection, clinics: tuple[str, ...] | None = None
) -> Side:
    """What of a folder is selected, or that of these clinics alone."""
    wanted = selection if clinics is None else replace(selection, clinics=clinics)
    return Side(name, folder, standing(folder, wanted))


def standing(folder: Path, selection: Selection) -> list[Item]:
    """What the last build into a folder has listed, as far as it is selected."""
    found = manifest.read(folder).values()
    taken = [item for item in found if _is_taken(item, selection)]
    return sorted(taken, key=lambda item: _placed(item, sorted({each.clinic for each in taken})))


def shown(folder: Path, items: list[Item], pace: Pace) -> list[Shown]:
    """The sheets, drawn."""
    return pictures.each(partial(_show, folder), items, pace)


def compared(old: Side, new: Side, key: Callable[[Item], Hashable], pace: Pace) -> list[Compared]:
    """The sheets of both sides, drawn, each with the one that has the same key."""
    before, after = ({key(item): item for item in each.items} for each in (old, new))
    pairs = [(before.get(each), after.get(each)) for each in {**before, **after}]
    clinics = list(dict.fromkeys(item.clinic for item in (*old.items, *new.items)))
    pairs.sort(key=lambda pair: _placed(next(filter(None, pair)), clinics))
    return pictures.each(partial(_compare, old.folder, new.folder), pairs, pace)


def by_path(item: Item) -> Hashable:
    """Of one clinic now and then, what has the same name is the same."""
    return item.path


def by_sheet(item: Item) -> Hashable:
    """Of two clinics, it is the same sheet in the same language and format."""
    return item.language, item.treatment, item.handout, item.format


def parts(sheets: Iterable[Sheet], plan: Plan) -> list[Part[Sheet]]:
    """The sheets by clinic and language."""
    known = {(edition.clinic.id, edition.body.language): edition for edition in plan.editions}
    groups = groupby(sheets, lambda each: (each.sheet.clinic, each.sheet.language))
    return [Part(*key, known.get(key), list(group)) for key, group in groups]


def summary(sheets: list[Compared]) -> str:
    """How many pages differ, of how many."""
    differing = sum(each.differing for each in sheets)
    pages = sum(len(each.pages) for each in sheets)
    return f"{differing or 'none'} of {pages} pages differ{'s' if differing == 1 else ''}"


def _is_taken(item: Item, selection: Selection) -> bool:
    clinic = not selection.clinics or item.clinic in selection.clinics
    form = not selection.formats or item.format in selection.formats
    return clinic and form and selection.takes(item.treatment, item.handout, item.language)


def _placed(item: Item, clinics: list[str]) -> tuple[int, str, str, str, int]:
    """What an item is sorted by; formats in their own order, not by their names."""
    form = [*FORMATS, item.format].index(item.format)
    return clinics.index(item.clinic), item.language, item.treatment, item.handout, form


def _show(folder: Path, item: Item) -> Shown:
    return Shown(item, pictures.pictures(folder / item.path))


def _compare(old: Path, new: Path, pair: tuple[Item | None, Item | None]) -> Compared:
    before, after = pair
    return Compared(before, after, pictures.facing(_pdf(old, before), _pdf(new, after)))


def _pdf(folder: Path, item: Item | None) -> Path | None:
    """The item's PDF, if it is there still: somebody may have taken it away."""
    path = folder / item.path if item else None
    return path if path and path.is_file() else None

"""Sheets to look at in the browser: `preview`, `gallery`."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import asked, pages
from handouts.cli.options import with_jobs, with_page, with_root, with_selection
from handouts.cli.saying import counted, mention, progress_bar, say_waiting

if TYPE_CHECKING:
    from handouts.manifest import Item
    from handouts.model import Library
    from handouts.plan import Plan, Selection
    from handouts.preview import Side
    from handouts.report import Report
    from handouts.yamlfile import Document


@click.command()
@with_selection
@click.option(
    "--compare",
    "other",
    metavar="WITH",
    help="Side by side with another clinic; or, before and now: with `output`, as the last build "
    "has left it, or with a git revision.",
)
@with_page("preview.html")
@with_jobs
@with_root
def preview(
    root: Path | None,
    page: Path | None,
    *,
    other: str | None,
    jobs: int,
    no_open: bool,
    **selection: tuple[str, ...],
) -> None:
    """Show every page of every sheet in the browser, or with --compare what differs.

    The page is whole in itself: it can be sent to somebody. output/ is left alone.
    """
    from handouts import proofs
    from handouts.errors import HandoutsError
    from handouts.preview import MOST

    place = asked.root(root)
    wanted = _with_other_clinic(place, selection, other)
    todo, documents = asked.to_build(place, wanted, asked.today(), final=False, keep=True)
    if len(todo.editions) > MOST:
        many = f"{len(todo.editions)} PDFs are too many for one page"
        raise click.UsageError(f"{many}: name a clinic, or choose by -H or -l")
    with proofs.folder(place) as folder:
        report = _proofs(todo, place, folder, jobs, documents)
        try:
            if other:
                sides = _sides(place, folder, asked.selection(wanted), other, jobs)
                values = _compared(todo, sides, jobs)
            else:
                values = _previewed(todo, folder, asked.selection(wanted), jobs)
        except HandoutsError as error:
            raise click.ClickException(str(error)) from None
    path = page or place / ".handouts/preview.html"
    pages.write(path, place, "preview.html", complaints=report.complaints(), **values)
    pages.show(path, report.complaints(), values["summary"], no_open=no_open)


def _with_other_clinic(root: Path, selection: asked.Names, other: str | None) -> asked.Names:
    """The selection, with the clinic to compare with if that is what is named."""
    from handouts.disk import clinics

    if other not in clinics(root):
        return selection
    if len(selection["clinic"]) != 1 or other in selection["clinic"]:
        raise click.UsageError(f"to compare with {other}, name one other clinic")
    return {**selection, "clinic": (*selection["clinic"], other)}


def _proofs(
    todo: "Plan", root: Path, folder: Path, jobs: int, documents: "dict[str, Document]"
) -> "Report":
    from handouts import proofs
    from handouts.build import How

    with progress_bar(silent=False) as progress:
        how = How(jobs, progress=progress, waiting=say_waiting)
        return proofs.make(todo, root, folder, how, documents)


def _previewed(todo: "Plan", folder: Path, selection: "Selection", jobs: int) -> dict[str, Any]:
    """What the page shows that has every sheet."""
    from handouts import preview as previews
    from handouts.pictures import Pace

    items = previews.standing(folder, selection)
    with progress_bar("Drawing", silent=False) as progress:
        sheets = previews.shown(folder, items, Pace(jobs, progress))
    count = sum(len(each.pages) for each in sheets)
    parts = previews.parts(sheets, todo)
    return {
        "heading": f"Sheets of {', '.join(dict.fromkeys(part.clinic_name for part in parts))}",
        "summary": f"{counted(len(sheets), 'sheet')}, {counted(count, 'page')}",
        "columns": (),
        "parts": parts,
    }


def _compared(
    todo: "Plan",
    sides: "AbstractContextManager[tuple[Side, Side, Callable[[Item], Hashable]]]",
    jobs: int,
) -> dict[str, Any]:
    """What the page shows that has two of each sheet."""
    from handouts import preview as previews
    from handouts.pictures import Pace

    with sides as (old, new, key), progress_bar("Drawing", silent=False) as progress:
        sheets = previews.compared(old, new, key, Pace(jobs, progress))
    names = {each.clinic.id: each.clinic.contact.name for each in todo.editions}
    columns = [names.get(side.name, side.name) for side in (old, new)]
    return {
        "heading": f"{columns[0]} and {columns[1]}, compared",
        "summary": previews.summary(sheets),
        "columns": columns,
        "parts": previews.parts(sheets, todo),
    }


@contextmanager
def _sides(
    root: Path, folder: Path, selection: "Selection", other: str, jobs: int
) -> "Iterator[tuple[Side, Side, Callable[[Item], Hashable]]]":
    """What is compared with what, and by what two sheets are known to be one."""
    from handouts.build import How
    from handouts.errors import HandoutsError
    from handouts.history import built
    from handouts.preview import by_path, by_sheet, side

    if other in selection.clinics[1:]:
        one, two = (side(name, folder, selection, (name,)) for name in selection.clinics)
        yield one, two, by_sheet
        return
    now = side("now", folder, selection)
    if other == "output":
        asked.known_in(root / "output", ())
        yield side("output/", root / "output", selection), now, by_path
        return
    with ExitStack() as stack:
        try:
            then = stack.enter_context(built(root, other, selection, asked.today(), How(jobs)))
        except HandoutsError as error:
            raise click.UsageError(
                f"{other!r} is neither a clinic nor `output`, and as a git revision: {error}"
            ) from None
        yield side(other, then / "output", selection), now, by_path


@click.command()
@click.argument("clinic", required=False)
@click.option("-l", "--language", metavar="L", help="In this language, not in its first.")
@with_page("gallery.html")
@with_jobs
@with_root
def gallery(  # noqa: PLR0913  each is a choice of its own
    root: Path | None,
    page: Path | None,
    clinic: str | None,
    language: str | None,
    *,
    jobs: int,
    no_open: bool,
) -> None:
    """Show every letterhead and style on a sheet of CLINIC, or of the first clinic.

    Below each is what to write in `_brand.yml` for it. data/ and output/ are left alone.
    """
    from handouts import gallery as galleries
    from handouts import proofs
    from handouts.pictures import Pace

    place = asked.root(root)
    library = asked.library(place)
    wanted = _in_gallery(library, clinic, language)
    todo = asked.plan(library, wanted, asked.today())
    if not todo.editions:
        mention(todo)
        raise click.ClickException("none of its sheets can be made: see `handouts check`")
    shown = galleries.chosen(todo)
    dressed = galleries.variants(shown)
    with proofs.folder(place) as folder:
        report = _proofs(dressed, place, folder, jobs, {})
        with progress_bar("Drawing", silent=False) as progress:
            choices = galleries.choices(dressed, shown[0], report, folder, Pace(jobs, progress))
    path, clinic_shown = page or place / ".handouts/gallery.html", shown[0].clinic
    pages.write(path, place, "gallery.html", edition=shown[0], choices=choices)
    said = f"{clinic_shown.contact.name}, in all styles"
    pages.show(path, galleries.faults(choices), said, no_open=no_open)


def _in_gallery(library: "Library", clinic: str | None, language: str | None) -> asked.Names:
    """The clinic, or the first; the language, or its first; the formats that are shown."""
    from handouts.gallery import FORMATS as SHOWN

    name = clinic or min(library.clinics, default=None)
    known = library.clinics.get(name) if name else None
    chosen = language or (known.contact.languages[0] if known else None)
    return {
        **asked.NOTHING,
        "clinic": (name,) if name else (),
        "language": (chosen,) if chosen else (),
        "formats": SHOWN,
    }

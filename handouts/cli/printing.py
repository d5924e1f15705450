"""What is on paper, and what to print again: `mark-printed`, `diff`."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli import asked, pages
from handouts.cli.options import with_json, with_output, with_root
from handouts.cli.saying import counted, print_json, short, writing

if TYPE_CHECKING:
    from handouts.changes import Pair
    from handouts.printed import Printed


@click.command("mark-printed")
@click.argument("clinic", nargs=-1)
@with_output
@with_root
def mark_printed(root: Path | None, output: Path | None, clinic: tuple[str, ...]) -> None:
    """Say that the front desks have printed what stands in output/, of all clinics or of some.

    `handouts diff` compares with it.
    """
    from handouts import manifest, printed
    from handouts.errors import HandoutsError
    from handouts.store import Store

    place = asked.root(root)
    folder = output or place / "output"
    asked.known_in(folder, clinic)
    try:
        with writing(folder):
            marked = printed.mark(folder, Store(place / ".handouts"), clinic, asked.today())
    except HandoutsError as error:
        raise click.ClickException(str(error)) from None
    sheets, clinics = counted(len(marked.items), "PDF"), counted(len(marked.on), "clinic")
    click.echo(f"{sheets} of {clinics} marked as printed: {short(folder / manifest.PRINTED)}")


@click.command()
@click.argument("clinic", nargs=-1)
@click.option(
    "--since",
    metavar="REVISION|FILE",
    help="Compare with a git revision, or with a manifest.json of an earlier build.",
)
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the report as a page.",
)
@click.option(
    "--lists",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write each clinic's list of what to pull and shred, a PDF.",
)
@with_output
@with_json
@with_root
def diff(  # noqa: PLR0913  each is a choice of its own
    root: Path | None,
    output: Path | None,
    clinic: tuple[str, ...],
    *,
    since: str | None,
    html: Path | None,
    lists: Path | None,
    as_json: bool,
) -> None:
    """Say what to print again: how output/ differs from what is on paper.

    That is what was there at the last `handouts mark-printed`, or as --since says.
    """
    from handouts import changes, printed, reprint
    from handouts.errors import HandoutsError
    from handouts.store import Store

    place, today = asked.root(root), asked.today()
    folder, store = output or place / "output", Store(place / ".handouts")
    try:
        old = _on_paper(place, folder, since, clinic).of(clinic)
        now = printed.standing(folder, store).of(clinic)
        pairs, found = list(changes.pairs(old, now)), changes.changes(old, now)
        named = since or f"printed on {', '.join(sorted({*old.on.values()})[-2:]) or 'no day'}"
        if html:
            values = {"changes": found, "since": named, "summary": reprint.summary(pairs)}
            pages.write(html, place, "reprint.html", heading=reprint.heading, **values)
        if lists:
            _write_lists(lists, place, pairs, today)
    except HandoutsError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        print_json({"since": named, "changes": reprint.as_data(found)})
    else:
        for line in reprint.told(found):
            click.echo(line)
        click.echo(f"{reprint.summary(pairs)}, since {named}")
    _mention_stale(place, folder, today)


def _on_paper(root: Path, output: Path, since: str | None, clinics: tuple[str, ...]) -> "Printed":
    """What --since names, or what was marked as printed."""
    from handouts import manifest, printed
    from handouts.store import Store

    path = Path(since) if since else output / manifest.PRINTED
    if path.exists():
        return printed.read(path, Store(root / ".handouts"))
    if since is None:
        raise click.UsageError(
            "nothing is marked as printed: run `handouts mark-printed` once it is, or give --since"
        )
    from handouts.build import How
    from handouts.history import as_of

    return as_of(root, since, clinics, asked.today(), How(os.cpu_count() or 1))


def _write_lists(folder: Path, root: Path, pairs: "list[Pair]", today: date) -> None:
    from handouts.pulls import pdfs
    from handouts.store import write_whole

    library = asked.library(root)
    with writing(folder):
        for clinic, pdf in pdfs(pairs, library, root, today):
            write_whole(folder / f"{clinic}.pdf", pdf)


def _mention_stale(root: Path, output: Path, today: date) -> None:
    from handouts import settled

    inputs = [settled.inputs(root, final=final) for final in (False, True)]
    if all(settled.editions(root, output, today, each) is None for each in inputs):
        click.echo("output/ may not be up to date: run `handouts build` first", err=True)

"""Whose words the sheets are: `approve`, `status`, `overrides`."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import asked
from handouts.cli.options import Command, with_json, with_root
from handouts.cli.saying import counted, mention, print_json, short

if TYPE_CHECKING:
    from handouts.model import Library


def _told(_: click.Context, param: click.Parameter, value: str) -> str:
    """The value, if it is more than blanks."""
    if not value.strip():
        raise click.BadParameter("it is empty: say who answers for the words", param=param)
    return value.strip()


def _to_come(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    if value and value.date() < asked.today():
        raise click.BadParameter(f"{value:%Y-%m-%d} is past")
    return value.date() if value else None


def with_signature(command: Command) -> Command:
    for decorate in (
        click.option(
            "--until",
            metavar="DATE",
            type=click.DateTime(["%Y-%m-%d"]),
            callback=_to_come,
            help="The last day on which this holds.",
        ),
        click.option(
            "--role",
            required=True,
            metavar="ROLE",
            callback=_told,
            help="In what office; it is printed.",
        ),
        click.option(
            "--by", required=True, metavar="NAME", callback=_told, help="Who answers for the words."
        ),
    ):
        command = decorate(command)
    return command


@click.command()
@click.argument("sheet", metavar="TREATMENT/HANDOUT")
@click.option("-l", "--language", metavar="L", help="This language, not that of the original.")
@click.option("-c", "--clinic", multiple=True, metavar="C", help="For this clinic, no other.")
@with_signature
@with_root
def approve(
    root: Path | None,
    sheet: str,
    language: str | None,
    clinic: tuple[str, ...],
    **signature: Any,
) -> None:
    """Record that NAME answers for the words of a sheet.

    What is approved is exactly what patients read, in all clinics or in those named. Change
    a word or a number, and the sheet is a draft again. The brand may change.
    """
    from handouts import approve as approving
    from handouts.check import check as examine
    from handouts.errors import HandoutsError
    from handouts.load import load_with_places
    from handouts.rules import silent

    place, today = asked.root(root), asked.today()
    library, documents = load_with_places(place)
    todo = asked.plan(library, _one_sheet(library, sheet, language, clinic), today)
    errors = examine(library, documents, today).errors
    for problem in (blocking := approving.in_the_way(todo, errors)):
        click.echo(problem.told(), err=True)
    if blocking:
        raise click.ClickException("nothing is approved: mend what is named first")
    only = tuple(sorted(set(clinic)))
    try:
        entry = approving.approval(library, todo.editions, on=today, only=only, **signature)
        path = approving.record(place, entry)
    except (HandoutsError, ValueError, OSError) as error:
        raise click.ClickException(_said(error)) from None
    texts, clinics = (
        counted(len(entry.words), "text"),
        counted(len(approving.clinics(todo)), "clinic"),
    )
    done = f"{sheet} {entry.version} in {entry.language} is approved"
    click.echo(f"{done}: {texts} for {clinics}, in {short(path)}")
    if unheard := silent(entry.language):
        rules = ", ".join(unheard)
        click.echo(f"no rule has looked in {entry.language} for: {rules}", err=True)
    for open_question in approving.awaiting(todo):
        click.echo(f"with it you decide on: {open_question}", err=True)


def _one_sheet(
    library: "Library", sheet: str, language: str | None, clinics: tuple[str, ...]
) -> asked.Names:
    """The selection of one sheet; without a language, in that of its original."""
    treatment, _, handout = sheet.partition("/")
    known = library.treatments.get(treatment)
    chosen = language or (known.original(handout) if known else None)
    return {
        "clinic": clinics,
        "treatment": (treatment,),
        "handout": (handout,),
        "language": (chosen,) if chosen else (),
    }


def _said(error: Exception) -> str:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


@click.command()
@click.option(
    "--within",
    metavar="DAYS",
    default="90d",
    show_default=True,
    help="What is due by then is named.",
)
@click.option("-c", "--clinic", multiple=True, metavar="C", help="Only this clinic.")
@with_json
@with_root
def status(root: Path | None, within: str, clinic: tuple[str, ...], *, as_json: bool) -> None:
    """Say which sheets are approved, which are drafts, and which are due for review.

    Exit code 1 if a sheet printed today would be past its day.
    """
    from handouts import status as states

    today = asked.today()
    todo = asked.plan(asked.library(asked.root(root)), {**asked.NOTHING, "clinic": clinic}, today)
    found = states.rows(todo.editions, today, _days(within))
    if as_json:
        print_json([row.as_data() for row in found])
    else:
        for line in states.lines(found):
            click.echo(line)
        click.echo(states.summary(found))
        mention(todo)
    sys.exit(any(row.state == "expired" for row in found) or bool(todo.problems))


def _days(text: str) -> timedelta:
    number = text.removesuffix("d")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise click.UsageError(f"--within is a number of days, such as 90d, not {text!r}")
    return timedelta(days=int(number))


@click.command()
@click.argument("clinic", nargs=-1)
@with_json
@with_root
def overrides(root: Path | None, clinic: tuple[str, ...], *, as_json: bool) -> None:
    """List every sentence by which a clinic differs from the library, and why."""
    from dataclasses import asdict

    from handouts.overrides import differences

    library = asked.library(asked.root(root))
    todo = asked.plan(library, {**asked.NOTHING, "clinic": clinic}, asked.today())
    found = list(differences(library, todo.editions))
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        for each in found:
            click.echo(f"{each.clinic}: {each.sheet} {each.language}, {each.state} ({each.reason})")
            for mark, texts in (("-", each.library), ("+", each.clinic_words)):
                for text in texts:
                    click.echo(f"  {mark} {text}")
        mention(todo)
    sys.exit(bool(todo.problems))

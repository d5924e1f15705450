"""What a command works on: the library, the day, and what of it was asked for."""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from handouts.cli.saying import short

if TYPE_CHECKING:
    from handouts.formats import Format
    from handouts.model import Library
    from handouts.plan import Plan, Selection
    from handouts.yamlfile import Document

Names = dict[str, tuple[str, ...]]
"""What was named, by the option that names it; empty where all is meant."""

NOTHING: Names = {"clinic": (), "treatment": (), "handout": (), "language": ()}
"""A selection that leaves nothing out."""


def root(given: Path | None) -> Path:
    from handouts.disk import find_root

    place = given.resolve() if given else find_root(Path.cwd())
    if place is None:
        raise click.UsageError(
            "there is no data/ folder here or above: go to where it is, or give --root DIR"
        )
    return place


def today() -> date:
    """The day by which a sheet is judged; `SOURCE_DATE_EPOCH` stands in for the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now().astimezone().date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is a number of seconds, not {epoch!r}") from None


def library(root: Path) -> "Library":
    from handouts.load import load

    return load(root)


def plan(library: "Library", names: Names, today: date) -> "Plan":
    """What was asked for, or a usage error if there is no such thing."""
    from handouts import plan as planning

    todo = planning.plan(library, _known(library, names), today)
    if todo == planning.Plan():
        raise click.UsageError(
            "no PDF fits all of this: `handouts list` shows those that there are"
        )
    return todo


def _known(library: "Library", names: Names) -> "Selection":
    """The selection, or a usage error for a name that is not in the library."""

    from handouts import plan as planning

    for kind, known in planning.names(library).items():
        for name in names[kind]:
            if known and name not in known:
                raise unknown(kind, name, sorted(known))
    return selection(names)


def unknown(kind: str, name: str, known: Iterable[str]) -> click.UsageError:
    """What is said of a name that is none of the known ones."""
    from handouts.explain import did_you_mean

    meant = did_you_mean(name, known)
    hint = f"did you mean {meant!r}?" if meant else f"there is {', '.join(known)}"
    return click.UsageError(f"there is no {kind} {name!r}: {hint}")


def selection(names: Names) -> "Selection":
    from handouts.plan import Selection

    return Selection(
        names["clinic"],
        names["treatment"],
        names["handout"],
        names["language"],
        cast("tuple[Format, ...]", names.get("formats", ())),
    )


def to_build(
    root: Path, names: Names, today: date, *, final: bool, keep: bool
) -> "tuple[Plan, dict[str, Document]]":
    from dataclasses import replace

    from handouts import examined
    from handouts.final import only_final
    from handouts.memory import load
    from handouts.store import Store

    store = Store(root / ".handouts")
    library, documents = load(root, store, keep=keep)
    todo = plan(library, names, today)
    errors = examined.errors(library, documents, today, store, keep=keep)
    todo = replace(todo, problems=(*todo.problems, *todo.concerned(errors)))
    return only_final(todo, errors, today) if final else todo, documents


def known_in(folder: Path, clinics: tuple[str, ...]) -> None:
    from handouts import manifest

    known = {item.clinic for item in manifest.read(folder).values()}
    if not known:
        raise click.UsageError(f"nothing has been built in {short(folder)}: run `handouts build`")
    for clinic in clinics:
        if clinic not in known:
            shown = ", ".join(sorted(known)[:10])
            raise click.UsageError(f"nothing of a clinic {clinic!r} is there: there is {shown}")

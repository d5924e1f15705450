"""What several commands say, each in the same words."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from handouts.plan import Plan


def counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'s' * (number != 1)}"


def short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def mention(todo: "Plan") -> None:
    """What of the plan cannot be told because its files have problems."""
    for refusal in todo.refusals:
        click.echo(f"{refusal.what}: has problems", err=True)
    if todo.problems:
        click.echo(f"{counted(len(todo.problems), 'problem')}: see `handouts check`", err=True)


def say_waiting() -> None:
    click.echo("another build is at work: waiting for it", err=True)


@contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Says that this cannot be written, should that be so."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None


@contextmanager
def progress_bar(
    label: str = "Laying out", *, silent: bool
) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if silent or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    bar: Any = click.progressbar(length=1, label=label, file=sys.stderr)

    def show(done: int, length: int) -> None:
        bar.length = length
        bar.update(done - bar.pos)

    with bar:
        yield show

"""The options that several commands take."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from handouts.formats import FORMATS

Command = Callable[..., Any]


def with_root(command: Command) -> Command:
    return click.option(
        "--root",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Where data/ lies (default: here, or the nearest folder above that has it).",
    )(command)


def with_output(command: Command) -> Command:
    return click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where the PDFs are (default: output/ beside data/).",
    )(command)


def with_jobs(command: Command) -> Command:
    return click.option(
        "-j",
        "--jobs",
        metavar="N",
        type=click.IntRange(min=1),
        default=os.cpu_count,
        show_default="all cores",
        help="Lay out in N processes.",
    )(command)


def with_json(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def with_formats(command: Command) -> Command:
    return click.option(
        "-F",
        "--format",
        "formats",
        multiple=True,
        type=click.Choice(FORMATS),
        metavar="F",
        help="In this format, not in those of clinic.yaml: " + ", ".join(FORMATS) + ".",
    )(command)


def with_selection(command: Command) -> Command:
    for decorate in (
        with_formats,
        click.option("-l", "--language", multiple=True, metavar="L", help="Only this language."),
        click.option("-H", "--handout", multiple=True, metavar="H", help="Only this handout."),
        click.option("-t", "--treatment", multiple=True, metavar="T", help="Only this treatment."),
        click.argument("clinic", nargs=-1),
    ):
        command = decorate(command)
    return command


def with_page(name: str) -> Callable[[Command], Command]:
    """The options of a command that writes a page to look at, of this name unless told."""

    def decorate(command: Command) -> Command:
        to = click.option(
            "-o",
            "--output",
            "page",
            metavar="FILE",
            type=click.Path(dir_okay=False, path_type=Path),
            help=f"Where to write the page (default: .handouts/{name} beside data/).",
        )
        closed = click.option("--no-open", is_flag=True, help="Do not open it in the browser.")
        return to(closed(command))

    return decorate

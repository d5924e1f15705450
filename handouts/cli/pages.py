"""The pages of HTML that commands write, to be read on a screen."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from handouts.cli import asked
from handouts.cli.saying import short, writing


def write(path: Path, root: Path, template: str, **values: Any) -> None:
    from handouts.compose import Composer
    from handouts.errors import TemplateError
    from handouts.store import write_whole

    try:
        html = Composer(root).page(template, today=asked.today(), **values)
    except TemplateError as error:
        raise click.ClickException(str(error)) from None
    with writing(path):
        write_whole(path, html.encode())


def show(path: Path, complaints: list[str], summary: str, *, no_open: bool) -> None:
    """Say what could not be made and where the page is, open it, and end."""
    for complaint in complaints:
        click.echo(complaint, err=True)
    click.echo(f"{summary}: {short(path)}")
    if not no_open:
        _open(path)
    sys.exit(bool(complaints))


def _open(path: Path) -> None:
    """Open a page in the browser, if there is one with a window of its own."""
    import webbrowser

    windows = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if windows or sys.platform in ("darwin", "win32"):
        webbrowser.open(path.resolve().as_uri())

"""For the machine and its editors: `schema`, `doctor`."""

import os
import sys
from pathlib import Path

import click

from handouts.cli import asked
from handouts.cli.options import with_root
from handouts.cli.saying import short, writing


@click.command()
@click.argument("name", required=False)
@with_root
def schema(root: Path | None, name: str | None) -> None:
    """Write what editors need to complete and check the files in data/, as JSON Schemas.

    They stand in data/.schema/, and the first line of each file names its own. With NAME,
    such as clinic or brand, print that one.
    """
    from handouts import schema as schemas

    if name is None:
        _write_schemas(asked.root(root))
    elif name in schemas.FILES:
        click.echo(schemas.text(name), nl=False)
    else:
        raise asked.unknown("schema", name, schemas.FILES)


def _write_schemas(root: Path) -> None:
    from handouts import schema as schemas

    where = short(root / schemas.FOLDER)
    with writing(where):
        written = schemas.write(root)
    for path in written:
        click.echo(short(path))
    unchanged = len(schemas.FILES) - len(written)
    click.echo(f"{len(written)} written, {unchanged} unchanged: {where}{os.sep}")


@click.command()
def doctor() -> None:
    """Look for what is missing on this machine, and say how to get it."""
    from handouts import doctor as doctoring

    findings = doctoring.examine()
    for finding in findings:
        click.echo(f"{'ok     ' if finding.ok else 'MISSING'}  {finding.what}")
    for remedy in dict.fromkeys(finding.remedy for finding in findings if not finding.ok):
        click.echo(f"\nType this to mend it:\n  {remedy}")
    sys.exit(not all(finding.ok for finding in findings))

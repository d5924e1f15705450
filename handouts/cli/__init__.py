"""The program's commands; whatever is slow to import is imported inside the one that needs it."""

import click

from handouts.cli import approving, checking, helping, looking, making, printing


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handouts")
def main() -> None:
    """Print-ready patient handouts, one set for each clinic.

    The words are kept in data/, the PDFs appear in output/. Start with
    `handouts check`, then `handouts build`.
    """


for command in (
    *(making.build, making.watch, making.list_, making.clean),
    *(checking.check, approving.approve, approving.status, approving.overrides),
    *(printing.mark_printed, printing.diff, looking.preview, looking.gallery),
    *(helping.schema, helping.doctor),
):
    main.add_command(command)

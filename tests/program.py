"""The program, called as a command would call it, and what it lays out."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from click.testing import CliRunner, Result

from handouts import layouts
from handouts.cli import main
from handouts.layouts import Job, Record


def run(*arguments: object) -> Result:
    """The program's end, which is never a traceback."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@contextmanager
def laid_out() -> Iterator[list[Job]]:
    """The jobs that this process does meanwhile."""
    jobs: list[Job] = []
    real = layouts.lay_out_together

    def counting(some: tuple[Job, ...]) -> tuple[Record, ...]:
        jobs.extend(some)
        return real(some)

    with patch.object(layouts, "lay_out_together", counting):
        yield jobs

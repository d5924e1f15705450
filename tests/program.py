"""The program, called as a command would call it."""

from click.testing import CliRunner, Result

from handouts.cli import main


def run(*arguments: object) -> Result:
    """The program's end, which is never a traceback."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result

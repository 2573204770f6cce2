"""A command, run in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from autograder.cli.main import main


def run(*arguments: object, status: int = 0) -> Result:
    """The result of `autograder ARGUMENTS`, which must end with `status` and without a traceback."""
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result

"""The command `autograder`: the group, and the one place where errors become messages and exit statuses."""

from __future__ import annotations

import sys
from typing import Any

import click

from autograder import __version__
from autograder.cli import authors, graders, machine
from autograder.cli.demo import demo
from autograder.errors import AutograderError


class _Commands(click.Group):
    """A click group that prints our own errors as a paragraph, with exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            click.echo(f"autograder: {error.text()}", err=True)
            sys.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("autograder: stopped", err=True)
            sys.exit(130)
        except BrokenPipeError:  # `autograder ... | head`
            sys.stderr.close()
            sys.exit(0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of the work, not of the alphabet


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="autograder")
def main() -> None:
    """Deep-learning assignments, and the grader that checks them outside the student's process.

    Exit status: 0 all is well, 1 the work shows a problem, 2 wrong use.
    """


for command in (*authors.COMMANDS, *graders.COMMANDS, *machine.COMMANDS, demo):
    main.add_command(command)

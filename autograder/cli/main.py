"""The command `autograder`: the group, and the one place where errors become messages and exit statuses."""

from __future__ import annotations

import difflib
import errno
import importlib
import sys
from typing import Any

import click

from autograder import __version__
from autograder.cli.streams import flush_or_say, give_up, prepare_streams, tell_failed
from autograder.errors import AutograderError

HOMES = {
    "init": "authors",
    "new": "authors",
    "convert": "converting",
    "salt": "keys",
    "stub": "authors",
    "train": "training",
    "verify": "verifying",
    "preview": "previewing",
    "release": "releasing",
    "deck": "decks",
    "check": "students",
    "grade": "graders",
    "rejudge": "graders",
    "publish": "publishing",
    "rubric": "rubric",
    "board": "board",
    "gradebook": "gradebook",
    "mistakes": "unlisted",
    "report": "reporting",
    "similar": "similarity",
    "forget": "keeping",
    "prune": "keeping",
    "upgrade": "keeping",
    "secret": "keys",
    "doctor": "machine",
    "demo": "demo",
}
"""Command → its module in `autograder.cli`, in the order of the work. Only the one that is called is imported."""


class _Commands(click.Group):
    """A click group that prints our own errors as a paragraph, with exit status 2."""

    def main(self, *args: Any, **options: Any) -> Any:
        prepare_streams()
        return super().main(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            super().invoke(ctx)
            sys.exit(0 if flush_or_say() else 2)
        except SystemExit as end:
            sys.exit(end.code if flush_or_say() else end.code or 2)
        except AutograderError as error:
            click.echo(f"autograder: {error.text()}", err=True)
            sys.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("autograder: stopped", err=True)
            sys.exit(130)
        except BrokenPipeError:  # `autograder ... | head`
            give_up(sys.stdout, 1)
            sys.exit(0)
        except OSError as error:
            if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
                raise  # a fault of ours: what is written to files has its own words
            give_up(sys.stdout, 1)
            tell_failed(error)
            sys.exit(2)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in HOMES and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], HOMES, n=1)
            ctx.fail(f"there is no command `{args[0]}`." + (f" Did you mean `{near[0]}`?" if near else ""))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in HOMES:
            return None
        command = getattr(importlib.import_module(f"autograder.cli.{HOMES[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="autograder")
def main() -> None:
    """Deep-learning assignments, and the grader that checks them outside the student's process.

    Exit status: 0 all is well, 1 the work shows a problem, 2 wrong use.
    """

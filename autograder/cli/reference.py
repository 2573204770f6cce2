"""README's table of commands, made from the commands themselves: python -m autograder.cli.reference README.md"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from autograder.cli.main import main

BEGIN, END = "<!-- commands: made by python -m autograder.cli.reference README.md -->", "<!-- end of commands -->"


def command_table(group: click.Group = main) -> str:
    """A markdown table: each command with its arguments, what it does, and its options."""
    rows = ["| command | does | options |", "|---|---|---|"]
    for call, command in _commands(group, "autograder"):
        arguments = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
        options = [max(p.opts, key=len) for p in command.params if isinstance(p, click.Option)]
        first = (command.help or "").split("\n\n")[0].replace("\n", " ")
        shown = " ".join([call, *arguments]).replace("|", "\\|")
        rows.append(f"| `{shown}` | {first} | {' '.join(f'`{o}`' for o in options)} |")
    return "\n".join(rows)


def _commands(group: click.Group, call: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with how it is called; those of a group of commands one by one."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{call} {name}", command
            yield from _commands(command, f"{call} {name}")
        else:
            yield f"{call} {name}", command


def with_table(readme: str) -> str:
    """The text of a README with its table of commands as it should be."""
    before, rest = readme.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{command_table()}\n\n{END}{after}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")

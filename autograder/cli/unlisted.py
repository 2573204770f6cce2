"""The command mistakes: what a class got wrong and nobody has listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autograder.cli.common import json_option, print_json, refuse_no_store, root_of, root_option
from autograder.cohort.mistakes import Group, draft
from autograder.cohort.mistakes import mistakes as found_in
from autograder.cohort.store import Store
from autograder.errors import UsageError
from autograder.grading.source import load_source
from autograder.report.text import harmless, points_text


@click.command(epilog="Example: autograder mistakes out --group 1 --name sum_over_batch >> misconceptions.toml")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("-q", "--question", help="Only this question.")
@click.option("--least", type=click.IntRange(1), default=1, show_default=True, help="Students that a group must have.")
@click.option("--group", "number", type=click.IntRange(1), default=1, help="With --name: which group (default: 1).")
@click.option("--name", help="Print a draft of a catalogue entry with this id for the group.")
@root_option
@json_option
def mistakes(
    out: Path, question: str | None, least: int, number: int, name: str | None, root: Path | None, as_json: bool
) -> None:
    """Mistakes of a class that nobody has listed, grouped by what they returned, largest group first.

    For staff: it shows students' code and lines of the solution. An entry in the catalogue is told to everybody who
    made the mistake by `autograder rejudge OUT`.
    """
    refuse_no_store(out)
    with Store(out, create=False) as store:
        assignment = store.assignment()
        if assignment is None:
            raise UsageError("there are no grades yet", where=str(out), fix="autograder grade … --resume")
        source = load_source(root_of(root), assignment)
        groups = [g for g in found_in(store, source, least) if question in (None, g.question)]
    if name is not None:
        if not name.isidentifier() or name != name.lower():
            raise UsageError("an id is needed", where="--name", found=name, expected="lower case letters, digits and _")
        if number > len(groups):
            raise UsageError(
                "there is no such group", where="--group", found=str(number), expected=f"1 to {len(groups)}"
            )
        click.echo(draft(groups[number - 1], name), nl=False)
    elif as_json:
        print_json([_table(g) for g in groups])
    elif not groups:
        click.echo("no wrong answer without a listed mistake's name")
    else:
        for i, group in enumerate(groups, 1):
            click.echo(_text(i, group))


def _table(group: Group) -> dict[str, Any]:
    return {
        "question": group.question, "cases": list(group.cases), "students": group.students,
        "points": str(group.points), "said": dict(group.said.most_common()), "functions": list(group.functions),
        "located": group.located, "mutants": list(group.mutants), "code": group.code,
    }  # fmt: skip


def _text(number: int, group: Group) -> str:
    count = len(group.students)
    names = ", ".join(harmless(s, 40) for s in group.students[:6]) + (", …" if count > 6 else "")
    verb = "wrong:" if group.located else "called:"
    lines = [
        f"{number}. {group.question}: {count} student{'s' * (count != 1)}, "
        f"{points_text(group.points)} points lost ({names})",
        f"   cases    {', '.join(group.cases)}",
        f"   {verb:<8} {', '.join(group.functions) or '–'}",
    ]
    lines += [f"   told     {harmless(text, 200)}" for text, _ in group.said.most_common(3)]
    lines += [f"   as if    {line}" for diff in group.mutants for line in diff.splitlines()]
    lines += [f"   | {harmless(line, 160)}" for line in group.code.splitlines()]
    return "\n".join(lines) + "\n"

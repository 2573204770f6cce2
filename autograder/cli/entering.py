"""Commands that add what staff decide: gradebook extend, add; and the list of events."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.opened import of, tell_events
from autograder.cohort.engine import login
from autograder.errors import UsageError
from autograder.gradebook.entering import entered
from autograder.gradebook.events import Extended, id_of, line_of_event, ordered, table_of
from autograder.gradebook.importing import extensions_from
from autograder.gradebook.log import forget_person


@click.command(epilog="Example: autograder gradebook extend --csv extensions.csv --dry-run")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path), help="Columns part, who or team, until or days, reason."
)
@click.option("--part", default="", help="One extension: of this part …")
@click.option("--who", default="", help="… for this person")
@click.option("--team", default="", help="… or this team")
@click.option("--until", default="", metavar="TIME", help="… until this wall clock of the course")
@click.option("--days", default="", help="… or by so many days")
@click.option("--reason", default="", help="… and why.")
@click.option("--dry-run", is_flag=True, help="Say what would be added; write nothing.")
@click.pass_context
def extend(
    context: click.Context, table: Path | None, part: str, who: str, team: str, until: str, days: str, reason: str,
    dry_run: bool,
) -> None:  # fmt: skip
    """Grant extensions: a later due time, from which late days are counted; never an earlier one."""
    own = of(context)
    facts, names = own.facts(), own.names()
    if bool(table) == bool(part):
        raise UsageError("say --csv FILE, or --part with --who or --team", where="extend")
    if table:
        found = extensions_from(table, own.policy, facts, names, login())
    else:
        values = {"part": part, "who": who, "team": team, "until": until, "days": days, "reason": reason}
        found = [entered("extended", values, own.policy, facts, names, login())]
    fresh = own.write(found, dry_run)
    for event in fresh:
        assert isinstance(event, Extended)
        until_or_days = f"until {event.until:%Y-%m-%d %H:%M}" if event.until else f"by {event.days} days"
        click.echo(f"  {id_of(event)}  {event.part}  {event.who or f'team {event.team}'}  {until_or_days}")
    tell_events(fresh, found, dry_run, own.log)


@click.command(epilog="Example: autograder gradebook add waived part=backprop who=ada days=1 reason=fire-alarm")
@click.argument("kind")
@click.argument("values", nargs=-1, metavar="KEY=VALUE...")
@click.option("--dry-run", is_flag=True, help="Say what would be added; write nothing.")
@click.pass_context
def add(context: click.Context, kind: str, values: tuple[str, ...], dry_run: bool) -> None:
    """Enter one event: waived, excused, adjusted, voided, chosen, joined, left, dropped, submitted, revoked …

    Dates without an offset are wall clocks of the course. `revoked of=ID` undoes what staff entered; `gradebook events`
    lists the ids.
    """
    own = of(context)
    pairs = [value.partition("=") for value in values]
    if wrong := next((key for key, sign, _ in pairs if not sign), ""):
        raise UsageError("a value", where="add", found=wrong, expected="KEY=VALUE")
    found = [entered(kind, {k: v for k, _, v in pairs}, own.policy, own.facts(), own.names(), login())]
    fresh = own.write(found, dry_run)
    for event in fresh:
        click.echo(f"  {id_of(event)}  {line_of_event(event)}")
    tell_events(fresh, found, dry_run, own.log)


@click.command(epilog="Example: autograder gradebook forget ada --dry-run")
@click.argument("who")
@click.option("--dry-run", is_flag=True, help="Say how many events it concerns; change nothing.")
@click.pass_context
def forget(context: click.Context, who: str, dry_run: bool) -> None:
    """Delete every event of one person: the only time that the file is edited.

    WHO is the name in the table. What OUT folders hold: autograder forget. Exports and pages are yours to delete.
    """
    own = of(context)
    changed = forget_person(own.log, who, dry_run=dry_run)
    if not changed:
        raise UsageError("there is no event of this person", where=str(own.log), found=who,
                         expected="a name as it stands in the table")  # fmt: skip
    click.echo(f"{'would forget' if dry_run else 'forgot'} {who}: {changed} events: {own.log}")


@click.command(epilog="Example: autograder gradebook events --who ada --kind extended")
@click.option("--who", default="", help="Only those of this person.")
@click.option("--kind", default="", help="Only this kind.")
@click.pass_context
def events(context: click.Context, who: str, kind: str) -> None:
    """List events with their ids, oldest first: JSON lines with an id in front."""
    own = of(context)
    for event in ordered([e for e in own.events if e.at <= own.now]):
        table = table_of(event)
        if (not who or who in (table.get("who"), *table.get("also", ()))) and (not kind or kind == table["event"]):
            click.echo(f"{id_of(event)}  {line_of_event(event)}")

"""Commands of those who grade: grade, rejudge."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from autograder.cli.common import (
    complain,
    json_option,
    locate_option,
    print_json,
    refuse_no_store,
    refuse_out_among,
    root_of,
    root_option,
    sandbox_option,
    secret_option,
    steps,
    writable_folder,
)
from autograder.cli.executors import SLURM, executor_for, executor_options, refuse_unknown
from autograder.cli.opened import standing_in
from autograder.cohort.changes import changes_table, changes_view
from autograder.cohort.engine import grade_cohort
from autograder.cohort.located import locate_all
from autograder.cohort.outputs import readable_grades, write_grades, write_report
from autograder.cohort.progress import watcher_for
from autograder.cohort.rejudge import rejudge as rejudged
from autograder.cohort.run import Outcome
from autograder.cohort.store import STORE, Store
from autograder.cohort.weights import alike
from autograder.cohort.written import written_of
from autograder.errors import UsageError
from autograder.grading.bundle import Bundle
from autograder.grading.cache import cached_bundle
from autograder.grading.grade import Settings
from autograder.grading.grade_form import grade_table
from autograder.grading.source import AssignmentSource, load_source
from autograder.intake.collecting import AUTO, LAYOUTS, collect
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.teams import read_teams, with_teams, within_a_day
from autograder.release.bundle_zip import read_autograder
from autograder.report.terminal import console_for, print_cohort, print_grade
from autograder.report.text import points_text
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.doctor import examine_device
from autograder.spec.models import Assignment


@click.command(epilog="Example: autograder grade backprop submissions/ -o out --jobs 2")
@click.argument("assignment", metavar="NAME|ZIP")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output-dir", "out", required=True, type=click.Path(path_type=Path), help="Output folder.")
@click.option(
    "-j", "--jobs", type=click.IntRange(0, 256), default=0, help="Submissions at a time (default: processors)."
)
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped: OUT must hold one.")
@click.option(
    "--layout", type=click.Choice([AUTO, *LAYOUTS]), default=AUTO, show_default=True,
    help="The course system that a folder or zip comes from; told by its shape unless you say.",
)  # fmt: skip
@click.option("--allow-skipped", is_flag=True, help="What lies at PATH and is no hand-in does not make the status 1.")
@click.option("--again", is_flag=True, help="Grade also what was graded with this very bundle.")
@click.option(
    "--only", multiple=True, metavar="QUESTION", help="Run this question's cases alone; others wait (several times)."
)
@click.option("--replay", is_flag=True, help="Run replays of trained work too (long); without it their points wait.")
@click.option(
    "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True,
    help="With --replay: what `train` runs on. What it makes is judged on the processor.",
)  # fmt: skip
@click.option("--final", is_flag=True, help="Draw milestones for the grade, from term and team, not for feedback.")
@click.option("--term", default="", help="With decks: the term, where it is not that of assignment.toml.")
@click.option("--teams", type=click.Path(path_type=Path), help="With decks: a table with the columns who, team.")
@executor_options
@locate_option
@secret_option
@sandbox_option()
@root_option
@json_option
def grade(
    assignment: str,
    paths: tuple[Path, ...],
    out: Path,
    jobs: int,
    resume: bool,
    layout: str,
    allow_skipped: bool,
    again: bool,
    only: tuple[str, ...],
    replay: bool,
    device: str,
    final: bool,
    term: str,
    teams: Path | None,
    place: str,
    spool: Path | None,
    pairs: tuple[str, ...],
    locate: bool,
    secret: Path | None,
    mode: str,
    root: Path | None,
    as_json: bool,
) -> None:
    """Grade submissions: files, notebooks, zips, folders of them, or what a course system exports.

    NAME is an assignment of this course, ZIP an autograder.zip. OUT keeps every grading for ever, with its evidence.
    A file that is damaged or no accepted form gets 0 points and the reason; one that this computer could not read
    (permission, disk) is not graded. Both stand in final_grades.csv, in grading_status.
    Exit status 1 when a submission was not graded or is still out, or something at PATH was left out; 130 after Ctrl-C.
    """
    _refuse(paths, out, resume, mode)
    _refuse_no_device(device, replay, mode, place)
    target = _target(assignment, root, secret)
    _refuse_zip(target, locate)
    found = collect(paths, target.spec.submission, layout)
    complain({}, found.notes)
    folder = writable_folder(out)
    watcher = watcher_for(sys.stderr, quiet=as_json)
    make_executor = executor_for(place, spool, pairs, root, folder, watcher.note)
    bundle = _recorded(target, mode, quiet=as_json)
    refuse_unknown(only, bundle)
    settings = Settings(replay=replay, final=final, term=term, device=device, only=tuple(dict.fromkeys(only)))
    with Store(folder) as store:
        outcome = grade_cohort(
            store,
            bundle,
            known_to_milestones(found.hand_ins, target.spec, read_teams(teams) if teams else {}),
            settings=settings,
            mode=mode,  # type: ignore[arg-type]  # click holds it to the modes
            jobs=jobs,
            again=again,
            source=target if isinstance(target, AssignmentSource) else None,
            executor=make_executor(store, bundle, settings),
            watcher=watcher,
        )
        if locate and isinstance(target, AssignmentSource) and not outcome.stopped:
            _locate(store, target, mode, jobs, quiet=as_json)
        tell_outcome(store, bundle, outcome, as_json, found.skipped)
    sys.exit(outcome.exit_status or int(bool(found.skipped) and not allow_skipped))


def known_to_milestones(hand_ins: Sequence[HandIn], spec: Assignment, teams: Mapping[str, str]) -> tuple[HandIn, ...]:
    """The hand-ins with their teams, and with what is said of those beyond the attempts of a day."""
    limits = [q.milestone.attempts_per_day for q in spec.questions if q.milestone is not None]
    found = with_teams(hand_ins, teams)
    return within_a_day(found, min(limits)) if limits else found


def _refuse(paths: Sequence[Path], out: Path, resume: bool, mode: str) -> None:
    """Refuse what would run submissions unconfined, resume nothing, or write among what is graded."""
    if mode == "off":
        raise UsageError(
            "submissions of other people are not run without confinement",
            where="--sandbox off",
            fix="use standard or strict; for your own file there is: autograder check FILE",
        )
    if resume and not (out / STORE).exists():
        raise UsageError("there is nothing to resume", where=str(out), fix="leave out --resume")
    refuse_out_among(paths, out)


def _refuse_no_device(device: str, replay: bool, mode: str, place: str) -> None:
    """Refuse a device that replays do not ask for, or that no worker can use here."""
    if device == "cpu":
        return
    if not replay:
        raise UsageError("only replays use a device", where="--device", fix="give --replay too")
    if place == SLURM:
        return  # the nodes have it, and say so where they have not
    row = examine_device(mode)  # type: ignore[arg-type]  # click holds it to the modes
    if row.why_not:
        fix = "see `autograder doctor`, or leave out --device: replays then run on the processor"
        raise UsageError("no worker can use a GPU here", where="--device cuda", found=row.why_not, fix=fix)


def _refuse_zip(target: AssignmentSource | Bundle, locate: bool) -> None:
    """Refuse to look for wrong functions where there is no reference."""
    if locate and isinstance(target, Bundle):
        fix = "name the assignment in its course folder"
        raise UsageError("a zip has no reference to put in a function's place", where="--locate", fix=fix)


def _locate(store: Store, source: AssignmentSource, mode: str, jobs: int, quiet: bool) -> None:
    """Look for the wrong functions, and say what it took."""
    bar, tell = steps("locating", quiet)
    with bar, Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the modes
        tally = locate_all(store, source, sandbox, jobs=jobs or os.cpu_count() or 1, tell=partial(tell, "submissions"))
    click.echo(tally.sentence(), err=True)
    complain(tally.impossible)


def tell_outcome(
    store: Store, bundle: Bundle, outcome: Outcome, as_json: bool, skipped: Sequence[Skipped] = ()
) -> None:
    """Grades on the terminal or as JSON; what was left out; the files; and how to go on."""
    if as_json:
        damaged = write_grades(store)
        grades = [grade_table(grade) for _, grade, _, _ in readable_grades(store)]
        left = [{"path": s.path, "why": s.why} for s in skipped]
        lost = dict(sorted(outcome.not_graded.items()))
        print_json({"grades": grades, "skipped": left, "not_graded": lost, "out": outcome.totals.out})
        complain(damaged, outcome.notes)
        return
    bar, tell = steps("writing")
    with bar:
        written = write_report(
            store, bundle.spec, tell=partial(tell, "report"), standing=standing_in(None, bundle.spec.id)
        )
    if len(written.grades) == 1:
        print_grade(next(readable_grades(store))[1])
    else:
        print_cohort(written.grades)
    click.echo(f"\ngrades   {store.folder / 'final_grades.csv'}\nreport   {written.index}")
    waits = sum(bool(g.pending) for g in written.grades)
    if waits:
        replays = {c.name for c in bundle.cases.cases if c.kind == "replay"}
        waiting = {v.case for g in written.grades for v in g.pending}
        how = ": --replay runs them" if waiting & replays else ""
        click.echo(f"so far   {waits} of {len(written.grades)} have cases that a later run will judge{how}")
    unread = bundle.spec.points - bundle.spec.machine_points()
    if unread and written_of(store.folder) is None:
        click.echo(f"written  {points_text(unread)} more points are a person's: autograder rubric {store.folder}")
    if bundle.spec.submission.weights and (pairs := sum(1 for _ in alike(store))):
        click.echo(f"alike    {pairs} pairs have (nearly) the same weights: autograder similar {store.folder}")
    if outcome.totals.out:
        click.echo(f"out      {outcome.totals.out} wait on the cluster: the same command with --resume takes them over")
    if outcome.stopped:
        click.echo("stopped; what was finished is kept. Go on with the same command and --resume", err=True)
    for one in skipped:
        click.echo(f"left out: {one.path}: {one.why}", err=True)
    for name, why in sorted(outcome.not_graded.items()):
        click.echo(f"not graded: {name}: {why}", err=True)
    complain(written.damaged, outcome.notes)


def _target(assignment: str, root: Path | None, secret: Path | None) -> AssignmentSource | Bundle:
    """An autograder.zip's bundle, or an assignment of the course as its files are now."""
    if assignment.endswith(".zip") or Path(assignment).is_file():
        return read_autograder(Path(assignment))
    return load_source(root_of(root), assignment, secret)


def _recorded(target: AssignmentSource | Bundle, mode: str, quiet: bool) -> Bundle:
    """The bundle itself, or the one that is recorded from the assignment now."""
    if isinstance(target, Bundle):
        return target
    bar, tell = steps(f"recording {target.spec.id}", quiet)
    with bar, Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the modes
        return cached_bundle(sandbox, target, tell)


@click.command(epilog="Example: autograder rejudge out --dry-run")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("-q", "--question", "only", multiple=True, help="Only this question (may be given several times).")
@click.option("--allow-lower", is_flag=True, help="Let scores fall too; without it a question keeps its old verdicts.")
@click.option("--rerun", is_flag=True, help="Run the cases again whose probe changed since their outputs were stored.")
@click.option("--dry-run", is_flag=True, help="Show the table; change nothing.")
@locate_option
@secret_option
@sandbox_option()
@root_option
@json_option
def rejudge(
    out: Path,
    only: tuple[str, ...],
    allow_lower: bool,
    rerun: bool,
    dry_run: bool,
    locate: bool,
    secret: Path | None,
    mode: str,
    root: Path | None,
    as_json: bool,
) -> None:
    """Apply today's checks, tolerances and misconceptions to the stored outputs of a cohort.

    No student code is run, except for cases whose probe changed, and those only with --rerun. Exit status 1 while
    something waits for a decision: a re-run, a lowered score.
    """
    if mode == "off":
        raise UsageError(
            "submissions are not run without confinement", where="--sandbox off", expected="standard, strict"
        )
    refuse_no_store(out)
    with Store(out, create=False) as store:
        name = store.assignment()
        if name is None:
            raise UsageError("there are no grades yet", where=str(out), fix="autograder grade … --resume")
        source = load_source(root_of(root), name, secret)
        unknown = set(only) - {q.id for q in source.spec.graded()}
        if unknown:
            known = ", ".join(q.id for q in source.spec.graded())
            raise UsageError("there is no such question", found=sorted(unknown)[0], expected=known)
        bar, tell = steps("rejudging", quiet=as_json)
        with bar:
            result = rejudged(
                store,
                source,
                lambda: Sandbox.start(mode=mode),  # type: ignore[arg-type]  # click holds it to the modes
                allow_lower=allow_lower,
                rerun=rerun,
                dry_run=dry_run,
                only=only,
                tell=partial(tell, "submissions"),
            )
        if locate and not dry_run:
            _locate(store, source, mode, 0, quiet=as_json)
        if result.applied:
            with bar:
                write_report(
                    store, source.spec, tell=partial(tell, "report"), standing=standing_in(None, source.spec.id)
                )
    if as_json:
        print_json(changes_table(result))
    else:
        console_for().print(changes_view(result))
    sys.exit(result.exit_status)

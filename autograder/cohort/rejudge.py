"""Rejudging: today's checks, tolerances and misconceptions applied to the outputs that a cohort once returned.

No student code runs, unless `rerun` asks for the cases whose probe has changed. A question's points never fall without
`allow_lower`: the question keeps its old verdicts then, and the table says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder import __version__
from autograder.cohort.changes import Change, Rejudged
from autograder.cohort.engine import login
from autograder.cohort.locating import Ground, located_still
from autograder.cohort.redrawing import drawn_otherwise, run_anew, worlds_now
from autograder.cohort.renewal import probe_digest, renewed
from autograder.cohort.spool import Result, keep
from autograder.cohort.store import Store
from autograder.cohort.tables import Event
from autograder.cohort.tasks import hand_in_of
from autograder.errors import StoredError
from autograder.grading.bundle import Bundle
from autograder.grading.evidence import Evidence, attempts_of
from autograder.grading.grade import Settings, unread_answer
from autograder.grading.grade_form import with_times
from autograder.grading.judging import Judge
from autograder.grading.separate import Separate
from autograder.grading.source import AssignmentSource
from autograder.grading.status import Status
from autograder.grading.totals import Grade, grade_of
from autograder.grading.verdict import Verdict
from autograder.intake.hand_in import printable
from autograder.intake.opening import open_hand_in
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer

StartSandbox = Callable[[], AbstractContextManager[Sandbox]]
BATCH = 200


def rejudge(
    store: Store,
    source: AssignmentSource,
    start: StartSandbox,
    *,
    allow_lower: bool = False,
    rerun: bool = False,
    dry_run: bool = False,
    only: Collection[str] = (),
    settings: Settings | None = None,
    who: str = "",
    tell: Callable[[int, int], None] | None = None,
) -> Rejudged:
    """Judge the newest evidence of every submission again.

    Args:
        start: starts a sandbox; called only when our own reference or, with `rerun`, a submission must be run.
        rerun: run the cases whose probe (or support file, or forbidden names) changed since the outputs were stored.
        only: questions to rejudge; all by default.
        settings: of the re-run.
        who: for the history; the user's login name by default.
        tell: is told at which of how many submissions it is.

    Raises:
        UsageError: the store is of another assignment, or a bundle of it is missing.
        AuthorError: the current reference does not pass its own cases.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        judge = stack.enter_context(Separate())
        get = _once(stack, start)
        work = _Rejudging(store, source, get, allow_lower, rerun, set(only), settings or Settings(), judge)
        changes, rows = [], []
        events = store.current()
        for number, event in enumerate(events, 1):
            if tell is not None:
                tell(number, len(events))
            change, evidence = work.one(event)
            if change is None:
                continue
            changes.append(change)
            if change.told or evidence is not None:
                rows.append((event, change.after, evidence))
        if not dry_run:
            _write(store, work, rows, who or login())
    return Rejudged(
        tuple(changes), work.needs_rerun(), work.impossible, work.reran, not dry_run, time.monotonic() - started
    )


def _once(stack: ExitStack, start: StartSandbox) -> Callable[[], Sandbox]:
    """The sandbox, started at the first call."""
    running: list[Sandbox] = []

    def get() -> Sandbox:
        if not running:
            running.append(stack.enter_context(start()))
        return running[0]

    return get


def _write(store: Store, work: _Rejudging, rows: list[tuple[Event, Grade, Evidence | None]], who: str) -> None:
    """Events for all that changed, in one run; in batches, each of them a transaction."""
    if not rows:
        return
    latest = next(iter(work.bundles.values()))
    run = store.add_run(who, "rejudge", latest, __version__, {"allow_lower": work.allow_lower, "rerun": work.rerun})
    for bundle in work.bundles.values():
        store.note_origin(bundle, work.source)
    for kind in ("rejudged", "rerun"):
        own = [row for row in rows if (row[2] is not None) == (kind == "rerun")]
        for begin in range(0, len(own), BATCH):
            results = [as_event(store, *row) for row in own[begin : begin + BATCH]]
            store.add(run, kind, results)


def as_event(store: Store, event: Event, grade: Grade, evidence: Evidence | None = None) -> Result:
    """Another grade of the work of an event, as the store takes it; without other evidence the stored one stays."""
    result = keep(store.blobs, event.key, event.handed, grade, evidence)
    return result if evidence else replace(result, evidence=event.evidence)


@dataclass
class _Rejudging:
    """One rejudging at work: renewed bundles by old bundle, verdicts reached before, what is left over."""

    store: Store
    source: AssignmentSource
    sandbox: Callable[[], Sandbox]
    allow_lower: bool
    rerun: bool
    only: set[str]
    settings: Settings
    judge: Judge
    bundles: dict[str, Bundle] = field(default_factory=dict)
    old: dict[str, Bundle] = field(default_factory=dict)
    changed: dict[str, dict[str, str]] = field(default_factory=dict)
    stale: dict[str, tuple[str, int]] = field(default_factory=dict)
    impossible: dict[str, str] = field(default_factory=dict)
    reran: int = 0

    @cached_property
    def ground(self) -> Ground:
        """What the names of wrong functions are held against."""
        return Ground(self.source)

    def needs_rerun(self) -> dict[str, tuple[str, int]]:
        """Case → why, and how many submissions."""
        return dict(self.stale)

    def one(self, event: Event) -> tuple[Change | None, Evidence | None]:
        """The change of one submission, and its new evidence if something of it was run again."""
        try:
            before, evidence = self.store.grade(event), self.store.evidence(event)
        except StoredError as error:
            self.impossible[event.who] = f"{error.what} ({error.where}); grade it again"
            return None, None
        if evidence is None:
            self.impossible[event.who] = "it was never graded; grade it again"
            return None, None
        bundle = self.bundle(evidence.bundle)
        stale = self.stale_cases(evidence, bundle)
        fresh = None
        if stale and self.rerun:
            fresh = self.run_again(event, evidence, bundle, stale)
            if fresh is not None:
                evidence, stale = fresh, {}
        for case, why in stale.items():
            self.stale[case] = (why, self.stale.get(case, ("", 0))[1] + 1)
        known = {c: w for c, w in evidence.worlds.items() if c in evidence.answers and c not in stale}
        verdicts = located_still(self.judge.verdicts(bundle, evidence.answers, known), before, self.ground)
        return self.change(event, bundle, before, verdicts, set(stale)), fresh

    def bundle(self, digest: str) -> Bundle:
        """The current source in the worlds of an old bundle."""
        if digest not in self.bundles:
            old = self.store.bundle(digest)
            new = renewed(self.source, old, self.store.origin(digest), self.sandbox)
            self.old[digest], self.bundles[digest] = old, new
            self.changed[digest] = {
                c: "its probe changed" for c in old.expected if c in new.expected and _differs(old, new, c)
            }
        return self.bundles[digest]

    def stale_cases(self, evidence: Evidence, bundle: Bundle) -> dict[str, str]:
        """Cases whose stored outputs do not answer today's question, and why."""
        old, changed = self.old[evidence.bundle], self.changed[evidence.bundle]
        otherwise = drawn_otherwise(bundle, evidence, old.spec)
        found = {}
        for case in bundle.cases.cases:
            answer = evidence.answers.get(case.name)
            if self.only and case.question not in self.only:
                continue
            if answer is None:
                found[case.name] = "it is new"
            elif case.name in changed:
                found[case.name] = changed[case.name]
            elif case.name in otherwise:
                found[case.name] = otherwise[case.name]
            elif limited(answer) and old.spec.limits_of(case.question) != bundle.spec.limits_of(case.question):
                found[case.name] = "its limits changed"
        return found

    def run_again(self, event: Event, evidence: Evidence, bundle: Bundle, stale: Mapping[str, str]) -> Evidence | None:
        """Evidence with these cases run anew; None when the submission is not there any more."""
        hand_in = hand_in_of(event.handed)
        opened = open_hand_in(hand_in, bundle.spec.submission)
        if opened.digest != event.digest:
            self.impossible[event.who] = f"{printable(event.file)} is not there or has changed"
            return None
        worlds = worlds_now(bundle, evidence, self.settings, hand_in.team)
        materials: Mapping[str, Mapping[str, str]] = {}
        if opened.submission is None:
            fresh = {c: unread_answer(c, opened.problem) for c in stale}
        else:
            chosen = {c: worlds[c] for c in stale}
            fresh, materials = run_anew(self.sandbox(), bundle, opened.submission, chosen)
        self.reran += 1
        newer = replace(evidence, bundle=bundle.digest, answers=fresh, worlds={c: worlds[c] for c in fresh},
                        attempts=attempts_of(fresh), materials=materials)  # fmt: skip
        return Evidence.merged(evidence, newer).of(worlds.keys())

    def change(
        self, event: Event, bundle: Bundle, before: Grade, verdicts: Sequence[Verdict], stale: set[str]
    ) -> Change:
        """New verdicts question by question, old ones where they must stand."""
        if not stale and not self.only and _unchanged(bundle, before, verdicts):
            sums = replace(before, verdicts=tuple(v for v in before.verdicts if not v.status.scores))
            return Change(event.who, sums, sums)  # a whole class stays in memory: only what its tables need
        fresh = self._grade(bundle, before, verdicts)
        stay = {bundle.cases.get(c).question for c in stale}
        if self.only:
            stay |= {q.id for q in bundle.spec.graded()} - self.only
        kept = {
            q.question for q in fresh.questions if q.question not in stay and self._keeps(q.question, before, fresh)
        }
        merged = self._merged(bundle, before, fresh, stay | kept) if stay | kept else fresh
        times = {"total": before.seconds, "cases": {v.case: v.seconds for v in before.verdicts}}
        told = _told(merged, before)
        after = with_times(merged, times) if told else before
        return Change(
            event.who,
            before,
            after,
            tuple(sorted(kept)),
            tuple(sorted({bundle.cases.get(c).question for c in stale})),
            told,
        )

    def _merged(self, bundle: Bundle, before: Grade, fresh: Grade, stay: set[str]) -> Grade:
        """The fresh grade with the old verdicts of the questions that stay."""
        own = [v for v in before.verdicts if v.question in stay]
        merged = self._grade(bundle, before, [v for v in fresh.verdicts if v.question not in stay] + own)
        order = {c.name: i for i, c in enumerate(bundle.cases.cases)}
        return replace(merged, verdicts=tuple(sorted(merged.verdicts, key=lambda v: order.get(v.case, len(order)))))

    def _grade(self, bundle: Bundle, before: Grade, verdicts: Sequence[Verdict]) -> Grade:
        grade = grade_of(
            bundle, before.submission, before.digest, verdicts,
            layers=before.layers, mode=before.mode, tool=__version__,
        )  # fmt: skip
        return replace(grade, notes=before.notes)

    def _keeps(self, question: str, before: Grade, fresh: Grade) -> bool:
        """Whether the old verdicts stand: the new ones are the grader's own fault, or give fewer points."""
        old = next((q for q in before.questions if q.question == question), None)
        new = next(q for q in fresh.questions if q.question == question)
        if old is None or any(v.status.grader_fault for v in before.verdicts if v.question == question):
            return False
        if any(v.status.grader_fault for v in fresh.verdicts if v.question == question):
            return True
        return new.points < old.points and not self.allow_lower


def limited(answer: Answer) -> bool:
    """Whether other limits might have brought another answer."""
    return answer.status != "returned" and Status(answer.status).limited


def _differs(old: Bundle, new: Bundle, case: str) -> bool:
    return probe_digest(old, case) != probe_digest(new, case)


def _unchanged(bundle: Bundle, before: Grade, verdicts: Sequence[Verdict]) -> bool:
    """Whether every verdict is the old one, and the questions have their old titles: most of a class, most times."""
    titles = [(q.id, q.title) for q in bundle.spec.graded()] == [(q.question, q.title) for q in before.questions]
    return titles and len(verdicts) == len(before.verdicts) and all(map(_same, verdicts, before.verdicts))


def _told(after: Grade, before: Grade) -> bool:
    """Whether a student would notice: verdicts and points count, not under which bundle and tool they were reached."""
    if after.questions != before.questions or len(after.verdicts) != len(before.verdicts):
        return True
    return not all(map(_same, after.verdicts, before.verdicts))


def _same(a: Verdict, b: Verdict) -> bool:
    """Whether two verdicts say the same, whatever time they took."""
    if a.ref != b.ref or a.explanation != b.explanation:
        return False
    if a.outcome != b.outcome and repr(a.outcome) != repr(b.outcome):  # as text NaN is the same as NaN
        return False
    mine, theirs = a.observation, b.observation
    return (mine.trace, mine.stdout, mine.world, mine.evidence) == (
        theirs.trace, theirs.stdout, theirs.world, theirs.evidence,
    )  # fmt: skip

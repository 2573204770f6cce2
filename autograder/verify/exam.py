"""The exam: everything that `autograder verify` does to one assignment, gate by gate in order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from autograder.errors import AuthorError
from autograder.grading.cells import NO_CELLS, Cells
from autograder.grading.source import AssignmentSource
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.certify import certificate_table
from autograder.verify.gate import Exam, Gate, Options
from autograder.verify.gates import (
    arguments,
    budgets,
    by_heart,
    follow_on,
    forms,
    generators,
    ground,
    luck,
    parts,
    readings,
    replay,
    right,
    shortcuts,
    texts,
    thresholds,
    trained,
    unwritten,
    wrong,
)
from autograder.verify.holding import CERTIFICATE, held, once, uncertified
from autograder.verify.matrix import Matrix, Progress
from autograder.verify.report import Report
from autograder.verify.variants import (
    alternates,
    later_raising,
    misconceptions,
    reference_again,
    stub,
    trivial_programs,
)

__all__ = ["GATES", "Options", "verify_assignment"]

_MEASURED = (reference_again, alternates, misconceptions)  # what the tolerances come from

GATES: tuple[Gate, ...] = (
    Gate("probes", texts.probes, runs=False),
    Gate("ids agree", texts.ids_agree, runs=False, whole=True),
    Gate("written questions", texts.written, runs=False, whole=True),
    Gate("requirements", texts.installed, runs=False, whole=True),
    Gate("stub file", texts.stub_file, runs=False, whole=True),
    Gate("something to write", texts.marked, runs=False),
    Gate("points can be earned", texts.points, runs=False, whole=True),
    Gate("coverage", texts.coverage, runs=False, whole=True),
    Gate("equivalents", texts.equivalents, runs=False, whole=True),
    Gate("trained weights", trained.trained_gate, runs=False),
    Gate("reference 100", right.reference_gate, (reference_again,), runs=False),
    Gate("given ground", ground.ground_gate),
    Gate("stub 0", wrong.stub_gate, (stub,)),
    Gate("alternates 100", right.alternates_gate, (alternates,)),
    Gate("misconceptions", wrong.misconceptions_gate, (misconceptions,)),
    Gate("named feedback", wrong.named_gate, (misconceptions,)),
    Gate("trivial outputs", wrong.trivial_gate, (trivial_programs,)),
    Gate("margins", right.margins, _MEASURED),
    Gate("thresholds", thresholds.thresholds_gate, _MEASURED),
    Gate("cases with a mistake", wrong.with_a_mistake, _MEASURED),
    Gate("no later question", right.later_gate, (later_raising,)),
    Gate("budgets", budgets.budgets_gate, (reference_again, alternates)),
    Gate("leak scan", texts.leak_scan, (misconceptions,), whole=True),
    Gate("re-seeded", right.reseeded, _MEASURED),
    Gate("mutation", wrong.mutation, _MEASURED),
    Gate("arguments kept", arguments.arguments_gate, (arguments.in_place, arguments.handed_twice)),
    Gate("unwritten", unwritten.unwritten_gate, (unwritten.one_unwritten,)),
    Gate("luck", luck.luck_gate, (misconceptions,)),
    Gate("forms", forms.forms_gate, (forms.other_forms,)),
    Gate("float32", forms.float32_gate, (forms.other_forms,)),
    Gate("follow-on", follow_on.follow_on_gate, (follow_on.one_broken,)),
    Gate("generators", generators.generators_gate, (generators.one_ignoring,)),
    Gate("replay", replay.replay_gate, (replay.replayed,)),
    Gate("trained answers", by_heart.by_heart_gate, (by_heart.by_heart,)),
    Gate("every part", parts.parts_gate),
    Gate("shortcuts", shortcuts.shortcuts_gate, (shortcuts.written_shortcuts, shortcuts.made_shortcuts), whole=True),
    Gate("fingerprints", readings.fingerprints, _MEASURED),
    Gate(CERTIFICATE, texts.certificate, runs=False, whole=True),
)


FIRST = tuple(g for g in GATES if not g.whole and g.name in {
    "probes", "something to write", "reference 100", "stub 0", "alternates 100", "misconceptions", "named feedback"
})  # fmt: skip
"""The gates that an author waits for after an edit; they need few programs."""


def silent(what: str, done: int, total: int) -> None:
    """Progress for nobody."""


def verify_assignment(
    sandbox: Sandbox,
    source: AssignmentSource,
    options: Options | None = None,
    progress: Progress = silent,
    *,
    cells: Cells = NO_CELLS,
    gates: Sequence[Gate] = GATES,
) -> Report:
    """Hold the exam of one assignment.

    Args:
        progress: told (what, done, all) after each step.
        cells: runs that are known already; new ones are added.
        gates: what is asked, in order.

    Raises:
        MachineError: the sandbox is gone.
    """
    options = options or Options()
    started = time.monotonic()
    asked = [g for g in gates if not (g.whole and options.only)]
    makers = tuple(dict.fromkeys(maker for gate in asked for maker in gate.needs))
    progress("reference", 0, 1)
    exam = Exam(source, options, Matrix(sandbox, source, cells, options.jobs, progress), makers)
    rows = once([row for gate in asked if (row := held(gate, exam)) is not None])
    rows = uncertified(rows) if options.write else rows
    cells.trim()
    seconds = time.monotonic() - started
    mutation = exam.mutation.to_json() if exam.mutation else None
    left_out = ", ".join(g.name for g in gates if g.whole and options.only)
    notes = (f"left out, since they are about the whole assignment: {left_out}",) if left_out else ()
    return Report(source.spec.id, rows, seconds, _certificate(exam), mutation, notes, options.only, exam.fingerprints)


def _certificate(exam: Exam) -> dict[str, Any] | None:
    """What a certificate would hold; None where nothing could be measured."""
    try:
        if not exam.usable.cases.cases:
            return None
        mutation = exam.mutation.to_json() if exam.mutation else None
        table = thresholds.to_json(exam)
        return certificate_table(exam.source, exam.margins, exam.reseeded, mutation, table)
    except AuthorError:
        return None  # the gates have said why

"""What a handout tells the code at home: questions, points, how much is hidden, what is to write, and the hints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.grading.terms import case_points
from autograder.home.facts import CaseFacts, Facts, QuestionFacts
from autograder.release.sections import open_by_question, section_of
from autograder.release.teaching import Text, folded
from autograder.spec.models import Question

NEEDED = ("numpy", "sympy", "msgpack", "pydantic")


def facts_of(
    source: AssignmentSource, bundle: Bundle, stub: str, text: Text, files: Mapping[str, bytes], torch: bool
) -> Facts:
    """The facts of a handout.

    Args:
        bundle: the whole one, hidden cases and all.
        files: the handout's other files, but for the package.
        torch: whether the cases need PyTorch.
    """
    spec = source.spec
    opened = open_by_question(stub, spec.questions)
    return Facts(
        assignment=spec.id,
        title=spec.title,
        file=spec.submission.file,
        submission=spec.submission.model_dump(mode="json"),
        questions=tuple(_question(bundle, q, opened[q.id], stub, text) for q in spec.questions),
        files={path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())},
        needs=(*NEEDED, *(("torch",) if torch else ())),
        further_weights=spec.further_weights,
    )


def _question(bundle: Bundle, question: Question, opened: tuple[str, ...], stub: str, text: Text) -> QuestionFacts:
    own = bundle.cases.of(question.id)
    public = [c for c in own if c.public and c.kind == "case"]
    hidden = [c for c in own if c not in public]  # a milestone's cases, too: their worlds are the grader's
    limits = bundle.spec.limits_of(question.id)
    part = text.parts.get(question.id)
    return QuestionFacts(
        id=question.id,
        title=question.title,
        kind=question.kind,
        points=question.points,
        cases=tuple(CaseFacts(c.name, c.doc, case_points(bundle, c)) for c in public),
        hidden=len(hidden),
        hidden_points=sum((case_points(bundle, c) for c in hidden), start=question.points * 0),
        functions=opened,
        hints=part.hints if part is not None else (),
        forbidden=question.forbidden_names,
        prompt=_prompt(question, stub, text) if question.kind == "written" else (),
        seconds=limits.seconds,
        load_seconds=limits.load_seconds,
    )


def _prompt(question: Question, stub: str, text: Text) -> tuple[str, ...]:
    """The lines of a written question that are not its answer, in the script and in the notebook."""
    part = text.parts.get(question.id)
    lines = [line.removeprefix("#").strip() for line in section_of(stub, question)]
    if part is not None:
        woven = [part.heading, *part.theory.split("\n"), *folded(part.hints).split("\n")]
        lines += [line.strip() for line in woven]
    return tuple(dict.fromkeys(line for line in lines if line))

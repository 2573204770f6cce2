"""Questions in turn: each in a child of its own, its lines printed as they come, until somebody stops it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.home import children
from autograder.home.facts import QuestionFacts

if TYPE_CHECKING:
    from autograder.home.results import QuestionResult
    from autograder.sandbox.wire.messages import Answer

Done = tuple[list["QuestionResult"], str]


def run_questions(file: Path, questions: Sequence[QuestionFacts], method: str = "") -> Done:
    """Results as far as they were had, printed as they come; and whether somebody stopped it.

    Args:
        method: how children are started; see `children.context`.
    """
    results: list[QuestionResult] = []
    doing = f"{file.name} was loading"
    told: set[str] = set()
    known: dict[str, Answer] = {}
    try:
        made = children.context(method)
        for question in questions:
            doing = f"the public cases of `{question.id}` were running" if results else doing
            result, held = children.ask(made, str(file), question, lambda _: None, known)
            _print(result, told)
            results.append(result)
            if held:
                rest = [q.id for q in questions[len(results) :]]
                print(f"not tried, for the same reason: {', '.join(rest)}" if rest else "", flush=True)
                break
    except children.Fault as fault:
        print(fault)
    except (children.Stopped, KeyboardInterrupt) as stop:
        line = f"stopped while {str(stop) or doing}"
        with contextlib.suppress(OSError):
            print(f"\n{line}" if os.isatty(1) else line, flush=True)  # a terminal has written ^C
        return results, line
    return results, ""


def _print(result: QuestionResult, told: set[str]) -> None:
    """A question's lines; what went wrong while loading is said once."""
    from autograder.home.said import question_lines
    from autograder.report.text import harmless

    for problem in result.problems:
        if problem not in told:
            print(f"! {harmless(problem)}")
            told.add(problem)
    print("\n".join(question_lines(result)), flush=True)

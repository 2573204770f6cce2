"""What has to be beside an assignment: rubrics of its written questions, and the libraries that it requires."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator, Sequence

from autograder.grading.source import AssignmentSource
from autograder.release.sections import without_answer_cell
from autograder.spec.lines import line_of
from autograder.spec.loading import load_model
from autograder.spec.rubric import Rubric
from autograder.verify.places import place
from autograder.verify.report import Problem

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*([<>=!~].*)?(;.*)?")


def rubric_problems(source: AssignmentSource, asked: Sequence[str]) -> Iterator[Problem]:
    """What a person who reads the answers has not been given.

    Args:
        asked: ids of the written questions.
    """
    text, table = (source.private_folder / name for name in ("rubric.md", "rubric.toml"))
    if not text.is_file():
        names = ", ".join(f"`{name}`" for name in asked)
        what = f"there is no such file, and {names} {'is' if len(asked) == 1 else 'are'} written"
        yield Problem(place(source, text), what, "write down what a person looks for, and for how many points")
    reference = source.private_folder / source.spec.submission.file
    for name in without_answer_cell(source.reference, [q for q in source.spec.questions if q.id in asked]):
        fix = "a Markdown cell below its heading: *Your answer:*"
        yield Problem(place(source, reference), f"there is no cell to write the answer of `{name}` into", fix)
    if table.is_file():
        for misfit in load_model(table, Rubric).misfits(source.spec):
            yield Problem(place(source, table), misfit, "mend the points of its items, or those of the question")


def requirement_problems(source: AssignmentSource) -> list[Problem]:
    """Lines of `requirements` that are none, or name what is not installed."""
    toml = source.public_folder / "assignment.toml"
    line = line_of(source.spec_text, ("requirements",))
    where, found = f"{place(source, toml)}, line {line}", []
    for one in source.spec.requirements:
        match = _REQUIREMENT.fullmatch(one.strip())
        if match is None:
            what = f"requirements: {one!r} is no line of a requirements.txt"
            found.append(Problem(where, what, 'write a name and a version, such as "numpy>=1.26"'))
        elif not _installed(match[1]):
            what = f"requirements: `{match[1]}` is not installed in this Python"
            found.append(Problem(where, what, f"pip install {match[1]}, or mend its name: students install it too"))
    return found


def _installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True

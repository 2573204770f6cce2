"""docs/curriculum.md, made from the curriculum files of the course: which lecture's topic is asked where.

python -m autograder.cli.curriculum docs/curriculum.md           writes it
python -m autograder.cli.curriculum docs/curriculum.md --check   says whether it is what the files say
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import AutograderError
from autograder.grading.source import find_root
from autograder.spec.curriculum import DIFFICULTIES, Curriculum, full_name, load_curriculum
from autograder.spec.models import Assignment

HEAD = """# Curriculum

<!-- made by python -m autograder.cli.curriculum docs/curriculum.md; edit assignments/*/curriculum.toml instead -->

Which topic of the lectures is asked in which question, what a question needs, how long it takes, and the notation that
all assignments share. Times are those of a typical student, reading included: estimates, which nobody has measured."""


def page(made: Curriculum) -> str:
    """The whole text."""
    parts = [HEAD, "## Topics", *_topics(made), "## Questions", *(_questions(made, a) for a in made.assignments)]
    if made.lectures.notation:
        parts += ["## Notation", _notation(made)]
    return "\n\n".join(parts) + "\n"


def _topics(made: Curriculum) -> Iterator[str]:
    for lecture in made.lectures.lectures:
        rows = [f"| {topic} | {_places(made, topic)} |" for topic in lecture.topics]
        yield "\n".join([f"### {lecture.title}", "", "| topic | questions |", "|---|---|", *rows])


def _places(made: Curriculum, topic: str) -> str:
    return ", ".join(f"`{a.id}.{question}`" for a, question in made.teaching(topic)) or "*not yet*"


def _questions(made: Curriculum, assignment: Assignment) -> str:
    entries = made.entries[assignment.id]
    rows = []
    for number, question in enumerate(assignment.questions, 1):
        entry = entries[question.id]
        needs = ", ".join(f"`{_shortened(assignment.id, need)}`" for need in entry.needs)
        level = DIFFICULTIES[entry.difficulty - 1]
        title = f"{number}. {question.title} (`{question.id}`)"
        rows.append(f"| {title} | {question.kind} | {question.points} | {entry.minutes} min | {level} | {needs} |")
    hours = sum(entry.minutes for entry in entries.values()) / 60
    head = ["| question | kind | points | time | difficulty | needs |", "|---|---|---|---|---|---|"]
    return "\n".join([f"### `{assignment.id}`: {assignment.title}", "", f"About {hours:.0f} hours.", "", *head, *rows])


def _shortened(assignment: str, need: str) -> str:
    return full_name(assignment, need).removeprefix(f"{assignment}.")


def _notation(made: Curriculum) -> str:
    rows = [f"| {s.sign} | {s.means} | {f'`{s.code}`' if s.code else ''} |" for s in made.lectures.notation]
    return "\n".join(["| sign | means | in code |", "|---|---|---|", *rows])


def main(arguments: list[str]) -> int:
    """Write the page, or with --check compare it; the exit status."""
    check = "--check" in arguments
    names = [a for a in arguments if a != "--check"]
    if len(names) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    path = Path(names[0])
    try:
        text = page(load_curriculum(find_root(path.resolve().parent)))
    except AutograderError as error:
        print(f"curriculum: {error.text()}", file=sys.stderr)
        return error.exit_status
    if not check:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path} is not what the files say: python -m autograder.cli.curriculum {path}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

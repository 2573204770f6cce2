"""What an output folder keeps of written questions, beside its store: the assignment, the rubric, and every score.

OUT/rubric/assignment.toml   as it was graded
OUT/rubric/rubric.toml       as it was last given; from then on totals are of all points
OUT/rubric/scores.jsonl      a score a line, only added to
"""

from __future__ import annotations

from pathlib import Path

from autograder.gradebook.rubrics import Score, Written, append_scores, check_rubric, read_scores
from autograder.grading.private import write_file
from autograder.spec.loading import load_assignment, load_model, parse_model
from autograder.spec.models import Assignment
from autograder.spec.rubric import Rubric

FOLDER = "rubric"


def written_of(out: Path) -> tuple[Assignment, Written] | None:
    """The assignment and its rubric with all scores; None where the class has none yet.

    Raises:
        SpecError: a file of them is damaged.
    """
    folder = out / FOLDER
    if not (folder / "rubric.toml").is_file():
        return None
    rubric = load_model(folder / "rubric.toml", Rubric)
    return load_assignment(folder / "assignment.toml"), Written(rubric, read_scores(folder / "scores.jsonl"))


def keep_rubric(out: Path, spec_text: str, path: Path) -> Written:
    """Take a rubric for a class, in place of an older one; the scores stay.

    Raises:
        SpecError: it is none, or does not fit the written questions.
        UsageError: there are no written questions.
    """
    spec = parse_model(spec_text, "assignment.toml", Assignment)
    rubric = check_rubric(load_model(path, Rubric), spec, str(path))
    write_file(out / FOLDER / "assignment.toml", spec_text.encode())
    write_file(out / FOLDER / "rubric.toml", path.read_bytes())
    return Written(rubric, read_scores(out / FOLDER / "scores.jsonl"))


def keep_scores(out: Path, scores: list[Score]) -> None:
    """Add scores."""
    append_scores(out / FOLDER / "scores.jsonl", scores)


def forget_scores(out: Path, who: str) -> None:
    """Delete the scores of one person."""
    path = out / FOLDER / "scores.jsonl"
    kept = [s for s in read_scores(path) if s.who != who]
    if path.is_file():
        write_file(path, "".join(s.line() + "\n" for s in kept).encode("utf-8", "backslashreplace"))

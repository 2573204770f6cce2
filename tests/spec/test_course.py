"""course.toml and rubric.toml: what is right loads, what is wrong is named by file, line, key and fix."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from autograder.errors import SpecError
from autograder.gradebook.policy import load_policy, notes_on, policy_from_text
from autograder.spec.course import Course
from autograder.spec.lines import line_of
from autograder.spec.loading import load_assignment, load_model, parse_model
from autograder.spec.rubric import Rubric
from tests.gradebook.support import POLICY, TEXT, policy

ROOT = Path(__file__).parents[2]
RUBRIC = """
[[items]]
id = "seen"
question = "minus"
title = "What is seen"
points = 1
levels = [{ points = 0 }, { points = "1/2", text = "the number, no reason" }, { points = 1, text = "both" }]

[[items]]
id = "training"
question = "minus"
title = "What training would do"
points = 2
levels = [{ points = 0 }, { points = 2 }]
"""


def fault(old: str, new: str, text: str = TEXT) -> str:
    assert old in text
    with pytest.raises(SpecError) as caught:
        parse_model(text.replace(old, new, 1), "course.toml", Course if text is TEXT else Rubric)
    return str(caught.value)


def test_the_course_of_the_tests_is_what_it_says() -> None:
    course = POLICY.course
    assert [course.weight_of(p) for p in course.part] == [Fraction(70, 3)] * 3 + [5, 25]
    assert [course.most_days_of(p) for p in course.part] == [3] * 5
    assert course.late.after is None
    assert course.get("final").team is not None


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('zone = "America/New_York"', 'zone = "New York"', ["line 3: zone", "'New York'", "America/New_York"]),
        (
            "grace_minutes = 15",
            "grace_minuets = 15",
            ["line 4: grace_minuets", "unknown key", "did you mean `grace_minutes`?"],
        ),
        ('due = "2026-09-21T23:59"', 'due = "2026-09-21"', ["line 17: part[a1].due", "a date and a time"]),
        ('due = "2026-09-21T23:59"', "due = 2026-09-21", ["line 17: part[a1].due", "has no time"]),
        ('due = "2026-09-21T23:59"', 'due = "2026-09-21T23:59Z"', ["part[a1].due", "zone of its own"]),
        ('due = "2026-10-12T23:59"', 'due = "2026-09-12T23:59"', ["line 25: part[a2].due", "before that of 'a1'"]),
        ('pool = "homework"', 'pool = "homwork"', ["line 18: part[a1].pool", "expected one of homework, project"]),
        ("most_days = 3", "most_days = 6", ["line 19: part[a1].most_days", "found 6", "has 5"]),
        ('pool = "homework"\n', "", ["part[a1].most_days", "no pool", "add pool"]),
        ('group = "assignments"', 'group = "homework"', ["line 16: part[a1].group", "expected one of assignments"]),
        ('id = "a2"', 'id = "a1"', ["part", "the id 'a1' is used twice"]),
        ("assignments = { weight = 70 }", "assignments = { weight = 60 }", ["groups", "add up to 90; expected 100"]),
        ("weight = 70 }", "weight = 70, drop_lowest = 3 }", ["groups.assignments.drop_lowest", "one must count"]),
        ("B = 80", "B = 90", ["letters.B", "not below A = 90"]),
        ('id = "a1"\n', 'id = "a1"\nweight = 70\n', ["part[a2].weight", "missing"]),
        ("points = 100", 'points = 100\nrubric = "r.toml"', ["part[a1].points", "remove it"]),
        ("points = 100", "machine = 100", ["part[a1].machine", "without a rubric"]),
        ("least = 2, most = 3", "least = 4, most = 3", ["part[midway].team", "least is the smaller"]),
        ('after = "zero"', "after = { percent_per_day = 0, most_days = 3 }", ["late.after", "a number above 0"]),
        ('counts = "best_total"', 'counts = "first"', ["line 8: late.counts", "'best_total' or 'last'"]),
    ],
)
def test_every_fault_of_a_course_is_named(old: str, new: str, parts: list[str]) -> None:
    message = fault(old, new)
    for part in ["course.toml", *parts]:
        assert part in message


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('id = "training"', 'id = "seen"', ["items", "used twice"]),
        ("{ points = 2 }", "{ points = 3 }", ["items[training]", "3 at most", "has 2 points"]),
        ("levels = [{ points = 0 }, { points = 2 }]", "levels = [{ points = 1 }, { points = 2 }]", ["none has 0"]),
        ("levels = [{ points = 0 }, { points = 2 }]", "levels = [{ points = 2 }]", ["items[training].levels"]),
        ('points = "1/2"', "points = 1", ["items[seen]", "the same points"]),
    ],
)
def test_every_fault_of_a_rubric_is_named(old: str, new: str, parts: list[str]) -> None:
    message = fault(old, new, RUBRIC)
    for part in parts:
        assert part in message


def test_a_rubric_says_what_it_gives_points_for() -> None:
    rubric = parse_model(RUBRIC, "rubric.toml", Rubric)
    assert rubric.headings() == {"minus": 3}


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("*/rubric.toml")), ids=lambda p: p.parent.name)
def test_rubrics_of_the_course_fit_their_written_questions(path: Path) -> None:
    rubric, spec = load_model(path, Rubric), ROOT / "assignments" / path.parent.name / "assignment.toml"
    assert rubric.items
    if spec.is_file():
        assert rubric.misfits(load_assignment(spec)) == []


def test_every_written_question_has_a_rubric() -> None:
    for path in (ROOT / "assignments").glob("*/assignment.toml"):
        if any(q.kind == "written" for q in load_assignment(path).questions):
            assert (ROOT / "solutions" / path.parent.name / "rubric.toml").is_file()


def test_a_due_time_that_is_there_twice_is_told() -> None:
    odd = policy(("2026-11-02T23:59", "2026-11-01T01:30"))
    assert notes_on(POLICY) == []
    assert notes_on(odd) == [
        "part[a3].due 2026-11-01T01:30 is there twice: the clocks go back; the later counts, 06:30 UTC"
    ]


def test_points_come_from_assignments_and_rubrics(tmp_path: Path) -> None:
    (tmp_path / "assignments" / "a1").mkdir(parents=True)
    (tmp_path / "assignments" / "a1" / "assignment.toml").write_text(
        'id = "a1"\ntitle = "A"\npoints = 12\n[submission]\nfile = "a1.py"\n'
        '[[questions]]\nid = "x"\ntitle = "X"\nkind = "code"\npoints = 9\n'
        '[[questions]]\nid = "minus"\ntitle = "M"\nkind = "written"\npoints = 3\n'
    )
    (tmp_path / "report.toml").write_text(RUBRIC)
    path = tmp_path / "course.toml"
    path.write_text(TEXT.replace("points = 100", "", 1))
    found = load_policy(path)
    assert found.needs["a1"] == {"x": 9, "minus": 3}
    path.write_text(TEXT.replace("points = 100", 'machine = 9\nrubric = "report.toml"', 1))
    assert load_policy(path).needs["a1"] == {"x": 9, "minus": 3}
    path.write_text(TEXT.replace("points = 100", 'machine = 10\nrubric = "report.toml"', 1))
    with pytest.raises(SpecError, match=r"(?s)course.toml, line 14: part\[a1\]: machine.*found: +10.*expected: +9"):
        load_policy(path)


def test_a_part_without_points_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"(?s)part\[a1\].*no points.*fix: +say assignment"):
        policy_from_text(TEXT.replace("points = 100", "", 1), tmp_path)


def test_lines_are_found_in_nested_tables() -> None:
    text = "[a]\nb = 1\n[[a.c]]\nd = 1\n[[a.c]]\n\nd = 2\n[x.y]\nz = 3\n"
    assert line_of(text, ("a", "c", 1, "d")) == 7
    assert line_of(text, ("x", "y", "z")) == 9
    assert line_of(text, ("a", "c", 1, "missing")) == 5
    assert line_of(text, ("nothing",)) == 0

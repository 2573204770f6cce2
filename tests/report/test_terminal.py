"""The terminal: 100 columns, plain when piped, and deaf to what a student's text would command."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest

from autograder.report.terminal import bar, console_for, note_of, print_cohort, print_grade
from autograder.report.text import harmless, percent_text, points_text, seconds_text
from tests.report.samples import make_grade, make_verdict


def printed(show, *args, **options):
    stream = io.StringIO()
    show(*args, console_for(stream), **options)
    return stream.getvalue()


def test_a_piped_table_is_plain_and_at_most_100_columns_wide(cohort):
    for text in (printed(print_cohort, cohort), *(printed(print_grade, g) for g in cohort)):
        assert "\x1b" not in text
        assert max(map(len, text.splitlines())) <= 100


def test_every_submission_and_the_mean_have_a_row(cohort):
    text = printed(print_cohort, cohort)
    assert all(any(line.startswith(g.submission) for line in text.splitlines()) for g in cohort)
    assert "mean of 6" in text


def test_points_are_never_cut_off_however_long_the_names():
    grades = [make_grade("a" * 90, 5), make_grade("b", 4)]
    lines = printed(print_cohort, grades).splitlines()
    for grade in grades:
        line = next(x for x in lines if x.startswith(grade.submission[:10]))
        assert points_text(grade.points) in line


def test_a_grade_tells_what_is_wrong_and_why():
    told = make_verdict("perceptron", "layer_of_three", True, "failed", message="1 of 6 entries differs",
                        got="0.73", expected="0.5", where="[0, 2]", feedback="You forgot the bias.")  # fmt: skip
    text = printed(print_grade, make_grade("ada", verdicts=[told]))
    for part in (
        "1 of 6 entries differs",
        "got:      0.73",
        "expected: 0.5",
        "where:    [0, 2]",
        "You forgot the bias.",
    ):
        assert part in text


def test_hidden_text_can_be_left_out():
    for seed in range(1, 20):
        text = printed(print_grade, make_grade("ada", seed), hidden_text=False)
        assert "SECRET" not in text
        assert "secret_" not in text


def test_not_graded_is_said_and_no_points_are_shown():
    broken = make_verdict("losses", "mean_over_batch", True, "broken", message="the check raised KeyError")
    grade = make_grade("ada", verdicts=[broken])
    assert "not graded" in printed(print_grade, grade).splitlines()[0]
    assert "not graded" in printed(print_cohort, [grade])


@pytest.mark.parametrize("text", ["\x1b[2J\x1b[31mred", "\x9b2J", "a\u202eb", "x\x07y", "\r over"])
def test_a_students_text_commands_nothing(text):
    bad = make_verdict("perceptron", "layer_of_three", True, "error", message=text, got=text, feedback=text)
    out = printed(print_grade, make_grade(text, verdicts=[bad])) + printed(print_cohort, [make_grade(text, 0)])
    assert not set(out) & set("\x1b\x9b\u202e\x07\r")


def test_square_brackets_are_text_and_no_markup():
    bad = make_verdict("perceptron", "layer_of_three", True, "error", message="[bold]x[/bold] [/nothing]")
    assert "[bold]x[/bold] [/nothing]" in printed(print_grade, make_grade("[red]ada", verdicts=[bad]))


def test_notes_say_what_happened_most_briefly():
    verdicts = [make_verdict("losses", "mean_over_batch", True, "timeout"),
                make_verdict("losses", "survives_large_logits", True, "failed", misconception="a_b"),
                make_verdict("losses", "secret_underflow", False, evidence=("alias",))]  # fmt: skip
    assert note_of(make_grade("ada", verdicts=verdicts)) == "1 too slow, a_b, look"


def test_bars_are_full_or_empty_only_when_it_is_true():
    assert bar(Fraction(999), Fraction(1000)) == "█████████░"
    assert bar(Fraction(1), Fraction(1000)) == "█░░░░░░░░░"
    assert bar(Fraction(1), Fraction(1)) == "█" * 10
    assert bar(Fraction(0), Fraction(0)) == "░" * 10


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (points_text(Fraction(7)), "7"),
        (points_text(Fraction(15, 2)), "7.5"),
        (points_text(Fraction(10, 3)), "3.33"),
        (percent_text(1, 1), "100 %"),
        (percent_text(Fraction(1, 3), Fraction(1, 3)), "100 %"),
        (percent_text(999, 1000), "99.9 %"),
        (percent_text(1, 1000), "0.1 %"),
        (percent_text(0, 0), "–"),
        (seconds_text(0.0042), "4 ms"),
        (seconds_text(125), "2 min 05 s"),
        (seconds_text(4320), "1 h 12 min"),
        (harmless("a\tb\nc"), "a\tb\nc"),
        (harmless("x" * 9, 5), "xxxx…"),
    ],
)
def test_numbers_as_people_write_them(found, wanted):
    assert found == wanted


def test_notes_stand_on_top_and_the_first_in_the_table():
    notes = ("cell 1 stopped at `import x`", "`b.py` was left out\x1b[2J")
    lines = printed(print_grade, make_grade(notes=notes)).splitlines()
    assert lines[1].strip() == "! cell 1 stopped at `import x`"
    assert lines[2].strip() == "! `b.py` was left out\ufffd[2J"
    assert "cell 1 stopped" in note_of(make_grade(notes=notes))

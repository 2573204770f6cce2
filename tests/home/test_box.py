"""The box of a notebook and the text of a terminal: one content, escaped, without a script, read without colours."""

from __future__ import annotations

import html.parser
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.grading.verdict import Verdict
from autograder.home.box import question_box, style, total_box
from autograder.home.facts import CaseFacts, QuestionFacts
from autograder.home.heat import difference_html, first_pair, sentence
from autograder.home.results import CaseResult, QuestionResult, Total
from autograder.home.said import covers, headline, question_lines, total_lines

FACTS = QuestionFacts(
    "losses", "Losses", "code", Fraction(10),
    cases=tuple(CaseFacts(n, f"Case {n}.", Fraction(2)) for n in ("a", "b", "c")), hidden=5, hidden_points=Fraction(4),
)  # fmt: skip


def verdict(case: str, status: str = "failed", **more: Any) -> Verdict:
    credit = Fraction(status == "passed")
    fields: dict[str, Any] = {"question": "losses", "case": case, "public": True, "doc": f"Case {case}.",
                              "status": status, "credit": credit, "points": 2 * credit,
                              "max_points": Fraction(2)}  # fmt: skip
    return Verdict.flat(**(fields | more))


def result(*verdicts: Verdict, **more: Any) -> QuestionResult:
    return QuestionResult(FACTS, tuple(CaseResult(v) for v in verdicts), **more)


class Tags(html.parser.HTMLParser):
    """All tags and their attributes, and whether each end fits its beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    assert parser.open == []
    return parser.seen


WRONG = verdict("b", message="the values differ", got="1", expected="2", where="[0]", trace=("f(x=1)",))
NAMED = verdict("c", message="off", feedback="You forgot the mean: `x.mean()`.")


def test_a_box_says_what_green_covers() -> None:
    good = result(*(verdict(n, "passed") for n in "abc"))
    assert covers(good) == "3 of 3 public cases pass, 6 of 6 points; 5 hidden cases wait (4 points)"
    assert covers(good) in question_box(good)
    assert 'class="ag good"' in question_box(good)


def test_green_is_not_said_while_a_function_is_unwritten() -> None:
    open_one = result(*(verdict(n, "passed") for n in "abc"), unwritten=("later",))
    box = question_box(open_one)
    assert 'class="ag open"' in box
    assert "<code>later</code>" in box
    assert "Hidden cases will ask for it." in box
    assert "still to be written: `later`" in "\n".join(question_lines(open_one))


def test_what_to_look_at_first_stands_first() -> None:
    box = question_box(result(verdict("a", "passed"), WRONG, NAMED))
    assert box.count("Look at this first.") == 1
    first = box.index("Look at this first.")
    assert first < box.index("Case c.") < box.index("Case b.") < box.index("1 passed")


def test_text_and_box_hold_the_same_words() -> None:
    shown = result(verdict("a", "passed"), WRONG, NAMED)
    text = "\n".join(question_lines(shown))
    box = re.sub(r"<[^>]*>", "", question_box(shown).replace("<code>", "`").replace("</code>", "`"))
    for words in ("the values differ", "f(x=1)", "You forgot the mean: `x.mean()`.", "Case b."):
        assert words in text
        assert words in box
    for label in ("called:   f(x=1)", "got:      1", "expected: 2", "where:    [0]"):
        assert label in text


def test_nothing_of_a_student_is_markup_and_there_is_no_script() -> None:
    evil = "<script>alert(1)</script>\x1b[2J"
    bad = verdict("b", message=evil, got=evil, expected=evil, where=evil, trace=(evil,), stdout=evil, feedback=evil)
    boxes = [question_box(result(verdict("a", "passed"), bad)),
             total_box([result(bad)], Total.of([result(bad)], [FACTS]))]  # fmt: skip
    for box in boxes:
        names = {name for name, _ in tags(box)}
        assert not names & {"script", "img", "iframe", "link"}
        assert not any(key.startswith("on") for _, attributes in tags(box) for key in attributes)
        assert "\x1b" not in box


def test_it_is_read_without_colours() -> None:
    box = question_box(result(verdict("a", "passed"), WRONG))
    region = next(attributes for name, attributes in tags(box) if name == "div")
    assert region["role"] == "region"
    assert region["aria-label"] == "Result of the question losses"
    words = re.findall(r'<span class="tag[^"]*">([^<]*)</span>', box)
    assert words == ["not yet", "wrong", "passed"]


def test_its_style_touches_nothing_else() -> None:
    rules = re.sub(r"@media[^{]*\{", "", re.sub(r"/\*.*?\*/", "", style(), flags=re.S))
    selectors = [s.strip() for rule in re.findall(r"([^{}]+)\{", rules) for s in rule.split(",") if s.strip()]
    assert selectors
    assert [s for s in selectors if ".ag" not in s] == []


def test_totals_are_said_per_question_and_together() -> None:
    done = result(verdict("a", "passed"), WRONG, NAMED)
    total = Total.of(
        [done], [FACTS, replace(FACTS, id="essay", kind="written", cases=(), hidden=0, points=Fraction(3))]
    )
    assert headline(total) == "public part: 2 of 6 points (33 %), 1 of 3 cases"
    lines = total_lines(total, [done], 2)
    assert lines[0] == "  ✗ losses  1 of 3 public cases       2 of 6"
    assert "5 hidden cases decide" in lines[-1]
    assert lines[-1].endswith("a person reads the written answers (3 points)")


@pytest.mark.parametrize(
    ("got", "expected", "where", "said"),
    [
        (np.eye(3), np.ones((3, 3)), "[0, 1]",
         "6 of 9 entries of the array of shape (3, 3) differ, in rows 0 to 2, columns 0 to 2"),
        ([1.0, 2.0], [1.0, 3.0], "[1]", "1 of 2 entries of the array of shape (2,) differ, in entry 1"),
        ({"W": np.zeros(2)}, {"W": np.ones(2)}, "['W'][0]",
         "2 of 2 entries of the array of shape (2,) at ['W'] differ"),
    ],
)  # fmt: skip
def test_where_arrays_differ_is_said_in_a_sentence(got: Any, expected: Any, where: str, said: str) -> None:
    pair = first_pair(got, expected, where, None)
    assert pair is not None
    assert sentence(pair) == said


def test_small_arrays_stand_side_by_side_with_the_wrong_entries_marked() -> None:
    right = np.arange(6.0).reshape(2, 3)
    wrong = right.copy()
    wrong[1, 2] = np.nan
    pair = first_pair(wrong, right, "[1, 2]", 1e-6)
    assert pair is not None
    text = difference_html(pair)
    tags(text)
    assert text.count('class="n off"') == 2  # what came, and what should have
    assert ">nan<" in text


def test_of_a_large_array_one_wrong_entry_is_seen_on_the_map() -> None:
    right = np.ones((500, 700))
    wrong = right.copy()
    wrong[250, 350] = 2
    pair = first_pair(wrong, right, "[250, 350]", 1e-6)
    assert pair is not None
    text = difference_html(pair)
    (rect,) = [a for name, a in tags(text) if name == "rect"]
    (drawing,) = [a for name, a in tags(text) if name == "svg"]
    assert drawing["role"] == "img"
    assert (
        drawing["aria-label"] == "1 of 350000 entries of the array of shape (500, 700) differ, in row 250, column 350"
    )
    assert rect["opacity"] == "1.00"


@pytest.mark.parametrize(("got", "expected"), [(1.0, 2.0), (np.ones(2), np.ones(3)), (None, np.ones(2)), ("x", "y")])
def test_other_differences_have_no_map(got: Any, expected: Any) -> None:
    assert first_pair(got, expected, "", None) is None

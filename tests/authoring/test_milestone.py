"""`@milestone`, `@replay` and `@fixture` as an author writes them, and what does not fit."""

from __future__ import annotations

import pytest

from autograder.authoring.loading import CaseSet, load_cases
from autograder.errors import AuthorError, CasesError, SpecError
from autograder.grading.fitting import check_milestones_fit, check_misconception
from autograder.grading.misconceptions import Misconception
from autograder.spec.models import Milestone, Question

CASES = '''
from autograder.authoring import Material, fixture, milestone, replay
from autograder.checks import excess
from deck import Deck

LENGTH = 3


def later(world):
    return Material(given={"n": Deck(world.key).n}, kept=1)


def fresh(world):
    return Material(supply={"n": 2}, given={"n": 3}, kept=4)


@milestone("final", material=later, judge=excess(full=0.1, none=1.0))
def predicts(student, given):
    """How far off?"""
    return student.f(given.n, LENGTH)


@replay("final", material=fresh, predict=predicts, caps=predicts, judge=excess(full=0.1, none=1.0))
def trains(student, given):
    """Does it train?"""
    return student.train(given.n)


@fixture(supply=lambda world: {"n": 5})
def trained(student, given):
    """At home."""
    return student.train(given.n)
'''
DECK = "class Deck:\n    def __init__(self, key):\n        self.n = key[0]\n"
QUESTION = Question(id="final", title="F", kind="code", points=8, milestone=Milestone(parameters=9))


def loaded(text: str = CASES) -> CaseSet:
    return load_cases(text, {"deck": DECK})


def test_they_are_ordinary_hidden_cases_with_material() -> None:
    first, second = loaded().cases
    assert [(c.name, c.kind, c.public, c.worlds) for c in (first, second)] == [
        ("predicts", "milestone", False, 1), ("trains", "replay", False, 1),
    ]  # fmt: skip
    assert (second.predict, second.caps, first.predict, first.caps) == ("predicts", "predicts", "", "")
    assert first.material is not None
    assert first.check is not None
    assert first.check.kind == "excess"


def test_only_the_probe_is_sent() -> None:
    made = loaded()
    assert (
        made.probes(["predicts"])
        == "LENGTH = 3\n\ndef predicts(student, given):\n    return student.f(given.n, LENGTH)\n"
    )
    for text in (made.probes(["predicts", "trains"]), made.fixture_probe()):
        for word in ("Deck", "Material", "later", "fresh", "excess", "supply", "world"):
            assert word not in text


def test_the_fixture_is_found_with_its_supply() -> None:
    made = loaded().fixture
    assert made is not None
    assert made[0].name == "trained"
    assert made[0].of(None) == {"n": 5}  # type: ignore[arg-type]  # it asks its world for nothing
    with pytest.raises(ValueError, match="no fixture"):
        load_cases("").fixture_probe()


def test_two_fixtures_are_one_too_many() -> None:
    with pytest.raises(CasesError, match="two fixtures"):
        loaded(CASES + '\n\n@fixture(supply=lambda world: {})\ndef again(student, given):\n    """Again."""\n')


SECOND = """

@milestone("large", material=later, judge=excess(full=0.1, none=1.0))
def predicts_more(student, given):
    '''How far off, of more?'''
    return student.f(given.n, LENGTH)


@fixture(supply=lambda world: {"n": 9}, weights="large.safetensors")
def trained_more(student, given):
    '''More at home.'''
    return student.train(given.n + 1)
"""


def test_a_second_file_of_weights_has_a_fixture_of_its_own() -> None:
    made = loaded(CASES + SECOND)
    assert made.fixture is not None
    assert [f.name for f, _ in made.fixtures] == ["trained", "trained_more"]
    assert made.fixture[0].name == "trained"
    assert "given.n + 1" in made.fixture_probe("large.safetensors")
    assert "given.n + 1" not in made.fixture_probe()
    with pytest.raises(ValueError, match="no fixture"):
        made.fixture_probe("larger.safetensors")
    with pytest.raises(CasesError, match=r"two fixtures of large\.safetensors"):
        loaded(CASES + SECOND + SECOND.split("\n\n\n")[-1].replace("trained_more", "trained_most"))


def test_a_question_in_place_of_another_has_one_milestone_as_that_one_has() -> None:
    budget = Milestone(parameters=9, weights="large.safetensors")
    large = Question(id="large", title="L", kind="code", points=0, milestone=budget, instead_of="final")
    check_milestones_fit(large, loaded(CASES + SECOND), "assignment.toml")
    third = SECOND.split("@fixture")[0].replace("predicts_more", "predicts_most")
    for question in ("large", "final"):
        cases = loaded(CASES + SECOND + third.replace('"large"', f'"{question}"'))
        with pytest.raises(CasesError, match=f"(?s)each must have one @milestone.*`{question}` has") as error:
            check_milestones_fit(large, cases, "assignment.toml")
        assert "predicts_most" in error.value.text()


def test_a_probe_may_not_use_what_makes_the_material() -> None:
    with pytest.raises(CasesError, match="the probe `predicts` uses `Deck` of `deck`, which only checks may use"):
        loaded(CASES.replace("student.f(given.n, LENGTH)", "Deck(b'x').n"))


def test_what_belongs_together_is_there() -> None:
    cases = loaded()
    check_milestones_fit(QUESTION, cases, "assignment.toml")
    with pytest.raises(SpecError, match=r"questions\.final\.milestone: missing, but `predicts` is a milestone"):
        check_milestones_fit(QUESTION.model_copy(update={"milestone": None}), cases, "assignment.toml")
    with pytest.raises(SpecError, match="no case of the question is a @milestone"):
        check_milestones_fit(QUESTION.model_copy(update={"id": "other"}), cases, "assignment.toml")


def test_a_replay_names_milestones() -> None:
    with pytest.raises(CasesError, match="predicts with `later`, which is no @milestone"):
        check_milestones_fit(QUESTION, loaded(CASES.replace("predict=predicts", "predict=later")), "assignment.toml")
    with pytest.raises(CasesError, match="caps `trained`, which is no @milestone of its question"):
        check_milestones_fit(QUESTION, loaded(CASES.replace("caps=predicts", 'caps="trained"')), "assignment.toml")


def test_a_misconception_changes_code_or_weights() -> None:
    cases = loaded()
    by_hand = Misconception(id="other_deck", question="final", fails=("predicts",), feedback="Not this deck.")
    check_misconception(by_hand, cases, {"other_deck"}, "m.toml")
    check_misconception(by_hand.model_copy(update={"function": "def f(): pass"}), cases, set(), "m.toml")
    with pytest.raises(AuthorError, match="changes nothing"):
        check_misconception(by_hand, cases, {"reference"}, "m.toml")

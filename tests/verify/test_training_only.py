"""Trained work in the exam: mutants that only training reaches, and what mistakes with own weights are run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.grading.fixtures import weights_of
from autograder.grading.reach import reach_of, training_only
from autograder.grading.source import AssignmentSource, load_source
from autograder.verify.mutation import Fate, Mutation, mutation_gate
from autograder.verify.operators import mutants
from autograder.verify.variants import Workshop
from tests.milestone_course import NAME, write_course


@pytest.fixture
def course(tmp_path: Path) -> AssignmentSource:
    return write_course(tmp_path)


def found(source: AssignmentSource) -> frozenset[str]:
    return training_only(reach_of(source.reference, source.cases), source.cases)


def test_what_only_training_calls_is_told_apart_by_reach(course: AssignmentSource) -> None:
    assert found(course) == {"build", "train"}, "`goes_through` is for practice and shows a shape alone"
    cases = course.private_folder / "cases/predict.py"
    cases.write_text(cases.read_text().replace("public=True, check=exact(), worlds=1", "check=exact()"))
    assert found(load_source(course.root, NAME)) == frozenset(), "the control: a plain case that earns points"


def test_such_a_mutant_neither_survives_nor_is_killed(course: AssignmentSource) -> None:
    made = mutants(course.reference, "toy.py")
    first = next(m for m in made if m.function == "train")
    other = next(m for m in made if m.function == "loss")
    killed = SimpleNamespace(status=None, misconception="", diagnosis="")
    fates = (Fate(first, None, None, training=True), Fate(other, killed, None))  # type: ignore[arg-type]
    row = mutation_gate(Mutation(fates), "toy.py")
    assert row.status == "pass"
    assert row.figures.startswith("1 mutants, hidden cases kill 100.0%")
    assert row.figures.endswith("; reached by training only: 1 (`train`)")
    table = Mutation(fates).to_json()
    assert (table["mutants"], table["equivalent"], table["training_only"]) == (2, 0, {"train": 1})
    assert table["survivors"] == []
    control = Mutation((Fate(first, None, None),))
    assert mutation_gate(control, "toy.py").status == "fail"
    assert len(control.to_json()["survivors"]) == 1


def test_a_mistake_with_weights_of_its_own_is_run_on_milestones_and_replays(course: AssignmentSource) -> None:
    wrong = {m.id: m for m in course.misconceptions}

    def cases(name: str, source: AssignmentSource) -> set[str]:
        return {*Workshop(source).changed("misconception", name, source.variant(wrong[name])).seeds}

    assert cases("does_not_train", course) == {"goes_through", "trains_anew"}
    weighed = replace(course, weights={"does_not_train": b""})
    assert cases("does_not_train", weighed) == {"goes_through", "next_symbols", "trains_anew"}
    assert cases("sharpens", course) == {"goes_through", "reads_the_last_symbol", "next_symbols", "trains_anew"}


def test_a_replay_that_takes_long_is_held_where_it_was_recorded(course: AssignmentSource) -> None:
    path = course.private_folder / "cases/predict.py"
    path.write_text(
        path.read_text().replace("predict=next_symbols, judge", "predict=next_symbols, recorded=True, judge")
    )
    long = load_source(course.root, NAME)
    mistake = next(m for m in long.misconceptions if m.id == "does_not_train")
    text = long.variant(mistake)
    shop = Workshop(long)
    assert "trains_anew" not in shop.changed("misconception", mistake.id, text).seeds
    assert shop.touched(mistake.id, text) & shop.unheld(mistake.id) == {"trains_anew"}
    recorded = Workshop(replace(long, weights={"does_not_train.trains_anew": b"some"}))
    assert "trains_anew" in recorded.changed("misconception", mistake.id, text).seeds
    assert not recorded.unheld(mistake.id)


def test_a_training_that_came_to_nothing_hands_in_nothing(course: AssignmentSource) -> None:
    source = replace(course, weights={"reference": b"right", "explodes": b""})
    assert weights_of(source, "explodes") == b""
    assert weights_of(source, "sharpens") == weights_of(source, "reference@2") == b"right"

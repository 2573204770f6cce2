"""Worlds: seeds that hang on no text, a student's world, and what is never graded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.case import Case
from autograder.authoring.world import MOST_DRAWS, World, stream_digest
from autograder.grading.record import world_seeds
from autograder.grading.source import load_source
from autograder.grading.worlds import (
    STREAM,
    Drawn,
    Recorded,
    chosen,
    for_practice,
    parse_world,
    seed_of,
)
from tests.small_course import CASES, REFERENCE, write_course

SALT = b"s" * 32


def a_case(public: bool = False, worlds: int = 3) -> Case:
    return Case("one", "q", public, "One.", lambda student, world: None, None, worlds)


@pytest.mark.parametrize("world", [Recorded(0), Recorded(12), Drawn(7)])
def test_a_world_survives_its_text(world: Recorded | Drawn) -> None:
    assert parse_world(str(world)) == world


@pytest.mark.parametrize("text", ["", "recorded", "recorded:", "recorded:-1", "recorded:x", "other:1", "recorded:²"])
def test_what_names_no_world_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no world"):
        parse_world(text)


def test_seeds_differ_by_salt_case_number_and_purpose_and_by_nothing_else() -> None:
    seeds = {
        seed_of(SALT, "a", 0), seed_of(b"t" * 32, "a", 0), seed_of(SALT, "b", 0), seed_of(SALT, "a", 1),
        seed_of(SALT, "a", 0, "re-seeded"),
    }  # fmt: skip
    assert len(seeds) == 5
    assert all(0 <= s < 2**63 for s in seeds)
    assert seed_of(SALT, "a", 0) == seed_of(SALT, "a", 0)


def test_an_edit_of_one_case_or_of_the_reference_re_seeds_nothing(tmp_path: Path) -> None:
    before = world_seeds(load_source(write_course(tmp_path / "a"), "small"))
    edited = CASES.replace("world.normal((3, 5)))\n\n\n@case", "world.normal((4, 6)))\n\n\n@case", 1)
    assert edited != CASES
    after = load_source(write_course(tmp_path / "b", cases=edited, reference=REFERENCE + "\nX = 1\n"), "small")
    assert world_seeds(after) == before
    other = load_source(write_course(tmp_path / "c", salt="11" * 32), "small")
    assert not set(world_seeds(other).values()) & set(before.values())


def test_a_student_gets_one_world_and_never_the_handouts() -> None:
    case = a_case(public=True, worlds=4)
    picks = {chosen(b"key", case, str(student), 4).index for student in range(200)}
    assert picks == {1, 2, 3}
    assert {chosen(b"key", a_case(), str(student), 3).index for student in range(200)} == {0, 1, 2}
    assert chosen(b"key", case, "ada", 4) == chosen(b"key", case, "ada", 4)
    several = [chosen(key, case, str(s), 4) for key in (b"key", b"other") for s in range(50)]
    assert several[:50] != several[50:]


def test_a_public_case_of_one_world_is_for_practice() -> None:
    assert for_practice(a_case(public=True, worlds=1))
    assert not for_practice(a_case(public=True, worlds=2))
    assert not for_practice(a_case(public=False, worlds=1))


def test_a_world_keeps_digests_of_its_first_draws() -> None:
    def draws(world: World) -> list[str]:
        world.normal((3,))
        world.fork("x").integers(5)
        world.fraction()
        return world.draws

    assert draws(World(1)) == draws(World(1))
    assert len(draws(World(1))) == 3
    assert not set(draws(World(1))) & set(draws(World(2)))
    world = World(3)
    for _ in range(100):
        world.normal()
    assert len(world.draws) == MOST_DRAWS


def test_noting_a_draw_changes_no_value() -> None:
    import numpy as np

    assert World(5).normal((4,)).tolist() == np.random.Generator(np.random.PCG64(5)).standard_normal(4).tolist()
    assert type(World(5).normal()) is float
    assert type(World(5).integers(9)) is int


def test_this_numpy_draws_what_certificates_were_made_with(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stream_digest() == STREAM
    plain = World.normal
    monkeypatch.setattr(World, "normal", lambda self, *a, **k: plain(self, *a, **k) + self._noted(1.0))
    assert stream_digest() != STREAM


def test_expectations_of_recorded_and_drawn_worlds(tmp_path: Path) -> None:
    from autograder.grading.bundle import Bundle, Expectation
    from autograder.values.codec import encode

    source = load_source(write_course(tmp_path), "small")
    bundle = Bundle(source.spec, source.spec_text, source.cases, {}, {"a_matrix": (Expectation(3, encode(1.5)),)})
    assert bundle.expectation("a_matrix", Recorded(0)).value() == 1.5
    assert bundle.expectation("a_matrix", Drawn(9)) == Expectation(9, kind="nothing")
    assert bundle.expectation("a_matrix", Drawn(9)).value() is None
    assert replace(bundle, key=b"k").digest != bundle.digest


def test_a_drawn_world_is_judged_and_nobody_is_named_a_known_mistake_in_it(tmp_path: Path) -> None:
    from autograder.checks import Measured, satisfies
    from autograder.grading.bundle import Bundle, MisconceptionRecord
    from autograder.grading.judging import InProcess
    from autograder.sandbox.wire.messages import Answer
    from autograder.values.codec import encode

    source = load_source(write_course(tmp_path), "small")

    def same_draw(outputs: object, world: World) -> Measured:
        return Measured(0.0 if outputs == world.normal() else 1.0, "another draw")

    cases = replace(source.cases, cases=tuple(replace(c, check=satisfies(same_draw)) for c in source.cases.cases))
    known = MisconceptionRecord("square", "double", "F.", "", {"a_matrix": (("returned", encode(7.0)),)})
    bundle = Bundle(source.spec, source.spec_text, cases, {}, {c.name: () for c in cases.cases}, (known,))
    for value, status in ((World(99).normal(), "passed"), (7.0, "failed")):
        answers = {"a_matrix": Answer("a_matrix", "returned", payload=encode(value))}
        (verdict,) = InProcess().verdicts(bundle, answers, {"a_matrix": Drawn(99)})
        assert (verdict.status, verdict.world, verdict.misconception) == (status, Drawn(99), "")

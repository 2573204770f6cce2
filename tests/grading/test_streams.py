"""Another NumPy, other inputs: noticed and named, and nobody's work called wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.world import World
from autograder.errors import MachineError
from autograder.grading.bundle import Bundle
from autograder.grading.environment import environment
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.grading.streams import other_inputs, refuse_other_streams
from autograder.grading.worlds import Drawn, Recorded
from autograder.home.examining import examined
from autograder.otter_bridge.staging import grade_hand_in, students_hand_in
from tests.fakes import FakeSandbox
from tests.home.support import loaded_from, public_of
from tests.small_course import write_course


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return build_bundle(FakeSandbox(), load_source(write_course(tmp_path), "small"))  # type: ignore[arg-type]


@pytest.fixture
def another_numpy(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A NumPy that draws other Gaussians came between the recording and now."""
    plain = World._number
    monkeypatch.setattr(World, "_number", lambda self, values: plain(self, values + 1))
    return replace(bundle, recorded=replace(bundle.recorded, numpy="1.99.0"))


def verdicts(bundle: Bundle, double: object) -> dict[str, object]:
    public = public_of(bundle)
    result = examined(public, public.facts.question("double"), loaded_from({"double": double}), None)
    return {v.case: v for v in result.verdicts}


def test_the_recording_keeps_what_was_drawn(bundle: Bundle) -> None:
    for case, worlds in bundle.expected.items():
        for number, world in enumerate(worlds):
            assert len(world.draws) == 1, (case, number)
    assert bundle.recorded == environment()


def test_at_home_right_work_is_not_called_wrong(another_numpy: Bundle) -> None:
    verdict = verdicts(another_numpy, lambda x: 2 * x)["three_numbers"]
    assert verdict.status == "broken"  # type: ignore[attr-defined]
    told = f"your NumPy draws other inputs (yours {environment().numpy}, recorded with 1.99.0)"
    assert verdict.message.startswith(told)  # type: ignore[attr-defined]
    assert "pip install numpy==1.99.0" in verdict.message  # type: ignore[attr-defined]
    assert not verdict.got  # type: ignore[attr-defined]


def test_with_the_same_numpy_wrong_work_is_called_wrong(bundle: Bundle) -> None:
    assert verdicts(bundle, lambda x: 2 * x)["three_numbers"].status == "passed"  # type: ignore[attr-defined]
    assert verdicts(bundle, lambda x: 3 * x)["three_numbers"].status == "failed"  # type: ignore[attr-defined]
    other = replace(bundle, recorded=replace(bundle.recorded, numpy="1.99.0"))
    wrong = verdicts(other, lambda x: 3 * x)["three_numbers"]
    assert wrong.status == "failed", "another version that draws the same inputs"  # type: ignore[attr-defined]


def test_a_probe_that_ended_early_is_compared_as_far_as_it_came(another_numpy: Bundle) -> None:
    first = another_numpy.expected["a_matrix"][1].draws
    assert other_inputs(another_numpy, "a_matrix", Recorded(1), ()) == ""
    assert other_inputs(another_numpy, "a_matrix", Recorded(1), first) == ""
    assert other_inputs(another_numpy, "a_matrix", Recorded(1), (*first, "more")) == ""
    assert "1.99.0" in other_inputs(another_numpy, "a_matrix", Recorded(1), ("00000000",))
    assert other_inputs(another_numpy, "a_matrix", Drawn(7), ("00000000",)) == ""


def test_no_submission_is_graded_in_other_inputs(another_numpy: Bundle, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "small.py").write_text("x = 1\n")
    with pytest.raises(
        MachineError, match=r"draws other inputs[\s\S]*NumPy 1\.99\.0[\s\S]*pip install numpy==1\.99\.0"
    ):
        grade_hand_in(another_numpy, students_hand_in(tmp_path / "in"), "off")


def test_the_same_inputs_and_a_bundle_that_knows_no_stream_are_let_through(bundle: Bundle) -> None:
    refuse_other_streams(bundle)
    refuse_other_streams(replace(bundle, recorded=replace(bundle.recorded, numpy="1.99.0")))
    refuse_other_streams(replace(bundle, stream=""))
    with pytest.raises(MachineError):
        refuse_other_streams(replace(bundle, stream="0" * 16))

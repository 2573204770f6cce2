"""Streams: NumPy may draw other inputs from the same seeds in another version; then no answer can be judged.

NumPy promises nothing about the streams of its generators across versions (NEP 19). A bundle knows what its own NumPy
drew: one digest for all kinds of draws, and digests of each recorded world's first draws.
Not covered: PyTorch's streams, and draws that a probe makes from `world.rng` itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.authoring.world import stream_digest
from autograder.errors import MachineError
from autograder.grading.bundle import Bundle
from autograder.grading.environment import environment
from autograder.grading.worlds import WorldRef


def refuse_other_streams(bundle: Bundle) -> None:
    """Nothing, when this NumPy draws what the bundle's did, or when nobody knows what that was.

    Raises:
        MachineError: it draws other inputs, so that right answers would look wrong.
    """
    if bundle.stream and bundle.stream != stream_digest():
        raise MachineError(
            "this NumPy draws other inputs than the bundle was recorded with: right answers would look wrong",
            where=bundle.spec.id,
            found=f"NumPy {environment().numpy}",
            expected=f"NumPy {bundle.recorded.numpy}",
            fix=f"pip install numpy=={bundle.recorded.numpy}, or release the assignment again with this one",
        )


def other_inputs(bundle: Bundle, case: str, world: WorldRef, draws: Sequence[str]) -> str:
    """What to say where another NumPy drew other inputs for a case; "" where it did not.

    Args:
        draws: digests of what was drawn. A wrong answer may end a probe early: what both have is compared.
    """
    then, now = bundle.recorded.numpy, environment().numpy
    recorded = bundle.expectation(case, world).draws
    if then == now or all(mine == theirs for mine, theirs in zip(draws, recorded, strict=False)):
        return ""
    return (
        f"your NumPy draws other inputs (yours {now}, recorded with {then or 'an unknown one'}), "
        "so this case says nothing about your work"
    )

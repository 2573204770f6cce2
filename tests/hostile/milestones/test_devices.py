"""Where weights were trained makes no difference to their verdict: imitated on a processor, real where a device is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.source import AssignmentSource
from autograder.grading.verdict import Verdict
from autograder.intake.reading import read_submission
from autograder.sandbox.grader.box import Sandbox
from autograder.values.weights import read_weights, write_weights
from tests.milestone_course import packed, weights_trained_by

torch = pytest.importorskip("torch")
Judged = Callable[[bytes], Verdict]
BF16_ACTIVATIONS = """

def train(model, batches, steps):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    for batch in batches:
        logits = model(batch[:, :-1]).bfloat16().float()
        value = F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()
"""
IN_BFLOAT16 = """

def next_log_probs(model, prefixes):
    with torch.no_grad():
        return F.log_softmax(model.bfloat16()(prefixes)[:, -1], -1)
"""


@pytest.fixture
def judged(sandbox: Sandbox, toy: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Callable[..., Verdict]:
    def of(weights: bytes, text: str = "") -> Verdict:
        path = tmp_path / "ada.zip"
        path.write_bytes(packed(toy.reference + text, weights))
        submission = read_submission(path, toy.spec.submission)
        grade, _ = grade_submission(sandbox, bundle, submission, "ada", Settings(final=True))
        return next(v for v in grade.verdicts if v.case == "next_symbols")

    return of


def cut(array: np.ndarray[Any, Any], bits: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """float32 with so many bits of the mantissa left: 10 as TF32 has, 7 as bfloat16."""
    whole = np.ascontiguousarray(array, np.float32).view(np.uint32)
    rounded = whole + np.uint32(1 << (22 - bits))
    return (rounded & np.uint32(0xFFFFFFFF << (23 - bits) & 0xFFFFFFFF)).view(np.float32)


def test_weights_with_the_bits_of_tf32_or_bfloat16_get_the_same_verdict(judged: Judged, toy: AssignmentSource) -> None:
    arrays = read_weights(toy.weights["reference"])
    plain = judged(toy.weights["reference"])
    for bits, most in ((10, 1e-4), (7, 1e-3)):
        found = judged(write_weights({n: cut(a, bits) for n, a in arrays.items()}))
        assert (found.status, found.credit) == (plain.status, plain.credit) == ("passed", 1)
        assert 0 < abs(found.deviation - plain.deviation) < most


def test_training_with_activations_in_bfloat16_gets_the_same_verdict(
    judged: Judged, toy: AssignmentSource, sandbox: Sandbox
) -> None:
    other = weights_trained_by(sandbox, toy, toy.reference + BF16_ACTIVATIONS)
    assert other != toy.weights["reference"]
    assert judged(other).status == judged(toy.weights["reference"]).status == "passed"


def test_predictions_in_bfloat16_are_no_distributions_and_the_message_says_what_to_do(
    judged: Callable[..., Verdict], toy: AssignmentSource
) -> None:
    found = judged(toy.weights["reference"], IN_BFLOAT16)
    assert found.status == "failed"
    assert "use log_softmax over the symbols, in float32" in found.message


@pytest.mark.gpu
@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_weights_trained_on_a_device_get_the_same_verdict(judged: Judged, toy: AssignmentSource, device: str) -> None:
    there = torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()
    if not there:
        pytest.skip(f"no {device} here")
    from autograder.authoring.milestone import Source
    from autograder.grading.drawing import deck_key
    from autograder.grading.fixtures import exam_keys

    assert toy.cases.fixture is not None
    supply = toy.cases.fixture[0].of(Source(1, deck_key(exam_keys(toy), 0)))
    space: dict[str, Any] = {}
    exec(toy.reference, space)
    model = space["build"](supply["vocabulary"]).to(device)
    space["train"](model, (torch.from_numpy(x).to(device) for x in supply["batches"]), supply["steps"])
    weights = write_weights({n: p.detach().cpu().numpy() for n, p in model.named_parameters()})
    assert judged(weights).status == "passed"


ON_A_DEVICE = """

import os


def build(symbols):
    return torch.nn.Embedding(symbols, symbols).to("cuda" if torch.cuda.is_available() else "cpu")


def train(model, batches, steps):
    place = model.weight.device
    {first}
    optimizer = torch.optim.Adam(model.parameters(), lr=0.3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    for batch in batches:
        optimizer.zero_grad()
        loss(model, batch.to(place)).backward()
        optimizer.step()
        schedule.step()


def next_log_probs(model, prefixes):
    with torch.no_grad():
        return F.log_softmax(model(prefixes.to(model.weight.device))[:, -1], -1).cpu()
"""


@pytest.fixture
def replayed(sandbox: Sandbox, toy: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Callable[..., Verdict]:
    def of(first: str, device: str) -> Verdict:
        path = tmp_path / "ada.zip"
        path.write_bytes(packed(toy.reference + ON_A_DEVICE.format(first=first), toy.weights["reference"]))
        submission = read_submission(path, toy.spec.submission)
        settings = Settings(final=True, replay=True, device=device)
        grade, _ = grade_submission(sandbox, bundle, submission, "ada", settings)
        return next(v for v in grade.verdicts if bundle.cases.get(v.case).kind == "replay")

    return of


def test_a_replay_on_a_device_gets_the_verdict_of_the_processor_and_says_what_was_loosened(
    replayed: Callable[..., Verdict],
) -> None:
    """Where no device is, the same walls and the same way, and PyTorch finds nothing to use."""
    here, there = replayed("pass", "cpu"), replayed("pass", "cuda")
    assert (there.status, there.credit) == (here.status, here.credit) == ("passed", 1)
    assert not [note for note in here.evidence if "loosened" in note]
    (note,) = [note for note in there.evidence if "loosened" in note]
    assert "trained on" in note
    assert "seccomp: " in note


def test_what_fails_on_a_device_alone_is_trained_on_the_processor(replayed: Callable[..., Verdict]) -> None:
    only_there = "assert not os.environ['CUDA_VISIBLE_DEVICES'], 'no memory on the device'"
    found = replayed(only_there, "cuda")
    assert (found.status, found.credit) == ("passed", 1)
    (note,) = [note for note in found.evidence if "on the processor" in note]
    assert "no memory on the device" in note
    assert replayed("raise ValueError('everywhere')", "cuda").status == "error"


@pytest.mark.gpu
def test_a_replay_really_trains_on_the_device(replayed: Callable[..., Verdict]) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no cuda here")
    found = replayed("assert place.type == 'cuda', 'not there'", "cuda")
    assert (found.status, found.credit) == ("passed", 1)
    assert not [note for note in found.evidence if "on the processor" in note]

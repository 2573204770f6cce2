"""Honest work of many kinds, trained for a short time and handed in: judged like any other, and refused nowhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.authoring.milestone import Source
from autograder.grading.bundle import Bundle
from autograder.grading.drawing import deck_key, deck_of
from autograder.grading.fixtures import draw_keys
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.record import build_bundle
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.trained import MANIFEST
from autograder.grading.verdict import Verdict
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from autograder.values.weights import write_weights
from tests.assignments.story_modules import PRIVATE, modules

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:`torch.jit.script_method` is deprecated:DeprecationWarning"),  # torch's own
]
ROOT = Path(__file__).parents[3]
STEPS = 100
MOST = {"lstm": 3.0}
"""Excess that is reached at least after so few batches; a recurrent model takes longer. Unigrams have 3.1."""
DROPOUT = '''

class Dropped(Block):
    """With dropout behind both halves, and evaluation where it belongs."""

    def forward(self, x):
        return F.dropout(super().forward(x), 0.05, self.training)


def build(vocabulary):
    model = Model(vocabulary)
    model.blocks = nn.Sequential(*(Dropped() for _ in range(LAYERS)))
    return model.to(DEVICE)


@torch.no_grad()
def next_log_probs(model, prefixes):
    model.eval()
    rows = F.log_softmax(model(prefixes.to(DEVICE))[:, -1].float(), -1).cpu()
    model.train()
    return rows
'''


@pytest.fixture(scope="module")
def source() -> AssignmentSource:
    return replace(load_source(ROOT, "storyteller"), misconceptions=())


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as found:
        yield found


@pytest.fixture(scope="module")
def bundle(sandbox: Sandbox, source: AssignmentSource) -> Bundle:
    return build_bundle(sandbox, source)


def programs() -> dict[str, str]:
    ladder = {p.stem: p.read_text(encoding="utf-8") for p in sorted((PRIVATE / "ladder").glob("*.py"))}
    return ladder | {"dropout": DROPOUT}


def weights_by(text: str, supply: dict[str, Any]) -> bytes:
    """What a student has at home after `STEPS` batches."""
    with modules("story_data"):
        space: dict[str, Any] = {"__name__": "storyteller"}
        exec(text, space)
        torch.manual_seed(0)
        model = space["build"](supply["vocabulary"])
        space["train"](model, (torch.from_numpy(x.astype("int64")) for x in supply["batches"]), supply["steps"])
    named = {n.replace("_orig_mod.", ""): p for n, p in model.named_parameters()}
    return write_weights({n: p.detach().float().numpy() for n, p in named.items()})


@pytest.mark.parametrize("name", sorted(programs()))
def test_it_is_judged_and_not_refused(name: str, sandbox: Sandbox, source: AssignmentSource, bundle: Bundle) -> None:
    keys, decks = draw_keys(source), source.spec.decks
    assert decks is not None
    team = next(t for i in range(1000) if deck_of(keys, decks.term, t := f"team {i}", decks.count) == 0)
    with modules("materials") as (materials,):
        supply = materials.deck_supply(Source(1, deck_key(keys, 0)), STEPS)
    text = f"{source.reference}\n\n# %%\n{programs()[name]}"
    data = weights_by(text, supply)
    manifest = json.dumps({"format": 1, "sha256": hashlib.sha256(data).hexdigest()}).encode()
    files = {"storyteller.py": text.encode(), "weights.safetensors": data, MANIFEST: manifest}
    grade, _ = grade_submission(
        sandbox, bundle, Submission.of("storyteller.py", "storyteller.py", files), team, Settings(team)
    )
    found: dict[str, Verdict] = {v.case: v for v in grade.verdicts}
    said = {case: (str(v.status), v.message) for case, v in found.items()}
    for case in ("predicts_distributions", "learns_a_song", "training_takes_every_batch", "tells_on", "sings_on"):
        assert found[case].status.passed, said[case]
    for case, replayed in (("has_learned", "learns_at_all"), ("is_near", "trains_to_there")):
        waits = found[case].status == "waiting" and f"wait for `{replayed}`" in found[case].message
        assert waits or found[case].status == "failed", said[case]
    assert found["true_stories"].status in ("passed", "failed"), said["true_stories"]
    assert found["has_learned"].deviation < MOST.get(name, 1.0), said
    assert {found[case].status for case in ("learns_at_all", "trains_to_there")} == {"waiting"}

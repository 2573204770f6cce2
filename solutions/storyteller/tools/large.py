"""What the one file of weights of the large world comes to: in several draws, with mistakes of prediction, on other decks.

    python solutions/storyteller/tools/large.py          one JSON line for each program; about a minute

It is one training, so draws say how exact the measure is, and nothing of how seeds and worlds differ.
"""

from __future__ import annotations

import json
import statistics
import types
from pathlib import Path

import torch
from calibrate import HERE, REFERENCE, judged, of_prediction, program  # puts the folders of the assignment on the path
from decks import large_world_of
from prefixes import Prefixes, draw_prefixes

from autograder.grading.drawing import deck_key
from autograder.grading.fixtures import exam_keys
from autograder.grading.source import load_source
from autograder.values.weights import read_weights

PREFIXES, DRAWS, DECKS = 1_800, 10, 10
WEIGHTS = HERE / "weights" / "reference.large.safetensors"


def drawn(deck: int, seed: int) -> Prefixes:
    """Prefixes of the large world of a deck of the salt."""
    source = load_source(HERE.parents[1], "storyteller")
    return draw_prefixes(large_world_of(deck_key(exam_keys(source), deck)), PREFIXES, seed)


def excesses(module: types.ModuleType, model: torch.nn.Module, several: list[Prefixes]) -> list[float]:
    """Of each draw; infinity where a word has no probability, and what is refused is left out."""
    found = []
    for one in several:
        try:
            found.append(round(judged(module, model, one).excess, 6))
        except ValueError:
            continue
    return found


def tell(name: str, found: list[float]) -> None:
    """A line about one program."""
    row = {"program": name, "runs": len(found), "least": min(found, default=None), "most": max(found, default=None)}
    print(json.dumps(row | {"mean": round(statistics.fmean(found), 6) if found else None}), flush=True)


def main() -> None:
    """See the module."""
    torch.set_num_threads(1)
    module = program(Path(HERE / REFERENCE))
    module.__dict__["DEVICE"] = "cpu"
    own = [drawn(0, seed) for seed in range(DRAWS)]
    model = module.build(own[0].laws[next(iter(own[0].laws))].shape[1])
    with torch.no_grad():
        for name, array in read_weights(WEIGHTS.read_bytes()).items():
            dict(model.named_parameters())[name].copy_(torch.from_numpy(array.copy()))
    tell("reference", excesses(module, model, own))
    for name, patches in of_prediction().items():
        wrong = program(Path(HERE / REFERENCE), patches)
        wrong.__dict__["DEVICE"] = "cpu"
        tell(name, excesses(wrong, model, own[:3]))
    tell("another_deck", excesses(module, model, [drawn(deck, 0) for deck in range(1, DECKS + 1)]))


if __name__ == "__main__":
    main()

"""Trains programs on fresh worlds as a replay does, and writes what came out, one JSON line a run; resumable.

    python solutions/storyteller/tools/calibrate.py OUT.jsonl --program storyteller.py --steps 600 --worlds 10 --seeds 3

Runs that stand in OUT already are not run again. The excess is the mean KL of 4,000 prefixes, one thread, CPU, float32.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
import types
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "assignments" / "storyteller"), str(HERE.parents[1])]

from prefixes import Prefixes, draw_prefixes
from stories import StoryWorld
from supply import batches

from autograder.checks.excess import Measure, measure


def program(path: Path, patches: list[str]) -> types.ModuleType:
    """The program of a file (an alternate or a rung of the ladder is put behind the reference), with replacements "old=>new"."""
    text = path.read_text()
    if path.parent.name in ("alternates", "ladder"):
        text = (HERE / "storyteller.py").read_text() + "\n" + text
    for patch in patches:
        old, _, new = patch.partition("=>")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    module = types.ModuleType(path.stem)
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module


def judged(module: types.ModuleType, model: torch.nn.Module, drawn: Prefixes) -> Measure:
    """The excess of a model on prefixes."""
    rows = {n: module.next_log_probs(model, torch.from_numpy(x)).numpy() for n, x in drawn.batches.items()}
    laws = {str(n): law for n, law in drawn.laws.items()}
    return measure(rows, laws, {str(n): k for n, k in drawn.kinds.items()})


def run(module: types.ModuleType, world_name: str, seed: int, steps: int) -> dict[str, object]:
    """Train once and measure."""
    world = StoryWorld(world_name.encode())
    supply = [torch.from_numpy(b) for b in batches(world, steps, seed)]
    torch.manual_seed(seed)
    model = module.build(world.size)
    began = time.process_time()
    module.train(model, iter(supply), steps)
    spent = time.process_time() - began
    found = judged(module, model, draw_prefixes(world, 4000, 99))
    kinds = {kind: [round(share, 4), round(mean, 5)] for kind, (share, mean) in found.kinds.items()}
    return {
        "excess": round(found.excess, 6), "error": round(found.error, 6), "train_cpu_s": round(spent, 1),
        "parameters": sum(p.numel() for p in model.parameters()), "kinds": kinds,
    }  # fmt: skip


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--program", type=Path, default=HERE / "storyteller.py")
    parser.add_argument("--label", default="")
    parser.add_argument("--patch", action="append", default=[])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--worlds", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(1)
    done = [json.loads(line) for line in given.out.read_text().splitlines()] if given.out.exists() else []
    label = given.label or given.program.stem
    for seed in range(given.seeds):
        for number in range(given.first, given.first + given.worlds):
            what = {"program": label, "world": f"fresh{number}", "seed": seed, "steps": given.steps}
            if any(all(d[k] == v for k, v in what.items()) for d in done):
                continue
            found = what | run(program(given.program, given.patch), what["world"], seed, given.steps)
            found |= {"machine": platform.machine(), "torch": torch.__version__, "numpy": np.__version__}
            with given.out.open("a") as file:
                file.write(json.dumps(found) + "\n")
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()

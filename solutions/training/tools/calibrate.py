"""How far trainings end from the function: the reference, other right ones and every trained mistake, ten times each.

    python solutions/training/tools/calibrate.py --seeds 10 [NAME ...]

Batches and first weights have other seeds in each run. Prints mean, deviation, least and most; the table at the end of
excess_judge.py is made of it.
"""

from __future__ import annotations

import re
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "assignments" / "training"), str(HERE), str(HERE / "cases")]

from bench.trainings import patched, report

STEPS = 1500
SEED = re.compile(r"manual_seed\(\d+\)")
ADAM, FALLING = "torch.optim.Adam([W, b, v, c], lr=0.02)", "= 0.01 * (1 + math.cos(math.pi * step / steps))"
OTHERS = {
    "SGD, 0.3 falling": [(ADAM, "torch.optim.SGD([W, b, v, c], lr=0.3)"), (FALLING, FALLING.replace("0.01", "0.15"))],
    "Adam, 0.01 falling": [(FALLING, FALLING.replace("0.01", "0.005"))],
    "SGD, 0.001": [(ADAM, "torch.optim.SGD([W, b, v, c], lr=0.001)"), (FALLING, "= 0.001")],
}


def programs() -> dict[str, str]:
    """Name → text of everything that trains."""
    reference = (HERE / "training.py").read_text(encoding="utf-8")
    found = {"reference": reference}
    for name in ("momentum_in_training", "averaged_weights"):
        found[f"alternate {name}"] = reference + "\n" + (HERE / "alternates" / f"{name}.py").read_text(encoding="utf-8")
    table = tomllib.loads((HERE / "misconceptions" / "train_it.toml").read_text(encoding="utf-8"))
    patches = {m["id"]: [(p["find"], p["replace"]) for p in m["patch"]] for m in table["misconceptions"]}
    for name, patch in (patches | OTHERS).items():
        found[name] = patched(reference, patch)
    return found


def run(text: str, seed: int) -> tuple[float, float]:
    """(excess, seconds of processor time) of one training."""
    import excess_judge
    import teacher

    from autograder.authoring import World

    module = ModuleType("submission")
    exec(compile(SEED.sub(f"manual_seed({100 + seed})", text), "training.py", "exec"), module.__dict__)
    batches, started = teacher.batches(World(seed), STEPS), time.process_time()
    weights = module.train(batches, STEPS)
    seconds = time.process_time() - started
    arrays = excess_judge.network_of({name: w.numpy() for name, w in weights.items()})
    return (float("inf") if isinstance(arrays, str) else excess_judge.excess_of(arrays)), seconds


if __name__ == "__main__":
    report(__doc__.split("\n")[0], programs(), run)

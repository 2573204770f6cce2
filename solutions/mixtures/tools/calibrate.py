"""Trains the reference and every known mistake of `train` for several seeds and prints what the judge measures, a JSON line a run.

    python solutions/mixtures/tools/calibrate.py OUT.jsonl --seeds 10 [--only reference,balance_forced] [--table]

calibration.jsonl beside this file holds ten runs of each (an Intel Xeon, torch 2.11): the reference's excess is 0.0813 ± 0.0031 (0.0753 to 0.0859), another right
training's 0.0705 ± 0.0011; the nearest mistake is the forced balance with 0.171 to 0.180, then a first batch that is used for all steps with 0.215 and more.
Runs that stand in OUT are not run again; at the end a table of all runs in OUT is
printed, and with --table nothing else is done. The budget is that of the graded case; one thread.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
import types
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE / "cases"), str(HERE.parents[1] / "assignments" / "mixtures"), str(HERE.parents[1])]

import expert_judge
from teacher import batches, hidden_behind

from autograder.authoring import World

STEPS = 1500


def programs() -> dict[str, str]:
    """The reference, each mistake that is a patch on it, and each alternate that trains in another way."""
    text = (HERE / "mixtures.py").read_text(encoding="utf-8")
    made = {"reference": text}
    for entry in tomllib.loads((HERE / "misconceptions" / "train.toml").read_text(encoding="utf-8"))["misconceptions"]:
        if "trained_to_the_gates" not in entry["fails"]:
            continue
        changed = text
        for patch in entry["patch"]:
            changed = changed.replace(patch["find"], patch["replace"])
        made[entry["id"]] = changed
    for file in sorted((HERE / "alternates").glob("*.py")):
        more = file.read_text(encoding="utf-8")
        if "def train(" in more:
            made[f"alternate {file.stem}"] = f"{text}\n{more}"
    return made


def run(text: str, seed: int) -> dict[str, float]:
    """Excess and processor seconds."""
    module = types.ModuleType("mixtures")
    exec(compile(text, "mixtures.py", "exec"), module.__dict__)
    world = World(1000 + seed)
    stream = list(batches(world, STEPS))
    begun = time.process_time()
    found = module.train(iter(stream), STEPS, seed)
    seconds = time.process_time() - begun
    weights = {name: np.asarray(value, dtype=np.float32).astype(float) for name, value in found.items()}
    over = expert_judge.excess(weights, *hidden_behind(world), np.random.default_rng(10**6 + seed))
    return {"excess": over, "seconds": seconds}


def main() -> None:
    """Runs what is missing, then the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", default="")
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(1)
    lines = [json.loads(line) for line in given.out.read_text().splitlines()] if given.out.exists() else []
    done = {(line["program"], line["seed"]) for line in lines}
    wanted = {n: text for n, text in programs().items() if not given.only or n in given.only.split(",")}
    for seed in range(0 if given.table else given.seeds):
        for name, text in wanted.items():
            if (name, seed) not in done:
                lines.append({"program": name, "seed": seed, **run(text, seed)})
                with given.out.open("a") as file:
                    file.write(json.dumps(lines[-1]) + "\n")
    for name in dict.fromkeys(line["program"] for line in lines):
        over, seconds = (np.array([x[k] for x in lines if x["program"] == name]) for k in ("excess", "seconds"))
        print(f"{name:28s} n={len(over):2d} excess {over.mean():.4f} ± {over.std(ddof=1) if len(over) > 1 else 0:.4f} "
              f"({over.min():.4f} … {over.max():.4f}), {seconds.mean():.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()

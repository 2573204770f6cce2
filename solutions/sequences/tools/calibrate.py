"""Trains the reference and every known mistake of `music` for several seeds and prints what the judge measures, a JSON line a run.

    python solutions/sequences/tools/calibrate.py OUT.jsonl --seeds 10 [--only reference,first_batch_only]

calibration.jsonl beside this file holds ten runs of each (an Intel Xeon, torch 2.11): the reference's excess is 0.0095 ± 0.0010 (worst 0.0114), another right
training's 0.0124 ± 0.0029; of the mistakes that training shows, piled-up gradients come nearest (0.139 ± 0.026, least 0.095), then gradients cut at every step
(0.20 and more). A summed loss and a learned padding cost nothing here: other cases see them. Runs that stand in OUT are not run again; at the end a table of all runs in OUT is printed. The budget is that of the graded case; one thread.
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
sys.path[:0] = [str(HERE), str(HERE / "cases"), str(HERE.parents[1] / "assignments" / "sequences"), str(HERE.parents[1])]

import music_judge
from music import BATCH, POOL, STEPS, budget

from autograder.authoring import World


def programs() -> dict[str, str]:
    """The reference, and each mistake that is a patch on it."""
    text = (HERE / "sequences.py").read_text(encoding="utf-8")
    made = {"reference": text}
    for entry in tomllib.loads((HERE / "misconceptions" / "music.toml").read_text(encoding="utf-8"))["misconceptions"]:
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
    """Excess, share of tunes among what is written, and processor seconds."""
    module = types.ModuleType("sequences")
    exec(compile(text, "sequences.py", "exec"), module.__dict__)
    batches = budget(World(1000 + seed), STEPS, BATCH, POOL)
    begun = time.process_time()
    weights = {name: np.asarray(value) for name, value in module.train(batches, seed).items()}
    seconds = time.process_time() - begun
    rng = np.random.default_rng(10**6 + seed)
    over = music_judge.excess(weights, [music_judge.fresh_tune(rng) for _ in range(music_judge.FRESH)])
    texts = music_judge.written(weights, music_judge.WRITTEN, rng)
    share = float(np.mean([music_judge.log_probability(text) > -np.inf for text in texts]))
    return {"excess": over, "tunes": share, "seconds": seconds}


def main() -> None:
    """Runs what is missing, then the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    torch.set_num_threads(1)
    lines = [json.loads(line) for line in given.out.read_text().splitlines()] if given.out.exists() else []
    done = {(line["program"], line["seed"]) for line in lines}
    wanted = {n: text for n, text in programs().items() if not given.only or n in given.only.split(",")}
    for seed in range(given.seeds):
        for name, text in wanted.items():
            if (name, seed) not in done:
                lines.append({"program": name, "seed": seed, **run(text, seed)})
                with given.out.open("a") as file:
                    file.write(json.dumps(lines[-1]) + "\n")
    for name in dict.fromkeys(line["program"] for line in lines):
        over, share, seconds = (np.array([x[k] for x in lines if x["program"] == name]) for k in ("excess", "tunes", "seconds"))
        print(f"{name:32s} n={len(over):2d} excess {over.mean():.4f} ± {over.std(ddof=1) if len(over) > 1 else 0:.4f} "
              f"({over.min():.4f} … {over.max():.4f}), tunes {share.mean():.3f} ({share.min():.3f} … {share.max():.3f}), {seconds.mean():.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()

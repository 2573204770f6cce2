"""Trains programs on fresh worlds as a replay does, and writes what came out, one JSON line a run; resumable.

    python solutions/storyteller/tools/calibrate.py OUT.jsonl --steps 600 --worlds 10 --seeds 3
    python solutions/storyteller/tools/calibrate.py OUT.jsonl --program ladder/lstm.py --worlds 3 --told --most 1
    python solutions/storyteller/tools/calibrate.py OUT.jsonl --mistake stops_early --worlds 3

Runs that stand in OUT already are not run again. The excess is the mean KL of 4,000 prefixes, one thread, CPU, float32.
Known mistakes that change the prediction alone are measured with every training of the reference, on its weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "assignments" / "storyteller"), str(HERE.parents[1])]

from prefixes import Prefixes, draw_prefixes
from stories import StoryWorld
from supply import batches
from telling import beginnings, tally

from autograder.checks.excess import Measure, measure

PREFIXES, DRAW = 4_000, 99
REFERENCE = "storyteller.py"


@dataclass(frozen=True)
class Run:
    """A training: whose file (below this folder), with which replacements, in which world, with which seed, how long."""

    program: str
    world: str
    seed: int
    steps: int
    patches: tuple[str, ...] = ()
    label: str = ""
    told: bool = False

    @property
    def name(self) -> tuple[str, str, int, int]:
        """What identifies it in a file of runs."""
        return self.label or Path(self.program).stem, self.world, self.seed, self.steps


@cache
def world_named(name: str) -> StoryWorld:
    """The world of a run."""
    return StoryWorld(name.encode())


def program(path: Path, patches: Sequence[str] = ()) -> types.ModuleType:
    """The program of a file (an alternate or a rung of the ladder is put behind the reference), with replacements "old=>new"."""
    text = path.read_text()
    if path.name != REFERENCE:
        text = (HERE / REFERENCE).read_text() + "\n" + text
    for patch in patches:
        old, _, new = patch.partition("=>")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    module = types.ModuleType(path.stem)
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module


@cache
def mistakes() -> dict[str, tuple[str, ...]]:
    """Id of a known mistake → its patches as `program` takes them."""
    tables = [tomllib.loads(p.read_text()) for p in sorted((HERE / "misconceptions").glob("*.toml"))]
    every = [one for table in tables for one in table["misconceptions"] if one.get("patch")]
    return {one["id"]: tuple(f"{h['find']}=>{h['replace']}" for h in one["patch"]) for one in every}


def of_prediction() -> dict[str, tuple[str, ...]]:
    """Those that change `next_log_probs` and nothing else."""
    text = (HERE / REFERENCE).read_text()
    begin = text.index("def next_log_probs")
    inside = text[begin : text.index("# END SOLUTION", begin)]
    return {m: several for m, several in mistakes().items() if all(p.partition("=>")[0] in inside for p in several)}


def measured_mistakes(model: torch.nn.Module, drawn: Prefixes) -> dict[str, float]:
    """Id → excess, of mistakes of prediction on these weights; those that are refused or infinite are left out."""
    found = {}
    for name, patches in of_prediction().items():
        try:
            found[name] = round(judged(program(HERE / REFERENCE, patches), model, drawn).excess, 5)
        except ValueError:
            continue
    return {name: excess for name, excess in found.items() if np.isfinite(excess)}


def judged(module: types.ModuleType, model: torch.nn.Module, drawn: Prefixes) -> Measure:
    """The excess of a model on prefixes."""
    rows = {n: module.next_log_probs(model, torch.from_numpy(x)).numpy() for n, x in drawn.batches.items()}
    laws = {str(n): law for n, law in drawn.laws.items()}
    return measure(rows, laws, {str(n): k for n, k in drawn.kinds.items()})


def told_by(module: types.ModuleType, model: torch.nn.Module, world: StoryWorld, seed: int) -> dict[str, float]:
    """Shares of valid stories and of right references among 500 told stories, as `true_stories` counts them."""
    begun, dice = beginnings(world, seed), torch.Generator().manual_seed(seed)
    found = tally(world, {n: module.tell(model, torch.from_numpy(x), dice).numpy() for n, x in begun.items()}, begun)
    return {"valid": round(found.valid / found.stories, 4), "consistent": round(found.consistent, 5)}


def carried_out(run: Run) -> dict[str, Any]:
    """Train once, on one thread, and measure."""
    torch.set_num_threads(1)
    world, module = world_named(run.world), program(HERE / run.program, run.patches)
    supply = [torch.from_numpy(b) for b in batches(world, run.steps, run.seed)]
    torch.manual_seed(run.seed)
    model = module.build(world.size)
    began = time.process_time()
    module.train(model, iter(supply), run.steps)
    spent = time.process_time() - began
    drawn = draw_prefixes(world, PREFIXES, DRAW)
    found = judged(module, model, drawn)
    name, _, _, _ = run.name
    row: dict[str, Any] = {"program": name, "world": run.world, "seed": run.seed, "steps": run.steps}
    row |= {"excess": round(found.excess, 6), "error": round(found.error, 6), "train_cpu_s": round(spent, 1)}
    row |= {"parameters": sum(p.numel() for p in model.parameters())}
    row |= {"kinds": {kind: [round(share, 4), round(mean, 5)] for kind, (share, mean) in found.kinds.items()}}
    row |= told_by(module, model, world, run.seed) if run.told else {}
    row |= {"mistakes": measured_mistakes(model, drawn)} if run.name[0] == Path(REFERENCE).stem else {}
    return row | {"machine": processor(), "torch": torch.__version__, "numpy": np.__version__}


@cache
def processor() -> str:
    """Its name, as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor")


def all_carried_out(runs: Sequence[Run], jobs: int) -> Iterator[dict[str, Any]]:
    """The rows, each as soon as it is there."""
    if jobs == 1:
        yield from map(carried_out, runs)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(carried_out, run) for run in runs]):
            yield done.result()


def missing(runs: Sequence[Run], out: Path) -> list[Run]:
    """Those that do not stand in a file yet."""
    rows = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    known = {(r["program"], r["world"], r["seed"], r["steps"]) for r in rows if "steps" in r}
    return [run for run in runs if run.name not in known]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--program", action="append", default=[], help="below solutions/storyteller; repeatable")
    parser.add_argument("--label", default="")
    parser.add_argument("--mistake", default="", choices=["", *mistakes()], help="the reference with a known mistake")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--worlds", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--told", action="store_true", help="count told stories, too")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most", type=int, default=None, help="runs to make at most")
    given = parser.parse_args()
    label = given.label or given.mistake
    runs = [
        Run(path, f"fresh{number}", seed, given.steps, mistakes().get(given.mistake, ()), label, given.told)
        for path in given.program or [REFERENCE]
        for seed in range(given.seeds)
        for number in range(given.worlds)
    ]
    for row in all_carried_out(missing(runs, given.out)[: given.most], given.jobs):
        with given.out.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps({k: v for k, v in row.items() if k != "kinds"}), flush=True)


if __name__ == "__main__":
    main()

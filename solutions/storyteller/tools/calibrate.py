"""Trains programs on fresh worlds as a replay does, and writes what came out, one JSON line a run; resumable.

    python solutions/storyteller/tools/calibrate.py OUT.jsonl --steps 600 --worlds 10 --seeds 3
    python solutions/storyteller/tools/calibrate.py OUT.jsonl --program ladder/lstm.py --worlds 3 --told --most 1
    python solutions/storyteller/tools/calibrate.py OUT.jsonl --mistake stops_early --worlds 3
    python solutions/storyteller/tools/calibrate.py OUT.jsonl --all --jobs 16          all that the thresholds stand on

Runs that stand in OUT already are not run again. The excess is the mean KL of 4,000 prefixes, one thread, CPU, float32.
With --home a run trains on batches of the corpus, as a student does who has that world as a deck. With every such training
of the reference known mistakes and alternates that change the prediction alone are measured on its weights, and these
weights in another world.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
import types
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "assignments" / "storyteller"), str(HERE.parents[1])]

from decks import corpus
from draws import Integers, Uniforms
from prefixes import Prefixes, draw_prefixes
from stories import StoryWorld
from supply import BATCH, batches, rows_with_bos
from telling import beginnings, tally

from autograder.checks.excess import Measure, measure

PREFIXES, DRAW = 4_000, 99
REFERENCE = "storyteller.py"
SHORT, LONG, HOME = 150, 600, 1500
"""Batches of the two replays, and of training at home."""
WORLDS, SEEDS = 10, 3
ANOTHER = "another_deck"
TRAINED_WRONG = (
    ("stops_early", LONG), ("does_not_train", SHORT), ("stops_early", HOME), ("too_narrow", HOME), ("no_causal_mask", LONG),
    ("does_not_train", LONG), ("no_causal_mask", HOME), ("does_not_train", HOME),
)  # fmt: skip


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
    home: bool = False

    @property
    def data(self) -> str:
        """Batches of what."""
        return "corpus" if self.home else "fresh stories"

    @property
    def name(self) -> tuple[str, str, int, int, str]:
        """What identifies it in a file of runs."""
        return self.label or Path(self.program).stem, self.world, self.seed, self.steps, self.data


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
def stories_at_home(name: str) -> Integers:
    """The corpus of a world, with <bos>."""
    return rows_with_bos(corpus(name.encode()))


def supplied(run: Run) -> list[torch.Tensor]:
    """The batches of a run."""
    if not run.home:
        return [torch.from_numpy(b) for b in batches(world_named(run.world), run.steps, run.seed)]
    rows = stories_at_home(run.world)
    places = (Uniforms(run.seed).draw(run.steps * BATCH) * len(rows)).astype(np.int64).reshape(run.steps, BATCH)
    return [torch.from_numpy(x[:, : int((x >= 0).sum(1).max())]) for x in (rows[own] for own in places)]


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


def measured(modules: Mapping[str, types.ModuleType], model: torch.nn.Module, drawn: Prefixes) -> dict[str, float]:
    """Id → excess of these weights with other predictions; those that are refused or infinite are left out."""
    found = {}
    for name, module in modules.items():
        with suppress(ValueError):
            found[name] = round(judged(module, model, drawn).excess, 6)
    return {name: excess for name, excess in found.items() if np.isfinite(excess)}


def beside(module: types.ModuleType, model: torch.nn.Module, run: Run, drawn: Prefixes) -> dict[str, dict[str, float]]:
    """What mistakes and alternates of prediction come to on the reference's weights; and what these do in the next world."""
    wrong = {name: program(HERE / REFERENCE, patches) for name, patches in of_prediction().items()}
    right = {p.stem: program(p) for p in sorted((HERE / "alternates").glob("*.py")) if "def next_log_probs" in p.read_text()}
    next_world = world_named(f"{run.world}, the next one")
    found = measured(wrong, model, drawn)
    if next_world.size == world_named(run.world).size:
        found[ANOTHER] = round(judged(module, model, draw_prefixes(next_world, PREFIXES, DRAW)).excess, 6)
    return {"mistakes": found, "alternates": measured(right, model, drawn)}


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
    world, module, supply = world_named(run.world), program(HERE / run.program, run.patches), supplied(run)
    module.__dict__["DEVICE"] = "cpu"
    torch.manual_seed(run.seed)
    model = module.build(world.size)
    began = time.process_time()
    module.train(model, iter(supply), run.steps)
    spent = time.process_time() - began
    drawn = draw_prefixes(world, PREFIXES, DRAW)
    found = judged(module, model, drawn)
    name, *_, data = run.name
    row: dict[str, Any] = {"program": name, "world": run.world, "seed": run.seed, "steps": run.steps, "data": data}
    row |= {"excess": round(found.excess, 6), "error": round(found.error, 6), "train_cpu_s": round(spent, 1)}
    row |= {"parameters": sum(p.numel() for p in model.parameters())}
    row |= {"kinds": {kind: [round(share, 4), round(mean, 5)] for kind, (share, mean) in found.kinds.items()}}
    row |= told_by(module, model, world, run.seed) if run.told else {}
    row |= beside(module, model, run, drawn) if run.home and name == Path(REFERENCE).stem else {}
    return row | {"machine": processor(), "torch": torch.__version__, "numpy": np.__version__}


@cache
def processor() -> str:
    """Its name, as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor")


def all_carried_out(runs: Sequence[Run], jobs: int) -> Iterator[dict[str, Any]]:
    """The rows, each as soon as it is there; a run that raises is told and left out."""
    if jobs == 1:
        yield from map(carried_out, runs)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        going = {pool.submit(carried_out, run): run for run in runs}
        for done in as_completed(going):
            try:
                yield done.result()
            except Exception as error:
                print(f"{going[done].name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


def missing(runs: Sequence[Run], out: Path) -> list[Run]:
    """Those that do not stand in a file yet."""
    rows = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    known = {(r["program"], r["world"], r["seed"], r["steps"], r.get("data", "fresh stories")) for r in rows if "steps" in r}
    return [run for run in runs if run.name not in known]


def several(path: str, steps: int, worlds: int, seeds: int = 1, **more: Any) -> list[Run]:
    """A program in so many worlds with so many seeds."""
    return [Run(path, f"fresh{number}", seed, steps, **more) for seed in range(seeds) for number in range(worlds)]


def everything() -> list[Run]:
    """What the thresholds stand on, the most important first: the reference, known mistakes, the ladder."""
    runs = [r for seed in range(SEEDS) for steps in (LONG, HOME, SHORT) for r in of_reference(steps, seed)]
    for name, steps in TRAINED_WRONG:
        runs += several(REFERENCE, steps, WORLDS, patches=mistakes()[name], label=name, home=steps == HOME)
    for steps in (LONG, HOME, SHORT):
        for rung in ("lstm", "nano", "post_norm", "rotary", "no_positions"):
            runs += several(f"ladder/{rung}.py", steps, 3, home=steps == HOME)
    return runs + several("ladder/mixed.py", LONG, 3)


def of_reference(steps: int, seed: int) -> list[Run]:
    """The reference in all worlds with one seed; with the first one it tells stories, too."""
    told = seed == 0 and steps != SHORT
    return [Run(REFERENCE, f"fresh{number}", seed, steps, told=told, home=steps == HOME) for number in range(WORLDS)]


def asked_for(given: argparse.Namespace) -> list[Run]:
    """The runs of a command line."""
    if given.all:
        return everything()
    patches, label = mistakes().get(given.mistake, ()), given.label or given.mistake
    more = {"patches": patches, "label": label, "told": given.told, "home": given.home}
    return [
        run for path in given.program or [REFERENCE] for run in several(path, given.steps, given.worlds, given.seeds, **more)
    ]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--all", action="store_true", help="reference, mistakes and ladder; the most important first")
    parser.add_argument("--program", action="append", default=[], help="below solutions/storyteller; repeatable")
    parser.add_argument("--label", default="")
    parser.add_argument("--mistake", default="", choices=["", *mistakes()], help="the reference with a known mistake")
    parser.add_argument("--steps", type=int, default=LONG)
    parser.add_argument("--worlds", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--home", action="store_true", help="train on the corpus, as students do")
    parser.add_argument("--told", action="store_true", help="count told stories, too")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most", type=int, default=None, help="runs to make at most")
    given = parser.parse_args()
    for row in all_carried_out(missing(asked_for(given), given.out)[: given.most], given.jobs):
        with given.out.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps({k: v for k, v in row.items() if k != "kinds"}), flush=True)


if __name__ == "__main__":
    main()

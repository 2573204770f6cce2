"""Trains the storyteller on a device in several precisions, and judges the weights on the processor, as a grader does.

    python bench/gpu/storyteller_gpu.py --out DIR                                         on CUDA, with everything
    python bench/gpu/storyteller_gpu.py --out DIR --device cpu --steps 20 --large-steps 3       a trial of the script

Written are DIR/result.json (after every training, so that nothing is lost when time runs out) and the weights of the
first seed. NumPy, PyTorch and this repository are all that is needed; nothing here is sandboxed, and only the course's
own programs are run. The deck is deck 0 of the salt, whose data `autograder train` uses, too; the verdict is the exact
excess on 16,000 prefixes, float32 on the processor. The large world has about 900 words and two heroes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
import time
import types
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = ROOT / "solutions" / "storyteller"
sys.path[:0] = [str(ROOT), str(PRIVATE / "tools")]

from calibrate import judged, processor, program  # puts the folders of the assignment on the path
from decks import corpus
from draws import Uniforms
from prefixes import Prefixes, draw_prefixes
from stories import LONGEST, StoryWorld
from supply import rows_with_bos

from autograder.grading.drawing import DrawKeys, deck_key
from autograder.grading.keys import derived
from autograder.values.weights import write_weights

STORIES, MANY = 64, 16_000
AUTOCAST = (
    "        loss = F.cross_entropy(model(x=>"
    "        with torch.autocast(DEVICE, dtype=torch.bfloat16): loss = F.cross_entropy(model(x"
)
LARGE_STORIES, LARGE_CORPUS, LARGE_PREFIXES = 256, 400_000, 4_000
LARGE = {  # width, layers, heads, peak of the learning rate
    "0.9 M": (128, 4, 4, 2e-3),
    "6.6 M": (256, 8, 8, 1e-3),
}
MANNERS = ("float32", "tf32", "bf16")
Batches = Iterator[torch.Tensor]


@dataclass
class Bench:
    """What is measured, and where it is written."""

    out: Path
    device: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def machine(self) -> dict[str, Any]:
        """Processor, card, versions."""
        found = {"processor": processor(), "python": platform.python_version(), "torch": torch.__version__}
        if torch.cuda.is_available():
            found |= {"card": torch.cuda.get_device_name(), "cuda": str(torch.version.cuda)}
        return found | {"numpy": np.__version__, "device": self.device}

    def add(self, row: dict[str, Any]) -> None:
        """Keep a row, on the disk, too."""
        self.rows.append(row)
        text = json.dumps({"machine": self.machine(), "rows": self.rows}, indent=1)
        (self.out / "result.json").write_text(text + "\n", encoding="utf-8")
        print(json.dumps({k: v for k, v in row.items() if k != "kinds"}), flush=True)


@contextmanager
def precision(manner: str) -> Iterator[None]:
    """float32 proper, or with TF32's 10 bits inside of matrix products."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high" if manner == "tf32" else "highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def student(device: str, manner: str, large: str = "") -> types.ModuleType:
    """The reference on a device; under autocast, or wider, where that is asked for."""
    patches = [AUTOCAST] if manner == "bf16" else []
    if large:
        width, layers, heads, rate = LARGE[large]
        patches += [
            f"WIDTH, LAYERS, HEADS = 64, 2, 4=>WIDTH, LAYERS, HEADS = 64, 2, {heads}",
            f"Model(vocabulary, 128, 4)=>Model(vocabulary, {width}, {layers})",
            f"3e-3 * WIDTH / model.embed.embedding_dim=>{rate}",
        ]
    found = program(PRIVATE / "storyteller.py", patches)
    found.DEVICE = device  # type: ignore[attr-defined]
    return found


def weights_of(model: torch.nn.Module) -> bytes:
    """The file that would be handed in."""
    return write_weights({n: p.detach().float().cpu().numpy() for n, p in model.named_parameters()})


def exam_key() -> bytes:
    """Deck 0 of the salt."""
    salt = bytes.fromhex((PRIVATE / "salt").read_text().strip())
    return deck_key(DrawKeys(derived(salt, "deck", "storyteller"), derived(salt, "milestone", "storyteller")), 0)


def trained(
    code: types.ModuleType, vocabulary: int, supply: Batches, steps: int, seed: int
) -> tuple[Any, dict[str, float]]:
    """The model, and what training it cost; the clock stops when the device is done."""
    torch.manual_seed(seed)
    model = code.build(vocabulary)
    began, spent = time.monotonic(), time.process_time()
    code.train(model, supply, steps)
    if code.DEVICE == "cuda":
        torch.cuda.synchronize()
    cost = {"wall_s": round(time.monotonic() - began, 2), "cpu_s": round(time.process_time() - spent, 2)}
    if code.DEVICE == "cuda":
        cost["memory_mb"] = round(torch.cuda.max_memory_allocated() / 2**20)
    return model, cost


def verdict(model: Any, code: types.ModuleType, drawn: Prefixes, limits: tuple[float, float]) -> dict[str, Any]:
    """The exact excess, computed on the processor; beside it what the device itself would say."""
    there = code.DEVICE
    elsewhere = judged(code, model, drawn).excess
    code.DEVICE = "cpu"
    found = judged(code, model.cpu(), drawn)
    code.DEVICE = there
    place = "inside" if found.excess <= limits[0] else "between" if found.excess < limits[1] else "outside"
    return {
        "excess": round(found.excess, 7), "error": round(found.error, 7), "verdict": place,
        "predicted_on_the_device": round(elsewhere, 7),
        "kinds": {kind: round(mean, 6) for kind, (_, mean) in found.kinds.items()},
    }  # fmt: skip


def batches_of(rows: torch.Tensor, steps: int, stories: int, seed: int) -> Batches:
    """Random stories of a corpus, cropped to the longest of each batch."""
    places = (Uniforms(seed).draw(steps * stories) * len(rows)).astype(np.int64).reshape(steps, stories)
    for own in places:
        x = rows[torch.from_numpy(own).to(rows.device)].long()
        yield x[:, : int((x >= 0).sum(1).max())]


def small_tier(bench: Bench, manners: tuple[str, ...], steps: int, seeds: int) -> None:
    """The reference on deck 0 in each precision."""
    key = exam_key()
    world, rows = StoryWorld(key), rows_with_bos(corpus(key))
    drawn = draw_prefixes(world, MANY, 7)
    for seed in range(seeds):
        for manner in manners:
            code = student(bench.device, manner)
            where = torch.from_numpy(rows.astype(np.int16)).to(bench.device)
            with precision(manner):
                model, cost = trained(code, world.size, batches_of(where, steps, STORIES, seed), steps, seed)
            data, row = weights_of(model), {"tier": "small", "device": bench.device, "manner": manner, "seed": seed}
            row |= {"steps": steps, **cost, **verdict(model, code, drawn, (0.02, 0.25))}
            row["sha256"] = hashlib.sha256(data).hexdigest()
            if seed == 0:
                (bench.out / f"{bench.device}-{manner}.safetensors").write_bytes(data)
            bench.add(row)


def on_the_processor(steps: int, out: Path) -> dict[str, Any]:
    """The same on two threads of the processor, in a process of its own beside the device's work."""
    torch.set_num_threads(2)
    bench = Bench(out, "cpu")
    quiet = Bench.add
    Bench.add = lambda self, row: self.rows.append(row)  # type: ignore[method-assign]  # the other process writes
    small_tier(bench, ("float32",), steps, 1)
    Bench.add = quiet  # type: ignore[method-assign]
    return bench.rows[0]


def large_data(stories: int, out: Path) -> Path:
    """The corpus of the large world as a file of int16 rows."""
    world = StoryWorld(b"large world", scale=10, heroes=2)
    told = [world.sample(20_000, Uniforms(i), LONGEST - 1).tokens for i in range(max(1, stories // 20_000))]
    width = max(t.shape[1] for t in told)
    rows = np.concatenate([np.pad(t, ((0, 0), (0, width - t.shape[1])), constant_values=-1) for t in told])[:stories]
    path = out / "large.npy"
    np.save(path, rows_with_bos(rows).astype(np.int16))
    return path


def large_tier(bench: Bench, rows: torch.Tensor, manner: str, most: int, ends: float) -> None:
    """Both large models, each as long as the time that is left allows."""
    world = StoryWorld(b"large world", scale=10, heroes=2)
    drawn, left = draw_prefixes(world, LARGE_PREFIXES, 7), len(LARGE)
    for name in LARGE:
        code = student(bench.device, manner, name)
        with precision(manner):
            tried = min(20, most)
            trained(code, world.size, batches_of(rows, 2, LARGE_STORIES, 1), 2, 0)  # warms up
            _, cost = trained(code, world.size, batches_of(rows, tried, LARGE_STORIES, 1), tried, 0)
            steps = max(1, min(most, int((ends - time.monotonic()) / left / max(cost["wall_s"], 1e-3) * tried)))
            model, cost = trained(code, world.size, batches_of(rows, steps, LARGE_STORIES, 0), steps, 0)
        row = {"tier": "large", "device": bench.device, "manner": manner, "model": name, "steps": steps, **cost}
        row |= {
            "parameters": sum(p.numel() for p in model.parameters()),
            "vocabulary": world.size,
            "floor": world.floor(),
        }
        began = time.monotonic()
        row |= verdict(model, code, drawn, (0.02, 0.5))
        bench.add(row | {"judge_wall_s": round(time.monotonic() - began, 1), "corpus": len(rows)})
        left -= 1


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--large-steps", type=int, default=3_000)
    parser.add_argument("--large-corpus", type=int, default=LARGE_CORPUS)
    parser.add_argument("--seconds", type=float, default=200, help="after which the large models stop training")
    given = parser.parse_args()
    if given.device == "cuda" and not torch.cuda.is_available():
        sys.exit("CUDA is not there")
    given.out.mkdir(parents=True, exist_ok=True)
    ends, bench = time.monotonic() + given.seconds, Bench(given.out, given.device)
    torch.set_num_threads(4 if given.device != "cpu" else 1)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        data: Future[Path] = pool.submit(large_data, given.large_corpus, given.out)
        beside = pool.submit(on_the_processor, given.steps, given.out) if given.device != "cpu" else None
        small_tier(bench, MANNERS, given.steps, given.seeds)
        path = data.result()
        rows = torch.from_numpy(np.load(path)).to(given.device)
        path.unlink()
        large_tier(bench, rows, "bf16", given.large_steps, ends)
        if beside is not None:
            bench.add(beside.result())


if __name__ == "__main__":
    main()

"""The lowest rungs of the ladder: n-gram models of a deck's corpus, each order smoothed by the one below it.

    python solutions/storyteller/tools/counting.py OUT.jsonl --decks 3 --orders 1 2 3 4 6 8

p_k(w | last k words) = (count + SMOOTH · p_{k−1}(w)) / (total + SMOOTH), from the uniform distribution upwards
(Dirichlet smoothing; MacKay and Peto 1995). Measured as a milestone is: mean KL on fresh prefixes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from decks import corpus, world_of
from prefixes import draw_prefixes

from autograder.checks.excess import measure

SMOOTH = 2.0
Table = dict[tuple[int, ...], dict[int, int]]


def counted(rows: Any, order: int) -> list[Table]:
    """For each k < order: the last k words → the next word → how often; <bos> included."""
    tables: list[Table] = [defaultdict(lambda: defaultdict(int)) for _ in range(order)]
    for row in rows:
        story = [0, *(int(t) for t in row if t >= 0)]
        for at in range(1, len(story)):
            for k in range(min(order, at + 1)):
                tables[k][tuple(story[at - k : at])][story[at]] += 1
    return tables


def predicted(tables: list[Table], prefix: Any, size: int) -> Any:
    """Log-probabilities of the next word."""
    law = np.full(size, 1 / size)
    for k, table in enumerate(tables):
        seen = table.get(tuple(int(t) for t in prefix[len(prefix) - k :])) if k <= len(prefix) else None
        if seen:
            counts = np.zeros(size)
            counts[list(seen)] = list(seen.values())
            law = (counts + SMOOTH * law) / (counts.sum() + SMOOTH)
    return np.log(law)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--decks", type=int, default=3)
    parser.add_argument("--orders", type=int, nargs="+", default=[1, 2, 3, 4, 6, 8])
    given = parser.parse_args()
    for number in range(given.decks):
        key = f"calibration {number}".encode()
        world, rows = world_of(key), corpus(key)
        drawn = draw_prefixes(world, 2000, 99)
        tables = counted(rows, max(given.orders))
        for order in given.orders:
            found = measure(
                {n: np.array([predicted(tables[:order], p, world.size) for p in x]) for n, x in drawn.batches.items()},
                {str(n): law for n, law in drawn.laws.items()}, {str(n): k for n, k in drawn.kinds.items()},
            )  # fmt: skip
            line = {"program": f"{order}-gram", "world": f"deck{number}", "excess": round(found.excess, 4),
                    "error": round(found.error, 4)}  # fmt: skip
            with given.out.open("a") as file:
                file.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

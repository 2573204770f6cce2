"""Puts runs of `calibrate.py` and `counting.py` together: calibration.json, what the thresholds stand on.

    python solutions/storyteller/tools/summary.py RUNS.jsonl ...      writes solutions/storyteller/calibration.json

For every program and number of batches: how many runs, mean and standard deviation of the *logarithm* of the excess (which
scatters by factors, not by differences), the largest and smallest excess, the processor time. Distances from a threshold
are in these standard deviations.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
OUT = HERE / "calibration.json"
KEPT = ("program", "world", "seed", "steps", "excess", "error", "train_cpu_s", "parameters")


def runs_in(paths: list[Path]) -> list[dict[str, Any]]:
    """All lines of the files, in a fixed order."""
    lines = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    return sorted(lines, key=lambda r: (r["program"], r.get("steps", 0), r["world"], r.get("seed", 0)))


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Program and batches → the figures."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        name = f"{run['program']}, {run['steps']} batches" if "steps" in run else run["program"]
        groups.setdefault(name, []).append(run)
    return {name: _figures(several) for name, several in groups.items()}


def _figures(runs: list[dict[str, Any]]) -> dict[str, Any]:
    logs = [math.log(r["excess"]) for r in runs]
    found: dict[str, Any] = {
        "runs": len(runs), "worlds": len({r["world"] for r in runs}), "seeds": len({r.get("seed", 0) for r in runs}),
        "geometric_mean": round(math.exp(statistics.fmean(logs)), 5),
        "log_sd": round(statistics.stdev(logs), 3) if len(logs) > 1 else None,
        "smallest": min(r["excess"] for r in runs), "largest": max(r["excess"] for r in runs),
    }  # fmt: skip
    if "train_cpu_s" in runs[0]:
        found["train_cpu_s"] = round(statistics.fmean(r["train_cpu_s"] for r in runs), 1)
    return found


def hardware() -> str:
    """Processor, and what was installed."""
    import torch

    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor")
    return f"{model}, one thread, torch {torch.__version__}; no GPU"


def main() -> None:
    """See the module."""
    runs = runs_in([Path(p) for p in sys.argv[1:]])
    table = {
        "what": "mean KL in nats per token on fresh prefixes; log_sd is the standard deviation of its natural logarithm",
        "hardware": hardware(),
        "summary": summary(runs),
        "runs": [[r.get(k) for k in KEPT] for r in runs],
        "columns": list(KEPT),
    }
    text = json.dumps(table, indent=1)
    OUT.write_text(text + "\n")


if __name__ == "__main__":
    main()

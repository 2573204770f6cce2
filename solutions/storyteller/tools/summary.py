"""Puts runs of `calibrate.py` and `counting.py` together: calibration.json, what the thresholds stand on.

    python solutions/storyteller/tools/summary.py RUNS.jsonl ...      writes solutions/storyteller/calibration.json

For every program and number of batches: how many runs, mean and standard deviation of the *logarithm* of the excess (which
scatters by factors, not by differences), the largest and smallest excess, the processor time, told stories. `cases` has the
excess of the reference and of known mistakes in each run, by the case whose threshold stands on it; `verify` counts the
distances from those. A case answers to the mistakes of its own question and of earlier ones: a model with a mistake of
`final` may well have learned what `midway` asks for.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
OUT = HERE / "calibration.json"
KEPT = ("program", "world", "seed", "steps", "data", "excess", "error", "train_cpu_s", "parameters", "valid", "consistent", "machine")
REFERENCE = "storyteller"
FRESH, HOME = "fresh stories", "corpus"
STANDS_ON = {
    "learns_at_all": ("midway", 150, FRESH), "has_learned": ("midway", 1500, HOME),
    "is_near": ("final", 1500, HOME), "trains_to_there": ("final", 600, FRESH),
}  # fmt: skip
"""Case → its question, and batches of the reference's runs: those of the replay, or of what a student trains at home."""
ORDER = ("midway", "final")


def runs_in(paths: list[Path]) -> list[dict[str, Any]]:
    """All lines of the files, in a fixed order; of a run that stands there twice the first one."""
    lines = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        data = {"data": line.get("data", FRESH)} if "steps" in line else {}
        key = line["program"], line.get("steps", 0), line["world"], line.get("seed", 0), data.get("data", "")
        found.setdefault(key, line | data)
    return [found[key] for key in sorted(found)]


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Program and batches → the figures."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        name = f"{run['program']}, {run['steps']} batches of {run['data']}" if "steps" in run else run["program"]
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
    for name in ("valid", "consistent"):
        shares = [r[name] for r in runs if name in r]
        if len(shares) > 1:
            found[name] = {"mean": round(statistics.fmean(shares), 4), "sd": round(statistics.stdev(shares), 4),
                           "smallest": min(shares)}  # fmt: skip
    return found


def cases(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Case → excess of the reference, and of known mistakes, in each run that its threshold stands on."""
    found = {}
    for case, (question, steps, data) in STANDS_ON.items():
        own = [r for r in runs if (r.get("steps"), r.get("data")) == (steps, data)]
        found[case] = _of_case(case, ORDER[: ORDER.index(question) + 1], own)
    return found


def _of_case(case: str, questions: tuple[str, ...], runs: list[dict[str, Any]]) -> dict[str, Any]:
    own = [r for r in runs if r["program"] == REFERENCE]
    counted = [one["id"] for one in mistakes() if case in one["fails"] and one["question"] in questions]
    wrong: dict[str, list[float]] = {name: [] for name in counted}
    for run in runs:
        for name, excess in {run["program"]: run["excess"], **run.get("mistakes", {})}.items():
            if name in wrong:
                wrong[name].append(excess)
    return {"right": [r["excess"] for r in own], "mistakes": {n: found for n, found in wrong.items() if found}}


def mistakes() -> list[dict[str, Any]]:
    """The known mistakes."""
    tables = [tomllib.loads(p.read_text()) for p in sorted((HERE / "misconceptions").glob("*.toml"))]
    return [one for table in tables for one in table["misconceptions"]]


def table_of(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """What calibration.json holds."""
    used = [r for r in runs if r["program"] == REFERENCE or r["program"] in {one["id"] for one in mistakes()}]
    machines = sorted({f"{r['machine']}, torch {r['torch']}" for r in used})
    return {
        "what": "mean KL in nats per token on fresh prefixes; log_sd is the standard deviation of its natural logarithm",
        "hardware": "; ".join(machines) + "; one thread, float32",
        "cases": cases(runs),
        "summary": summary(runs),
        "columns": list(KEPT),
        "runs": [[r.get(k) for k in KEPT] for r in runs],
    }


def main() -> None:
    """See the module."""
    OUT.write_text(json.dumps(table_of(runs_in([Path(p) for p in sys.argv[1:]])), indent=1) + "\n")


if __name__ == "__main__":
    main()

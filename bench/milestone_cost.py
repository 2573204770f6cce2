"""What a hand-in with weights costs the grader: its milestones alone, with the short replay, with the long one as well.

    python -m bench.milestone_cost DIST/storyteller/autograder.zip HAND_IN.zip --short midway

What the start costs is measured with a hand-in that cannot be read, and taken off. Processor time is summed over the
process tree, looked at five times a second: what else the machine does is no part of it. Memory is the largest sum of
proportional set sizes, start and all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.machine import describe
from bench.process import ROOT, pss, tree

EVERY = 0.2


@dataclass(frozen=True)
class Cost:
    """Seconds, and MiB."""

    wall: float
    processor: float
    peak_mib: float


def cost_of(command: Sequence[str], status: int) -> Cost:
    """Run it to its end, which must have this exit status or 0."""
    began, peak = time.monotonic(), 0.0
    used: dict[int, float] = {}
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        for look in count():
            if process.poll() is not None:
                break
            pids = tree(process.pid)
            for pid in pids:
                used[pid] = max(used.get(pid, 0.0), _processor(pid))
            if look % 5 == 0:  # the system counts pages for that
                peak = max(peak, sum(map(pss, pids)) / 1024)
            time.sleep(EVERY)
        out.seek(0)
        if process.returncode not in (0, status):
            raise SystemExit(out.read().decode(errors="replace")[-2000:])
    return Cost(time.monotonic() - began, sum(used.values()), peak)


def _processor(pid: int) -> float:
    """Its own seconds so far; 0 for a process that has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def graded(given: argparse.Namespace, hand_in: Path, out: Path, options: Sequence[str]) -> list[str]:
    """The command that grades a hand-in."""
    command = [sys.executable, "-m", "autograder", "grade", given.name, str(hand_in), "--root", str(given.root)]
    return [*command, "-o", str(out), "-j", "1", *options]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", help="an assignment, or its autograder.zip, where nothing is recorded first")
    parser.add_argument("hand_in", type=Path)
    parser.add_argument("--short", default="midway", help="the question whose replay is short")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--keep", type=Path, help="an empty folder for what is graded")
    given = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = given.keep or Path(temporary)
        unread = Path(temporary) / "unread.zip"
        unread.write_bytes(b"no zip")
        modes: dict[str, tuple[Path, list[str]]] = {
            "start": (unread, []), "milestones": (given.hand_in, []),
            "short replay": (given.hand_in, ["--replay", "--only", given.short]),
            "all replays": (given.hand_in, ["--replay"]),
        }  # fmt: skip
        for mode, (hand_in, options) in modes.items():
            cost = cost_of(graded(given, hand_in, place / mode, options), 1 if mode == "start" else 0)
            start = found["start"]["processor_s"] if mode != "start" else 0.0
            found[mode] = {"processor_s": round(cost.processor - start, 1), "wall_s": round(cost.wall, 1),
                           "peak_mib": round(cost.peak_mib)}  # fmt: skip
            print(mode, json.dumps(found[mode]), flush=True)
    print(json.dumps({"machine": describe(), "costs": found}, indent=1))


if __name__ == "__main__":
    main()

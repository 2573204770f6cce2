"""What a hand-in with weights costs the grader: its milestones alone, with the short replay, with the long one as well.

    python -m bench.milestone_cost storyteller HAND_IN.zip --short midway --root COURSE

Each is run with one hand-in and with two (the second differs by a comment, so that all is drawn anew); the difference
is what one more costs, the rest is the start. Processor time is summed over the process tree, looked at five times a
second: what else the machine does is no part of it. Memory is the largest sum of proportional set sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
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


def cost_of(command: Sequence[str]) -> Cost:
    """Run it to its end."""
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
        if process.returncode:
            raise SystemExit(out.read().decode(errors="replace")[-2000:])
    return Cost(time.monotonic() - began, sum(used.values()), peak)


def _processor(pid: int) -> float:
    """Its own seconds so far; 0 for a process that has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def copies(hand_in: Path, folder: Path, often: int) -> Path:
    """The hand-in so often, each with a comment of its own in its code."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(hand_in) as read:
        files = {name: read.read(name) for name in read.namelist()}
    for number in range(often):
        with zipfile.ZipFile(folder / f"s{number}.zip", "w") as made:
            for name, data in files.items():
                made.writestr(name, data + f"\n# {number}\n".encode() if name.endswith(".py") else data)
    return folder


def graded(given: argparse.Namespace, folder: Path, options: Sequence[str]) -> list[str]:
    """The command that grades what lies in a folder."""
    out = str(folder.with_name(f"{folder.name} out"))
    command = [sys.executable, "-m", "autograder", "grade", given.name, str(folder), "--root", str(given.root)]
    return [*command, "-o", out, "-j", "1", *options]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("hand_in", type=Path)
    parser.add_argument("--short", default="midway", help="the question whose replay is short")
    parser.add_argument("--root", type=Path, default=ROOT)
    given = parser.parse_args()
    modes = {"milestones": [], "short replay": ["--replay", "--only", given.short], "all replays": ["--replay"]}
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        for mode, options in modes.items():
            one, two = (
                cost_of(graded(given, copies(given.hand_in, Path(place) / f"{mode} {number}", number), options))
                for number in (1, 2)
            )
            found[mode] = {
                "processor_s_each": round(two.processor - one.processor, 1),
                "processor_s_start": round(2 * one.processor - two.processor, 1),
                "wall_s_one": round(one.wall, 1),
                "peak_mib": round(max(one.peak_mib, two.peak_mib)),
            }
            print(mode, json.dumps(found[mode]), flush=True)
    print(json.dumps({"machine": describe(), "costs": found}, indent=1))


if __name__ == "__main__":
    main()

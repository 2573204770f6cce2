"""Trainings many times over: what the tools that calibrate an assignment's threshold print, a line for each program."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterable, Mapping


def patched(text: str, patch: Iterable[tuple[str, str]]) -> str:
    """`text` with each (find, replace) of a patch; what is to be found stands there once."""
    for find, replace in patch:
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    return text


def report(about: str, programs: Mapping[str, str], run: Callable[[str, int], tuple[float, float]]) -> None:
    """Mean, deviation, least and most of each program's excess, and the mean of its processor seconds.

    Args:
        about: for `--help`.
        programs: name → text.
        run: (text, seed) → (excess, seconds of processor time).
    """
    import torch

    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    for name, text in programs.items():
        if given.names and name not in given.names:
            continue
        runs = [run(text, seed) for seed in range(given.seeds)]
        found = [e for e, _ in runs]
        spread = statistics.stdev(found) if len(found) > 1 and max(found) < 1e9 else 0.0
        figures = f"mean {statistics.fmean(found):.5f}  sd {spread:.5f}  least {min(found):.5f}  most {max(found):.5f}"
        print(f"{name:28s} {figures}  {statistics.fmean(s for _, s in runs):.1f} s", flush=True)

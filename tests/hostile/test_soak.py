"""Many gradings in one run: no more processes, descriptors, files, mounts and memory afterwards than before."""

from __future__ import annotations

import pytest

FILES = [
    "course/solutions/trial/trial.py",
    "attacks/leaves_daemons.py",
    "attacks/leaks_by_stdout.py",
    "attacks/plants_links_in_the_scratch.py",
    "attacks/plants_fifos_and_odd_names.py",
    "attacks/sends_deep_values.py",
    "faults/segfaults.py",
    "faults/floods_the_output.py",
    "faults/is_a_zip_in_a_folder.py",
    "faults/is_an_honest_notebook.py",
]
GROWTH = 16 * 1024  # KiB: caches of the first gradings of a kind


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.slow)])
def test_nothing_piles_up(count, graders):
    told = graders.get("root").ask("soak", names=FILES, count=count, seconds=2000)
    before, after = told["before"], told["after"]
    print(f"\n{count} gradings in {told['seconds']:.0f} s\nbefore {before}\nafter  {after}")
    for name in before:
        if name.startswith("KiB"):
            assert after[name] - before[name] < GROWTH, name
        else:
            assert after[name] == before[name], name
    assert {name: len(points) for name, points in told["points"].items()} == dict.fromkeys(FILES, 1)

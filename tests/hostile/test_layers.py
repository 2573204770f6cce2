"""Each layer has an attack that it stops and that gets through when it is off; honest work passes in every combination.

`walls/<layer>.py` prints GOT THROUGH when it does. Where a second layer would stop the same attack it is off as well,
and a control shows that the second one off alone does not let the attack through.
"""

from __future__ import annotations

import pytest

from tests.hostile.test_hostile import HONEST, leaked

OFF = {  # layer → what has to be off for its attack to get through
    "namespaces": "namespaces",
    "scratch": "scratch",
    "descriptors": "descriptors",
    "environment": "environment",
    "rlimits": "rlimits",
    "identity": "identity,landlock",
    "privileges": "privileges,identity",
    "landlock": "landlock",
    "seccomp": "seccomp",
}
STILL_STOPPED = {"identity": "landlock", "privileges": "identity"}


def got_through(record):
    return [line for line in record["stdout"].split("\n") if "GOT THROUGH" in line]


@pytest.mark.parametrize("layer", OFF)
def test_with_all_layers_on_nothing_gets_through(layer, graders):
    record = graders.grade(f"walls/{layer}.py", "root")
    assert got_through(record) == []
    assert record["left"] == []


@pytest.mark.slow
@pytest.mark.parametrize("layer", OFF)
def test_with_the_layer_off_its_attack_gets_through(layer, graders):
    record = graders.grade(f"walls/{layer}.py", "root", "--without", OFF[layer])
    assert got_through(record) != []


@pytest.mark.slow
@pytest.mark.parametrize("layer", STILL_STOPPED)
def test_with_only_the_other_layer_off_it_is_still_stopped(layer, graders):
    record = graders.grade(f"walls/{layer}.py", "root", "--without", STILL_STOPPED[layer])
    assert got_through(record) == []


@pytest.mark.slow
@pytest.mark.parametrize("without", sorted({*OFF.values(), *STILL_STOPPED.values()}))
def test_honest_work_passes_in_every_combination(without, graders):
    record = graders.grade(HONEST, "root", "--without", without)
    assert {v[2] for v in record["verdicts"]} == {"passed"}, record["verdicts"]
    assert record["left"] == []


@pytest.mark.slow
def test_without_landlock_the_leak_test_would_fail(graders):
    record = graders.grade("attacks/reads_secrets_of_the_grader.py", "root", "--without", "landlock")
    assert "CANARY" in leaked(record)


@pytest.mark.slow
def test_without_seccomp_a_daemon_starts_and_dies_with_its_session(graders):
    record = graders.grade("attacks/leaves_daemons.py", "root", "--without", "seccomp")
    assert got_through(record) != []
    assert record["left"] == []


@pytest.mark.slow
@pytest.mark.docker
def test_a_missing_layer_of_the_floor_is_refused_by_name(graders):
    refused = graders.get("docker", "--mode", "strict").hello["refused"]
    assert "`namespaces` is missing" in refused
    assert "fix:" in refused


@pytest.mark.slow
def test_off_means_no_layer_and_says_so(graders):
    assert graders.get("root", "--mode", "off").hello["layers"] == []

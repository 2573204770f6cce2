"""`autograder doctor`: what a report of a fault has to say, on any machine."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sys

import pytest
from click.testing import CliRunner

from autograder import __version__
from autograder.cli.main import main

PACKAGES = {"torch": "torch", "numpy": "numpy", "sympy": "sympy", "otter": "otter-grader", "ipykernel": "ipykernel"}


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def test_it_tells_a_program_the_versions_and_the_layers() -> None:
    table = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).stdout)
    machine = table["machine"]
    assert machine["autograder"] == __version__
    assert machine["python"].startswith(platform.python_version())
    assert machine["system"].startswith(platform.system())
    assert {name: machine[name] for name in PACKAGES} == {n: version(p) for n, p in PACKAGES.items()}
    assert {"docker", "gpu"} <= set(machine)
    assert {row["layer"] for row in table["layers"]} >= {"landlock", "seccomp", "rlimits"}
    assert set(table["modes"]) == {"strict", "standard", "off"}


def test_people_read_the_same() -> None:
    text = CliRunner().invoke(main, ["doctor"]).stdout
    for name in ("autograder", "python", *PACKAGES):
        assert any(line.startswith(name) for line in text.splitlines()), name


def test_a_machine_without_torch_is_described_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert json.loads(result.stdout)["machine"]["gpu"] == "none: PyTorch is not installed"


def test_the_version_is_one_line() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout == f"autograder, version {__version__}\n"

"""setup.sh: quick where the packages are there, loud with the reason where they cannot be had."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.otter_bridge.zip_files import template


def outside_root() -> str:
    """A Python that graders may use here: this one, or the system's."""
    for python in (sys.executable, "/usr/bin/python3"):
        code = "import sys, ensurepip; print(sys.version_info >= (3, 11), sys.base_prefix)"
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
        if done.stdout.startswith("True") and "/root" not in done.stdout:
            return python
    pytest.skip("no Python 3.11 with venv outside /root")


def setup(folder: Path, requirements: str | None) -> subprocess.CompletedProcess[str]:
    """setup.sh in a folder, with an index that offers nothing."""
    (folder / "setup.sh").write_text(template("setup.sh"), encoding="utf-8")
    if requirements is not None:
        (folder / "requirements.txt").write_text(requirements, encoding="utf-8")
    environment = {
        "PATH": f"{Path(outside_root()).parent}:/usr/bin:/bin",
        "AUTOGRADER_VENV": str(folder / "venv"),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    return subprocess.run(
        ["bash", str(folder / "setup.sh")], env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def test_a_python_that_has_the_requirements_is_taken_at_once(tmp_path: Path) -> None:
    done = setup(tmp_path, "pip\n# a comment\n\n")
    assert done.returncode == 0, done.stdout + done.stderr
    python = (tmp_path / "python-path").read_text(encoding="utf-8").strip()
    assert Path(python).resolve() == Path(outside_root()).resolve()
    assert not (tmp_path / "venv").exists()


@pytest.mark.slow
def test_a_pin_that_cannot_be_had_stops_with_the_reason(tmp_path: Path) -> None:
    done = setup(tmp_path, "pip==0.0.1\n")
    assert done.returncode == 1
    assert ", not 0.0.1" in done.stdout
    assert f"making {tmp_path / 'venv'}" in done.stdout
    assert (tmp_path / "venv" / "bin" / "python").exists()
    assert "setup.sh: pip cannot install" in done.stderr
    assert not (tmp_path / "python-path").exists()


def test_without_requirements_it_stops(tmp_path: Path) -> None:
    done = setup(tmp_path, None)
    assert done.returncode == 1
    assert "there is no" in done.stderr


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder.sh"])
def test_the_scripts_are_sound_bash(name: str) -> None:
    subprocess.run(["bash", "-n"], input=template(name), text=True, check=True)

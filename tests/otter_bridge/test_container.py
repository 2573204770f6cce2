"""The runner in Gradescope's and `otter grade`'s layout: results, whatever happens."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.otter_bridge import container
from tests.otter_bridge.submissions import ALL


@pytest.fixture
def root(autograder_zip: Path, tmp_path: Path) -> Path:
    """/autograder as Gradescope lays it out, with setup done."""
    root = tmp_path / "autograder"
    zipfile.ZipFile(autograder_zip).extractall(root / "source")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    (root / "submission_metadata.json").touch()
    run = root / "run_autograder"
    run.write_bytes((root / "source" / "run_autograder").read_bytes())
    run.chmod(0o755)
    (root / "source" / "python-path").write_text(sys.executable + "\n")
    return root


def hand_in(root: Path, name: str) -> None:
    file, data, _ = ALL[name]
    (root / "submission" / file).write_bytes(data)


def run(root: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(root)}
    done = subprocess.run(
        [root / "run_autograder"], env=environment, cwd="/", capture_output=True, text=True, timeout=200, check=False
    )
    return done, json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["honest", "partial", "forgery"])
def test_gradescope_gets_the_points_of_every_case(root: Path, name: str) -> None:
    hand_in(root, name)
    done, table = run(root)
    assert done.returncode == 0, done.stderr
    assert table["score"] == sum(ALL[name][2])
    assert "seven" not in json.dumps(table)
    assert "seven_inputs (hidden)" in done.stdout
    assert not (root / "results" / "results.pkl").exists()
    assert os.listdir(root / "submission") == [ALL[name][0]]


@pytest.mark.slow
def test_several_files_at_the_top_are_graded_and_otter_s_pickle_is_written_where_it_is_waited_for(root: Path) -> None:
    (root / "results" / "results.pkl").touch()
    (root / "submission" / "tiny.py").write_bytes(b"from helper import *\n")
    (root / "submission" / "helper.py").write_bytes(ALL["honest"][1])
    (root / "submission" / "ipykernel_launcher.py").write_bytes(b"raise SystemExit('shadowed')")
    done, table = run(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert table["score"] == 10.0
    assert (root / "results" / "results.pkl").stat().st_size > 0
    assert (root / "submission" / "tiny.py").read_bytes() == b"from helper import *\n"


@pytest.mark.slow
def test_a_zip_that_is_handed_in_whole_is_graded(root: Path) -> None:
    hand_in(root, "zip")
    _, table = run(root)
    assert table["score"] == 10.0


@pytest.mark.slow
def test_a_whole_working_folder_with_an_environment_is_as_good_as_the_file(root: Path) -> None:
    work = root / "submission"
    for name in ("venv/lib", "selfcheck", "__MACOSX", "lib"):
        (work / name).mkdir(parents=True)
    (work / "venv" / "python").symlink_to("/usr/bin/python3")
    (work / "venv" / "lib" / "tiny.py").write_text("1 / 0")
    (work / "selfcheck" / "at_home.py").write_text("1 / 0")
    (work / "Icon\r").touch()
    (work / "lib" / "helper.py").write_bytes(ALL["honest"][1])
    cells = ["from google.colab import drive\nfrom lib.helper import *\n%time k = 1", "%%bash\nls"]
    notebook = {"cells": [{"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in cells]}
    (work / "tiny (1).ipynb").write_text(json.dumps(notebook | {"metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    done, table = run(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert table["score"] == 10.0
    first = table["output"].split("\n\n")
    assert first[0].startswith("❗ cell 1 stopped at `from google.colab import drive`")
    assert first[1] == "❗ cell 2 is written in bash and was not run"
    assert first[2] == "❗ `tiny (1).ipynb` was taken as tiny.ipynb"
    assert first[3].startswith("**")
    assert "! cell 1 stopped" in done.stdout


@pytest.mark.slow
def test_nothing_handed_in_is_a_zero_with_a_reason(root: Path) -> None:
    _, table = run(root)
    assert table["score"] == 0.0
    assert "nothing was handed in" in json.dumps(table)


def test_a_damaged_bundle_is_not_graded_and_says_so(root: Path) -> None:
    hand_in(root, "honest")
    (root / "source" / "files" / "_autograder" / "bundle" / "expected.msgpack").write_bytes(b"damaged")
    done, table = run(root)
    assert done.returncode == 1
    assert "not graded" in done.stderr
    assert "score" not in table
    assert "**not been graded**: the assignment's own files have a fault. That says nothing" in table["output"]
    assert os.listdir(root / "submission") == ["honest.py"]


@pytest.mark.parametrize("kind", ["no python", "no package"])
def test_there_is_a_results_json_whatever_happens(root: Path, kind: str) -> None:
    if kind == "no python":
        (root / "source" / "python-path").unlink()
    else:
        (root / "source" / "run_otter.py").write_text("raise SystemExit(3)")
    done, table = run(root)
    assert done.returncode != 0
    assert "score" not in table
    assert "not been graded" in table["output"]


def test_killed_in_the_middle_it_has_said_not_graded(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(container, "grade_hand_in", killed)
    with pytest.raises(KeyboardInterrupt):
        container.main(root)
    table = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert "the grader was stopped before it finished" in table["output"]


def test_hidden_cases_and_metadata_are_closed_to_other_users(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "load_bundle", lambda _: (_ for _ in ()).throw(ValueError("stop here")))
    assert container.main(root) == 1
    for name in container.PRIVATE:
        assert (root / name).stat().st_mode & 0o077 == 0

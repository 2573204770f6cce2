"""The cohort of `make demo`: real `otter run` and our own engine give the same points, question by question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.cli.demo import WRONG
from autograder.cohort.sample import write_sample
from autograder.grading.bundle import Bundle
from autograder.grading.cache import cached_bundle
from autograder.grading.grade import Settings, grade_path
from autograder.grading.source import load_source
from autograder.release.bundle_zip import build_autograder
from autograder.sandbox.grader.box import Sandbox

ROOT = Path(__file__).parents[2]
SOME = (
    "ada_reference.py", "bela_notebook.ipynb", "carl_package.zip", "dora_stub.py",
    "part_05_done.py", "syntax_sam.py", "cheat_chris.py", "pdf_pia.py",
)  # fmt: skip


@dataclass(frozen=True)
class Demo:
    sandbox: Sandbox
    bundle: Bundle
    archive: Path
    submissions: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    source = load_source(ROOT, "backprop")
    write_sample(source, folder / "submissions", limit=WRONG)
    with Sandbox.start() as sandbox:
        bundle = cached_bundle(sandbox, source)
        (folder / "autograder.zip").write_bytes(build_autograder(source, bundle))
        yield Demo(sandbox, bundle, folder / "autograder.zip", folder / "submissions")


def otter_run(demo: Demo, file: Path, out: Path) -> dict[str, float]:
    """Question -> points of `otter run`."""
    out.mkdir()
    command = [sys.executable, "-m", "otter", "run", "-a", str(demo.archive), "-o", str(out), str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=out, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    table = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return {t["name"]: t["score"] for t in table["tests"] if "score" in t}


def agree(demo: Demo, file: Path, out: Path) -> None:
    ours, _ = grade_path(demo.sandbox, demo.bundle, file, file.stem, Settings())
    theirs = otter_run(demo, file, out)
    assert {q.question: round(float(q.points), 5) for q in ours.questions} == theirs  # as Otter rounds in its file


@pytest.mark.parametrize("name", SOME)
def test_both_agree_on_every_question(demo: Demo, name: str, tmp_path: Path) -> None:
    agree(demo, demo.submissions / name, tmp_path / "out")


@pytest.mark.slow
def test_both_agree_on_all_the_others(demo: Demo, tmp_path: Path) -> None:
    files = [f for f in sorted(demo.submissions.iterdir()) if f.name not in SOME]
    assert len(files) >= 24 - len(SOME)
    for file in files:
        agree(demo, file, tmp_path / file.stem)

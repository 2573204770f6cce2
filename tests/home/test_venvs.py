"""One handout in fresh environments of other Pythons, and as on Colab: installed as it asks, run in a kernel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.release.handout import build_handout
from tests.home.support import alone
from tests.release.course import REFERENCE

pytestmark = pytest.mark.venv
VERSIONS = ("3.11", "3.13")
IN_A_KERNEL = """
import json, sys, time
from jupyter_client.manager import start_new_kernel
started = time.monotonic()
manager, client = start_new_kernel(kernel_name="python3")
said = []
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] != "code":
        continue
    text, shown = "".join(cell["source"]), []
    def hear(message):
        content = message["content"]
        kind = message["header"]["msg_type"]
        if kind in ("execute_result", "display_data"):
            shown.append(sorted(content["data"]))
            shown.append(content["data"]["text/plain"])
        elif kind == "stream":
            shown.append(content["text"])
        elif kind == "error":
            shown.append(content["ename"] + ": " + content["evalue"])
    begun = time.monotonic()
    client.execute_interactive(text, output_hook=hear, timeout=240)
    said.append([text, shown, time.monotonic() - started, time.monotonic() - begun])
client.stop_channels()
manager.shutdown_kernel(now=True)
print(json.dumps(said))
"""


def interpreter(version: str) -> str | None:
    """A Python of that version that starts, or None."""
    root = (
        subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False)
        if shutil.which("pyenv")
        else None
    )
    places = sorted(Path(root.stdout.strip(), "versions").glob(f"{version}.*/bin/python")) if root is not None else []
    for candidate in (sys.executable, shutil.which(f"python{version}"), *map(str, places)):
        if candidate is None:
            continue
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        done = subprocess.run([candidate, "-c", code], capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return candidate
    return None


@pytest.fixture(scope="module", params=VERSIONS)
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with what a handout without PyTorch requires, and nothing else."""
    made_by = interpreter(request.param)
    if made_by is None:
        pytest.skip(f"no Python {request.param} here")
    venv = tmp_path_factory.mktemp("venv") / request.param
    subprocess.run([made_by, "-m", "venv", str(venv)], check=True)
    wanted = ["ipykernel>=6", "msgpack>=1.0", "numpy>=1.26", "pydantic>=2.7", "sympy>=1.13"]  # held to below
    subprocess.run([str(venv / "bin" / "pip"), "install", "-q", *wanted], check=True, timeout=500)
    return venv / "bin" / "python"


@pytest.fixture
def packed(source: AssignmentSource, bundle: Bundle) -> bytes:
    return build_handout(source, bundle)


def unzipped(data: bytes, folder: Path) -> Path:
    folder.mkdir()
    (folder / "handout.zip").write_bytes(data)
    shutil.unpack_archive(folder / "handout.zip", folder)
    return folder


def command(python: Path, folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = alone(folder) | more | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [str(python), *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=400, check=False
    )


def cells(python: Path, folder: Path, notebook: Path, **more: str) -> list[Any]:
    (folder / "kernel.py").write_text(IN_A_KERNEL, encoding="utf-8")
    done = command(python, folder, "kernel.py", str(notebook), **more)
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    for text, _, since, took in found:
        if text.startswith("grader"):
            print(f"{python.parent.parent.name}: {text} {took:.2f} s, {since:.2f} s after the kernel was asked for")
    return found


def test_the_requirements_are_those_that_were_installed(packed: bytes, tmp_path: Path) -> None:
    lines = (unzipped(packed, tmp_path / "h") / "requirements.txt").read_text(encoding="utf-8").split()
    assert lines == ["ipykernel>=6", "msgpack>=1.0", "numpy>=1.26", "pydantic>=2.7", "sympy>=1.13"]


def test_nothing_heavy_is_installed(python: Path, tmp_path: Path) -> None:
    listed = command(python, tmp_path, "-m", "pip", "list", "--format=freeze").stdout.lower()
    for name in ("sphinx", "playwright", "pandas", "otter-grader", "nbconvert", "torch"):
        assert f"{name}==" not in listed
    size = sum(p.stat().st_size for p in python.parent.parent.rglob("*") if p.is_file() and not p.is_symlink())
    print(f"{python.parent.parent.name}: {size / 2**20:.0f} MiB")
    assert size < 400 * 2**20


def test_check_and_notebook_work_with_what_is_required(python: Path, packed: bytes, tmp_path: Path) -> None:
    folder = unzipped(packed, tmp_path / "h")
    done = command(python, folder, "check.py", "tiny.py")
    assert "`neuron` is still to be written (tiny.py, line 16" in done.stdout, done.stdout + done.stderr
    (folder / "mine.py").write_text(REFERENCE, encoding="utf-8")
    done = command(python, folder, "check.py", "mine.py")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    found = {text.splitlines()[-1]: shown for text, shown, _, _ in cells(python, folder, folder / "tiny.ipynb")}
    kinds, text = found['grader.check("neuron")']
    assert kinds == ["text/html", "text/plain"]
    assert "`neuron` is still to be written (cell In[3], line 3" in text
    assert "functions: 0 of 2 written" in found["grader.export()"][1]


COLAB = """
class _Message:
    def blocking_request(self, name, timeout_sec=None):
        import json
        return {"ipynb": json.load(open("in_the_browser.ipynb", encoding="utf-8"))}


_message = _Message()
"""


def test_on_colab_the_first_cell_says_what_is_missing_and_takes_the_zip(
    python: Path, packed: bytes, tmp_path: Path
) -> None:
    """Only the notebook is there, and the browser has it, not the disk; then handout.zip is uploaded."""
    folder = tmp_path / "content"
    library = tmp_path / "library" / "google" / "colab"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text(COLAB, encoding="utf-8")
    (library.parent / "__init__.py").write_text("", encoding="utf-8")
    folder.mkdir()
    book = unzipped(packed, tmp_path / "elsewhere") / "tiny.ipynb"
    table = json.loads(book.read_text(encoding="utf-8"))
    table["cells"].insert(0, {"cell_type": "code", "source": "import google.colab", "metadata": {}, "outputs": []})
    browser = folder / "in_the_browser.ipynb"
    browser.write_text(json.dumps(table), encoding="utf-8")
    first = cells(python, folder, browser, PYTHONPATH=str(tmp_path / "library"))[1][1]
    assert "In Colab: upload handout.zip" in first[0]
    (folder / "handout.zip").write_bytes(packed)
    found = {
        t.splitlines()[-1]: s for t, s, _, _ in cells(python, folder, browser, PYTHONPATH=str(tmp_path / "library"))
    }
    assert "neuron: 0 of 1 public cases pass" in found['grader.check("neuron")'][1]
    assert "tiny-hand-in.zip" in found["grader.export()"][1]
    assert (folder / "tiny-hand-in.zip").exists()

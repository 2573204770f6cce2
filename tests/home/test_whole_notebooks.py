"""Every assignment's notebook with the reference's functions in it, run whole in JupyterLab, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.cells import Cells
from autograder.grading.record import record_reference, world_seeds
from autograder.grading.source import AssignmentSource, assignment_names, load_source
from autograder.release.handout import handout_files
from autograder.release.notebook import make_notebook
from autograder.release.teaching import parsed
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.worker.cells import DRAWING
from tests.home.lab import READY, chromium, command, jupyterlab, opened

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not READY, reason="no Chromium, JupyterLab or Playwright here")]
ROOT = Path(__file__).parents[2]
TRAINS = ("attention", "diffusion", "sequences")
"""Notebooks whose training takes most of a minute of processor time."""
NAMES = [
    pytest.param(name, marks=pytest.mark.slow) if name in TRAINS else name
    for name in assignment_names(ROOT)
    if name != "storyteller"  # its notebook trains on a deck, which is in no handout
]
COUNT = re.compile(r": (\d+) of (\d+) public cases? pass")
SHOWN = ("image/png", "image/svg+xml", "text/html")
UNTYPESET = r"""() => {
  const found = [...document.querySelectorAll('mjx-merror')].map(e => e.textContent);
  for (const part of document.querySelectorAll('.jp-RenderedMarkdown')) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
      if (node.parentElement.closest('code, pre, mjx-container')) continue;
      if (/\$|\\[a-zA-Z]|\*\*/.test(node.data)) found.push(node.data);
    }
  }
  return found;
}"""


def light(sandbox: Sandbox, source: AssignmentSource) -> Bundle:
    """What a handout needs at least: the reference's outputs in the public cases, in the handout's world."""
    public = {c.name for c in source.cases.cases if c.public}
    seeds = {name: several[:1] for name, several in world_seeds(source).items() if name in public}
    expected = record_reference(sandbox, source, seeds, Cells.beside(ROOT))
    return Bundle(source.spec, source.spec_text, source.cases, source.support, expected, tolerances=source.tolerances)


@pytest.fixture(scope="module")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for handouts."""
    return tmp_path_factory.mktemp("handouts")


def write_handout(folder: Path, name: str) -> None:
    """A handout, its notebook with the reference's functions."""
    source = load_source(ROOT, name)
    with Sandbox.start(mode="standard") as sandbox:
        files = handout_files(source, light(sandbox, source))
    text = parsed(files["handout.md"].decode(), source.spec.questions)
    full = make_notebook(source.reference, source.spec.questions, name, text)
    for path, data in (files | {f"{name}.ipynb": full.encode()}).items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


@pytest.fixture(scope="module")
def lab(handouts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """A browser, and the address of JupyterLab over the handouts."""
    with jupyterlab(handouts, tmp_path_factory.mktemp("lab")) as address, chromium() as browser:
        yield browser, address


def plain(cell: dict[str, Any]) -> str:
    """What a cell put out as text."""
    outputs = cell.get("outputs", [])
    return "\n".join("".join(o.get("text", o.get("data", {}).get("text/plain", ""))) for o in outputs)


def shows_something(cell: dict[str, Any]) -> bool:
    """Whether a cell that draws left a picture or sound, printed a result, or wrote its picture to a file."""
    data = [kind for output in cell["outputs"] for kind in output.get("data", {})]
    return any(kind in SHOWN for kind in data) or "savefig" in "".join(cell["source"]) or bool(plain(cell).strip())


@pytest.mark.parametrize("name", NAMES)
def test_right_work_runs_whole_and_shows_what_the_text_promises(
    lab: tuple[Any, str], handouts: Path, name: str, tmp_path: Path
) -> None:
    write_handout(handouts, name)
    browser, address = lab
    complaints: list[str] = []
    with opened(browser, f"{address}/{name}/{name}.ipynb") as page:
        page.on("console", lambda m: complaints.append(m.text) if "MathJax" in m.text and m.type == "error" else None)
        command(page, "notebook:run-all-cells")
        page.wait_for_timeout(1000)
        notebook = page.evaluate("window.jupyterapp.shell.currentWidget.content.model.toJSON()")
        untypeset = page.evaluate(UNTYPESET)
        typeset = page.locator("mjx-container").count()
        page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")  # for who looks at a failure
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    errors = [o["evalue"] for cell in code for o in cell["outputs"] if o["output_type"] == "error"]
    assert errors == []
    assert (untypeset, complaints) == ([], [])
    assert typeset > 20

    checks = [cell for cell in code if "".join(cell["source"]).startswith("grader.check(")]
    counts = {"".join(cell["source"]): COUNT.search(plain(cell)) for cell in checks}
    assert counts
    assert [check for check, count in counts.items() if count is None or count[1] != count[2]] == []
    assert f"{name}-hand-in.zip" in plain(code[-1])

    drawing = [cell for cell in code if DRAWING in cell["metadata"].get("tags", [])]
    assert ["".join(cell["source"]) for cell in drawing if not shows_something(cell)] == []
    assert [plain(cell) for cell in drawing if re.search("Nothing to draw|<Figure", plain(cell))] == []

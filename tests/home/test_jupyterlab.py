"""The real notebook in JupyterLab, in a real browser: run from top to bottom, its boxes read in every light."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from tests.home.lab import READY, chromium, command, jupyterlab, opened
from tests.home.support import unpack

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not READY, reason="no Chromium, JupyterLab or Playwright here")]
WORK = {
    'raise NotImplementedError("write neuron")': "return float(np.dot(w, x) * 2 + BIAS)",
    'raise NotImplementedError("write line")': "return -b / a",
}


@pytest.fixture
def handout(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Path:
    """The handout with one wrong and one right answer in its notebook."""
    folder = unpack(source, bundle, tmp_path / "h")
    path = folder / "tiny.ipynb"
    table = json.loads(path.read_text(encoding="utf-8"))
    for cell in table["cells"]:
        text = "".join(cell["source"])
        for old, new in WORK.items():
            text = text.replace(old, new)
        cell["source"] = text
    path.write_text(json.dumps(table), encoding="utf-8")
    return folder


@pytest.fixture
def page(handout: Path, tmp_path: Path) -> Iterator[Any]:
    with (
        jupyterlab(handout, tmp_path) as address,
        chromium() as browser,
        opened(browser, f"{address}/tiny.ipynb") as made,
    ):
        yield made


def colours(page: Any) -> tuple[str, str]:
    """Background and text of the first box."""
    script = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color]; }"
    background, ink = page.locator("div.ag").first.evaluate(script)
    return background, ink


def test_a_student_opens_runs_and_reads_it(page: Any, handout: Path, tmp_path: Path) -> None:
    command(page, "notebook:run-all-cells")
    page.wait_for_selector('div.ag[aria-label="Receipt"], div.ag[aria-label="Nothing was written"]')
    boxes = {box.get_attribute("aria-label"): box for box in page.locator("div.ag").all()}
    wrong, right = boxes["Result of the question neuron"], boxes["Result of the question line"]
    said = wrong.inner_text()
    assert "not yet" in said
    assert "0 of 1 public cases pass, 0 of 3 points; 1 hidden case waits (3 points)" in said
    assert "Look at this first." in said
    assert "neuron(w=array of shape (3,), x=array of shape (3,))" in said
    assert "expected" in said
    labels = [(e.inner_text(), e.bounding_box()["height"]) for e in wrong.locator("dt").all()]
    assert [text for text, _ in labels] == ["called", "got", "expected"]
    assert max(height for _, height in labels) < 60  # the page's own style does not break words in them
    assert "public cases pass" in right.inner_text()
    assert "1 of 2 cases" in boxes["Receipt"].inner_text()
    assert (handout / "tiny-hand-in.zip").exists()

    command(page, "apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")
    dark = colours(page)
    page.screenshot(path=str(tmp_path / "dark.png"))
    command(page, "apputils:change-theme", {"theme": "JupyterLab Light"})
    page.wait_for_selector('body[data-jp-theme-light="true"]', state="attached")
    light = colours(page)
    page.screenshot(path=str(tmp_path / "light.png"))
    assert dark == ("rgb(26, 32, 41)", "rgb(230, 234, 240)")
    assert light == ("rgb(255, 255, 255)", "rgb(28, 36, 48)")

    page.set_viewport_size({"width": 400, "height": 900})
    command(page, "application:toggle-left-area")
    page.wait_for_timeout(1000)
    wide = page.evaluate(
        "[...document.querySelectorAll('div.ag *')].filter(e => !e.closest('figure') && "
        "e.getBoundingClientRect().right > e.closest('div.ag').getBoundingClientRect().right + 1).map(e => e.tagName)"
    )
    page.screenshot(path=str(tmp_path / "narrow.png"))
    assert wide == []

"""The real notebook in JupyterLab, in a real browser: run from top to bottom, its boxes read in every light."""

from __future__ import annotations

import importlib.util
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from tests.home.support import alone, unpack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
READY = CHROMIUM and all(importlib.util.find_spec(m) for m in ("jupyterlab", "playwright"))
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not READY, reason="no Chromium, JupyterLab or Playwright here")]
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {
        "windowingMode": "none",
        "autoStartDefaultKernel": True,
    },
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False},
}
WORK = {
    'raise NotImplementedError("write neuron")': "return float(np.dot(w, x) * 2 + BIAS)",
    'raise NotImplementedError("write line")': "return -b / a",
}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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
def lab(handout: Path, tmp_path: Path) -> Iterator[str]:
    """A running JupyterLab; the address of the notebook in it."""
    for name, table in SETTINGS.items():
        target = tmp_path / "settings" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(table), encoding="utf-8")
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
        f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={handout}", f"--LabApp.user_settings_dir={tmp_path / 'settings'}",
        f"--LabApp.workspaces_dir={tmp_path / 'workspaces'}",
    ]  # fmt: skip
    log = (tmp_path / "lab.log").open("wb")
    with log, subprocess.Popen(command, cwd=handout, env=alone(tmp_path), stdout=log, stderr=log) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_for(f"{base}/api/status?token=t", tmp_path / "lab.log")
            yield f"{base}/lab/tree/tiny.ipynb?token=t"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str, log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.4)
    raise AssertionError(log.read_text(errors="replace")[-3000:])


@pytest.fixture
def page(lab: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        made = browser.new_page(viewport={"width": 1200, "height": 1000})
        made.set_default_timeout(120_000)
        made.goto(lab)
        made.wait_for_selector(".jp-Notebook .jp-CodeCell")
        yield made
        browser.close()


def command(page: Any, name: str, arguments: dict[str, Any] | None = None) -> None:
    page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments or {}])


def colours(page: Any) -> tuple[str, str]:
    """Background and text of the first box."""
    script = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color]; }"
    background, ink = page.locator("div.ag").first.evaluate(script)
    return background, ink


def test_a_student_opens_runs_and_reads_it(page: Any, handout: Path, tmp_path: Path) -> None:
    page.wait_for_function(
        "() => { const k = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;"
        " return k && k.connectionStatus === 'connected' && k.status === 'idle' && k.hasPendingInput === false; }"
    )
    page.wait_for_timeout(2000)
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

"""JupyterLab on a folder of handouts, a headless browser, and what a page of it says."""

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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.home.support import alone

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
READY = CHROMIUM and all(importlib.util.find_spec(m) for m in ("jupyterlab", "playwright"))
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {
        "windowingMode": "none",
        "autoStartDefaultKernel": True,
    },
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False},
}
IDLE = (
    "() => { const k = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;"
    " return k && k.connectionStatus === 'connected' && k.status === 'idle' && k.hasPendingInput === false; }"
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def jupyterlab(handouts: Path, own: Path) -> Iterator[str]:
    """A running JupyterLab over a folder; the address under which its files open. `own`: a folder for what it keeps."""
    for name, table in SETTINGS.items():
        target = own / "settings" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(table), encoding="utf-8")
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
        f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={handouts}", f"--LabApp.user_settings_dir={own / 'settings'}",
        f"--LabApp.workspaces_dir={own / 'workspaces'}",
    ]  # fmt: skip
    log = (own / "lab.log").open("wb")
    with log, subprocess.Popen(command, cwd=handouts, env=alone(own), stdout=log, stderr=log) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token=t", own / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree"
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


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser that asks nothing of a network."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, address: str) -> Iterator[Any]:
    """A page with a notebook on it, its kernel waiting for work."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(120_000)
    page.goto(f"{address}?token=t&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function(IDLE)
    page.wait_for_timeout(2000)
    yield page
    page.close()


def command(page: Any, name: str, arguments: dict[str, Any] | None = None) -> None:
    """A command of JupyterLab, to its end."""
    page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments or {}])

"""Commands about this machine: doctor."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich import box
from rich.table import Table
from rich.text import Text

from autograder import __version__
from autograder.authoring.world import stream_digest
from autograder.cli.common import json_option, print_json
from autograder.errors import AuthorError, MachineError, UsageError
from autograder.grading.environment import environment
from autograder.grading.keys import SECRET, read_secret
from autograder.grading.source import find_root
from autograder.grading.worlds import STREAM, STREAM_OF
from autograder.report.terminal import console_for
from autograder.sandbox.grader.doctor import examine, examine_device
from autograder.sandbox.grader.floor import FLOORS
from autograder.sandbox.worker.numpy_calls import RECORD


@click.command(epilog="Example: autograder doctor --json")
@json_option
def doctor(as_json: bool) -> None:
    """What this machine offers: sandbox layers, Docker, GPU, Otter, and the versions in use.

    A report of a fault begins with --json. Exit status 1 when the standard sandbox cannot be had here.
    """
    layers = examine()
    machine = _machine()
    modes = {mode: all(r.available for r in layers if r.layer in floor) for mode, floor in FLOORS.items()}
    if as_json:
        print_json({"layers": [asdict(r) for r in layers], "modes": modes, "machine": machine})
    else:
        console = console_for()
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for heading in ("", "layer", "needed by", "stops"):
            table.add_column(heading)
        for row in layers:
            mark = Text("✓", style="green") if row.available else Text("✗", style="red")
            text = Text(row.stops) if row.available else Text(f"{row.why_not}; {row.remedy}", style="yellow")
            table.add_row(mark, row.layer, row.demanded_by, text)
        console.print(table)
        for name, fine in modes.items():
            console.print(f"--sandbox {name:<9}", "possible here" if fine else "not possible here")
        console.print()
        for name, value in machine.items():
            console.print(f"{name:<12}{value}")
    if not modes["standard"]:
        sys.exit(1)


def _machine() -> dict[str, str]:
    """Versions and what is there, as short texts."""
    return {
        "autograder": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "watched": RECORD,
        "torch": _version("torch"),
        "numpy": _version("numpy"),
        "sympy": _version("sympy"),
        "otter": _version("otter-grader"),
        "ipykernel": _version("ipykernel"),
        "docker": _docker(),
        "gpu": _gpu(),
        "worlds": _worlds(),
        "secret": _secret(),
    }


def _worlds() -> str:
    """Whether this NumPy draws the inputs that certificates and releases of this version were made with."""
    if stream_digest() == STREAM:
        return f"NumPy {environment().numpy} draws them as NumPy {STREAM_OF} does"
    return f"NumPy {environment().numpy} draws other inputs than {STREAM_OF}: zips made there cannot be graded here"


def _secret() -> str:
    try:
        root = find_root(Path.cwd())
        found = read_secret(root)
    except UsageError:
        return "not in a course folder"
    except AuthorError as error:
        return error.what
    return str(root / SECRET) if found else "none: worlds hang on each assignment's salt (autograder secret init)"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _docker() -> str:
    program = shutil.which("docker")
    if not program:
        return "not installed"
    command = [program, "version", "--format", "{{.Server.Version}}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except subprocess.TimeoutExpired:
        return "installed; the engine does not answer"
    return f"engine {done.stdout.strip()}" if done.returncode == 0 else "installed, but no engine answers"


def _gpu() -> str:
    try:
        import torch
    except ImportError:
        return "none: PyTorch is not installed"
    if not torch.cuda.is_available():
        return "none that torch can use"
    try:
        row = examine_device()
    except MachineError as error:
        return f"{torch.cuda.get_device_name(0)}, but no sandbox for it: {error.what}"
    if row.why_not:
        return f"{torch.cuda.get_device_name(0)}, but not for workers: {row.why_not}"
    return f"{row.name}; a worker multiplied on it with all layers on (loosened: {', '.join(row.relaxed)})"

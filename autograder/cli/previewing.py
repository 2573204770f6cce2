"""The command preview: the handout as a student unzips it, in a browser and in Jupyter."""

from __future__ import annotations

import shutil
import subprocess
import sys
import webbrowser
from importlib.util import find_spec
from pathlib import Path

import click

from autograder.cli.common import root_of, root_option, sandbox_option, steps, writable_folder
from autograder.grading.cache import cached_bundle
from autograder.grading.cells import FOLDER
from autograder.grading.source import load_source
from autograder.release.handout import handout_files
from autograder.sandbox.grader.box import Sandbox


@click.command(epilog="Example: autograder preview regression")
@click.argument("name")
@click.option("--no-open", is_flag=True, help="Write the files only; open no browser and no Jupyter.")
@sandbox_option()
@root_option
def preview(name: str, no_open: bool, mode: str, root: Path | None) -> None:
    """Show handout and notebook as a student sees them; no certificate is asked for.

    The files lie in .autograder/preview/NAME of the course, written anew each time. The page opens in a browser; the
    notebook in Jupyter, where that is installed, until Ctrl-C. Nothing is released: that is autograder release.
    """
    source = load_source(root_of(root), name)
    bar, tell = steps(f"recording {name}")
    with Sandbox.start(mode=mode) as sandbox, bar:  # type: ignore[arg-type]  # click holds it to the modes
        files = handout_files(source, cached_bundle(sandbox, source, tell))
    folder = source.root / FOLDER / "preview" / name
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in files.items():
        target = folder / path
        writable_folder(target.parent)
        target.write_bytes(data)
    notebook = f"{source.spec.submission.module}.ipynb"
    click.echo(f"page         {folder / 'handout.html'}\nnotebook     {folder / notebook}")
    click.echo(f"as a student cd {folder} && python check.py {source.spec.submission.file}")
    if no_open:
        return
    webbrowser.open((folder / "handout.html").as_uri())
    if find_spec("jupyterlab") is None:
        click.echo("Jupyter is not installed here (pip install jupyterlab): open the notebook in VS Code")
        return
    subprocess.run([sys.executable, "-m", "jupyterlab", notebook], cwd=folder, check=False)

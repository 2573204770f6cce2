"""The files of autograder.zip: an ordinary Otter 7 autograder zip that carries the modules and the bundle it needs.

run_autograder, run_otter.py, setup.sh        start, grade, prepare the machine
otter_config.json, environment.yml            what Otter and its Dockerfile look for
requirements.txt                              the pinned requirements
tests/<question>.py                           look the verdicts up
files/_autograder/: autograder/, bundle/        our package, and the bundle (no reference)
"""

from __future__ import annotations

import json
import re
from importlib.resources import files as resources

from autograder.grading.bundle import Bundle, to_files
from autograder.otter_bridge.lookups import test_files
from autograder.otter_bridge.plugin import NAME
from autograder.sandbox.wire.messages import Mode

GRADER_FOLDER = "files/_autograder/"
EXECUTABLE = frozenset({"run_autograder", "setup.sh"})
ROOTS = ("autograder.otter_bridge.container", "autograder.otter_bridge.plugin")
RUN_OTTER = '''\
"""Started by run_autograder: grades the submission with the package that lies in this zip."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE / "files" / "_autograder")

from autograder.otter_bridge.container import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(HERE.parent))
'''
ENVIRONMENT = """\
# Otter's Dockerfile copies this file, so it is here. It is not used: setup.sh works with requirements.txt and venv.
name: otter-env
"""


def autograder_files(bundle: Bundle, package: dict[str, bytes], mode: Mode = "standard") -> dict[str, bytes]:
    """Relative path -> content of an autograder.zip.

    Args:
        bundle: what is graded with.
        package: our own modules, path -> source.
        mode: the sandbox's floor in the container.
    """
    config = {"plugins": [{NAME: {"sandbox": mode}}], "lang": "python", "show_stdout": False, "pdf": False}
    return {
        "run_autograder": template("run_autograder.sh").encode(),
        "setup.sh": template("setup.sh").encode(),
        "run_otter.py": RUN_OTTER.encode(),
        "otter_config.json": (json.dumps(config, indent=2) + "\n").encode(),
        "environment.yml": ENVIRONMENT.encode(),
        "requirements.txt": requirements(bundle.spec.requirements).encode(),
        **{f"tests/{name}": text.encode() for name, text in test_files(bundle).items()},
        **{GRADER_FOLDER + path: data for path, data in package.items()},
        **{GRADER_FOLDER + path: data for path, data in to_files(bundle).items()},
    }


def requirements(extra: tuple[str, ...] = ()) -> str:
    """The pinned requirements of the grader with those of an assignment; a pin of ours is not overridden."""
    lines = {_project(line): line for line in extra}
    lines |= {_project(line): line for line in template("requirements.txt").splitlines() if line}
    return "".join(f"{lines[name]}\n" for name in sorted(lines))


def template(name: str) -> str:
    """A text file of this package."""
    return (resources("autograder.otter_bridge") / "templates" / name).read_text(encoding="utf-8")


def _project(requirement: str) -> str:
    return re.split(r"[\[<>=!~;, ]", requirement, maxsplit=1)[0].lower()

"""The requirements of this project, or its pins, without some: for environments that get these from elsewhere.

python .ci/requirements.py --without torch                 what pyproject.toml asks for, extras included
python .ci/requirements.py --without torch --constraints   the pins of constraints.txt
"""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def project_of(requirement: str) -> str:
    """The name in a requirement line."""
    return re.split(r"[\[<>=!~;, ]", requirement, maxsplit=1)[0].lower()


def requirements() -> list[str]:
    """Those of the package and of its extras, its own name left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return [line for line in lines if project_of(line) != project["name"]]


def main() -> None:
    """Print them, one a line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--constraints", action="store_true")
    given = parser.parse_args()
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split() if given.constraints else requirements()
    print("\n".join(line for line in lines if project_of(line) not in given.without))


if __name__ == "__main__":
    main()

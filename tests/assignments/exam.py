"""The exam of assignments: `autograder verify`, and the tests in an assignment's own folder.

    python -m tests.assignments.exam             `verify` where no certificate holds, tests of what changed since main
    python -m tests.assignments.exam --base REV  the tests of what changed since REV
    python -m tests.assignments.exam --all       everything of all

A certificate says that `verify` was passed: where it speaks of the very files, versions and examining code that are
here, the exam is not held again, but for one such assignment that the commit draws, so that certificates are looked at.
What has changed is what differs from the point where this branch left main (on main itself: from the commit before),
what is not committed yet included. A change of what every assignment stands on (checks, values, worlds, the exam)
counts for all of them, and so does a history that cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.grading.source import load_source
from autograder.verify.certify import holds

ROOT = Path(__file__).parents[2]
MAIN = ("origin/main", "main")
FOLDERS = ("assignments", "solutions", "tests/assignments")
GROUND = ("autograder/authoring/", "autograder/checks/", "autograder/values/", "autograder/verify/")


def names_in(root: Path) -> tuple[str, ...]:
    """All assignments of the course."""
    return tuple(sorted(p.parent.name for p in (root / "assignments").glob("*/assignment.toml")))


def base_of(root: Path, wanted: str = "") -> str:
    """The commit to compare with; empty when there is none that can be read."""
    head = _git(root, "rev-parse", "--verify", "-q", "HEAD")
    if wanted:
        return _git(root, "rev-parse", "--verify", "-q", f"{wanted}^{{commit}}")
    for branch in MAIN:
        fork = _git(root, "merge-base", "HEAD", branch)
        if fork and fork != head:
            return fork
    return _git(root, "rev-parse", "--verify", "-q", "HEAD~1")


def changed_paths(root: Path, base: str) -> set[str]:
    """Paths that differ from `base` in the working tree, new ones that git does not know yet included."""
    differ = _git(root, "diff", "--name-only", "--no-renames", "-z", base)
    new = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    return {path for path in f"{differ}\0{new}".split("\0") if path}


def touched(names: Iterable[str], paths: Iterable[str]) -> tuple[str, ...]:
    """The assignments among `names` that a change of `paths` touches."""
    paths = tuple(paths)
    if any(path.startswith(GROUND) for path in paths):
        return tuple(names)
    return tuple(n for n in names if any(path.startswith(f"{f}/{n}/") for path in paths for f in FOLDERS))


def chosen(root: Path, base: str = "") -> tuple[tuple[str, ...], str]:
    """Which assignments sit the exam, and why these."""
    names = names_in(root)
    commit = base_of(root, base)
    if not commit:
        return names, f"all: there is no commit `{base or 'before this one'}` to compare with"
    return touched(names, changed_paths(root, commit)), f"changed since {commit[:12]}"


def to_verify(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Assignment → why `verify` is to run: its certificate does not hold, or the commit draws it."""
    found, held = {}, []
    for name in names:
        if holds(load_source(root, name)):
            held.append(name)
        else:
            found[name] = "no certificate of these files, versions and examiners"
    if held:
        found[drawn(held, _git(root, "rev-parse", "HEAD"))] = "a look at one of the certificates"
    return found


def drawn(names: Sequence[str], commit: str) -> str:
    """One of the names, another one for another commit."""
    return names[int(hashlib.sha256(commit.encode()).hexdigest(), 16) % len(names)]


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> int:
    """Hold the exam; the exit status is 0 when everything passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.assignments.exam")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--base", default="")
    given = parser.parse_args()
    every = names_in(ROOT)
    names, why = (every, "all") if given.all else chosen(ROOT, given.base)
    exams = dict.fromkeys(every, "all") if given.all else to_verify(ROOT, every)
    for name, reason in exams.items():
        print(f"verify {name} ({reason})", flush=True)
    print(f"tests of {', '.join(names) or 'no assignment'} ({why})", flush=True)
    verify = [sys.executable, "-m", "autograder", "verify", *exams]
    failed = subprocess.run(verify, cwd=ROOT, check=False).returncode if exams else 0
    folders = [str(f) for n in names if (f := ROOT / "tests" / "assignments" / n).is_dir()]
    if folders:
        pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "exam and not slow"]
        failed |= subprocess.run([*pytest, "--durations=20", *folders], cwd=ROOT, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

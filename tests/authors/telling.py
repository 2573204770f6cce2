"""What an author is told about a course: the error that stops everything, or what the gates of `verify` find."""

from __future__ import annotations

import traceback
from pathlib import Path

from autograder.errors import AutograderError
from autograder.grading.source import load_source
from autograder.release.stub import make_stub
from autograder.verify.exam import Options, verify_assignment
from tests.authors.mistakes import Mistake
from tests.fakes import FakeSandbox
from tests.small_course import write_course

EXPECTED = ("coverage", "certificate", "cases with a mistake")
"""Gates that a small course never passes."""


def told(root: Path, mistake: Mistake) -> str:
    """Everything that `autograder verify` says about a course with this mistake in it, without what it always says."""
    write_course(root, **mistake.texts)
    for name, text in mistake.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        source = load_source(root, "small")
        try:
            stub = make_stub(source.reference, str(source.private_folder / "small.py"))
        except AutograderError:
            stub = ""  # a gate says it
        (source.public_folder / "small.py").write_text(stub, encoding="utf-8")
        report = verify_assignment(FakeSandbox(), source, Options(jobs=1))
    except AutograderError as error:
        return f"stopped: {error.text()}"
    except Exception:
        return "Traceback: " + traceback.format_exc(limit=-1)
    rows = [r for r in report.rows if r.gate not in EXPECTED and r.status != "pass" and r.problems]
    shown = (
        "\n".join(f"[{r.gate}: {r.figures}] " + "\n  ".join(p.text() for p in r.problems) for r in rows) or "nothing"
    )
    margins = report.gate("margins").figures
    return f"{shown}\nmargins: {margins}" if "factor 0" in margins else shown

"""A public part without a release, a handout on disk, and work as a notebook has it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import types
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.grading.terms import case_points
from autograder.home.facts import CaseFacts, Facts, QuestionFacts
from autograder.home.installed import Public
from autograder.home.places import HomeOrigin
from autograder.release.handout import build_handout
from autograder.sandbox.worker.loading import Loaded


def public_of(bundle: Bundle) -> Public:
    """The public part of a bundle, all of its facts made here."""
    questions = tuple(
        QuestionFacts(
            id=q.id,
            title=q.title,
            kind=q.kind,
            points=q.points,
            cases=tuple(CaseFacts(c.name, c.doc, case_points(bundle, c)) for c in bundle.cases.of(q.id, True)),
            hidden=len(bundle.cases.of(q.id, False)),
            hidden_points=sum((case_points(bundle, c) for c in bundle.cases.of(q.id, False)), Fraction(0)),
            forbidden=q.forbidden,
        )
        for q in bundle.spec.questions
    )
    form = bundle.spec.submission
    return Public(
        bundle, Facts(bundle.spec.id, bundle.spec.title, form.file, form.model_dump(mode="json"), questions, {})
    )


def loaded_from(names: Mapping[str, Any]) -> Loaded:
    """Global names as loaded work."""
    module = types.ModuleType("submission")
    module.__dict__.update({k: v for k, v in names.items() if not k.startswith("__")})
    return Loaded(module, HomeOrigin(os.getcwd()))


def unpack(source: AssignmentSource, bundle: Bundle, folder: Path) -> Path:
    """The handout of an assignment on disk."""
    zipfile.ZipFile(io.BytesIO(build_handout(source, bundle))).extractall(folder)
    return folder


def alone(folder: Path) -> dict[str, str]:
    """The environment of a process that cannot import our package."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}


def run(folder: Path, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """A Python command in the handout, where our package cannot be imported."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=alone(folder),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )

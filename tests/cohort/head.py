"""A head process: `python tests/cohort/head.py COURSE IN OUT JOBS fake|real`. What the kill tests kill.

Its workers run submissions in their own process, or in the real sandbox.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autograder.cohort.engine import grade_cohort
from autograder.cohort.store import Store
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.intake.collecting import collect
from tests.cohort.support import fake_pool
from tests.fakes import FakeSandbox

WORKERS = {"fake": {"mode": "off", "executor": fake_pool}, "real": {"mode": "standard"}}

if __name__ == "__main__":
    course, folder, out, jobs, kind = sys.argv[1:]
    source = load_source(Path(course), "small")
    bundle = build_bundle(FakeSandbox(), source)
    with Store(Path(out)) as store:
        found = collect([Path(folder)], source.spec.submission).hand_ins
        print("begin", flush=True)
        outcome = grade_cohort(store, bundle, found, jobs=int(jobs), who="test", **WORKERS[kind])
    sys.exit(outcome.exit_status)

"""The benchmark's own parts: what it reads off a process, and the page that it writes."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.checks.fingerprints import Fingerprint
from autograder.cohort.store import Store
from autograder.grading.cells import NO_CELLS
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.readings import MachineMade, Reading, Shown
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from autograder.verify.exam import silent
from autograder.verify.gate import Exam, Options
from autograder.verify.matrix import Matrix
from autograder.verify.variants import alternates, misconceptions, reference_again
from bench.floor import against_floor, probes_of, without_isolation
from bench.machine import describe
from bench.process import measure
from bench.recognised import left_out
from bench.results import page
from bench.trimmed import trimmed
from bench.unlisted import Population, measured
from bench.whole import pages
from tests.cohort.support import run, write_submissions
from tests.fakes import FakeSandbox
from tests.small_course import write_course

BUSY = "import time, subprocess, sys\ndata = bytearray(60_000_000)\nt = time.process_time()\n"
BUSY += "while time.process_time() - t < 0.4: pass\ntime.sleep(2.6)\n"


def test_processor_time_and_memory_of_children_count(tmp_path):
    found = measure(
        [sys.executable, "-c", f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])"], tmp_path
    )
    assert found.status == 0
    assert found.processor >= 0.4
    assert 0 <= found.stolen < 1
    assert found.peak_mib > 55


def test_a_failure_keeps_its_last_words(tmp_path):
    found = measure([sys.executable, "-c", "raise SystemExit('no luck')"], tmp_path)
    assert found.status == 1
    assert "no luck" in found.tail


def test_the_page_has_ratios_and_says_what_was_not_measured():
    here = {"machine": describe(), "command": "python -m bench"}
    run = {"wall": 10.0, "processor": 8.0, "peak_mib": 500.0, "status": 0, "name": "reference"}
    ours = {"count": 10, "wall": 2.0, "processor": 1.0, "peak_mib": 300.0, "jobs": 2, "median_ms": 90.0, "stolen": 0.07}
    table = {
        "compare: `x`, 5 questions": {
            "otter_run": {"count": 1, "rows": [run]},
            "otter_grade": {"skipped": "no Docker"},
            "grade": [ours],
        }
        | here,
        "scaling: `x`, 5 questions": {"rows": [ours, ours | {"count": 110, "wall": 17.0}], "left_out": [10000]} | here,
        "rejudge: `x`, 5 questions": {"count": 1000, "wall": 4.0, "processor": 3.9, "changed": 0, "kinds": 30} | here,
        "floor: `x`, 5 questions": {
            "rounds": 20, "floor_ms": 100.0, "ours_ms": 150.0, "ratio": 1.5, "aim_ms": 160.0, "layers": ["seccomp"]
        } | here,
        "pages: `x`, 5 questions": {
            "count": 600, "kinds": 30, "student_ms": 4.0, "staff_ms": 5.25, "all_ms": 9.5, "processor_ms": 9.0
        } | here,
    }  # fmt: skip
    text = page(table)
    assert "## Growing cohorts, `x`, 5 questions" in text
    assert "| 0.200 | 0.100 | 300 | 50.0 | – | 80.0 |" in text
    assert "`otter grade` was not measured: no Docker." in text
    assert "The host gave 0 %, 7 % of the processors' time to others meanwhile." in text
    assert "Not measured: 10000 submissions" in text
    assert "| 10 | 2.0 | 200 | – | 100 | 90 | 300 |" in text
    assert "| 110 | 17.0 | 155 | 150 | 9 | 90 | 300 |" in text
    assert "1000 submissions in 4.0 s (4.0 ms each" in text
    assert "100 ms each; in the sandbox 150 ms, **1.50** times as much and within the aim" in text
    assert "over the aim" in page({"floor: `x`": table["floor: `x`, 5 questions"] | {"ours_ms": 161.0}})
    assert "| all files of a report, written | 9.5 |" in text


def test_the_page_compares_with_otter_grade_where_it_was_measured():
    run = {"wall": 10.0, "processor": 8.0, "peak_mib": 500.0, "status": 0, "name": "reference"}
    ours = {"count": 10, "wall": 2.0, "processor": 1.0, "peak_mib": 300.0, "jobs": 2, "median_ms": 90.0}
    containers = {"count": 4, "wall": 32.0, "status": 0, "tail": ""}
    part = {"otter_run": {"count": 1, "rows": [run]}, "otter_grade": containers, "grade": [ours]}
    here = {"machine": describe(), "command": "python -m bench"}
    assert "| 0.200 | 0.100 | 300 | 50.0 | 40.0 | 80.0 |" in page({"compare: `x`": part | here})
    failed = part | {"otter_grade": containers | {"status": 1, "tail": "no image"}}
    assert "`otter grade` was not measured: no image." in page({"compare: `x`": failed | here})


def test_some_questions_of_an_assignment_make_an_assignment(tmp_path):
    whole = load_source(Path(__file__).parent.parent, "backprop")
    part = trimmed(whole, ["perceptron", "losses"], tmp_path)
    assert [q.id for q in part.spec.graded()] == ["perceptron", "losses"]
    assert {c.name for c in part.cases.cases} == {
        c.name for c in whole.cases.cases if c.question in ("perceptron", "losses")
    }
    assert len(part.misconceptions) == len([m for m in whole.misconceptions if m.question in ("perceptron", "losses")])


def test_the_floor_runs_and_judges_every_case_as_the_sandbox_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = trimmed(load_source(Path(__file__).parent.parent, "backprop"), ["activations"], tmp_path / "course")
    with Sandbox.start() as sandbox:
        bundle = build_bundle(sandbox, source)
        file = source.spec.submission.file
        wrong = Submission.of("wrong", file, {file: source.variant(source.misconceptions[0]).encode()})
        right = Submission.of("right", file, {file: source.reference.encode()})
        for submission in (right, wrong):
            bare = without_isolation(bundle, probes_of(source), submission, str(tmp_path))
            grade, _ = grade_submission(sandbox, bundle, submission, "x", Settings())
            assert sorted(bare) == sorted(str(v.status) for v in grade.verdicts)
            assert ("failed" in bare) == (submission is wrong)
    assert Path.cwd() == tmp_path


def test_the_floor_and_the_sandbox_are_measured_side_by_side(tmp_path):
    source = trimmed(load_source(Path(__file__).parent.parent, "backprop"), ["activations"], tmp_path)
    with Sandbox.start() as sandbox:
        bundle = build_bundle(sandbox, source)
    found = against_floor(source, bundle, rounds=2)
    assert 0 < found["floor_ms"] < found["ours_ms"]
    assert found["ratio"] == found["ours_ms"] / found["floor_ms"]
    assert found["aim_ms"] == 1.5 * found["floor_ms"] + 10


def test_pages_are_timed_for_a_class_of_any_size(tmp_path):
    course = write_course(tmp_path / "course")
    bundle = build_bundle(FakeSandbox(), load_source(course, "small"))
    with Store(tmp_path / "out") as store:
        run(store, bundle, write_submissions(tmp_path / "in", 3))
    found = pages(tmp_path / "out", bundle, 7)
    assert found["count"] == 7
    assert all(found[name] > 0 for name in ("student_ms", "staff_ms", "all_ms", "processor_ms"))
    assert len(list((tmp_path / "out" / "report" / "students").iterdir())) == 7


def test_mutants_are_matched_with_each_other_their_own_fingerprint_left_out():
    def shown(*marks):
        return (Shown.of([(i, Fingerprint(b"form", mark, 1e-9)) for i, mark in enumerate(marks) if mark], []),)

    readings = (Reading("f", "a sign"), Reading("f", "an axis"), Reading("g", "a sign"))
    made = MachineMade(
        readings, (0, 0, 1, 2, 2), {"a": shown(1.0, 1.0, 1.0, 5.0, 5.0), "b": shown(2.0, 2.0, 0, 7.0, 8.0)}
    )
    assert left_out(made, {"a": "q", "b": "q"}) == {"the same": 2, "nothing": 3}
    alone = MachineMade(readings, (0, 2), {"a": shown(1.0, 1.0)})
    assert left_out(alone, {"a": "q"}) == {"elsewhere": 2}


def test_what_those_are_told_whose_mistake_nobody_listed(tmp_path):
    source = load_source(write_course(tmp_path), "small")
    matrix = Matrix(FakeSandbox(), source, NO_CELLS, 1, silent)
    exam = Exam(source, Options(), matrix, (reference_again, alternates, misconceptions))
    people, bundle = Population.of(exam), build_bundle(FakeSandbox(), source)
    told = {(r["place"], r["diff"].splitlines()[-1].strip("+ ")): r for r in measured(people, bundle, plain=False)}
    assert {place for place, _ in told} == {"home", "grade"}
    listed = told["home", "return float(np.sum(x))"]
    assert (listed["kind"], listed["rows"][0]["name"]) == ("named", "sum_for_mean")
    assert told["grade", "return 3 * x"]["kind"] == "useful"
    assert not [r for r in told.values() if r["kind"] in ("misleading", "same place")]
    own = people.alone
    assert own
    assert all(people.without(n).left_out == own[n] for n in own)

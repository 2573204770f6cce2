"""The benchmark's own parts: what it reads off a process, and the page that it writes."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.grading.source import load_source
from bench.machine import describe
from bench.process import measure
from bench.results import page
from bench.trimmed import trimmed

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
    }
    text = page(table)
    assert "## Growing cohorts, `x`, 5 questions" in text
    assert "| 0.200 | 0.100 | 300 | 50.0 | – | 80.0 |" in text
    assert "`otter grade` was not measured: no Docker." in text
    assert "The host gave 0 %, 7 % of the processors' time to others meanwhile." in text
    assert "Not measured: 10000 submissions" in text
    assert "| 10 | 2.0 | 200 | – | 100 | 90 | 300 |" in text
    assert "| 110 | 17.0 | 155 | 150 | 9 | 90 | 300 |" in text
    assert "1000 submissions in 4.0 s (4.0 ms each" in text


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

"""The sandbox as the grader sees it: one verdict per case, whatever the submission does."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.world import World
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from tests.sandbox.conftest import Run, job_for

PROBES = """
def doubled(student, world):
    return student.f(world.normal((3,)))

def again(student, world):
    return student.g(world.normal((3,)))
"""
FIND_SOCKET = """
def _socket():
    import os, stat
    for n in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode):
                return n
        except OSError:
            pass
"""
HONEST = "def f(x):\n    print('hello')\n    return 2 * x\ndef g(x):\n    return x\n"


def test_honest_work_returns_its_values(run: Run) -> None:
    first, second = run(HONEST, PROBES)
    assert first.status == "returned"
    assert np.array_equal(first.value, 2 * World(1).normal((3,)))
    assert (first.trace, first.stdout) == (("f(x=array of shape (3,))",), "hello\n")
    assert (second.case, second.status, second.stdout) == ("again", "returned", "")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("return 1 / 0", "error", "ZeroDivisionError: division by zero (hw.py, line 2, in `f`: `return 1 / 0`)"),
        ("raise NotImplementedError", "error", "`f` is still to be written (hw.py, line 2"),
        ("import sys; sys.exit(0)", "error", "asked Python to exit"),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("return (i for i in x)", "error", "a generator"),
        ("return f", "error", "did you forget to call it"),
        ("return f(x)", "error", "RecursionError"),
        ("return input()", "error", "EOFError"),
        ("while True: pass", "timeout", "did not finish within 0.5 s; it was last seen at hw.py, line 2"),
        ("return sum(iter(int, 1))", "timeout", "did not finish within 0.5 s"),
        ("import os; os._exit(3)", "crashed", "ended itself in this case (exit status 3)"),
        ("import os; os.abort()", "crashed", "Aborted"),
        ("import ctypes; ctypes.string_at(0)", "crashed", "Segmentation fault"),
        ("import numpy; return numpy.ones(10**9)", "memory", "MemoryError"),
        ("import torch; return torch.ones(10**9)", "memory", "DefaultCPUAllocator"),
        ("return bytearray(10**10)", "memory", "MemoryError"),
        ("import numpy; return numpy.zeros(2**18)", "error", "at most 1,048,576 are allowed"),
        ("import os, time; os.close(_socket()); time.sleep(9)", "protocol", "hung up"),
        ("import os; os.write(_socket(), b'xxxxxxxx'); return 1", "protocol", "protocol"),
    ],
)  # fmt: skip
def test_a_bad_case_gets_its_verdict_and_the_next_case_its_own(run: Run, body: str, status: str, message: str) -> None:
    text = f"def f(x):\n    {body}\ndef g(x):\n    return x\n" + FIND_SOCKET
    first, second = run(text, PROBES, seconds=0.5 if status == "timeout" else 5, values_mb=1, memory_mb=500)
    assert (first.status, second.status) == (status, "returned")
    assert message in first.message


def test_a_missing_function_costs_only_its_own_case(run: Run) -> None:
    first, second = run("def g(x):\n    return x\n", PROBES)
    assert (first.status, first.message) == ("error", "your submission does not define `f`")
    assert second.status == "returned"


def test_a_file_that_stops_half_way_loses_only_what_cannot_be_had(sandbox: Sandbox) -> None:
    text = "def g(x):\n    return x\nk = 1 / 0\ndef f(x):\n    return k\n"
    with sandbox.session(Submission.of_text("hw.py", "hw", text)) as session:
        first, second = session.run(job_for(PROBES))
        assert session.problems == (
            "hw.py stopped at `k = 1 / 0`: ZeroDivisionError: division by zero (line 3);"
            " what comes after it was tried line by line; missing: k",
        )
    assert second.status == "returned"
    assert "name 'k' is not defined" in first.message
    assert first.message.endswith("it is missing because hw.py stopped at `k = 1 / 0`")


def test_a_syntax_error_is_told_with_its_line_and_quoted_once(sandbox: Sandbox) -> None:
    with sandbox.session(Submission.of_text("hw.py", "hw", "def g(x):\n    return x\ndef f(:\n")) as session:
        first, _ = session.run(job_for(PROBES))
        (problem,) = session.problems
    assert "SyntaxError in line 3" in first.message
    assert "hw.py, line 3: `def f(:`" in problem


def test_problems_of_a_worker_that_hidden_probes_were_sent_to_are_told_to_nobody(sandbox: Sandbox) -> None:
    with sandbox.session(Submission.of_text("hw.py", "hw", "1 / 0")) as session:
        session.run(job_for(PROBES, public=False))
        assert session.problems == ()
    with sandbox.session(Submission.of_text("hw.py", "hw", "1 / 0")) as session:
        session.run(job_for(PROBES))
        assert len(session.problems) == 1


def notebook(*cells: str) -> Submission:
    data = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()
    return Submission("hw.ipynb", "hw.ipynb", (("hw.ipynb", data),), "digest")


def test_a_failing_cell_does_not_stop_the_rest(sandbox: Sandbox) -> None:
    cells = notebook("%matplotlib inline\nk = 2", "1 / 0", "def f(x):\n    return k * x", "syntax error here")
    with sandbox.session(cells) as session:
        first, second = session.run(job_for(PROBES))
        assert [p.split(":")[0] for p in session.problems] == ["cell 2 stopped at `1 / 0`", "cell 4 was not run"]
    assert first.status == "returned"
    assert second.message == "your submission does not define `g`; see what went wrong while it was loaded"


def test_files_of_a_submission_and_of_the_course_lie_side_by_side(sandbox: Sandbox) -> None:
    main = "from helpers import k\nimport course\ndef f(x):\n    return k * int(open('data.txt').read()) * course.one\n"
    files = (("mine/data.txt", b"3"), ("mine/helpers.py", b"k = 7"), ("mine/hw.py", main.encode()))
    submission = Submission("hw.zip", "mine/hw.py", (*files, ("mine/course.py", b"one = 1000")), "digest")
    with sandbox.session(submission, {"course.py": b"one = 1"}) as session:
        first, _ = session.run(job_for(PROBES))
    assert (first.status, first.value) == ("returned", 21)


@pytest.mark.parametrize(("body", "status"), [("while True: pass", "timeout"), ("import os; os._exit(1)", "crashed")])
def test_a_submission_that_cannot_be_loaded_is_tried_once(sandbox: Sandbox, body: str, status: str) -> None:
    with sandbox.session(Submission.of_text("hw.py", "hw", body)) as session:
        first = session.run(job_for(PROBES, load_seconds=0.6))
        started = time.monotonic()
        second = session.run(job_for(PROBES, load_seconds=0.6))
    assert time.monotonic() - started < 0.3
    assert {answer.status for answer in first + second} == {status}


def test_an_early_exit_at_import_keeps_what_came_before(sandbox: Sandbox) -> None:
    text = "def f(x):\n    return x\nimport sys\nsys.exit(0)\n"
    with sandbox.session(Submission.of_text("hw.py", "hw", text)) as session:
        first, second = session.run(job_for(PROBES))
        assert session.problems == ("hw.py stopped at `sys.exit(0)`: your code asked Python to exit (line 4)",)
    assert first.status == "returned"
    assert "does not define `g`" in second.message


def test_jobs_do_not_see_each_other(sandbox: Sandbox) -> None:
    text = (
        "import os\n"
        "def f(x):\n"
        "    open('left', 'w').write('x')\n"
        "    os.environ['A'] = 'b'\n"
        "    return sorted(os.listdir('.'))\n"
    )
    with sandbox.session(Submission.of_text("hw.py", "hw", text)) as session:
        values = [session.run(job_for(PROBES))[0].value for _ in range(2)]
    assert values == [["hw.py", "left"], ["hw.py", "left"]]


def test_a_flood_of_output_is_cut_and_costs_nothing(run: Run) -> None:
    text = (
        "def f(x):\n"
        "    for i in range(10**5):\n"
        "        print('x' * 10)\n"
        "    return 1\n"
        "def g(x):\n"
        "    import os\n"
        "    os.write(1, bytes(10**6))\n"
        "    return 2\n"
    )
    first, second = run(text, PROBES, output_kb=1)
    assert (first.value, second.value) == (1, 2)
    assert first.stdout.endswith("output cut]")
    assert len(first.stdout) < 1100


def test_warnings_and_stderr_change_nothing(run: Run) -> None:
    text = (
        "import sys, warnings, numpy as np\n"
        "def f(x):\n"
        "    warnings.warn('careful')\n"
        "    print('oh', file=sys.stderr)\n"
        "    return np.log(np.zeros(1))\n"
    )
    first, _ = run(text, PROBES)
    assert (first.status, first.stdout) == ("returned", "")


def test_torch_may_use_two_threads(run: Run) -> None:
    text = (
        "import torch\n"
        "def f(x):\n"
        "    torch.set_num_threads(2)\n"
        "    a = torch.ones(600, 600)\n"
        "    return [(a @ a).sum().item(), torch.get_num_threads()]\n"
    )
    first, _ = run(text, PROBES, threads=2)
    assert first.value == [600.0**3, 2]


COUNTERS = ("/proc/stat", "/proc/meminfo", "/proc/loadavg", "/proc/vmstat", "/proc/self/stat")


def test_counters_of_the_machine_are_closed_and_libraries_work_all_the_same(run: Run) -> None:
    text = """
        import os, numpy as np, torch
        def f(x):
            found = []
            for path in PATHS:
                try:
                    found.append(open(path).read())
                except OSError:
                    pass
            return found
        def g(x):
            inverse = np.linalg.inv(np.eye(300) * 2)
            return [float(inverse[0, 0]), torch.svd(torch.eye(64))[1].sum().item(), os.cpu_count() >= 1]
    """.replace("PATHS", repr(COUNTERS))
    first, second = run(text, PROBES)
    assert first.value == []
    assert second.value == [0.5, 64.0, True]
    assert [path for path in COUNTERS if Path(path).exists()]  # there is something to close


def test_backward_and_large_outputs_work(run: Run) -> None:
    text = (
        "import torch\n"
        "def f(x):\n"
        "    w = torch.ones(300, 300, requires_grad=True)\n"
        "    (w * w).sum().backward()\n"
        "    return w.grad\n"
    )
    first, _ = run(text, PROBES)
    assert first.value.shape == (300, 300)
    assert (first.value == 2).all()


def test_a_forbidden_name_is_named_with_file_and_line(run: Run) -> None:
    text = "import torch\ndef f(x):\n    return torch.softmax(torch.tensor(x), 0)\ndef g(x):\n    return x\n"
    first, second = run(text, PROBES, forbidden=("torch.softmax",))
    assert (first.status, second.status) == ("forbidden", "forbidden")
    assert "hw.py, line 3" in first.message


def test_a_hidden_alias_leaves_evidence(run: Run) -> None:
    name = "getattr(torch, 'soft' + 'max'[len(str(x)) * 0:])"  # which no reading of the text can tell
    text = f"import torch\ndef f(x):\n    return {name}(torch.tensor(x), 0)\ndef g(x):\n    return x\n"
    first, second = run(text, PROBES, forbidden=("torch.softmax",))
    assert first.status == "returned"
    ran, unsaid = first.evidence
    assert ran == "aten._softmax ran (torch.softmax is forbidden)"
    assert "hw.py, line 3" in unsaid
    assert second.evidence == ()


def test_a_fault_of_the_probes_is_not_the_students(run: Run) -> None:
    (answer,) = run(HONEST, "import no_such_module\ndef case(student, world):\n    return 1\n")
    assert answer.status == "broken"
    assert "no_such_module" in answer.message


def test_the_same_submission_gives_the_same_answers_twice(run: Run) -> None:
    text = (
        "import torch, random\n"
        "def f(x):\n"
        "    return [torch.rand(1).item(), random.random(), list({'a', 'b', 'c'})]\n"
        "def g(x):\n"
        "    return f(x)\n"
    )
    assert [a.payload for a in run(text, PROBES)] == [a.payload for a in run(text, PROBES)]


def test_sessions_may_overlap(sandbox: Sandbox) -> None:
    texts = [f"def f(x):\n    return {k}\n" for k in range(3)]
    sessions = [sandbox.session(Submission.of_text("hw.py", "hw", text)) for text in texts]
    assert [session.run(job_for(PROBES))[0].value for session in sessions] == [0, 1, 2]
    for session in sessions:
        session.close()


def descendants(pid: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += [int(entry), *descendants(int(entry))]
    return found


def test_nothing_is_left_behind() -> None:
    processes, descriptors = set(descendants(os.getpid())), len(os.listdir("/proc/self/fd"))
    text = "import os\ndef f(x):\n    os.makedirs('a/' * 100)\n    open('a/b', 'w').write('x')\n    while True: pass\n"
    with Sandbox.start() as box:
        for torch in (True, False, True):
            with box.session(Submission.of_text("hw.py", "hw", text), torch=torch) as session:
                session.run(job_for(PROBES, seconds=0.2))
        folders = [Path(zygote.folder) for zygote in box.zygotes()]
    left = set(descendants(os.getpid())) - processes
    assert not [
        Path(f"/proc/{pid}/stat").read_text()
        + Path(f"/proc/{pid}/wchan").read_text()
        + str(os.listdir(f"/proc/{pid}/fd"))
        for pid in left
    ]
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert len(folders) == 2
    assert not any(folder.exists() for folder in folders)


def test_without_any_layer_answers_are_the_same() -> None:
    with Sandbox.start(mode="off") as box:
        assert box.layers == ()
        with box.session(Submission.of_text("hw.py", "hw", HONEST)) as session:
            first, second = session.run(job_for(PROBES))
    assert (first.status, second.status) == ("returned", "returned")

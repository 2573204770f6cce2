"""Exceptions as text a student can use, from exceptions that do not want to be described."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.sandbox.wire.messages import PROBES
from autograder.sandbox.worker.explaining import MESSAGE_CAP, MissingName, Origin, explain, out_of_memory

ORIGIN = Origin("/scratch/work", frozenset({"cell 4"}))


def raised(text: str, filename: str = "/scratch/work/hw.py") -> BaseException:
    from autograder.sandbox.worker.loading import remember

    remember(filename, text)
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        exec(compile(text, filename, "exec"), {"__name__": "hw"})
    return caught.value


def test_the_message_has_type_text_file_line_function_and_code() -> None:
    error = raised("def f(x):\n    return 1 / x\nf(0)\n")
    assert explain(error, ORIGIN) == "ZeroDivisionError: division by zero (hw.py, line 2, in `f`: `return 1 / x`)"


def test_a_notebook_names_the_cell() -> None:
    assert "(cell 4, line 1: `1 / 0`)" in explain(raised("1 / 0", "cell 4"), ORIGIN)


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile("x = 1\ndef f(:\n", "/scratch/work/hw.py", "exec")
    assert "hw.py, line 2: `def f(:`" in explain(caught.value, ORIGIN)


def test_a_function_still_to_be_written_is_named() -> None:
    error = raised("def relu(x):\n    raise NotImplementedError('write relu')\nrelu(1)\n")
    assert explain(error, ORIGIN).startswith("`relu` is still to be written (hw.py, line 2")


def test_an_exit_is_called_an_exit() -> None:
    assert explain(raised("import sys\nsys.exit(0)"), ORIGIN).startswith(
        "your code asked Python to exit (hw.py, line 2"
    )


def test_a_missing_name_is_its_own_sentence() -> None:
    assert explain(MissingName("your submission does not define `f`"), ORIGIN) == "your submission does not define `f`"


@pytest.mark.parametrize(
    "body",
    [
        "def __str__(self): raise SystemExit",
        "def __str__(self): return 5",
        "__class__ = property(lambda self: 1 / 0)",
        "__traceback__ = property(lambda self: 1 / 0)",
        "def __getattribute__(self, name): raise KeyboardInterrupt",
        "def __str__(self): return chr(0xD800) + chr(27) + 'x' * 10**6",
    ],
)
def test_an_evil_exception_is_described_all_the_same(body: str) -> None:
    error = raised(f"class Evil(Exception):\n    {body}\nraise Evil('boo')\n")
    text = explain(error, ORIGIN)
    assert "Evil" in text
    assert len(text) < MESSAGE_CAP + 1000
    assert text.encode().decode().isprintable()


def test_a_fault_in_the_case_shows_the_line_of_the_case() -> None:
    error = raised("student = None\nstudent.f.shape", PROBES)
    assert "in the test case, at `student.f.shape`" in explain(error, ORIGIN)


def test_a_file_beside_the_folder_is_not_the_students(tmp_path: Path) -> None:
    assert ORIGIN.label("/scratch/work/sub/a.py") == "sub/a.py"
    assert ORIGIN.label("/scratch/workshop/a.py") == ""


def test_failed_allocations_are_told_apart() -> None:
    assert out_of_memory(MemoryError())
    assert out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"))
    assert not out_of_memory(RuntimeError("shapes differ"))

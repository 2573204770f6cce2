"""Running a top level: what stops, what is tried after it, what is missing, and what is said about it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.worker.explaining import explain
from autograder.sandbox.worker.loading import Loaded, compiled, load, packed, prepare, texts_of


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Loading changes the folder, the path, the builtins and sys.modules."""
    import builtins

    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(builtins, "get_ipython", None, raising=False)
    monkeypatch.setattr(builtins, "display", None, raising=False)
    monkeypatch.chdir(tmp_path)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if not name.startswith(("autograder", "asyncio")):
            del sys.modules[name]


def notebook(folder: Path, *cells: str, **files: str) -> Loaded:
    (folder / "work.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": c} for c in cells]}))
    return loaded(folder, "work.ipynb", **files)


def script(folder: Path, text: str, **files: str) -> Loaded:
    (folder / "work.py").write_text(text, encoding="utf-8")
    return loaded(folder, "work.py", **files)


def loaded(folder: Path, main: str, **files: str) -> Loaded:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    found, cells = prepare(str(folder), main, "work")
    first = packed(compiled(found, cells))
    load(found, compiled(found, cells, first), cells)
    return found


def test_what_comes_after_a_failing_line_of_a_cell_is_tried(tmp_path: Path) -> None:
    work = notebook(tmp_path, "from google.colab import drive\ndrive.mount('/d')\nimport math as np\nx = np.pi")
    assert work.module.np.pi > 3
    assert work.problems == [
        "cell 1 stopped at `from google.colab import drive`: ModuleNotFoundError: No module named 'google' (line 1);"
        " what comes after it was tried line by line, and 1 more of it failed; missing: drive"
    ]


def test_so_it_is_in_a_script(tmp_path: Path) -> None:
    work = script(tmp_path, "x = 1\ny = 1 / 0\nz = 3\n\ndef f():\n    return z\n")
    assert work.module.f() == 3
    assert work.problems[0].startswith("work.py stopped at `y = 1 / 0`: ZeroDivisionError: division by zero (line 2)")
    assert work.why_missing("y") == "your submission does not define `y`: work.py stopped at `y = 1 / 0`"


def test_nothing_is_tried_twice(tmp_path: Path) -> None:
    work = notebook(tmp_path, "n = []\nn.append(1)\n1 / 0\nn.append(2)")
    assert work.module.n == [1, 2]


def test_a_name_that_is_missing_for_a_failed_cell_says_so_once_and_nothing_else_does(tmp_path: Path) -> None:
    work = notebook(tmp_path, "import nowhere as np", "def f():\n    return np.pi\n\ndef g():\n    return unknown")
    for name, words in (("f", "it is missing because cell 1 stopped at `import nowhere as np`"), ("g", "")):
        with pytest.raises(NameError) as caught:
            getattr(work.module, name)()
        text = explain(caught.value, work.origin)
        assert text.startswith("NameError")
        assert ("missing because" in text) is bool(words)
        assert words in text


def test_a_cell_that_is_no_python_is_not_run_and_its_names_are_known(tmp_path: Path) -> None:
    work = notebook(tmp_path, "x = 1\ndef f(:\n  pass", "y = 2")
    assert work.problems[0].startswith("cell 1 was not run: SyntaxError")
    assert work.why_missing("f") == "your submission does not define `f`: cell 1 was not run (SyntaxError in line 2)"
    assert work.module.y == 2


def test_a_name_that_nobody_defines_points_to_the_problems_and_does_not_repeat_them(tmp_path: Path) -> None:
    work = notebook(tmp_path, "1 / 0")
    assert work.why_missing("f") == "your submission does not define `f`; see what went wrong while it was loaded"
    assert notebook(tmp_path, "x = 1").why_missing("f") == "your submission does not define `f`"


def test_await_at_the_top_level(tmp_path: Path) -> None:
    text = "import asyncio\nasync def f():\n    await asyncio.sleep(0.001)\n    return 5\nx = await f()"
    work = notebook(tmp_path, text)
    assert work.problems == []
    assert work.module.x == 5
    assert "x = await f()" in notebook(tmp_path, text.replace("return 5", "1 / 0")).problems[0]


def test_magics_bind_something_harmless_and_run_what_is_python(tmp_path: Path) -> None:
    work = notebook(
        tmp_path,
        "%load_ext autoreload\n%autoreload 2\n%matplotlib inline\n!pip install \\\n  torch",
        "%time X = 1\nfiles = !ls\nt = %timeit -o X\nbest = t.best",
        "%%capture out\nY = 2\nprint('hidden')",
        "display(Y)\nshell = get_ipython()\ncolab = 'google.colab' in str(shell)\nshell.events.register('x', print)",
        "get_ipython().system('touch started')\nget_ipython().run_line_magic('run', '../outside.py')",
    )
    assert work.problems == []
    module = work.module
    assert (module.X, module.Y, module.files, module.best, module.colab) == (1, 2, [], 0.0, False)
    assert not (tmp_path / "started").exists()


def test_a_file_that_a_cell_writes_can_be_imported_and_is_read_for_names(tmp_path: Path) -> None:
    work = notebook(tmp_path, "%%writefile written_helper.py\ndef h():\n    return 7", "from written_helper import h")
    assert work.module.h() == 7
    found, cells = prepare(str(tmp_path), "work.ipynb", "work")
    assert ("written_helper.py", "def h():\n    return 7") in list(texts_of(found, cells))


def test_a_file_is_written_and_run_in_the_submissions_folder_only(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (tmp_path / "outside.py").write_text("z = 1")
    work = notebook(folder, "%%writefile ../escaped.py\nx = 1", "%run ../outside.py\n%run side.py", side="s = 3")
    assert not (tmp_path / "escaped.py").exists()
    assert not hasattr(work.module, "z")
    assert work.module.s == 3


def test_a_cell_in_another_language_is_told_after_what_failed(tmp_path: Path) -> None:
    work = notebook(tmp_path, "%%bash\nls", "1 / 0")
    assert [p.split(" ")[:3] for p in work.problems] == [["cell", "2", "stopped"], ["cell", "1", "is"]]


def test_what_nbconvert_wrote_runs_with_the_right_lines(tmp_path: Path) -> None:
    text = (
        "from __future__ import annotations\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().run_cell_magic('time', '', 'a = 1\\nb = 2\\n')\n"
        "def f() -> nowhere:\n"
        "    return 1 / 0\n"
    )
    work = script(tmp_path, text)
    assert work.problems == []
    assert (work.module.a, work.module.b) == (1, 2)
    with pytest.raises(ZeroDivisionError) as caught:
        work.module.f()
    assert "work.py, line 5, in `f`: `return 1 / 0`" in explain(caught.value, work.origin)


def test_a_python_file_with_an_encoding_of_its_own_is_run_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_bytes("# coding: latin-1\nx = 'é'\ny = 1 / 0\n".encode("latin-1"))
    work = loaded(tmp_path, "work.py")
    assert work.module.x == "é"
    assert "y = 1 / 0" in work.problems[0]


def test_only_ones_own_not_implemented_means_still_to_be_written(tmp_path: Path) -> None:
    work = notebook(tmp_path, "import library_x\ndef f():\n    raise NotImplementedError\ndef g():\n    library_x.h()",
                    library_x="")  # fmt: skip
    sys.modules["library_x"].__dict__.update(library())
    texts = []
    for function in (work.module.f, work.module.g):
        with pytest.raises(NotImplementedError) as caught:
            function()
        texts.append(explain(caught.value, work.origin))
    assert texts[0].startswith("`f` is still to be written")
    assert texts[1].startswith("NotImplementedError: no CUDA (cell 1, line 5, in `g`")


def library() -> dict[str, object]:
    """A module that is none of the student's."""
    namespace: dict[str, object] = {}
    exec(compile("def h():\n    raise NotImplementedError('no CUDA')\n", "/lib/library_x.py", "exec"), namespace)
    return namespace

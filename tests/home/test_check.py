"""`python check.py` in a handout: a child for each question, its limits, what is said of files, and Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.home.files import wrong_file
from tests.home.support import alone, run
from tests.release.course import REFERENCE

LOOP = """\
    open('reached', 'w').close()
    while True:
        try:
            pass
        except BaseException:
            pass
"""


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bad.ipynb", b"{", "bad.ipynb is damaged: it is no Jupyter notebook (JSON); open it in Jupyter, save it"),
        ("bad.ipynb", b"", "it is no Jupyter notebook"),
        ("bad.ipynb", b"[]", "it is no Jupyter notebook"),
        ("bad.ipynb", b'{"cells": 3}', "it is no Jupyter notebook"),
        ("bad.ipynb", b'{"cells": [1]}', "it is no Jupyter notebook"),
        ("bad.ipynb", b'{"cells": [{"cell_type": "code", "source": [1]}]}', "it is no Jupyter notebook"),
        ("bad.ipynb", b"[" * 100_000, "it is no Jupyter notebook"),
        ("bad.ipynb", '{"cells": []}'.encode("utf-16"), "it is not UTF-8 text; open it in Jupyter, save it"),
        ("bad.py", "x = 'é'".encode("latin-1"), "it is not UTF-8 text; save it as UTF-8"),
        ("bad.py", "x = 1".encode("utf-16"), "it is not UTF-8 text"),
        ("bad.py", b"# coding: no-such\n", "it is not UTF-8 text"),
        ("bad.md", b"# Tiny", "a .py or .ipynb is expected, not .md"),
        ("bad", b"x = 1", "a .py or .ipynb is expected, not a file without an ending"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert words in (wrong_file(tmp_path / name) or "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("good.py", REFERENCE.encode()),
        ("good.py", b"\xef\xbb\xbfx = 1"),
        ("good.py", "# coding: latin-1\nx = 'é'".encode("latin-1")),
        ("good.py", b"this is no Python"),  # the report says so
        ("good.ipynb", b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}'),
    ],
)
def test_nothing_is_wrong_with_a_file_that_can_be_tried(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert wrong_file(tmp_path / name) is None


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "mine.py").write_text("x = 1")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "mine.py cannot be read: Permission denied" in (wrong_file(tmp_path / "mine.py") or "")


def test_wrong_use_names_the_fault_and_help_is_none(handout: Path) -> None:
    (handout / "bad.ipynb").write_text("{")
    for arguments, words in (
        (["bad.ipynb"], "bad.ipynb is damaged: it is no Jupyter notebook (JSON)"),
        (["nofile.py"], "there is no file nofile.py"),
        (["tiny2.py"], "there is no file tiny2.py; there is tiny.ipynb, tiny.py, tiny_data.py"),
        (["tiny.py", "foo"], "there is no question `foo`; questions: neuron, line"),
        (["tests"], "tests is a folder"),
        (["handout.md"], "a .py or .ipynb is expected, not .md"),
    ):
        done = run(handout, "check.py", *arguments)
        assert (done.returncode, done.stderr) == (2, "")
        assert done.stdout.startswith(words)
        assert "Usage: python check.py FILE" in done.stdout
    done = run(handout, "check.py", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: python check.py FILE")


def stopped(
    handout: Path, text: str, name: str = "mine.py", how: signal.Signals = signal.SIGINT
) -> tuple[int, str, str]:
    """Status, output and errors of a check that gets Ctrl-C once the work has made the file `reached`."""
    (handout / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "check.py", name]
    with subprocess.Popen(
        command, cwd=handout, env=alone(handout), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for _ in range(1200):
                if (handout / "reached").exists():
                    break
                time.sleep(0.1)
            time.sleep(0.5)
            process.send_signal(how)
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, output, errors


def test_ctrl_c_keeps_what_is_done_and_names_the_function(handout: Path) -> None:
    text = REFERENCE.replace("    return -Fraction(b) / Fraction(a)\n", LOOP)
    facts = handout / "selfcheck" / "facts.json"
    facts.write_text(facts.read_text(encoding="utf-8").replace('"seconds": 3.0', '"seconds": 300.0'), encoding="utf-8")
    status, output, errors = stopped(handout, text)
    assert (status, errors) == (130, "")
    lines = output.splitlines()
    assert lines[:3] == ["loading mine.py ...", COVERS, "  ✓ three_inputs"]
    assert lines[3].startswith("stopped while `line` was running (mine.py, line ")
    assert "public part: 3 of 5 points (60 %), 1 of 2 cases" in lines


COVERS = "neuron: 1 of 1 public cases pass, 3 of 3 points; 1 hidden case waits (3 points)"


def test_ctrl_c_while_the_file_is_loading(handout: Path) -> None:
    status, output, errors = stopped(handout, "open('reached', 'w').close()\nwhile True:\n    pass\n")
    assert (status, errors) == (130, "")
    assert output.splitlines()[1].startswith("stopped while the top level of mine.py was running (line ")


def test_ctrl_c_in_a_notebook_names_the_cell(handout: Path) -> None:
    cells = [{"cell_type": "code", "source": "def neuron(w, x):\n" + LOOP, "metadata": {}, "outputs": []}]
    status, output, errors = stopped(handout, json.dumps({"cells": cells}), "mine.ipynb")
    assert (status, errors) == (130, "")
    assert output.splitlines()[1].startswith("stopped while `neuron` was running (cell 1, line ")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_work_that_is_running_ends_when_check_py_is_killed(handout: Path) -> None:
    """The child has nobody to tell then where it is."""
    text = "import os\nopen('reached', 'w').write(str(os.getpid()))\nwhile True:\n    pass\n"
    stopped(handout, text, how=signal.SIGKILL)
    child = int((handout / "reached").read_text())
    for _ in range(100):
        if not running(child):
            break
        time.sleep(0.1)
    assert not running(child)


def running(pid: int) -> bool:
    """Whether a process is at work; one that has ended and that nobody has asked about is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def checked(handout: Path, text: str, *questions: str, name: str = "mine.py") -> tuple[int, str]:
    (handout / name).write_text(text, encoding="utf-8")
    done = run(handout, "check.py", name, *questions)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("return -Fraction(b) / Fraction(a)", "while True: pass",
         "; it was last seen at mine.py, line 28"),
        ("return -Fraction(b) / Fraction(a)", "import os; os._exit(3)",
         "the process ended itself in this case (exit status 3)"),
        ("return -Fraction(b) / Fraction(a)", "import os; os.abort()", "the process crashed in this case (Aborted)"),
        ("return -Fraction(b) / Fraction(a)", "import sys; sys.exit()", "your code asked Python to exit"),
    ],
)  # fmt: skip
def test_what_ends_a_question_costs_that_question_alone(handout: Path, old: str, new: str, words: str) -> None:
    status, output = checked(handout, REFERENCE.replace(old, new))
    assert status == 1
    assert "  ✓ three_inputs" in output
    assert words in output
    assert "public part: 3 of 5 points (60 %), 1 of 2 cases" in output


def test_work_that_is_right_passes_with_a_total_and_says_what_it_does_not_cover(handout: Path) -> None:
    status, output = checked(handout, REFERENCE)
    assert status == 0
    assert "public part: 5 of 5 points (100 %), 2 of 2 cases" in output
    assert "not covered here: 2 hidden cases decide about 5 more points" in output


def test_a_loop_at_the_top_level_is_met_once(handout: Path) -> None:
    facts = handout / "selfcheck" / "facts.json"
    text = facts.read_text(encoding="utf-8").replace('"load_seconds": 20.0', '"load_seconds": 1.0')
    facts.write_text(text, encoding="utf-8")
    status, output = checked(handout, "while True: pass\n" + REFERENCE)
    assert status == 1
    assert output.count("loading the submission took longer than 1 s; it was last seen at mine.py, line 1") == 1
    assert "not tried, for the same reason: line" in output


def test_one_error_is_told_once(handout: Path) -> None:
    _, output = checked(handout, REFERENCE.replace("def line(", "def line line("))
    assert output.count("SyntaxError: ") == 1
    assert "still to be written" not in output


def test_what_the_code_prints_stands_below_its_case_and_a_flood_is_cut(handout: Path) -> None:
    text = REFERENCE.replace("    return float(", "    for n in range(100000): print('row', n)\n    return 1 + float(")
    _, output = checked(handout, text)
    assert "      | row 11\n" in output
    assert "row 12\n" not in output
    assert len(output) < 3000


def test_cells_that_call_a_grader_do_nothing(handout: Path) -> None:
    cells = [
        "import otter\ngrader = otter.Notebook()",
        "import selfcheck\ngrader = selfcheck.Notebook()",
        REFERENCE.replace("# %%", "#"),
        "grader.check('neuron')\ngrader.export(pdf=False, force_save=True)",
        "open('done', 'w').write('the rest is run')",
    ]
    made = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    status, output = checked(handout, json.dumps({"cells": made}), name="mine.ipynb")
    assert status == 0, output
    assert (handout / "done").exists()
    assert not list(handout.glob("*.zip"))


def test_a_name_that_is_forbidden_in_the_grade_is_forbidden_at_home(handout: Path) -> None:
    facts = handout / "selfcheck" / "facts.json"
    text = facts.read_text(encoding="utf-8").replace('"forbidden": [],', '"forbidden": ["numpy.dot"],', 1)
    facts.write_text(text, encoding="utf-8")
    status, output = checked(handout, REFERENCE)
    assert status == 1
    assert "`numpy.dot` may not be used in this question (mine.py, line 17: `product_of_both = np.dot(w, x)`)" in output
    status, output = checked(handout, REFERENCE.replace("np.dot(w, x)", "w @ x"))
    assert status == 0, output


def test_children_are_spawned_where_nothing_can_be_forked(handout: Path) -> None:
    (handout / "mine.py").write_text(REFERENCE, encoding="utf-8")
    code = (
        "from pathlib import Path\nfrom selfcheck.home.in_turn import run_questions\n"
        "from selfcheck.home.facts import installed_facts\n"
        "if __name__ == '__main__':\n"
        "    results, _ = run_questions(Path('mine.py').resolve(), installed_facts().checked, 'spawn')\n"
        "    print([r.passed for r in results])\n"
    )
    (handout / "spawned.py").write_text(code, encoding="utf-8")
    done = run(handout, "spawned.py")
    assert done.stdout.strip().endswith("[1, 1]"), done.stdout + done.stderr


def test_a_library_that_is_missing_is_named(handout: Path) -> None:
    facts = handout / "selfcheck" / "facts.json"
    facts.write_text(facts.read_text(encoding="utf-8").replace('"sympy"', '"torch_of_nobody"'), encoding="utf-8")
    done = run(handout, "check.py", "tiny.py")
    assert done.returncode == 2
    assert "torch_of_nobody is not installed in this Python (" in done.stdout
    assert "pip install -r requirements.txt" in done.stdout


def test_without_its_folder_check_says_what_is_missing(handout: Path) -> None:
    (handout / "selfcheck").rename(handout / "elsewhere")
    done = run(handout, "check.py", "tiny.py")
    assert (done.returncode, done.stderr) == (2, "")
    assert "The folder `selfcheck` of the handout is not beside check.py: unzip handout.zip again." in done.stdout


def test_hints_one_step_at_a_time(handout: Path) -> None:
    facts = handout / "selfcheck" / "facts.json"
    text = facts.read_text(encoding="utf-8").replace('"hints": [],', '"hints": ["Look.", "Look again."],', 1)
    facts.write_text(text, encoding="utf-8")
    assert run(handout, "check.py", "--hint", "neuron").stdout == "Hint 1 of 2: Look.\n"
    assert run(handout, "check.py", "--hint", "neuron", "2").stdout == "Hint 2 of 2: Look again.\n"
    for arguments in (["neuron", "3"], ["neuron", "²"], ["neuron", ""], ["line"], ["nobody"], []):
        done = run(handout, "check.py", "--hint", *arguments)
        assert (done.returncode, done.stderr) == (2, "")

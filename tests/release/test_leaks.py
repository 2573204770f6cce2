"""The leak scan: each kind of leak is planted once and found; a clean release passes."""

import json

import pytest

from autograder.errors import AuthorError
from autograder.release.leaks import Leak, Secrets, refuse_leaks, scan

LINE = "z = float(weights @ inputs + bias)"
HIDDEN = "logits = world.normal((5, 7)) * 1e4"
OUTPUT = bytes(range(40))
SECRETS = Secrets(
    solution=(LINE, "return z", "import numpy as np", "shared = helper(first, second)"),
    hidden=(HIDDEN, "The loss stays finite for logits of ten thousand."),
    outputs=(OUTPUT, b"short"),
    local=("/srv/course/private",),
    known=("def f():\n    shared = helper(first,  second)\n",),
)


def notebook(source: str, **cell: object) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": source.splitlines(True), **cell}]}).encode()


RAN = "a cell with outputs or an execution count"

CLEAN = {
    "a.py": b"import numpy as np\n\ndef f():\n    shared = helper(first, second)\n    return z\n",
    "a.ipynb": notebook("import numpy as np\nx = 1", outputs=[], execution_count=None),
    "expected.bin": OUTPUT[1:] + b"short",
    "notes.md": b"see /srv/course/public and /home",
}


def test_a_clean_release_passes() -> None:
    assert scan(CLEAN, SECRETS) == ()
    refuse_leaks(CLEAN, SECRETS, "dist")


@pytest.mark.parametrize(
    ("path", "content", "leak"),
    [
        ("x.py", f"def f():\n    {LINE}\n".encode(), Leak("solution line", "x.py", LINE)),
        ("x.py", f"def f():\n    {LINE.replace(' ', '   ')}\n".encode(), Leak("solution line", "x.py", LINE)),
        ("x.md", f"The answer is `{LINE}`.".encode(), Leak("solution line", "x.md", LINE)),
        ("x.json", json.dumps({"text": f"a\n{LINE}\nb"}).encode(), Leak("solution line", "x.json", LINE)),
        ("x.bin", b"\x00\x01" + LINE.encode() + b"\xff", Leak("solution line", "x.bin", LINE)),
        ("x.ipynb", notebook(f"def f():\n    {LINE}"), Leak("solution line", "x.ipynb", LINE)),
        ("tests/q.py", f"    {HIDDEN}\n".encode(), Leak("hidden case", "tests/q.py", HIDDEN)),
        ("expected.bin", b"public" + OUTPUT + b"more", Leak("hidden output", "expected.bin", OUTPUT[:12].hex())),
        ("p/__pycache__/a.txt", b"", Leak("compiled Python", "p/__pycache__/a.txt", "p/__pycache__/a.txt")),
        ("p/a.pyc", b"\x00", Leak("compiled Python", "p/a.pyc", "p/a.pyc")),
        ("x.ipynb", notebook("x", outputs=[{"text": "1"}]), Leak("notebook output", "x.ipynb", RAN)),
        ("x.ipynb", notebook("x", execution_count=3), Leak("notebook output", "x.ipynb", RAN)),
        ("x.py", b"open('/srv/course/private/data')", Leak("local path", "x.py", "/srv/course/private")),
        ("x.py", b"open('/home/ada/data')", Leak("local path", "x.py", "/home/ada/")),
        ("x.py", rb"open('C:\\Users\\ada\\data')", Leak("local path", "x.py", "C:\\\\Users\\\\ada\\")),
    ],
)  # fmt: skip
def test_each_kind_of_leak_is_found_where_it_was_planted(path: str, content: bytes, leak: Leak) -> None:
    assert scan({**CLEAN, path: content}, SECRETS) == (leak,)


def test_in_code_by_other_hands_one_short_line_proves_nothing_but_three_do() -> None:
    lines = ["for _ in range(steps):", "total = total + step", "mean = total / steps"]
    secrets = Secrets(solution=(*lines, LINE), by_hand=("support.py",))
    assert scan({"support.py": f"{lines[0]}\n".encode()}, secrets) == ()
    assert len(scan({"support.py": "\n".join(lines).encode()}, secrets)) == 3
    assert len(scan({"support.py": LINE.encode()}, secrets)) == 1
    assert len(scan({"stub.py": f"{lines[0]}\n".encode()}, secrets)) == 1


def test_a_release_with_leaks_is_refused_with_their_places() -> None:
    with pytest.raises(AuthorError, match=r"x\.py: solution line .*and 1 more"):
        refuse_leaks({f"{n}x.py": LINE.encode() for n in range(6)}, SECRETS, "dist")

"""The leak scan: each kind of leak is planted once and found; a clean release passes."""

import base64
import json
from collections.abc import Callable

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


TABLE = "\n".join(f"{i},{(i * 37) % 101},{(i * 91) % 97}" for i in range(60))
PRIVATE = {
    "table.csv": TABLE.encode(),
    "flags.csv": "\n".join(f"{i % 2},{i % 3 % 2},{i % 7 % 2}" for i in range(60)).encode(),
    "rows.json": json.dumps({"rows": [[i, (i * 29) % 103, 'a"b'] for i in range(60)]}, indent=1).encode(),
    "words.txt": "Ärger über große Maße; straße, öl, übel, grüße, zürich, köln, maß, fuß, süß, weiß, heiß".encode(),
    "seven.txt": b"alpha 0.25\nbeta 0.125\ngamma 0.0625\n",
    "weights.bin": bytes((i * i + 3 * i) % 256 for i in range(400)),
}
Copy = Callable[[bytes], bytes]
COPIES: dict[str, Copy] = {
    "as it is": bytes,
    "base64": base64.b64encode,
    "base64 in lines": base64.encodebytes,
    "base64 for addresses": base64.urlsafe_b64encode,
    "base85": base64.b85encode,
    "hexadecimal": lambda data: data.hex().encode(),
    "hexadecimal in groups": lambda data: data.hex(" ", 2).upper().encode(),
    "bytes of Python": lambda data: f"DATA = {data!r}\n".encode(),
}
TEXTS: dict[str, Copy] = {
    "Windows lines": lambda data: data.replace(b"\n", b"\r\n"),
    "a string of Python": lambda data: f"TABLE = {data.decode()!r}\n".encode(),
    "a string of JSON": lambda data: json.dumps({"text": data.decode()}).encode(),
    "JSON in a string of Python": lambda data: f"TABLE = {json.dumps(data.decode())!r}\n".encode(),
    "a notebook": lambda data: notebook(f"TABLE = '''{data.decode()}'''"),
    "indented": lambda data: b"\n".join(b"    " + line for line in data.splitlines()),
    "other white space": lambda data: b" ".join(data.split()),
}


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_file_is_found_in_every_usual_form(name: str) -> None:
    data = PRIVATE[name]
    forms = {**COPIES, **({} if name.endswith(".bin") else TEXTS)}
    for what, form in forms.items():
        content = form(data) if what == "a notebook" else b"import numpy\n\n" + form(data) + b"\nend"
        found = scan({**CLEAN, "x.py": content}, Secrets(artifacts=PRIVATE))
        assert found == (Leak("artifact", "x.py", f"of artifacts/{name}"),), what


@pytest.mark.parametrize("form", [
    lambda rows: f"ROWS = {[[int(x) for x in row] for row in rows]}\n",
    lambda rows: "\n".join("; ".join(row) for row in rows),
    lambda rows: "| a | b | c |\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows),
    lambda rows: "\n".join(",".join(row) for row in rows[: 2 * len(rows) // 3]),
])  # fmt: skip
def test_a_private_table_is_found_with_other_marks_between_and_by_a_part(form: Callable[[object], str]) -> None:
    rows = [line.split(",") for line in TABLE.split("\n")]
    assert scan({"x.py": form(rows).encode()}, Secrets(artifacts=PRIVATE))


@pytest.mark.parametrize("content", [
    TABLE.split("\n")[7] + "\n",  # a row
    "\n".join(f"{i},{(i * 41) % 101},{(i * 89) % 97}" for i in range(60)),  # another table, the same first column
    "\n".join(str(i) for i in range(60)),
    "0,1,0,1,0,0,1,0,1,1,1,0\n" * 9,
    "alpha, beta and gamma are 0.25, 0.125 and 0.0625",
    "Die Maße der Straße; Köln, Zürich",
])  # fmt: skip
def test_what_is_only_like_a_private_file_passes(content: str) -> None:
    for one in (content.encode(), notebook(content), json.dumps(content).encode()):
        assert scan({"x.ipynb": one, "x.py": one}, Secrets(artifacts=PRIVATE)) == ()


def test_text_that_is_open_anyway_and_empty_private_files_tell_nothing() -> None:
    text = " ".join(f"word{i} of licence" for i in range(40))
    quoted = {"x.md": text.replace("word7 ", "word7, ").replace(" of", "\n> of").encode()}
    assert scan(quoted, Secrets(artifacts={"licence.txt": text.encode()}))
    assert scan(quoted, Secrets(artifacts={"licence.txt": text.encode()}, known=(f"# {text}",))) == ()
    assert scan({"artifacts/a": b"x"}, Secrets(artifacts={"__init__.py": b""})) == ()
    assert scan({"artifacts/a": b"x"}, Secrets(artifacts={"short": b"1"})) != ()

"""Forbidden names: found under every alias, and only where the question's functions can reach them."""

from __future__ import annotations

import pytest

from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.wire.index import Index
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

PROBES = "def case(student, world):\n    return student.softmax(world.normal((3,)))\n"
SOFTMAX = ("torch.nn.functional.softmax",)


def scan(text: str, forbidden: tuple[str, ...] = SOFTMAX, probes: str = PROBES) -> list[str]:
    """What is found, by an index that has been on its way to the grader."""
    index = Index.from_bytes(index_of([Text("hw.py", text)]).to_bytes())
    return find_forbidden(index, mentions_of(probes), forbidden)


@pytest.mark.parametrize(
    "body",
    [
        "import torch\ndef softmax(x):\n    return torch.softmax(x, 0)",
        "import torch\ndef softmax(x):\n    return torch.nn.functional.softmax(x, 0)",
        "import torch.nn.functional as F\ndef softmax(x):\n    return F.softmax(x, 0)",
        "from torch.nn.functional import softmax as s\ndef softmax(x):\n    return s(x, 0)",
        "from torch.nn.functional import softmax",
        "from torch.nn.functional import *\ndef softmax_(x): pass\ndef g(x):\n    return softmax(x, 0)\n",
        "import torch\nsoftmax = torch.softmax",
        "import torch\nsoftmax = lambda x: getattr(torch, 'soft' + 'max')(x, 0)",
        "def softmax(x):\n    return x.softmax(0)",
        "import torch\nhelp_me = torch.softmax\ndef softmax(x):\n    return help_me(x, 0)",
        "import torch\ndef inner(x):\n    return torch.softmax(x, 0)\ndef softmax(x):\n    return inner(x)",
        "import torch\nclass A:\n    def act(self, x): return torch.softmax(x)\ndef softmax(x):\n    return A().act(x)",
        "import torch\nglobals()['softmax'] = torch.softmax",
        "import torch, sys\nsetattr(sys.modules[__name__], 'softmax', torch.softmax)",
        "def softmax(x):\n    import torch as t\n    return t.ops.aten.softmax(x, 0)",
    ],
)  # fmt: skip
def test_a_use_is_found(body: str) -> None:
    probes = PROBES.replace("student.softmax", "student.g") if "def g" in body else PROBES
    assert scan(body, probes=probes), body


@pytest.mark.parametrize(
    "body",
    [
        "import torch\ndef softmax(x):\n    e = torch.exp(x - x.max())\n    return e / e.sum()",
        "import torch\ndef softmax(x):\n    return x\ndef other_question(x):\n    return torch.softmax(x, 0)",
        "import torch\ndef softmax(x):\n    return x\nprint(torch.softmax(torch.zeros(3), 0))",
        "class A:\n    def softmax(self, x):\n        return x\ndef softmax(x):\n    return A().softmax(x)",
        "def softmax(x):\n    '''like torch.softmax'''\n    return x  # torch.softmax(x)",
        "import torch\ndef softmax(x):\n    return torch.log_softmax(x, 0).exp()",
        "def softmax(x): return (",
    ],
)
def test_honest_work_is_not_accused(body: str) -> None:
    assert scan(body) == []


def test_the_finding_names_file_line_and_code() -> None:
    (finding,) = scan("import torch\n\ndef softmax(x):\n    return torch.softmax(x, 0)\n")
    assert finding == (
        "`torch.nn.functional.softmax` may not be used in this question (hw.py, line 4: `return torch.softmax(x, 0)`)"
    )


def test_a_module_stands_for_all_in_it() -> None:
    text = "import numpy as np\ndef softmax(a):\n    return np.linalg.inv(a)"
    assert scan(text, ("numpy.linalg",))
    assert not scan(text, ("numpy.linal",))


def test_builtins_may_be_forbidden() -> None:
    assert scan("def softmax(x):\n    return sorted(x)", ("sorted",))
    assert not scan("def sorted(x):\n    return x\ndef softmax(x):\n    return sorted(x)", ("sorted",))


def test_of_two_that_forbid_the_same_the_first_is_named() -> None:
    text = "import torch\ndef softmax(x):\n    return torch.nn.functional.softmax(x, 0)"
    assert "`torch.nn` may" in scan(text, ("torch.nn", *SOFTMAX))[0]
    assert "`torch.nn.functional.softmax` may" in scan(text, (*SOFTMAX, "torch.nn"))[0]


def test_a_text_as_deep_as_python_compiles_is_read() -> None:
    text = "import torch\ndef softmax(x):\n    return torch.softmax(x, 0)" + ".T" * 1500
    compile(text, "hw.py", "exec")
    assert scan(text)


def test_half_a_surrogate_is_no_trouble() -> None:
    text = "import torch\ndef softmax(x):\n    y = getattr(torch, '\\ud800')\n    return torch.softmax(x, 0)"
    assert "line 4" in scan(text)[0]


@pytest.mark.parametrize("data", [b"", b"\xc0", b"\x91\x01", b"\x94\x01\x90\x90\x90", b"\x94\x91\x90\x90\x90\x90"])
def test_other_bytes_are_no_index(data: bytes) -> None:
    with pytest.raises(ValueError, match="not an index"):
        Index.from_bytes(data)


def test_helper_files_are_looked_through_as_well() -> None:
    helper = Text("helpers.py", "import torch\ndef mine(x):\n    return torch.softmax(x, 0)")
    main = Text("hw.py", "from helpers import mine\ndef softmax(x):\n    return mine(x)")
    assert "helpers.py, line 3" in find_forbidden(index_of([main, helper]), mentions_of(PROBES), SOFTMAX)[0]

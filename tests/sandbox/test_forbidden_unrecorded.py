"""What may run where operators are not recorded goes to a person, where names are forbidden; it is no finding."""

from __future__ import annotations

import pytest

from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

PROBES = "def case(student, world):\n    return student.f(world.normal((3,)))\n"
FORBIDDEN = ("numpy.mean", "torch.softmax")
USED = [
    "import threading\ndef f(x):\n    t = threading.Thread(target=print, args=(x,))\n    return t.start()",
    "from threading import Thread as T\ndef f(x):\n    return T(target=print).start()",
    "import threading as th\nclass W(th.Thread):\n    def run(self): pass\ndef f(x):\n    return W().start()",
    "from concurrent.futures import ThreadPoolExecutor\ndef f(x):\n    with ThreadPoolExecutor() as e:\n"
    "        return e.submit(abs, x).result()",
    "import concurrent.futures\ndef f(x):\n    return concurrent.futures.ThreadPoolExecutor(1).submit(abs, x).result()",
    "import _thread\ndef f(x):\n    return _thread.start_new_thread(abs, (x,))",
    "from multiprocessing.pool import ThreadPool\ndef f(x):\n    return ThreadPool(1).map(abs, [x])",
    "from torch.utils._python_dispatch import _disable_current_modes\ndef f(x):\n"
    "    with _disable_current_modes():\n        return x",
    "import torch\ndef f(x):\n    with torch._C._DisableTorchDispatch():\n        return x",
]


def read(text: str, forbidden: tuple[str, ...] = FORBIDDEN) -> tuple[list[str], list[str]]:
    """Findings and suspicions."""
    index = index_of([Text("hw.py", text)])
    return find_forbidden(index, mentions_of(PROBES), forbidden), suspicions(index, mentions_of(PROBES), forbidden)


@pytest.mark.parametrize("text", USED)
def test_a_person_is_told_and_nobody_is_accused(text: str) -> None:
    findings, told = read(text)
    assert findings == []
    assert any("may run unrecorded here (hw.py, line" in line for line in told)
    assert read(text, ()) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "import threading\nlock = threading.Lock()\ndef f(x):\n    with lock:\n        return x",
        "import threading\ndef g():\n    threading.Thread(target=print).start()\ndef f(x):\n    return x",
        "class Thread:\n    pass\ndef f(x):\n    return Thread()",
        "import torch\ndef f(x):\n    with torch.no_grad():\n        return x",
    ],
)
def test_others_have_nothing_to_look_at(text: str) -> None:
    assert read(text) == ([], [])

"""What a submission does when it is run as a script is no answer, so forbidden names may stand there."""

from __future__ import annotations

from autograder.sandbox.grader.forbidden import find_forbidden
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

PROBES = "def case(student, world):\n    return student.softmax(world.normal((3,)))\n"
ANSWER = "import torch\ndef softmax(x):\n    out, _ = x.exp(), None\n    return out / out.sum()\n"


def findings(block: str) -> list[str]:
    return find_forbidden(index_of([Text("hw.py", ANSWER + block)]), mentions_of(PROBES), ("torch.softmax",))


def test_a_try_out_under_main_is_no_answer() -> None:
    block = 'if __name__ == "__main__":\n    for _ in range(3):\n        out = torch.softmax(torch.ones(3), 0)\n'
    assert not findings(block)


def test_other_conditions_and_an_else_are_read() -> None:
    assert findings("if True:\n    softmax = torch.softmax\n")
    assert findings('if __name__ == "__main__":\n    pass\nelse:\n    softmax = torch.softmax\n')

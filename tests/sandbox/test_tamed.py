"""Settings for another machine: what is harmless works and is said; the rest is one plain sentence."""

from __future__ import annotations

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Answer, Submission
from tests.sandbox.conftest import job_for

PROBE = "def case(student, world):\n    return student.f()\n"
THREADS = (
    "import torch\ntorch.set_num_threads(16)\ntorch.set_num_interop_threads(16)\na = torch.ones(700, 700)\nb = a @ a\n"
)
COMPILED = "import torch\n@torch.compile\ndef g(x):\n    return 2 * x\nh = torch.compile(g, mode='max-autotune')\n"
LOADER = (
    "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\nset = TensorDataset(torch.arange(8.0))\n"
    "loader = DataLoader(set, batch_size=4, num_workers=2, persistent_workers=True, pin_memory=True)\n"
)
NETWORK = "import torch\ndevice = torch.device('cuda:0')\nnet = torch.nn.Linear(2, 2).to(device)\n"


def ran(sandbox: Sandbox, text: str, answer: str) -> tuple[Answer, tuple[str, ...]]:
    whole = text + f"def f():\n    {answer}\n"
    with sandbox.session(Submission.of_text("hw.py", "hw", whole)) as session:
        (found,) = session.run(job_for(PROBE))
        return found, session.problems


@pytest.mark.parametrize(
    ("text", "answer", "value", "said"),
    [
        (THREADS, "return torch.get_num_threads()", 8, "16 threads were asked for; 8 are allowed here"),
        (COMPILED, "return h(torch.tensor(2.0)).item()", 4.0, ""),
        (LOADER, "return sum(float(b[0].sum()) for b in loader)", 28.0, "a DataLoader asked for worker processes"),
        ("import torch\ntorch.set_default_device('mps')\n", "return torch.ones(2).sum().item()", 2.0, "no `mps` here"),
        ("import torch\nx = torch.ones(3).cuda()\n", "return x.sum().item()", 3.0, "no `cuda` here"),
        (NETWORK, "return list(net(torch.ones(1, 2, device='cuda')).shape)", [1, 2], "no `cuda` here"),
        (
            "import torch\nwith torch.device('cuda'):\n    x = torch.ones(3)\n",
            "return x.sum().item()",
            3.0,
            "no `cuda`",
        ),
        ("import torch\ntorch.cuda.synchronize()\n", "return 1", 1, ""),
    ],
)
def test_what_is_harmless_works_and_is_said_once(
    sandbox: Sandbox, text: str, answer: str, value: object, said: str
) -> None:
    found, problems = ran(sandbox, text, answer)
    assert (found.status, found.value) == ("returned", value), found.message
    assert len(problems) == bool(said)
    assert said in "".join(problems)


def test_a_device_that_is_asked_for_in_a_case_is_told_with_what_it_prints(sandbox: Sandbox) -> None:
    found, problems = ran(
        sandbox, "import torch\n", "return (torch.ones(2).cuda() + torch.ones(2).cuda()).sum().item()"
    )
    assert (found.value, problems) == (4.0, ())
    assert found.stdout.count("there is no `cuda` here") == 1


def test_the_usual_question_is_answered_truly_and_nothing_is_said(sandbox: Sandbox) -> None:
    text = "import torch\ndevice = 'cuda' if torch.cuda.is_available() else 'cpu'\nx = torch.ones(2).to(device)\n"
    found, problems = ran(sandbox, text, "return [device, x.sum().item()]")
    assert (found.value, problems, found.stdout) == (["cpu", 2.0], (), "")


@pytest.mark.parametrize(
    ("text", "answer", "sentence"),
    [
        ("import torch\n", "torch.Generator(device='cuda')", "this asks for a graphics processor, and there is none"),
        ("import multiprocessing\n", "return multiprocessing.Pool(2)", "no other process can be started here"),
        ("import subprocess\n", "return subprocess.run(['ls'])", "no other process can be started here"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_one_plain_sentence(sandbox: Sandbox, text: str, answer: str, sentence: str) -> None:
    found, _ = ran(sandbox, text, answer)
    assert found.status == "error"
    assert f"Error: {sentence}" in found.message
    assert "(hw.py, line" in found.message

"""What this machine offers a sandbox: one row per layer."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.errors import MachineError
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.floor import FLOORS
from autograder.sandbox.grader.spawning import Zygote, after
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.layers.devices import nodes, visible
from autograder.sandbox.wire.messages import Job, Mode, ProbeCall, Submission
from autograder.spec.models import Limits


@dataclass(frozen=True)
class LayerRow:
    """A layer: whether it is available, why not, what it stops, what to do, and the strictest mode that needs it."""

    layer: str
    available: bool
    why_not: str
    stops: str
    remedy: str
    demanded_by: str


def examine(seconds: float = 30.0) -> list[LayerRow]:
    """A row for each layer, in the order in which they are put on; probes in a process of its own.

    Raises:
        MachineError: that process does not start.
    """
    zygote = Zygote.spawn()
    try:
        missing = zygote.probe(after(seconds))
    finally:
        zygote.end()
    return [
        LayerRow(layer.name, not missing[layer.name], missing[layer.name], layer.stops, layer.remedy, _mode(layer.name))
        for layer in LAYERS
    ]


PRODUCT = """
def product(student, world):
    import torch
    a = torch.arange(64 * 64, dtype=torch.float32).reshape(64, 64) % 7
    found = (a.cuda() @ a.cuda().T).cpu()
    return {"name": torch.cuda.get_device_name(0), "right": bool((found == a @ a.T).all())}
"""


@dataclass(frozen=True)
class DeviceRow:
    """Whether a worker can use a GPU here, behind all its walls.

    Attributes:
        name: of the device; "" where none works.
        why_not: "" where one works.
        relaxed: layer → what is loosened for it.
        seconds: of the first product, the start of the driver included.
    """

    name: str
    why_not: str
    relaxed: dict[str, str]
    seconds: float


def examine_device(mode: Mode = "standard", seconds: float = 120.0) -> DeviceRow:
    """Multiply two matrices on the device in a worker with every layer in force: that a driver answers outside of it
    proves nothing.

    Raises:
        MachineError: there is no such sandbox here, device or not.
    """
    if not nodes():
        return DeviceRow("", "there is no /dev/nvidia0", {}, 0.0)
    if not visible():
        return DeviceRow("", "CUDA_VISIBLE_DEVICES is empty: this process is shown no device", {}, 0.0)
    limits = Limits(seconds=seconds, memory_mb=8192)
    job = Job("product", True, "product", PRODUCT, (ProbeCall("product", 1),), limits)
    with (
        Sandbox.start(mode, seconds=seconds, device=True) as sandbox,
        sandbox.session(Submission.of_text("product", "product", "")) as session,
    ):
        (answer,) = session.run(job)
        relaxed = sandbox.relaxed
    if answer.status != "returned":
        return DeviceRow("", f"{answer.status}: {answer.message}", relaxed, answer.seconds)
    if not answer.value["right"]:
        raise MachineError("the device multiplies wrongly", where="doctor", found=str(answer.value["name"]))
    return DeviceRow(str(answer.value["name"]), "", relaxed, answer.seconds)


def _mode(layer: str) -> str:
    """The least strict mode that demands the layer."""
    return next(mode for mode in ("standard", "strict") if layer in FLOORS[mode])

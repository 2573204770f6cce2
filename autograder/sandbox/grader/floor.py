"""The floor: which layers a mode demands, and the refusal when this machine lacks one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autograder.errors import MachineError, UsageError
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.wire.messages import Mode

STANDARD = ("scratch", "descriptors", "environment", "rlimits", "privileges", "landlock", "seccomp")
FLOORS: dict[str, tuple[str, ...]] = {
    "strict": (*STANDARD, "identity", "namespaces"),
    "standard": STANDARD,
    "off": (),
}


def layers_in_force(mode: Mode, missing: Mapping[str, str], without: Collection[str] = ()) -> tuple[str, ...]:
    """The layers to put on, in order: all that there are, `off` none.

    Args:
        mode: `strict`, `standard` or `off`.
        missing: layer → why this machine does not have it, empty where it has.
        without: layers switched off, for tests that show what each of them stops.

    Raises:
        UsageError: no such mode or layer.
        MachineError: a layer of the floor is missing; names it, says why and what to do.
    """
    if mode not in FLOORS:
        raise UsageError("there is no such sandbox mode", found=str(mode), expected=", ".join(FLOORS))
    unknown = set(without) - {layer.name for layer in LAYERS}
    if unknown:
        raise UsageError("there is no such sandbox layer", found=sorted(unknown)[0])
    if mode == "off":
        return ()
    for layer in LAYERS:
        if layer.name in FLOORS[mode] and missing.get(layer.name) and layer.name not in without:
            raise MachineError(
                f"the sandbox layer `{layer.name}` is missing, and --sandbox {mode} demands it",
                where="sandbox",
                found=missing[layer.name],
                expected=f"a layer that stops {layer.stops}",
                fix=layer.remedy + ("; or use --sandbox standard" if layer.name not in STANDARD else ""),
            )
    return tuple(layer.name for layer in LAYERS if not missing.get(layer.name) and layer.name not in without)

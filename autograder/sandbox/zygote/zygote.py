"""The zygote: one process with the libraries loaded, from which every session is forked in milliseconds.

It is exec'd with a clean environment, never sees a test, a seed, a token or a submission, and has one thread. Its first
act is to find out which layers this machine offers; what it loads and shuts off is then decided by the grader.
"""

from __future__ import annotations

import gc
import itertools
import os
import signal
import socket
import sys
from typing import Any

from autograder.sandbox.layers import LAYERS
from autograder.sandbox.layers.namespaces import enclose, new_pid_namespace
from autograder.sandbox.layers.privileges import adopt_orphans
from autograder.sandbox.layers.rlimits import used_memory
from autograder.sandbox.layers.scratch import remove_all
from autograder.sandbox.wire.frames import SMALL, Channel, Closed
from autograder.sandbox.zygote.hugepages import collapse

MANY = 4
BOOT = """
import importlib.util, sys
root, fd = sys.argv[1], int(sys.argv[2])
spec = importlib.util.spec_from_file_location("autograder", root + "/__init__.py", submodule_search_locations=[root])
package = importlib.util.module_from_spec(spec)
sys.modules["autograder"] = package
spec.loader.exec_module(package)
from autograder.sandbox.zygote.zygote import main
main(fd, sys.argv[3])
"""


def main(fd: int, folder: str) -> None:
    """Probe, wait for the grader's decision, load the libraries, fork sessions until the grader hangs up.

    Args:
        fd: the channel to the grader.
        folder: where the scratches lie. It is removed at the end: a grader that was killed cannot do it.
    """
    sys.dont_write_bytecode = True
    channel = Channel(socket.socket(fileno=fd))
    try:
        channel.send({"layers": probe_layers()})
        plan = channel.receive(SMALL)
        if "namespaces" in plan["layers"]:
            enclose()
        load_libraries(plan["torch"])
        channel.send({"ready": True})
        _fork_sessions(channel, plan | {"used": used_memory()})
    except Closed:
        pass
    finally:
        remove_all(folder)


def probe_layers() -> dict[str, str]:
    """Layer → why it is not available here; empty when it is."""
    return {layer.name: layer.probe() for layer in LAYERS}


def load_libraries(torch: bool) -> None:
    """Import what submissions use, and touch what is slow at first use; PyTorch only where it is asked for."""
    prefixes = tuple({sys.prefix, sys.base_prefix})
    sys.path[:] = [p for p in sys.path if p.startswith(prefixes)]  # no working tree, whatever .pth files say
    import numpy as np
    import sympy

    from autograder.sandbox.worker.worker import rehearse

    if torch:
        _load_torch()
    np.linalg.norm(np.zeros((2, 2)))
    sympy.diff(sympy.Symbol("x") ** 2)
    rehearse()
    gc.collect()
    gc.freeze()


def _load_torch() -> None:
    import torch
    import torch._dynamo  # torch.optim and dispatch modes import it at first use: seconds, and a cache folder in /tmp

    torch.set_num_threads(1)
    torch.nn.functional.softmax(torch.zeros(2, 2) @ torch.zeros(2, 2), dim=-1)


def _fork_sessions(channel: Channel, plan: dict[str, Any]) -> None:
    from autograder.sandbox.zygote.keeper import keep_session

    adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended sessions leave no zombie
    for served in itertools.count():
        if served == MANY:
            collapse()
        request, (fd,) = channel.receive_with_fds(SMALL)
        if "namespaces" in plan["layers"]:
            new_pid_namespace()
        child = os.fork()
        if child == 0:
            channel.close()
            keep_session(Channel(socket.socket(fileno=fd)), plan | request)
        os.close(fd)
        channel.send({"pid": child})

"""The device profile: each thing that is loosened, beside what stays shut, and nothing loosened without a device."""

from __future__ import annotations

import ctypes
import os
import resource
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.doctor import examine_device
from autograder.sandbox.grader.spawning import readable_paths
from autograder.sandbox.layers import LAYERS, devices
from autograder.sandbox.layers.base import Confinement, Layer
from autograder.sandbox.layers.environment import Environment
from autograder.sandbox.layers.landlock import Landlock
from autograder.sandbox.layers.namespaces import Namespaces, new_pid_namespace
from autograder.sandbox.layers.privileges import PR_SET_NO_NEW_PRIVS, prctl
from autograder.sandbox.layers.rlimits import Rlimits
from autograder.sandbox.layers.seccomp import Seccomp
from autograder.sandbox.wire.messages import Job, ProbeCall, Submission
from tests.sandbox.layers.walls import needs, outcome

libc = ctypes.CDLL(None, use_errno=True)
Act = Callable[[], object]


class WithoutNewPrivileges:
    """A layer as a process without capabilities may put it on."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.name, self.stage, self.stops, self.remedy = layer.name, layer.stage, layer.stops, layer.remedy

    def probe(self) -> str:
        return self.layer.probe()

    def apply(self, confinement: Confinement) -> None:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        self.layer.apply(confinement)


def tried_in(layer: Layer, act: Act, scratch: str = "/", visible: str = "0") -> str:
    """Why an act failed behind one layer of the device profile; empty when it did not."""
    needs(layer)
    return outcome(act, WithoutNewPrivileges(layer), Confinement(scratch, memory_mb=64, devices=visible))


def a_name_of_its_own() -> None:
    """What the driver does at its start: a socket of this machine with a name that lies in no folder."""
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(f"\0autograder-{os.getpid()}")
        own.listen()


def connect() -> None:
    with socket.socket(socket.AF_UNIX) as own:
        own.connect("\0nobody-listens-here")


@pytest.mark.parametrize(
    "act",
    [lambda: socket.socket().close(), lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(), connect,
     lambda: os.memfd_create("x"), os.fork, lambda: os.kill(os.getppid(), 0), lambda: os.chmod("/tmp", 0o1777)],
)  # fmt: skip
def test_the_filter_lets_a_socket_be_named_and_nothing_else(act: Act) -> None:
    assert tried_in(Seccomp(), a_name_of_its_own) == ""
    assert "not permitted" in tried_in(Seccomp(), a_name_of_its_own, visible="")
    assert "not permitted" in tried_in(Seccomp(), act)


def test_a_worker_may_look_at_itself_and_name_its_threads_and_no_other(tmp_path: Path) -> None:
    def name() -> None:
        Path(f"/proc/self/task/{libc.gettid()}/comm").write_text("driver")

    def others() -> str:
        return Path(f"/proc/{os.getppid()}/maps").read_text()

    scratch = str(tmp_path)
    assert tried_in(Landlock(), name, scratch) == tried_in(Landlock(), Path("/proc/self/maps").read_text, scratch) == ""
    assert "denied" in tried_in(Landlock(), name, scratch, visible="")
    for act in (others, Path("/etc/passwd").read_text, lambda: os.listdir("/proc"), lambda: os.listdir("/dev")):
        assert "denied" in tried_in(Landlock(), act, scratch)
    assert "denied" in tried_in(Landlock(), lambda: Path("/proc/self/oom_score_adj").write_text("1000"), scratch)


def test_address_space_has_no_bound_and_the_rest_has(tmp_path: Path) -> None:
    def soft(limit: int) -> Act:
        def at_most() -> None:
            if resource.getrlimit(limit)[0] == resource.RLIM_INFINITY:
                raise OSError("no bound")

        return at_most

    def reserve() -> None:
        assert libc.mmap(None, ctypes.c_size_t(1 << 42), 0, 0x4022, -1, 0)

    libc.mmap.restype = ctypes.c_void_p
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        assert tried_in(Rlimits(), soft(limit)) == "no bound"
        assert tried_in(Rlimits(), soft(limit), visible="") == ""
    for limit in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE):
        assert tried_in(Rlimits(), soft(limit)) == ""
    assert tried_in(Rlimits(), reserve) == ""


def test_the_environment_names_the_devices_and_nothing_else_is_new() -> None:
    def told() -> None:
        raise OSError(os.environ.get("CUDA_VISIBLE_DEVICES", "unset") + "".join(n for n in os.environ if "TOKEN" in n))

    os.environ["A_TOKEN"] = "x"
    try:
        assert tried_in(Environment(), told, visible="2,3") == "2,3"
    finally:
        del os.environ["A_TOKEN"]


def test_a_session_sees_its_own_processes_alone() -> None:
    needs(Namespaces())

    def pids() -> str:
        return ",".join(sorted(name for name in os.listdir("/proc") if name.isdigit()))

    def session() -> None:
        new_pid_namespace()
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            try:
                Namespaces().apply(Confinement("/", devices="0"))
                os.write(writer, pids().encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert os.read(reader, 100) == b"1"

    if os.geteuid() != 0:
        pytest.skip("a plain user enters a user namespace first")
    assert outcome(session) == ""


def test_what_is_loosened_is_said_layer_by_layer() -> None:
    assert set(devices.RELAXED) <= {layer.name for layer in LAYERS}
    with Sandbox.start() as plain:
        assert plain.relaxed == {}
        loosened = plain.on_device()
        assert loosened is plain.on_device()
        assert set(loosened.relaxed) == set(devices.RELAXED) & set(loosened.layers)
        assert loosened.layers == plain.layers
        submission = Submission.of_text("one", "one", "import os\n\ndef seen():\n    return dict(os.environ)\n")
        probe = "def trial(student, world):\n    return student.seen()\n"
        for box, visible in ((plain, ""), (loosened, devices.visible())):
            with box.session(submission) as session:
                (answer,) = session.run(Job("trial", True, "one", probe, (ProbeCall("trial", 1),)))
            assert answer.value["CUDA_VISIBLE_DEVICES"] == visible
    assert loosened.zygotes()[0].process.returncode is not None  # ended with the other


def test_without_a_device_it_is_said_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.sandbox.grader.doctor.nodes", lambda: [])
    row = examine_device()
    assert (row.name, row.why_not, row.relaxed) == ("", "there is no /dev/nvidia0", {})


@pytest.mark.gpu
@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_a_worker_multiplies_on_the_device_behind_all_its_walls(mode: str) -> None:
    row = examine_device(mode)  # type: ignore[arg-type]
    assert row.why_not == ""
    assert row.name


def test_a_library_path_opens_no_other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver, home = tmp_path / "driver", tmp_path / "home"
    for folder in (driver, home):
        folder.mkdir()
    (driver / "libcuda.so.1").touch()
    (home / "solution.py").touch()
    monkeypatch.chdir(driver)
    monkeypatch.setenv("LD_LIBRARY_PATH", f".::{home}:{driver}:/no/such")
    assert devices.library_paths() == str(driver)
    assert str(home) not in readable_paths(devices.library_paths().split(os.pathsep))


def test_a_process_that_is_shown_no_device_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.sandbox.grader.doctor.nodes", lambda: ["/dev/nvidia0"])
    for said, shown in {"": "", "3": "3", "GPU-8f": "GPU-8f"}.items():
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", said)
        assert devices.visible() == shown
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert "shown no device" in examine_device().why_not
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert devices.visible() == "0"

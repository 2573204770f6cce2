"""No telemetry: a grading opens no socket but pairs between its own processes, and asks no name of any network."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_course import REFERENCE, write_course

ROOT = Path(__file__).parents[2]
WATCH = """
import os, sys

_LOG = os.open(os.environ["SOCKET_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_NAME = " ".join(" ".join(sys.orig_argv).split())

def _hook(event, arguments):
    if event.startswith("socket."):
        family = int(arguments[1]) if event == "socket.__new__" else ""
        os.write(_LOG, f"{event} {family} {_NAME}\\n".encode())

sys.addaudithook(_hook)
os.write(_LOG, f"watched - {_NAME}\\n".encode())
"""
AF_UNIX = "1"


def watched(folder: Path, *words: object) -> tuple[subprocess.CompletedProcess[str], list[list[str]]]:
    """A Python command under the watch, and what the watch saw: event, family, command line."""
    (folder / "watch").mkdir(exist_ok=True)
    (folder / "watch" / "sitecustomize.py").write_text(WATCH)
    log = folder / "sockets.log"
    path = os.pathsep.join([str(folder / "watch"), str(ROOT)])
    env = os.environ | {"PYTHONPATH": path, "SOCKET_LOG": str(log)}
    done = subprocess.run(
        [sys.executable, *map(str, words)], env=env, capture_output=True, text=True, timeout=300, check=False
    )
    return done, [line.split(" ", 2) for line in log.read_text().splitlines()]


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    text = "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\nsocket.getaddrinfo('localhost', 1)"
    done, seen = watched(tmp_path, "-c", text)
    assert done.returncode == 0, done.stderr
    assert {"socket.__new__", "socket.bind", "socket.getaddrinfo"} <= {event for event, _, _ in seen}
    assert {family for event, family, _ in seen if event == "socket.__new__"} - {AF_UNIX}


def test_a_grading_and_its_report_open_no_socket_but_their_own(tmp_path: Path) -> None:
    course, folder, out = write_course(tmp_path / "course"), tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "ada.py").write_text(REFERENCE)
    words = ["-m", "autograder", "grade", "small", folder, "-o", out, "--root", course, "-j", "1"]
    done, seen = watched(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    processes = {name for event, _, name in seen if event == "watched"}
    assert any("autograder grade" in name for name in processes)
    assert any("autograder.cohort.worker" in name for name in processes), "the worker was not watched"
    used = [(event, family) for event, family, _ in seen if event != "watched"]
    assert used, "not even a pair: the sandbox was not used"
    assert {event for event, _ in used} <= {"socket.__new__", "socket.sendmsg"}
    assert {family for event, family in used if event == "socket.__new__"} == {AF_UNIX}


NETWORK = {"urllib.request", "http.client", "http.server", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "ssl",
           "xmlrpc", "socketserver", "asyncio", "telnetlib", "webbrowser"}  # fmt: skip
SOCKETS = {"socket", "_socket"}
PAIRS = {"sandbox/grader", "sandbox/wire", "sandbox/zygote", "sandbox/worker", "sandbox/layers"}
OWN = {  # a pair between head and judge; a loop that makes not even a pair, in a worker that may make no socket;
    # an author's own browser, asked to open a file of this machine
    "cli/previewing.py": ["webbrowser"],
    "grading/judge_process.py": ["socket"],
    "grading/separate.py": ["socket"],
    "sandbox/worker/awaiting.py": ["asyncio", "asyncio"],
}
FAR = {"create_connection", "create_server", "getaddrinfo", "AF_INET", "AF_INET6"}


def reaches_out(path: Path, place: str) -> list[str]:
    """What in a file could speak to a network."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = {a.name for a in node.names} if isinstance(node, ast.Import) else set()
        names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
        found += sorted(names & NETWORK) + sorted(names & SOCKETS if place not in PAIRS else ())
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "socket":
            found += [node.attr] if node.attr in FAR else []
    return found


def test_no_file_of_the_package_can_speak_to_a_network() -> None:
    """The processes of the sandbox start without the watch's environment; their source is looked at instead."""
    package = ROOT / "autograder"
    files = {path: str(path.parent.relative_to(package)) for path in package.rglob("*.py")}
    assert {str(p.relative_to(package)): r for p, place in files.items() if (r := reaches_out(p, place))} == OWN


@pytest.mark.parametrize(
    "text", ["import http.client", "from urllib.request import urlopen", "import socket", "socket.create_connection(1)"]
)
def test_a_file_that_could_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_text(text)
    assert len(reaches_out(tmp_path / "a.py", "report")) == 1

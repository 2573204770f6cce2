"""Two dozen submissions to the small course, ten of them hostile, with the points that each must get everywhere.

Points are those of (neuron, line), of 6 and 4; half of a question's points are in its hidden case.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.otter_bridge.submissions import ALL, LOOP, PACKAGE, notebook, reference_with, zipped
from tests.release.course import REFERENCE

Points = tuple[float, float]


@dataclass(frozen=True)
class Entry:
    """A file as it is handed in, and its points in every engine."""

    name: str
    file: str
    data: bytes
    points: Points
    hostile: bool = False


def attack(text: str) -> bytes:
    """An attack, with wrong functions below it."""
    return (text.strip() + "\n\n\ndef neuron(w, x):\n    return 0.0\n\n\ndef line(a, b):\n    return a\n").encode()


PATCHES = """
import numpy as np
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.abs = lambda *a, **k: 0.0
np.ndarray.__eq__ if False else None
try:
    import autograder.checks.compare as compare
    import autograder.checks.plain as plain
    import autograder.grading.judging as judging
    plain.compare_close = compare.compare_close = lambda *a, **k: compare.Difference()
    judging.InProcess.verdicts = lambda *a, **k: ()
except Exception:
    pass
"""
DAEMON = """
import os, json, time
try:
    if os.fork() == 0:
        os.setsid()
        for _ in range(100):
            for name in ("results.json", "results.pkl"):
                try:
                    open("/autograder/results/" + name, "w").write(json.dumps({"score": 555, "tests": []}))
                except OSError:
                    pass
            time.sleep(0.1)
        os._exit(0)
except OSError:
    pass
"""
SPY = """
import glob, os
found = []
for pattern in ("/autograder/**/*", "/tmp/**/*", "/proc/*/environ", "/proc/*/cmdline"):
    for path in glob.glob(pattern, recursive=True):
        try:
            found.append(open(path, "rb").read()[:4000])
        except OSError:
            pass
print(found)
"""
SPY_TELLS = (
    SPY
    + """
class Told(Exception):
    pass

def tell(*a):
    raise Told(repr(found) + repr(a) + repr(os.environ))

import builtins
"""
)
PICKLE = """
import os
class Bomb:
    def __reduce__(self):
        return os.system, ("echo '{\\"score\\": 555}' > /autograder/results/results.json",)
"""
KILLS = """
import os, signal
for pid in (os.getppid(), 1, -1):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
        try:
            os.kill(pid, number)
        except OSError:
            pass
"""
FRAMES = """
import gc, inspect, sys
def stolen():
    for frame in inspect.stack():
        for value in {**frame.frame.f_globals, **frame.frame.f_locals}.values():
            expected = getattr(value, "expected", None)
            if expected is not None:
                return expected
    for thing in gc.get_objects():
        if type(thing).__name__ == "Bundle":
            return thing.expected
    return None
print(stolen())
"""
NETWORK = """
import socket, urllib.request
for address in (("169.254.169.254", 80), ("127.0.0.1", 22), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, timeout=0.5).sendall(b"hello")
    except OSError:
        pass
"""
FLOOD = """
import os
try:
    with open("fill", "wb") as file:
        while True:
            file.write(b"x" * 2**20)
except OSError:
    pass
for _ in range(2000):
    print("x" * 10000)
"""
SHADOWS = {
    "tiny.py": REFERENCE.encode().replace(b"product_of_both = np.dot(w, x)", b"product_of_both = 0.0"),
    "ipykernel_launcher.py": b"open('/autograder/results/results.json', 'w').write('{\"score\": 555}')",
    "sitecustomize.py": b"raise SystemExit(0)",
    "nbformat/__init__.py": b"raise SystemExit(0)",
}
EXIT = b"import os\nos._exit(0)\n"

_HONEST = [
    Entry(name, file, data, points) for name, (file, data, points) in ALL.items() if name not in ("forgery", "zip")
] + [
    Entry("stub", "stub.py", b"def neuron(w, x):\n    raise NotImplementedError('write neuron')\n", (0, 0)),
    Entry("empty", "empty.py", b"", (0, 0)),
    Entry("windows", "windows.py", b"\xef\xbb\xbf" + reference_with().replace(b"\n", b"\r\n"), (6, 4)),
    Entry("nan", "nan.py", reference_with("return float('nan')\n"), (0, 4)),
    Entry("quits", "quits.py", reference_with("", "raise SystemExit(0)\n"), (6, 0)),
    Entry("partial_notebook", "partial_notebook.ipynb", notebook(reference_with("return 0.0\n")), (0, 4)),
    Entry("loop_notebook", "loop_notebook.ipynb", notebook(reference_with(LOOP)), (0, 4)),
    Entry("package", "package.zip", zipped(PACKAGE), (6, 4)),
    Entry("zipped_notebook", "zipped_notebook.zip", zipped({"tiny.ipynb": notebook(reference_with())}), (6, 4)),
]
_HOSTILE = [
    Entry("forges_results", *ALL["forgery"], hostile=True),
    Entry("patches_checks", "patches_checks.py", attack(PATCHES), (0, 0), True),
    Entry("daemon", "daemon.py", attack(DAEMON), (0, 0), True),
    Entry("spy", "spy.py", attack(SPY), (0, 0), True),
    Entry("spy_tells", "spy_tells.py", SPY_TELLS.encode() + b"\nneuron = line = tell\n", (0, 0), True),
    Entry("pickle_bomb", "pickle_bomb.py", PICKLE.encode() + b"\nneuron = line = lambda *a: Bomb()\n", (0, 0), True),
    Entry("kills", "kills.py", attack(KILLS), (0, 0), True),
    Entry("frames", "frames.py", attack(FRAMES), (0, 0), True),
    Entry("network", "network.py", attack(NETWORK), (0, 0), True),
    Entry("flood", "flood.py", attack(FLOOD), (0, 0), True),
    Entry("exits_at_once", "exits_at_once.py", EXIT, (0, 0), True),
    Entry("shadows", "shadows.ipynb", notebook(reference_with("import os\n    os._exit(0)\n")), (0, 4), True),
    Entry("shadow_zip", "shadow_zip.zip", zipped({**PACKAGE, "lib/sitecustomize.py": EXIT}), (6, 4), True),
]
ENTRIES = (*_HONEST, *_HOSTILE)
SEVERAL = Entry("several", "several.zip", zipped(SHADOWS), (0, 0), True)

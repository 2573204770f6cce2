"""The layers of the package: every file has one, imports go down, nothing goes in a circle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "autograder"
LAYERS = (  # top to bottom; a file imports from its own folder or from lower ones
    "cli",
    "cohort",
    "verify",
    "release",
    "home",
    "otter_bridge",
    "report",
    "gradebook",
    "grading",
    "intake",
    "sandbox",
    "checks",
    "authoring",
    "values",
    "spec",
    "errors",
)
ROOMS = ("grader", "zygote", "worker", "layers", "wire")  # of the sandbox, by process; imports go down here too
BESIDE_STUDENTS = {"autograder.grading", "autograder.checks", "autograder.verify"}  # nothing of these in a worker
ROOT_FILES = {"__init__", "__main__"}
FILE_LINES = 330
FUNCTION_LINES = 60


def files(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def layer_of(package: Path, path: Path) -> str:
    return path.relative_to(package).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """Dotted names of all modules of the package that a file imports, at the top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            found.add(node.module or "")
    return {n for n in found if n.split(".")[0] == "autograder"}


def faults(package: Path) -> list[str]:
    """What breaks the rules, one line each."""
    found = []
    for path in files(package):
        layer = layer_of(package, path)
        if layer in ROOT_FILES:
            continue
        if layer not in LAYERS:
            found.append(f"{path.name}: `{layer}` is no layer")
            continue
        for name in imports(path):
            target = name.split(".")[1] if "." in name else "__init__"
            if target not in ROOT_FILES and LAYERS.index(target) < LAYERS.index(layer):
                found.append(f"{path.relative_to(package)}: imports upwards from {name}")
    found += [fault for path in files(package) for fault in room_faults(package, path)]
    return found + [f"cycle: {' -> '.join(c)}" for c in cycles(package)]


def room_faults(package: Path, path: Path) -> list[str]:
    """What a file of the sandbox imports from a room above its own, and what a worker may not have beside it."""
    layer, room, *_ = (*path.relative_to(package).with_suffix("").parts, "")
    if layer != "sandbox" or room == "__init__":
        return []
    here = path.relative_to(package)
    if room not in ROOMS:
        return [f"{here}: `{room}` is no room"]
    found = []
    for name in imports(path):
        target = name.split(".")[2] if name.startswith("autograder.sandbox.") else ""
        if target and ROOMS.index(target) < ROOMS.index(room):
            found.append(f"{here}: imports upwards from {name}")
        if room == "worker" and any(name.startswith(layer) for layer in BESIDE_STUDENTS):
            found.append(f"{here}: {name} has no business beside student code")
    return found


def cycles(package: Path) -> list[list[str]]:
    """Import cycles between modules."""
    graph: dict[str, set[str]] = {}
    for path in files(package):
        parts = ("autograder", *path.relative_to(package).with_suffix("").parts)
        graph[".".join(parts).removesuffix(".__init__")] = imports(path)
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(name: str, trail: list[str]) -> None:
        if name in trail:
            found.append([*trail[trail.index(name) :], name])
        elif name in graph and name not in done:
            for target in sorted(graph[name]):
                visit(target, [*trail, name])
            done.add(name)

    for name in sorted(graph):
        visit(name, [])
    return found


def test_imports_go_down_and_never_in_a_circle() -> None:
    assert faults(PACKAGE) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("errors.py", "from autograder.cli import main", "errors.py: imports upwards from autograder.cli"),
        ("helpers/x.py", "", "x.py: `helpers` is no layer"),
        (
            "spec/a.py",
            "def f():\n    import autograder.checks.b",
            "spec/a.py: imports upwards from autograder.checks.b",
        ),
        (
            "sandbox/wire/a.py",
            "from autograder.sandbox.worker import uses",
            "sandbox/wire/a.py: imports upwards from autograder.sandbox.worker",
        ),
        (
            "sandbox/worker/a.py",
            "from autograder.checks import close",
            "sandbox/worker/a.py: autograder.checks has no business beside student code",
        ),
        ("sandbox/a.py", "", "sandbox/a.py: `a` is no room"),
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, name: str, text: str, fault: str) -> None:
    target = tmp_path / name
    target.parent.mkdir(exist_ok=True, parents=True)
    target.write_text(text)
    assert fault in faults(tmp_path)


def test_a_cycle_is_found(tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "a.py").write_text("import autograder.spec.b")
    (tmp_path / "spec" / "b.py").write_text("import autograder.spec.a")
    assert any("cycle" in f for f in faults(tmp_path))


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in files(PACKAGE):
        text = path.read_text()
        if text.count("\n") > FILE_LINES:
            long.append(f"{path.relative_to(PACKAGE)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    long.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name} has {length} lines")
    assert long == []


def test_every_module_says_what_it_is() -> None:
    assert [p.name for p in files(PACKAGE) if not ast.get_docstring(ast.parse(p.read_text()))] == []

"""The modules of this package that a release carries, found by following their imports, and the licence beside them.

Imports of the standard library and of other packages are left alone, and so are those under `if TYPE_CHECKING:`. A
module that is only ever named in a string is not found: name it as a root.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import autograder

PACKAGE = "autograder"
LICENSE = "LICENSE"
_ROOT = Path(autograder.__file__).parent


def closure(roots: Iterable[str]) -> tuple[str, ...]:
    """Dotted names of the root modules, of all they import (at any depth of the code), and of their packages; sorted.

    Raises:
        ModuleNotFoundError: a root, or an import of this package, that does not exist.
    """
    found: set[str] = set()
    queue = list(roots)
    while queue:
        name = queue.pop()
        if name in found:
            continue
        found.add(name)
        if "." in name:
            queue.append(name.rpartition(".")[0])
        queue.extend(_imports(ast.parse(source_of(name))))
    return tuple(sorted(found))


def source_of(module: str) -> str:
    """The text of a module of this package.

    Raises:
        ModuleNotFoundError: there is none.
    """
    path = _path_of(module)
    if path is None:
        raise ModuleNotFoundError(f"there is no module {module}")
    return path.read_text(encoding="utf-8")


def every_module() -> tuple[str, ...]:
    """Dotted names of all modules of this package, sorted."""
    paths = (path.relative_to(_ROOT.parent).with_suffix("") for path in _ROOT.rglob("*.py"))
    return tuple(sorted(".".join(path.parts).removesuffix(".__init__") for path in paths))


def vendored(roots: Iterable[str], package: str = PACKAGE) -> dict[str, bytes]:
    """Relative path -> source of the closure of `roots`, under the package name `package`, and the licence."""
    files: dict[str, bytes] = {f"{package}/{LICENSE}": (_ROOT / LICENSE).read_bytes()}
    for name in closure(roots):
        target = package + name.removeprefix(PACKAGE)
        is_package = (path := _path_of(name)) is not None and path.name == "__init__.py"
        relative = target.replace(".", "/") + ("/__init__.py" if is_package else ".py")
        files[relative] = renamed(source_of(name), package).encode()
    return files


def renamed(text: str, package: str) -> str:
    """`text` with `autograder.x` and `import autograder` under another package name."""
    if package == PACKAGE:
        return text
    text = re.sub(rf"\b(from|import) {PACKAGE}\b", rf"\1 {package}", text)
    return re.sub(rf"\b{PACKAGE}(?=\.[a-z_]+)", package, text)


def _path_of(module: str) -> Path | None:
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return None
    base = _ROOT.joinpath(*parts[1:])
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _imports(tree: ast.AST) -> Iterator[str]:
    """Modules of this package that the code imports, submodules named by `from package import module` among them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from (name for other in node.orelse for name in _imports(other))
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if _path_of(a.name))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
            yield node.module
            yield from (f"{node.module}.{a.name}" for a in node.names if _path_of(f"{node.module}.{a.name}"))
        else:
            yield from _imports(node)

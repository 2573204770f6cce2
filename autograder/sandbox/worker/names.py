"""Names in Python text resolved to dotted paths: imports, aliases, getattr with constants."""

from __future__ import annotations

import ast
from collections.abc import Sequence

ROUNDS = 8


class Names:
    """What the names of a text stand for, as far as its text says so.

    >>> text = "import torch.nn.functional as F\\nf = getattr(F, 'soft' + 'max')"
    >>> names = Names(list(ast.walk(ast.parse(text))))
    >>> names.resolve(ast.parse("f", mode="eval").body)
    'torch.nn.functional.softmax'
    """

    def __init__(self, nodes: Sequence[ast.AST]) -> None:
        self._aliases: dict[str, str] = {}
        self.starred: set[str] = set()
        for node in nodes:
            self._imports(node)
        assignments = [pair for node in nodes for pair in _assigned(node)]
        for _ in range(ROUNDS):  # an alias of an alias of …
            before = len(self._aliases)
            for name, value in assignments:
                dotted = self.resolve(value)
                if dotted is not None and dotted != name:
                    self._aliases.setdefault(name, dotted)
            if len(self._aliases) == before:
                break

    def _imports(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                target = alias.name if alias.asname else alias.name.split(".")[0]
                self._aliases[alias.asname or target] = target
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if alias.name == "*":
                    self.starred.add(node.module)
                else:
                    self._aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def resolve(self, node: ast.expr) -> str | None:
        """The dotted path that `node` stands for; None when the text does not say."""
        if isinstance(node, ast.Name):
            return self._aliases.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            return None if base is None else f"{base}.{node.attr}"
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.NamedExpr):
            return self.resolve(node.value)
        return None

    def _call(self, node: ast.Call) -> str | None:
        """`getattr(x, "name")`, `import_module("x")`, `__import__("x")`."""
        function = node.func.id if isinstance(node.func, ast.Name) else None
        if (function == "getattr" or self.resolve(node.func) == "builtins.getattr") and len(node.args) >= 2:
            base, name = self.resolve(node.args[0]), constant(node.args[1])
            return f"{base}.{name}" if base is not None and name is not None else None
        if node.args and (function == "__import__" or self.resolve(node.func) == "importlib.import_module"):
            return constant(node.args[0])
        return None

    def _subscript(self, node: ast.Subscript) -> str | None:
        """`vars(x)["name"]`, `x.__dict__["name"]`, `sys.modules["x"]`."""
        name = constant(node.slice)
        if name is None:
            return None
        if self.resolve(node.value) == "sys.modules":
            return name
        base: str | None = None
        if isinstance(node.value, ast.Attribute) and node.value.attr == "__dict__":
            base = self.resolve(node.value.value)
        elif isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.args:
            base = self.resolve(node.value.args[0]) if node.value.func.id == "vars" else None
        return None if base is None else f"{base}.{name}"


def constant(node: ast.expr) -> str | None:
    """A text that is written down, in one piece or added up."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = constant(node.left), constant(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        parts = [constant(v.value if isinstance(v, ast.FormattedValue) else v) for v in node.values]
        return None if None in parts else "".join(p for p in parts if p is not None)
    return None


def _assigned(node: ast.AST) -> list[tuple[str, ast.expr]]:
    """Pairs (name, value) of an assignment, tuples taken apart; default values of parameters too."""
    pairs: list[tuple[str, ast.expr]] = []
    if isinstance(node, ast.Assign):
        for target in node.targets:
            pairs += _matched(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name) and node.value:
        pairs.append((node.target.id, node.value))
    elif isinstance(node, ast.arguments):
        given = [*node.posonlyargs, *node.args]
        pairs += [(a.arg, d) for a, d in zip(given[len(given) - len(node.defaults) :], node.defaults, strict=True)]
        pairs += [(a.arg, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True) if d is not None]
    return pairs


def _matched(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    sequences = (ast.Tuple, ast.List)
    if not isinstance(target, sequences) or not isinstance(value, sequences) or len(target.elts) != len(value.elts):
        return []
    return [pair for t, v in zip(target.elts, value.elts, strict=True) for pair in _matched(t, v)]

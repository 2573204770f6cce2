"""More mutants: mistakes that are worth recognising, beside those that every case must see (operators.py).

A mutant here that no case tells apart is no fault of the cases: it is only never recognised. Operators: dropped call,
order or part of what is returned, a constant doubled, halved, or 1/2 for 0, another function of a family, two
parameters exchanged everywhere, one that is ignored, a dropped argument, a factor twice, a neighbour formula, and every
mistake of operators.py and of this file made in all places of its kind in a question at once.
Not covered: two different mistakes at once.
"""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from autograder.values.parsing import tree_of
from autograder.verify.neighbours import neighbour
from autograder.verify.operators import (
    Change,
    Mutant,
    Operator,
    as_source,
    called,
    changes,
    is_module,
    secret_nodes,
)

MOST_PAIRS = 10
NEIGHBOUR = "neighbour formula"
_FAMILIES = (
    ("sin", "cos", "tan"), ("tanh", "sigmoid", "relu", "gelu", "softplus"), ("exp", "expm1", "exp2"),
    ("log", "log2", "log10", "log1p"), ("sqrt", "square", "abs"), ("sum", "mean", "max", "min", "prod"),
    ("amax", "amin", "mean", "sum"), ("std", "var"), ("floor", "ceil", "round"), ("argmax", "argmin", "argsort"),
    ("softmax", "log_softmax", "sigmoid"), ("maximum", "minimum", "add", "multiply"), ("triu", "tril"),
    ("zeros", "ones", "eye"), ("cumsum", "cumprod", "flip"), ("any", "all"), ("repeat", "tile"),
    ("concatenate", "stack"), ("cat", "stack"), ("outer", "dot", "matmul", "inner"),
)  # fmt: skip
_KEPT = frozenset({
    "range", "len", "zip", "enumerate", "isinstance", "super", "print", "Fraction", "dict", "set", "list", "tuple",
    "sorted", "symbols", "Symbol", "Lambda", "Derivative", "zeros", "ones", "empty", "arange", "array", "asarray",
    "tensor", "full", "eye", "Linear", "append", "extend", "add", "items", "values", "keys", "stack", "cat",
    "concatenate", "where", "str", "int", "float", "map", "iter", "next", "Module", "Parameter", "ModuleList",
})  # fmt: skip


def more_mutants(text: str, where: str, question: Mapping[str, str]) -> tuple[Mutant, ...]:
    """Mutants that operators.py does not make, in the order of their lines; no two have the same text.

    Args:
        question: function → the question that asks for it; places of one kind are changed together within a question.

    Raises:
        AuthorError: the text is no Python, or its markers are unbalanced.
    """
    made: dict[str, Mutant] = {}
    places: dict[tuple[str, str, str, str], list[tuple[str, ast.AST, str]]] = defaultdict(list)
    for function, statement, node in secret_nodes(text, where):
        for kind, change in itertools.chain(
            (("", c) for c in changes(node, statement)), (("more", c) for c in _more(node, function))
        ):
            operator, target, source = change
            key = question.get(function, ""), operator, ast.dump(target), source
            places[key].append((function, target, source))
            if kind:
                _keep(made, _mutant(text, [(function, target, source)], operator))
    for (_, operator, _, _), several in places.items():
        if len(several) > 1 and operator != "removed statement":
            _keep(made, _mutant(text, several, operator))
    for defined in tree_of(text).body:
        if isinstance(defined, ast.FunctionDef) and defined.name in question:
            for one in _parameters(text, where, defined):
                _keep(made, one)
    return tuple(sorted(made.values(), key=lambda m: m.line))


def _keep(made: dict[str, Mutant], mutant: Mutant | None) -> None:
    if mutant is not None and mutant.before != mutant.after:
        made.setdefault(mutant.text, mutant)


def _mutant(text: str, several: Sequence[tuple[str, ast.AST, str]], operator: str) -> Mutant | None:
    """The text with these nodes replaced; None where they overlap, or it would not compile."""
    lines = text.encode().splitlines(keepends=True)
    starts = list(itertools.accumulate((len(line) for line in lines), initial=0))
    spans = sorted((starts[n.lineno - 1] + n.col_offset, starts[n.end_lineno - 1] + n.end_col_offset, s)  # type: ignore[attr-defined]
                   for _, n, s in several)  # fmt: skip
    if any(a[1] > b[0] for a, b in itertools.pairwise(spans)):
        return None
    data = text.encode()
    for start, end, source in reversed(spans):
        data = data[:start] + source.encode() + data[end:]
    try:
        tree_of(data)
    except SyntaxError:
        return None
    first = min(n.lineno for _, n, _ in several)  # type: ignore[attr-defined]
    names = ", ".join(dict.fromkeys(function for function, _, _ in several if function))
    old, new = text.splitlines(), data.decode().splitlines()
    before = [a for a, b in itertools.zip_longest(old, new, fillvalue="") if a != b] if len(old) == len(new) else []
    after = [b for a, b in itertools.zip_longest(old, new, fillvalue="") if a != b] if len(old) == len(new) else ["…"]
    operator, _, detail = operator.partition(": ")
    return Mutant(names, first, operator, _one_line(before), _one_line(after), data.decode(), detail)


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())


def _more(node: ast.AST, function: str) -> Iterator[Change]:
    for operator in _OPERATORS:
        yield from operator(node)
    for detail, source in neighbour(node, function):
        yield f"{NEIGHBOUR}: {detail}", node, source


def _parameters(text: str, where: str, function: ast.FunctionDef) -> Iterator[Mutant | None]:
    """A parameter whose default is taken whatever is given, and two exchanged wherever the solution uses them."""
    names = [a.arg for a in function.args.args]
    used: dict[str, list[ast.Name]] = {name: [] for name in names}
    for owner, _, node in secret_nodes(text, where):
        if owner == function.name and isinstance(node, ast.Name) and node.id in used:
            used[node.id].append(node)
    constants = function.args.defaults
    for name, value in zip(names[len(names) - len(constants) :], constants, strict=True):
        if isinstance(value, ast.Constant) and used[name]:
            several = [(function.name, node, as_source(value)) for node in used[name]]
            yield _mutant(text, several, "ignored argument")
    pairs = [(a, b) for a, b in itertools.combinations(names, 2) if used[a] and used[b]]
    for a, b in pairs[:MOST_PAIRS]:
        several = [(function.name, node, b) for node in used[a]] + [(function.name, node, a) for node in used[b]]
        yield _mutant(text, several, f"names exchanged: {a} for {b}")


def _dropped_call(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    name, of = called(node)
    if not name or name in _KEPT or name[0].isupper():
        return
    if of is not None and not is_module(of):
        yield f"dropped call: {name}", node, as_source(of)
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield f"dropped call: {name}", node, as_source(node.args[0])


def _returned(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        parts = node.value.elts
        for i, j in itertools.combinations(range(len(parts)), 2):
            order = list(parts)
            order[i], order[j] = order[j], order[i]
            yield "order of what is returned", node.value, f"({', '.join(map(as_source, order))})"
        for part in parts:
            yield "part of what is returned", node.value, as_source(part)
    if isinstance(node, ast.Lambda) and isinstance(node.body, ast.Tuple) and len(node.body.elts) == 2:
        yield "order of what is returned", node.body, f"({', '.join(map(as_source, node.body.elts[::-1]))},)"


def _constants(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or getattr(node, "is_axis", False):
        return
    value = node.value
    if isinstance(value, (int, float)) and value:
        yield "constant: twice as large", node, repr(value * 2)
        yield (
            "constant: half as large",
            node,
            repr(value / 2) if isinstance(value, float) or value % 2 else repr(value // 2),
        )
    elif isinstance(value, (int, float)):
        yield "constant: 1/2 for 0", node, "0.5"


def _family(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    for family in _FAMILIES:
        if node.func.attr in family:
            for other in family:
                if other != node.func.attr:
                    func = ast.Attribute(node.func.value, other, ast.Load())
                    made = ast.Call(func, node.args, node.keywords)
                    yield f"wrong function: {other} for {node.func.attr}", node, as_source(made)


def _dropped_argument(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    if len(node.args) > 1 and not isinstance(node.args[-1], ast.Starred):
        yield "dropped argument", node, as_source(ast.Call(node.func, node.args[:-1], node.keywords))
    for i in range(len(node.keywords)):
        rest = node.keywords[:i] + node.keywords[i + 1 :]
        yield "dropped argument", node, as_source(ast.Call(node.func, node.args, rest))


def _factor_twice(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        twice = ast.BinOp(node, node.op, node.right)
        yield "factor twice", node, as_source(twice)


_OPERATORS: tuple[Operator, ...] = (
    _dropped_call, _returned, _constants, _family, _dropped_argument, _factor_twice,
)  # fmt: skip

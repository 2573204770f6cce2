"""Uses of what a question forbids, made up: each of its functions uses each entry, in spellings that take turns.

The grader's reader of texts has to find them in every case that calls the function; nothing is run. Where automatic
differentiation is forbidden, `backward` of a result is one of the uses: the short way to a gradient that is to be
derived. Central differences that a student writes out are no spelling of a name: see differences.py.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Sequence

from autograder.spec.groups import expanded
from autograder.spec.models import Question
from autograder.values.parsing import tree_of

BACKWARD = "torch.Tensor.backward"
WAYS = ("under another name", "looked up by a text", "as a default value")
AS_A_METHOD = "as a method"


def uses_of(question: Question, functions: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(function, forbidden name, way) of every use that is to be made up."""
    turn = 0
    for function in functions:
        for entry in question.forbidden:
            here = [n for n in expanded([entry]) if importlib.util.find_spec(n.partition(".")[0]) is not None]
            for name in here[:1]:
                yield function, name, WAYS[turn % len(WAYS)]
                turn += 1
        if BACKWARD in question.forbidden_names:
            yield function, BACKWARD, AS_A_METHOD


def using(reference: str, function: str, name: str, way: str) -> str:
    """The reference with one function, or the `forward` of a class, that uses a dotted name on its way."""
    root, _, rest = name.partition(".")
    looked_up = f"_importlib.import_module({root!r})"
    for part in rest.split("."):
        looked_up = f"getattr({looked_up}, {part!r})"
    used = {WAYS[0]: f"_library.{rest}", WAYS[1]: looked_up, WAYS[2]: "_way", AS_A_METHOD: "result.backward()"}[way]
    given = f"*args, _way=_library.{rest}, **kwargs" if way == WAYS[2] else "*args, **kwargs"
    head = f"import importlib as _importlib\nimport {root} as _library"
    if isinstance(_defined(reference, function), ast.ClassDef):
        body = (
            f"class {function}({function}):\n    def forward(self, {given}):\n"
            f"        result = super().forward(*args, **kwargs)\n        {used}\n        return result\n"
        )
    else:
        body = (
            f"_own = {function}\n\n\ndef {function}({given}):\n"
            f"    result = _own(*args, **kwargs)\n    {used}\n    return result\n"
        )
    return f"{reference}\n\n# %%\n{head}\n\n\n{body}"


def can_be_made(reference: str, name: str) -> bool:
    """Whether the reference has such a function, or a class with a `forward`."""
    found = _defined(reference, name)
    if isinstance(found, ast.ClassDef):
        return any(isinstance(s, ast.FunctionDef) and s.name == "forward" for s in found.body)
    return found is not None


def _defined(reference: str, name: str) -> ast.stmt | None:
    body = tree_of(reference).body
    return next((s for s in body if isinstance(s, (ast.FunctionDef, ast.ClassDef)) and s.name == name), None)

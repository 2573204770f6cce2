"""What `pack.py` looks at: your code's size, your model's predictions, and how far they are from the truth.

All of it works on the validation stories, for which the true probability of every word is known, and none of it needs
more than your model. `excess` is the number to watch; `excess_by_kind` says which words cost most.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import story_data
import story_weights
import torch

PARAMETERS, LARGE_PARAMETERS = 120_000, 8_000_000
NODES, CONSTANTS, NAMES = 2_000, 400, 1_500
REFUSED = frozenset({"exec", "eval", "compile", "__import__", "open", "__builtins__"})
REFUSED_TEXTS = REFUSED - {"compile", "open"}
REFUSED_MODULES = frozenset({"builtins", "importlib"})
SUM_ERROR = 1e-3
TRIPWIRE = 5
MAIN = ("__name__ == '__main__'", "'__main__' == __name__")
FREE_NODES = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
FREE_STATEMENTS = (ast.Import, ast.ImportFrom, ast.Pass)


@dataclass(frozen=True)
class Size:
    """Of a file's code, without docstrings and annotations, and without the blocks `if __name__ == "__main__":`.

    Attributes:
        nodes: of the syntax tree; marks of operators and of contexts are free.
        constants, names: characters of all numbers and texts, and of all distinct names.
        refused: names that may not be used.
    """

    statements: int
    nodes: int
    constants: int
    names: int
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Excess:
    """Nats per token above the floor, with its standard error; `kinds`: kind of word → (share of the words, its mean)."""

    mean: float
    error: float
    kinds: dict[str, tuple[float, float]]

    def __str__(self) -> str:
        return f"{self.mean:.4f} ± {self.error:.4f}"


# The code


def code_of(path: Path) -> str:
    """The text of a .py file, or the code cells of an .ipynb without lines of magic."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    lines = "\n\n".join(cells).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines) + "\n"


def size_of(text: str) -> Size:
    """How large the code is.

    Raises:
        SyntaxError: it is no Python.
    """
    tree = _Bare().visit(ast.parse(text))
    nodes = [n for n in ast.walk(tree) if not isinstance(n, FREE_NODES)]
    return Size(
        statements=sum(isinstance(n, (ast.stmt, ast.Lambda)) and not isinstance(n, FREE_STATEMENTS) for n in nodes),
        nodes=len(nodes),
        constants=sum(_length(n.value) for n in nodes if isinstance(n, ast.Constant)),
        names=sum(map(len, {name for n in nodes for name in _names(n)})),
        refused=tuple(sorted({name for n in nodes for name in _refused(n)})),
    )


class _Bare(ast.NodeTransformer):
    """Takes out docstrings, annotations, and what only runs at home."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            found = getattr(node, field, None)
            if isinstance(found, list):
                kept = [s for s in found if not _is_free(s, isinstance(node, ast.Module))]
                setattr(node, field, kept or ([ast.Pass()] if found and field == "body" else []))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        return node


def _is_free(node: ast.stmt, outermost: bool) -> bool:
    if outermost and isinstance(node, ast.If) and not node.orelse:
        return ast.unparse(node.test) in MAIN
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _length(value: object) -> int:
    if value is None or isinstance(value, bool) or value is Ellipsis:
        return 0
    return len(value) if isinstance(value, (str, bytes)) else len(repr(value))


def _names(node: ast.AST) -> list[str]:
    fields = [getattr(node, field, None) for field in ("id", "attr", "arg", "name", "asname", "module", "rest")]
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        fields += node.names
    if isinstance(node, ast.MatchClass):
        fields += node.kwd_attrs
    return [name for name in fields if isinstance(name, str)]


def _refused(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id] if node.id in REFUSED else []
    if isinstance(node, ast.Constant):
        return [str(node.value)] if isinstance(node.value, str) and node.value in REFUSED_TEXTS else []
    if isinstance(node, ast.alias):
        first = node.name.split(".")[0]
        return [node.name] if first in REFUSED_MODULES or {node.name, node.asname} & REFUSED else []
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in REFUSED_MODULES:
        return [str(node.module)]
    return []


# The predictions


def faults_of_rows(rows: Any, shape: tuple[int, int]) -> str:
    """Why these are no log-probabilities of the next word; "" where they are."""
    if not isinstance(rows, torch.Tensor):
        return f"it returns a {type(rows).__name__}, not a tensor"
    if tuple(rows.shape) != shape:
        return f"the shape is {tuple(rows.shape)}, not {shape}: one row for each prefix, of the word that comes next"
    if rows.dtype != torch.float32:
        return f"the type is {rows.dtype}; float32 is needed: take log_softmax of `logits.float()`"
    if torch.isnan(rows).any():
        return f"{int(torch.isnan(rows).any(1).sum())} of {len(rows)} rows have NaN in them"
    sums = rows.double().exp().sum(1)
    worst = int((sums - 1).abs().argmax())
    if not float((sums[worst] - 1).abs()) <= SUM_ERROR:
        return f"exp of row {worst} sums to {float(sums[worst]):.6g}, not 1: use log_softmax over the words"
    if torch.isinf(rows).any():
        return (
            "some words have probability 0 (a top-k or a temperature near 0?). One word that comes all the same costs "
            "infinitely much: leave such tricks to `tell`"
        )
    return ""


def rows_for(student: Any, model: Any, prefixes: np.ndarray[Any, Any]) -> Any:
    """What `next_log_probs` returns, on the CPU."""
    with torch.no_grad():
        rows = student.next_log_probs(model, torch.from_numpy(np.ascontiguousarray(prefixes)))
    return rows.cpu() if isinstance(rows, torch.Tensor) else rows


def faults_of_prediction(student: Any, model: Any, deck: story_data.Deck) -> str:
    """What is wrong with `next_log_probs` at a few lengths; "" where nothing is."""
    whole = deck.told[(deck.told != story_data.PAD).sum(1) >= 12]
    random = np.random.default_rng(0).integers(2, deck.vocabulary, size=(3, story_data.LONGEST - 1))
    random[:, 0] = story_data.BOS
    for prefixes in (whole[:5, :1], whole[:7, :10], whole[:1, :6], random):
        begins = f"next_log_probs on {prefixes.shape[0]} prefixes of {prefixes.shape[1]} tokens: "
        rows = rows_for(student, model, prefixes)
        if fault := faults_of_rows(rows, (len(prefixes), deck.vocabulary)):
            return begins + fault
        if not torch.equal(rows, rows_for(student, model, prefixes)):
            return begins + (
                "twice the same call, two different answers. Is dropout on? `model.eval()` belongs into next_log_probs"
            )
        alone = rows_for(student, model, prefixes[:1])
        if float((alone.exp() - rows[:1].exp()).abs().max()) > SUM_ERROR:
            return begins + "the answer for a prefix changes with the other prefixes of the batch"
    return _fault_of_attention(student, model, whole)


def _fault_of_attention(student: Any, model: Any, whole: np.ndarray[Any, Any]) -> str:
    """Whether words far back and at the end of a prefix change its prediction at all."""
    one = whole[:1, :10]
    for place, what in ((9, "the last word of a prefix does not change the prediction"), (1, "")):
        others = np.repeat(one, 8, axis=0)
        others[:, place] = np.arange(2, 10)
        if what and float(rows_for(student, model, others).std(0).max()) == 0:
            return f"{what}: is the row of another position returned?"
    return ""


def sees_ahead(model: Any, deck: story_data.Deck) -> str:
    """Whether logits change, bit for bit, when only later tokens do: what is wrong, "" for nothing, or "unknown".

    `model(tokens)` must return logits (n, t, vocabulary), or a tuple that begins with them.
    """
    tokens = torch.from_numpy(np.maximum(deck.told[:4, :12], 0))
    before = logits_of(model, tokens)
    if before is None:
        return "unknown"
    for place in (11, 6, 1):
        other = tokens.clone()
        other[:, place] = 2 + (other[:, place] - 1) % (deck.vocabulary - 2)
        after = logits_of(model, other)
        if after is not None and not torch.equal(before[:, :place], after[:, :place]):
            return (
                f"when token {place} changes, the logits at earlier places change too: they see the future. In training "
                "the model reads the word that it should predict, and learns nothing else. Is the mask causal?"
            )
    return ""


def logits_of(model: Any, tokens: torch.Tensor) -> torch.Tensor | None:
    """`model(tokens)` on the CPU if that is (n, t, vocabulary), else None."""
    device = next(iter(story_weights.parameters_of(model).values())).device
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            found = model(tokens.to(device))
    except Exception:
        return None
    finally:
        model.train(was)
    found = found[0] if isinstance(found, tuple) and found else found
    fits = isinstance(found, torch.Tensor) and found.ndim == 3 and found.shape[:2] == tokens.shape
    return found.float().cpu() if fits else None


# How far from the truth


def excess(student: Any, model: Any, deck: story_data.Deck, stories: int = 2_000) -> Excess:
    """The excess on validation stories, by `next_log_probs` on every prefix, as the grader asks for it."""
    told, true = deck.told[:stories], deck.log_true[:stories]
    off = np.zeros(true.shape)
    for length in range(1, told.shape[1]):
        own = np.flatnonzero(told[:, length] != story_data.PAD)
        if len(own):
            rows = rows_for(student, model, told[own, :length]).double().numpy()
            off[own, length - 1] = true[own, length - 1] - rows[np.arange(len(own)), told[own, length]]
    return _summary(off, deck, stories)


def forced_excess(model: Any, deck: story_data.Deck, stories: int = 2_000) -> Excess | None:
    """The same from `model(tokens)` on whole stories, as a training loss is computed; None where it returns no logits."""
    told, true = deck.told[:stories], deck.log_true[:stories]
    off = np.zeros(true.shape)
    for first in range(0, len(told), 250):
        part = torch.from_numpy(told[first : first + 250])
        logits = logits_of(model, part[:, :-1].clamp_min(0))
        if logits is None:
            return None
        q = torch.log_softmax(logits, -1).gather(2, part[:, 1:, None].clamp_min(0))[..., 0].numpy()
        off[first : first + 250] = true[first : first + 250] - q
    return _summary(off * (told[:, 1:] != story_data.PAD), deck, stories)


def _summary(off: np.ndarray[Any, Any], deck: story_data.Deck, stories: int) -> Excess:
    kinds = deck.kinds[:stories]
    there = kinds >= 0
    mean = float(off.sum() / there.sum())
    each = off.sum(1) - mean * there.sum(1)
    error = float(each.std() * len(each) ** 0.5 / there.sum())
    by_kind = {
        name: (float((kinds == i).sum() / there.sum()), float(off[kinds == i].mean()))
        for i, name in enumerate(deck.kind_names)
        if (kinds == i).any()
    }
    return Excess(mean, error, by_kind)


def told_stories(student: Any, model: Any, deck: story_data.Deck, count: int = 100) -> np.ndarray[Any, Any]:
    """`count` stories by `tell`, from nothing; raises ValueError with what is wrong."""
    begin = torch.zeros((count, 1), dtype=torch.int64)
    rows = student.tell(model, begin, torch.Generator().manual_seed(0))
    if not isinstance(rows, torch.Tensor) or rows.dtype != torch.int64:
        raise ValueError("tell must return an int64 tensor (stories, tokens)")
    rows = rows.cpu().numpy()
    if rows.ndim != 2 or len(rows) != count or not 1 < rows.shape[1] <= story_data.LONGEST or rows[:, 0].any():
        raise ValueError(f"tell returned the shape {rows.shape}: {count} stories of at most {story_data.LONGEST} tokens, "
                         "each beginning as it was given, are expected")  # fmt: skip
    return rows

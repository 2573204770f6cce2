"""Names in Python text resolved: imports, aliases, arguments, attributes, containers, getattr with constants.

Nothing is run. What every variable, attribute and own function may stand for is collected until nothing new turns up,
in any order of statements; a variable that gets two values may stand for both. Rounds, sizes and depths are bounded:
`tangled` says that a bound was met, so that a person can be told.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

from autograder.sandbox.worker.calls import called, effects, has_effects
from autograder.sandbox.worker.collecting import Collected
from autograder.sandbox.worker.meaning import (
    ATTRIBUTE,
    BUILTINS,
    MOST,
    NOTHING,
    OWN,
    Meaning,
    below,
    instance_of,
    leads_out,
    own_name,
    path,
    texts,
    union,
)
from autograder.sandbox.worker.scopes import Key, Place, function_name
from autograder.sandbox.worker.texts import Unknown, written

ROUNDS, BUDGET, SHARE = 60, 200_000, 30
"""Rounds at most, and expressions looked at: so many, and so many for each node of the text."""
DEEPEST = 2000
KNOWN_BUILTINS = frozenset(dir(builtins))
SAME = ("__dict__", "__code__", "__call__", "__func__", "__wrapped__", "__self__")  # lead to what the thing leads to
NAMING = ("__name__", "__qualname__", "__module__", "__package__")
LIBRARIES = ("numpy", "torch", "scipy")
FOLDED = (ast.BinOp, ast.JoinedStr, ast.Subscript, ast.Call)
_SAYING = frozenset({
    *FOLDED, ast.Attribute, ast.Constant, ast.Lambda, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.IfExp, ast.BoolOp,
    ast.NamedExpr, ast.Starred, ast.Await, ast.DictComp, ast.FormattedValue, ast.keyword, ast.ListComp, ast.SetComp,
    ast.GeneratorExp,
})  # fmt: skip
"""Kinds of expressions that may stand for a name or a text; others are numbers, truth values or nothing."""


class Names:
    """What the names of a text stand for.

    >>> text = "import torch.nn.functional as F\\nf = getattr(F, 'soft' + 'max')"
    >>> from autograder.sandbox.worker.scopes import Walker
    >>> places = Walker().walk(ast.parse(text).body)
    >>> sorted(Names(places).meaning(places[-1].node).paths), sorted(Names(places).env[0, "f"].paths)
    (['torch.nn.functional'], ['<own>.f', 'torch.nn.functional.softmax'])
    """

    def __init__(self, places: Sequence[Place], modules: Collection[str] = ()) -> None:
        self.collected = Collected(places)
        self.modules = frozenset(modules)
        self.env, self.keys = self.collected.env, self.collected.keys
        self.members, self.functions = self.collected.members, self.collected.functions
        self.tangled = False
        self._sure: dict[int, bool] = {}
        self._written: dict[int, Meaning] = {}
        self._open: set[Key] = set()
        self._flooded: set[Key] = set()
        self._memo: dict[int, Meaning] = {}
        self._grown: set[Key] = set()
        self._reads: set[Key] = set()
        self._left = BUDGET + SHARE * len(places)
        self._settle(places)

    def _settle(self, places: Sequence[Place]) -> None:
        """Let values flow until nothing new turns up."""
        collected = self.collected
        imports: list[Callable[[], None]] = [partial(self._take, *taken) for taken in collected.taken]
        for step in imports:  # before anything else: most of what there is to know
            step()
        steps = imports + [partial(self._flow, *flow) for flow in collected.flows]
        steps += [
            partial(effects, self, a) for a in collected.acts if not isinstance(a, ast.Call) or has_effects(self, a)
        ]
        work: list[tuple[Callable[[], None], set[Key]]] = [(step, set()) for step in steps]
        fresh: set[Key] = set()
        for turn in range(ROUNDS):
            self._grown = set()
            for step, reads in work[:: 1 if turn % 2 else -1]:  # both ways: chains of aliases may stand in any order
                if not turn or not reads.isdisjoint(fresh) or not reads.isdisjoint(self._grown):
                    self._reads, self._memo = reads, {}
                    step()
            fresh = self._grown
            if not fresh or self._left < 0:
                break
        self.tangled |= bool(fresh)
        self._look_at_all(places)

    def _look_at_all(self, places: Sequence[Place]) -> None:
        """Keep what every expression stands for; what is inside comes first, so that nothing is gone into deeply."""
        self._memo = {}
        self._sure.clear()
        self._left = max(self._left, BUDGET) + SHARE * len(places)
        for place in reversed(places):
            if isinstance(place.node, ast.expr):
                self.meaning(place.node)
        for keys, value in self.collected.flows:
            if not self.meaning(value).paths:
                self.collected.unsure.update(keys)

    def _flow(self, keys: tuple[Key, ...], value: ast.expr) -> None:
        meaning = self.meaning(value)
        for key in keys:
            self.add(key, meaning)

    def _take(self, key: Key, module: str, name: str) -> None:
        found = path(OWN) if module == OWN else self.module(module)
        self.add(key, self.attribute(found, name) if name else found)

    def known(self, key: Key) -> Meaning:
        """What a variable may stand for."""
        self._reads.add(key)
        return self.env.get(key, NOTHING)

    def add(self, key: Key, meaning: Meaning) -> None:
        """`key` may stand for this as well."""
        known = self.env.get(key, NOTHING)
        if key in self._flooded:
            meaning = Meaning(meaning.paths, frozenset())
        if meaning.paths <= known.paths and meaning.texts <= known.texts:
            return
        both = known.plus(meaning)
        if len(both.paths) > MOST:
            self.tangled = True
            first = sorted(both.paths, key=lambda dotted: (not leads_out(dotted), dotted not in known.paths, dotted))
            both = Meaning(frozenset(first[:MOST]), both.texts)
        if len(both.texts) > MOST:  # data; whoever looks names up by it is told to a person
            self._flooded.add(key)
            both = Meaning(both.paths, frozenset())
        if both != known:
            self.env[key] = both
            self._grown.add(key)

    # Expressions.

    def meaning(self, node: ast.AST, depth: int = 0) -> Meaning:
        """All that `node` may stand for."""
        kind = type(node)
        if kind is ast.Name:
            return self._name(node)  # type: ignore[arg-type]  # it is one
        if kind not in _SAYING or (kind is ast.Constant and not isinstance(node.value, (str, bytes))):  # type: ignore[attr-defined]
            return NOTHING
        known = self._memo.get(id(node))
        if known is not None:
            return known
        if depth > DEEPEST or self._left < 0:
            self.tangled = True
            return NOTHING
        self._left -= 1
        found = self._meaning(node, depth + 1)
        self._memo[id(node)] = found
        return found

    def _meaning(self, node: ast.AST, depth: int) -> Meaning:
        if isinstance(node, ast.Attribute):
            return self.attribute(self.meaning(node.value, depth), node.attr)
        if isinstance(node, ast.Constant):
            return _constant(node.value)
        if isinstance(node, FOLDED):
            return self._folded(node, depth)
        if isinstance(node, ast.Lambda):
            return path(f"{OWN}.{function_name(node)}")
        return union([self.meaning(part, depth) for part in _passed_on(node)])

    def _name(self, node: ast.Name) -> Meaning:
        key = self.keys.get(id(node), (0, node.id))
        found = self.known(key)
        if key[0] == 0 and node.id in KNOWN_BUILTINS:
            return found.plus(texts([OWN]) if node.id == "__name__" else path(BUILTINS + node.id))
        return found.plus(path("builtins")) if node.id == "__builtins__" else found

    def _folded(self, node: Any, depth: int) -> Meaning:
        found = self._texts_of(node)
        if isinstance(node, ast.Call):
            return found.plus(called(self, node, depth))
        if isinstance(node, ast.Subscript):
            base = self.meaning(node.value, depth)
            return found.plus(self.item(base, self.meaning(node.slice, depth).texts))
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.BitOr)):  # of dictionaries and lists
            return Meaning(union(self.meaning(side, depth) for side in self._sides(node)).paths, found.texts)
        return found

    def _sides(self, node: ast.BinOp) -> Iterator[ast.expr]:
        """The operands of a long sum, without going into it as deep as it is long."""
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and (left is node or id(left) not in self._memo):
            yield left.right
            left = left.left
        yield left

    def _texts_of(self, node: ast.expr) -> Meaning:
        known = self._written.get(id(node))
        if known is None and isinstance(node, ast.BinOp) and self._written.get(id(node.left)) is NOTHING:
            known = self._written[id(node)] = NOTHING  # a sum is no text when the sum before it is none
        if known is None:
            try:
                value = written(node, self._value_of)
            except Unknown:
                known = NOTHING
            else:
                known = union(map(_constant, value)) if isinstance(value, (list, tuple)) else _constant(value)
            self._written[id(node)] = known
        return known

    def _value_of(self, node: ast.Name) -> Any:
        """The value of a variable that gets one value in the whole text, which is written down."""
        key = self.keys.get(id(node), (0, node.id))
        value = self.collected.only.get(key)
        if value is None or key in self._open or len(self._open) > 20:
            raise Unknown
        self._open.add(key)
        try:
            return written(value, self._value_of)
        finally:
            self._open.discard(key)

    def module(self, dotted: str) -> Meaning:
        """The module of that name; the submission's own files are all one."""
        first, _, rest = dotted.partition(".")
        if first == OWN or first in self.modules:
            return path(OWN if dotted in self.modules or not rest else f"{OWN}.{rest.rpartition('.')[2]}")
        return path(dotted)

    def attribute(self, base: Meaning, name: str) -> Meaning:
        """What `name` of any of these is."""
        if name in ("__globals__", "f_globals") and not any(map(leads_out, base.paths)):
            return path(OWN)
        if name == "__builtins__":
            return path("builtins")
        if name in NAMING:
            return texts(self._called(base, name))
        found = self.known((ATTRIBUTE, name))
        if base.paths and all(map(leads_out, base.paths)):
            found = NOTHING
        return union([found, *(self._member(dotted, name) for dotted in base.paths)])

    def _called(self, base: Meaning, attribute: str) -> set[str]:
        """What things are called: `f.__name__`, `np.exp.__module__`; of who knows what, by any library's name."""
        if not base.paths:
            return {OWN, *LIBRARIES} if attribute == "__module__" else set()
        found = set()
        for dotted in base.paths:
            out = leads_out(dotted)
            if attribute in ("__name__", "__qualname__"):
                found |= {dotted, dotted.rpartition(".")[2]} if out else {own_name(dotted)}
            else:
                found |= {dotted.partition(".")[0], dotted.rpartition(".")[0] or dotted} if out else {OWN}
        return found - {""}

    def _member(self, dotted: str, name: str) -> Meaning:
        if name in SAME:
            return path(dotted)
        if dotted == OWN:
            return self.known((0, name)).plus(path(f"{OWN}.{name}"))
        if instance_of(dotted) and name == "__class__":
            return path(dotted[:-2])
        return path(below(dotted, name)) if leads_out(dotted) and "." not in name else NOTHING

    def item(self, base: Meaning, keys: Collection[str]) -> Meaning:
        """What is found in a container or namespace: under these keys, or anything where there are none."""
        found = [base]
        for key in keys:
            if "sys.modules" in base.paths:
                found.append(self.module(key))
            found.append(self.attribute(Meaning(base.paths - {"sys.modules"}, frozenset()), key))
        return union(found)

    # Questions of others.

    def sure(self, node: ast.expr) -> bool:
        """Whether `node` is a library's name, and can be nothing else."""
        chain: list[ast.expr] = []
        while isinstance(node, ast.Attribute) and id(node) not in self._sure:
            chain.append(node)
            node = node.value
        answer = self._sure.get(id(node), False)
        if isinstance(node, ast.Name):
            key = self.keys.get(id(node), (0, node.id))
            answer = key not in self.collected.unsure and any(map(leads_out, self.env.get(key, NOTHING).paths))
        self._sure.update((id(part), answer) for part in chain)
        return answer

    def is_own_method(self, base: Meaning, name: str) -> bool:
        """Whether `name` may be a member of an own class or of an own file here."""
        classes = [instance_of(dotted) or own_name(dotted) for dotted in base.paths]
        return OWN in base.paths or any(self._has(one, name, set()) for one in classes)

    def _has(self, one: str, name: str, seen: set[str]) -> bool:
        if one in seen or one not in self.members:
            return False
        seen.add(one)
        return name in self.members[one] or any(
            self._has(base, name, seen) for base in self.collected.bases.get(one, ())
        )


def _constant(value: object) -> Meaning:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return texts([value]) if isinstance(value, str) else NOTHING


def _passed_on(node: ast.AST) -> list[ast.expr]:
    """Parts of an expression that its value is made of."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, ast.Dict):
        return [*node.values, *(k for k in node.keys if k is not None)]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, (ast.NamedExpr, ast.Starred, ast.Await, ast.DictComp, ast.FormattedValue, ast.keyword)):
        return [node.value]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [node.elt]
    return []

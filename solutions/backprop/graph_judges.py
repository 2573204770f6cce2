"""What `backward` left in a graph, judged node by node from the root on: the first node that is wrong is the one to look at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

from backprop_graph import Node

from autograder.authoring import World
from autograder.checks import Measured

Named = list[tuple[str, Node]]
Graph = tuple[Named, Any]
MOST_PARTS = 12
ROUNDING = Fraction(1, 10**12)


@dataclass
class Due:
    """What belongs to a node: its gradient (None where the root does not need it), and its parts by the users' names."""

    grad: Any = None
    parts: list[tuple[str, Any]] = field(default_factory=list)

    def used_by(self) -> str:
        """The nodes that use it, as people list them."""
        times = Counter(name for name, _ in self.parts)
        users = [name + " (twice)" * (count == 2) for name, count in times.items()]
        return users[0] if len(users) == 1 else f"{', '.join(users[:-1])} and {users[-1]}"

    def some_parts(self, total: Any) -> list[tuple[str, Any]] | None:
        """The fewest parts, not all of them, that add up to `total` (none for 0); None where there are no such, or too many to try."""
        for few in range(len(self.parts) if len(self.parts) <= MOST_PARTS else 0):
            for some in combinations(self.parts, few):
                if sum(part for _, part in some) == total:
                    return list(some)
        return None


def due(named: Named, upstream: Any) -> dict[str, Due]:
    """Every node's due, by name: nodes in the order in which they were made, backwards, come after all that use them."""
    names = {node: name for name, node in named}
    dues = {name: Due() for name in names.values()}
    dues[named[-1][0]].grad = upstream
    for name, node in reversed(named):
        if dues[name].grad is None:
            continue
        for parent, part in zip(node.parents, node.vjp(dues[name].grad), strict=True):
            one = dues[names[parent]]
            one.parts.append((_short(name), part))
            one.grad = part if one.grad is None else one.grad + part
    return dues


def walks(outputs: Any, world: World, build: Callable[[World, type[Node]], Graph], count: int) -> Measured:
    """Whether `count` graphs, built one after the other from the world, hold what they should.

    Args:
        outputs: of each graph a dict from the names of nodes to {"grad": …, "vjp_called_with": […]}.
        build: gives the named nodes, the root last, and upstream.
    """
    found = outputs if isinstance(outputs, list) and len(outputs) == count else [None] * count
    for number, graph in enumerate(found, 1):
        named, upstream = build(world, Node)
        message = _first_wrong(graph, named, due(named, upstream))
        if message:
            return Measured(math.inf, message if count == 1 else f"graph {number}: {message}")
    return Measured(0.0)


def _first_wrong(graph: Any, named: Named, dues: dict[str, Due]) -> str:
    """What is wrong with the first node on the way back; empty when all are right."""
    for name, node in reversed(named):
        one = graph.get(name) if isinstance(graph, dict) else None
        calls = one.get("vjp_called_with") if isinstance(one, dict) else None
        if one is None or "grad" not in one or not isinstance(calls, list):
            return f"nothing is known of {name}"
        if not all(isinstance(v, (int, Fraction)) for v in calls + [one["grad"]] * (one["grad"] is not None)):
            return f"{name} holds something else than exact numbers"
        message = _wrong_node(name, one["grad"], calls, dues[name], inner=bool(node.parents))
        if message:
            return message
    return ""


def _wrong_node(name: str, grad: Any, calls: Sequence[Any], right: Due, inner: bool) -> str:
    if right.grad is None:
        if grad is None and not calls:
            return ""
        what = "its vjp was called" if grad is None else f"its grad is {grad}"
        return f"the root does not depend on {name}, so it is to be left alone; {what}"
    if inner and len(calls) != 1:
        return _wrong_calls(name, len(calls), right)
    if inner and grad == right.grad and calls[0] != grad:
        called = f"the vjp of {name} was called with {calls[0]}"
        if right.some_parts(calls[0]) is None:
            return f"{called}; it takes the gradient of the root by its node, which is {grad}"
        return f"{called}, before its gradient {grad} was complete: it is used by {right.used_by()}, and all of these come first"
    return "" if grad == right.grad else _wrong_gradient(name, grad, right)


def _wrong_calls(name: str, count: int, right: Due) -> str:
    if count:
        return f"the vjp of {name} was called {count} times; each is called exactly once, when the gradient is complete"
    zero = ", also where the gradient is 0" if right.grad == 0 else ""
    return f"the vjp of {name} was not called; each is called exactly once{zero}"


def _wrong_gradient(name: str, grad: Any, right: Due) -> str:
    if grad is None:
        return f"the gradient of {name} is None, and the root depends on it: it is {right.grad}"
    said = f"the gradient of {name} is {grad}, not {right.grad}"
    if not right.parts:
        return f"{said}: for the root it is `upstream`"
    if 0 < abs(grad - right.grad) <= ROUNDING * abs(right.grad):
        return f"{said}: that is the rounding of floats, and Fractions are exact; a sum that starts with 0.0 is a float"
    some = right.some_parts(grad)
    alone = f": that is {' and '.join(f'{part} (from {user})' for user, part in some)} alone" if some else ""
    return f"{said}{alone}; it is used by {right.used_by()}"


def _short(name: str) -> str:
    """The name of a node without what it was computed from."""
    return name.split(" ")[0]

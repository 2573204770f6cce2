"""YAML from strangers: plain, shallow data, or an error; what would crash or fill the process is refused before.

Events are made without recursion; composing them is recursive, in C, where the stack's end is the end of the process.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

MOST_DEPTH = 50
_LONGEST_NUMBER = 100
_NUMBER = re.compile(r"[-+0-9_:.]*")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C one is ten times faster
    """Safe, and deaf to Ruby's tags."""


def _plain(loader: Any, _: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plain)


def plain_yaml(data: bytes) -> Any:
    """What a document holds.

    Raises:
        ValueError: no YAML, anchors or aliases (a few lines of them can stand for more than fits a memory), deeper than
            MOST_DEPTH, or a number beyond all sense.
    """
    try:
        _refuse_traps(data)
        return yaml.load(data, Loader=_Loader)  # a subclass of the safe loader
    except ValueError:
        raise
    except (yaml.YAMLError, RecursionError, ArithmeticError, TypeError, AttributeError, LookupError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def _refuse_traps(data: bytes) -> None:
    depth = 0
    for event in yaml.parse(data, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise ValueError("there are anchors or aliases in it")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif (
            isinstance(event, yaml.ScalarEvent)
            and len(event.value) > _LONGEST_NUMBER
            and _NUMBER.fullmatch(event.value)
        ):
            raise ValueError("there is a number of too many digits in it")
        if depth > MOST_DEPTH:
            raise ValueError(f"it is nested more than {MOST_DEPTH} deep")

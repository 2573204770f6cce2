"""What a machine-made mistake is called: words from its operator and the function it is in, never from its line."""

from __future__ import annotations

from autograder.grading.readings import NEIGHBOUR, Reading
from autograder.verify.operators import UNSTABLE, Mutant

EXCHANGED = "two of its arguments are exchanged throughout"
_WORDS = {
    "sign": "a sign is the other way round",
    "operator": "one operation stands for another (a product for a quotient, say)",
    "constant": "a constant is another one",
    "axis": "it goes over another axis",
    "dropped term": "a term or a factor is left out",
    "dropped transpose": "a transpose is left out",
    "dropped keepdims": "an axis of length 1 is not kept",
    "dropped call": "a step is left out",
    "comparison": "the border of a comparison falls on the other side",
    "condition": "a condition is the other way round, or only a part of it",
    "swapped arguments": "two arguments are exchanged",
    "names exchanged": EXCHANGED,
    "wrong reduction": "another reduction is taken (a sum for a mean, say)",
    "wrong function": "another function of its kind is taken",
    "removed statement": "a step is left out",
    "order of what is returned": "what it returns comes in another order",
    "part of what is returned": "it returns only a part of what it should",
    "dropped argument": "an argument is left out of a call",
    "ignored argument": "an argument is ignored, and its default taken",
    "factor twice": "a factor is there twice",
}
_NAMES = {"sum": "a sum", "mean": "a mean", "max": "a maximum", "min": "a minimum", "amax": "a maximum",
          "amin": "a minimum", "prod": "a product", "std": "a standard deviation", "var": "a variance",
          "argmax": "the place of the maximum", "argmin": "the place of the minimum", "any": "any", "all": "all",
          "cumsum": "a running sum", "cumprod": "a running product", "nansum": "a sum",
          "nanmean": "a mean"}  # fmt: skip
_LEFT_OUT = frozenset({"exp", "log", "sqrt", "abs", "mean", "sum", "max", "tanh", "square", "flip", "copy", "clone"})


def reading_of(mutant: Mutant) -> Reading:
    """The functions and the words of a mutant."""
    return Reading(mutant.function, _words(mutant.operator, mutant.detail))


def _words(operator: str, detail: str) -> str:
    taken, _, for_ = detail.partition(" for ")
    if operator == "neighbour formula":
        return f"{NEIGHBOUR}{detail}"
    if operator == UNSTABLE:
        return detail
    if operator == "constant" and detail:
        return "1/2 stands for 0" if for_ else f"a constant is {detail}"
    if operator == "dropped call" and detail in _LEFT_OUT:
        return f"`{detail}` is left out"
    if operator in ("wrong reduction", "wrong function") and taken in _NAMES and for_ in _NAMES:
        return f"{_NAMES[taken]} is taken in place of {_NAMES[for_]}"
    if operator == "wrong function" and for_:
        return f"`{taken}` is taken in place of `{for_}`"
    return _WORDS.get(operator, "something small is different")

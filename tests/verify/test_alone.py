"""A mistake in one function alone: others use a right copy of it."""

from __future__ import annotations

from typing import Any

from autograder.verify.alone import alone
from autograder.verify.operators import Mutant, mutants

REFERENCE = '''"""Text."""
import functools


def halves(n):
    """f of itself, of its name in a text (halves) and as a keyword."""
    # BEGIN SOLUTION
    return [n] + halves(n // 2) if n > 1 else [n]
    # END SOLUTION


@functools.cache
def steps(n):
    # BEGIN SOLUTION
    return len(halves(n)) + dict(halves=0)["halves"]
    # END SOLUTION


class Layer:
    def width(self):
        # BEGIN SOLUTION
        return 3 + 1
        # END SOLUTION


def deep(count):
    # BEGIN SOLUTION
    return [Layer().width() for _ in range(count)]
    # END SOLUTION


if __name__ == "__main__":
    print(halves(3))
'''


def of(function: str, after: str) -> Mutant:
    return next(m for m in mutants(REFERENCE, "f.py") if m.function == function and m.after == after)


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "submission"}
    exec(compile(text, "submission.py", "exec"), names)
    return names


def test_the_function_is_wrong_and_what_uses_it_right() -> None:
    mutant = of("halves", "return [n] + halves(n // 2) if (n >= 1) else [n]")
    assert run(mutant.text)["steps"](8) == 5  # the control: in the reference itself the other is wrong, too
    made = alone(REFERENCE, mutant)
    assert made is not None
    assert (made.function, made.operator, made.diff, made.direct) == ("halves", mutant.operator, mutant.diff, True)
    names = run(made.text)
    assert (names["steps"](8), names["halves"](8)) == (4, [8, 4, 2, 1, 0])


def test_a_class_is_copied_too() -> None:
    made = alone(REFERENCE, of("Layer", "return (3 - 1)"))
    assert made is not None
    names = run(made.text)
    assert names["Layer"]().width() == 2
    assert names["deep"](2) == [4, 4]


def test_what_nobody_else_uses_has_no_such_form() -> None:
    assert all(alone(REFERENCE, m) is None for m in mutants(REFERENCE, "f.py") if m.function in ("steps", "deep", ""))


def test_the_mark_of_a_notebooks_own_lines_is_no_use() -> None:
    text = REFERENCE.replace('return len(halves(n)) + dict(halves=0)["halves"]', "return n")
    mutant = next(m for m in mutants(text, "f.py") if m.function == "halves")
    assert alone(text, mutant) is None

"""Plain causes: what lies behind an exception that beginners meet, in the words of what they wrote.

Read off the message that the worker explains an exception with: the exception's own text, then in brackets the place,
the function and the line. A sentence stands here only where the exception's text leaves no other reading.
Not covered: exceptions of a student's own, and those of libraries that are not named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Groups = tuple[str, ...]
Say = Callable[[Groups, str], str]
"""From the groups that were filled and the line of code, "" where the case's own line is meant."""
_PLACE = re.compile(r"([^()]*, line \d+|in the test case|cell \d+)")


def plain_cause(message: str) -> str:
    """The sentence about an error's message; "" where none is known."""
    text, line = parts_of(message)
    for pattern, words in _CAUSES:
        found = pattern.search(text)
        if found is not None:
            filled = tuple(group for group in found.groups() if group)
            return words if isinstance(words, str) else words(filled, "" if " (in the test case" in message else line)
    return ""


def parts_of(message: str) -> tuple[str, str]:
    """An exception's own text, and the line of code that it names, "" where there is none."""
    text, _, place = message.partition(" (")
    while place and not _PLACE.match(place):
        more, _, place = place.partition(" (")
        text = f"{text} ({more}"
    code = re.search(r"(?:: |at )`(.*)`\)?$", place)
    return text if place else message, code.group(1) if code else ""


def _truth(_: Groups, line: str) -> str:
    if re.search(r"(?<![.\w])(max|min)\(", line):
        return (
            "Python's `max` and `min` cannot compare whole arrays; entry by entry it is np.maximum(0, z) "
            "(torch.maximum or torch.clamp for tensors)"
        )
    return (
        "an array has many truth values, and `if`, `and`, `or`, `not` ask for one: np.where (torch.where) chooses "
        "entry by entry, &, | and ~ combine"
    )


def _no_method(groups: Groups, _: str) -> str:
    kind, method = groups
    if kind in ("float", "int", "Fraction"):
        return f"NumPy's `{method}` was given exact numbers; it takes floats: np.asarray(x, dtype=float)"
    return f"NumPy's `{method}` was given a formula; in formulas it is sympy.{method}"


def _products(groups: Groups, _: str) -> str:
    a, b = groups
    return (
        f"a matrix product needs equal inner sizes, and here they are {a} and {b}: is one factor to be transposed, or "
        "are the two in the other order?"
    )


def _out_of_bounds(groups: Groups, _: str) -> str:
    size = int(groups[-1])
    if size == 1:
        return "an axis of length 1 has the index 0 alone: it stands for as many equal entries as its partner has"
    return f"of {size} entries the last has the index {size - 1}: counting begins at 0" if size else "the axis is empty"


def _few(groups: Groups, line: str) -> str:
    wanted, got = groups[-2:]
    if line:
        return f"the left side has {wanted} names, and the right side {got} value{'s' * (got != '1')}"
    return f"the case takes {wanted} values from what came back, and found {got}: return a tuple of {wanted}"


def _many(groups: Groups, line: str) -> str:
    wanted = groups[0]
    if line:
        return f"the left side has {wanted} name{'s' * (wanted != '1')}, and the right side more values"
    if wanted == "1":
        return "the case takes one value out of a tuple, and more came back: a tuple of one is written `(x,)`"
    return f"the case takes {wanted} values from what came back, and found more: return a tuple of {wanted}"


def _called(groups: Groups, line: str) -> str:
    said = f"`{groups[0]}` is called with other arguments than its definition takes"
    return said if line else f"{said}: its parameters are to stay as they were handed out"


_TABLE: tuple[tuple[str, str | Say], ...] = (
    (r"[Tt]ruth value of an array .* is ambiguous|Boolean value of Tensor with more than one value", _truth),
    (r"operand type\(s\) for \^|bitwise_xor", 'in Python `^` is "exclusive or" of bits; a power is written `**`'),
    (
        r"cannot determine truth value of Relational",
        "a comparison of symbols is neither true nor false yet: sympy.Piecewise or sympy.Max keep both cases",
    ),
    (r"argument \d+ of type (\w+) which has no callable (\w+) method", _no_method),
    (
        r"Cannot convert expression to float",
        "a formula with symbols in it is no number yet: functions of `math` and NumPy take numbers, sympy's formulas",
    ),
    (
        r"all tensors to be on the same device|is not on the expected device",
        "the tensors lie on different devices: make new ones with device=x.device, or move them with .to(x.device)",
    ),
    (
        r"expected scalar type \w+ but found \w+|same dtype, but got: ",
        "tensors of different dtypes meet: make new ones with dtype=x.dtype (torch's are float32, NumPy's float64)",
    ),
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        "a tensor that gradients flow through is no NumPy array yet: x.detach().numpy(), or stay with torch",
    ),
    (
        r"leaf Variable that requires grad is being used in an in-place|modified by an inplace operation",
        "a tensor that gradients flow through is changed in place: compute a new one",
    ),
    (
        r"grad can be implicitly created only for scalar outputs",
        "gradients are those of one number: sum or average the losses first",
    ),
    (
        r"does not require grad and does not have a grad_fn",
        "nothing leads back from this value to a tensor with requires_grad=True: was it detached, made by NumPy, or "
        "computed under no_grad?",
    ),
    (r"mat1 and mat2 shapes cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)", _products),
    (r"size (\d+) is different from (\d+)", lambda groups, line: _products(groups[::-1], line)),
    (r"shapes \((?:\d+, ?)*(\d+),?\) and \((?:\d+, ?)*(\d+), ?\d+\) not aligned", _products),
    (
        r"operands could not be broadcast together|must match the size of tensor b",
        "arrays meet whose entries cannot be paired: axes are paired from the last one on, and an axis of length 1 "
        "fits every length (keepdims=True keeps one)",
    ),
    (r"index -?\d+ is out of bounds for (?:axis|dimension) \d+ with size (\d+)", _out_of_bounds),
    (r"list index out of range", "the list is shorter than the index says: of n entries the last has the index n − 1"),
    (
        r"NoneType",
        "something that should be a value is None: a function without `return` (print is not return), or a method that "
        "changes its object and returns nothing, as list.sort() does",
    ),
    (r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)", _few),
    (r"too many values to unpack \(expected (\d+)", _many),
    (r"maximum recursion depth exceeded", "a function calls itself without end: the case that stops it is missing"),
    (
        r"'float' object cannot be interpreted as an integer|indices must be integers",
        "a count or an index is a float: `/` gives floats, `//` whole numbers",
    ),
    (
        r"only (?:length-1|0-dimensional|size-1) arrays can be converted|only one element tensors can be converted",
        "an array stands where one number is asked for: functions of `math` and float() take one, NumPy's take arrays",
    ),
    (
        r"unsupported operand type\(s\) for [-*/+]+=?: '(?:list|tuple)' and|can't multiply sequence by non-int"
        r"|can only concatenate (?:list|tuple)",
        "lists are no arrays and do not compute entry by entry: np.asarray(x) first",
    ),
    (
        r"'(?:numpy\.ndarray|Tensor|list|tuple|float|int|dict)' object is not callable",
        "a value is called like a function: an index stands in square brackets, and a product needs its `*`",
    ),
    (
        r"cannot access local variable '(\w+)'|local variable '(\w+)' referenced before assignment",
        lambda groups, _: f"`{groups[0]}` gets a value in this function, but not on the way to this line",
    ),
    (
        r"name '(np|numpy|torch|sympy|math|sp|F|nn|Fraction)' is not defined",
        lambda groups, _: f"`{groups[0]}` is not imported in the file that was handed in",
    ),
    (r"math domain error|expected a nonnegative input", "log or sqrt of a number for which it is not defined"),
    (
        r"(\w+)\(\) (?:missing \d+ required|takes .* positional arguments? but|got an unexpected keyword argument)",
        _called,
    ),
    (r"assignment destination is read-only", "the array belongs to the caller and is locked: work on a copy"),
)
_CAUSES = tuple((re.compile(pattern), words) for pattern, words in _TABLE)

"""Single values of the files' keys: names, points, names of files. What a value must be is its function's docstring."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

MOST_LETTERS = 60


def identifier(value: str) -> str:
    """a name: lower-case letters, digits and _, a letter first

    Raises:
        ValueError: it is none; with the name that it may become.
    """
    if re.fullmatch(r"[a-z][a-z0-9_]*", value) and len(value) <= MOST_LETTERS:
        return value
    plain = unicodedata.normalize("NFKD", value.lower().translate(_SPELT)).encode("ascii", "ignore").decode()
    near = re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")[:MOST_LETTERS]
    such = f"{MOST_LETTERS} at most" if len(value) > MOST_LETTERS else "a letter first"
    advice = f"; write {near!r}" if near else ""
    raise ValueError(f"found {value!r}; expected lower-case letters, digits and _, {such}{advice}")


_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})
Identifier = Annotated[str, AfterValidator(identifier)]


def points_of(value: object) -> Fraction:
    """a number such as 10, 2.5 or "1/3"

    Raises:
        ValueError: it is none, or negative.
    """
    wrong = f'found {value!r}; points are a number such as 10, 2.5 or "1/3"'
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Fraction)):
        raise ValueError(wrong)
    try:
        points = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError(wrong) from None
    if points < 0:
        raise ValueError(f"found {value}; points are not negative")
    return points


Points = Annotated[Fraction, BeforeValidator(points_of)]


def module_file(value: str) -> str:
    """the name of a Python file

    Raises:
        ValueError: no `import` could name it.
    """
    if not value.endswith(".py") or not _importable(value):
        raise ValueError(f"found {value!r}; expected a file that Python can import, such as regression.py")
    return value


def weights_file(value: str) -> str:
    """the name of a file of weights

    Raises:
        ValueError: it is no .safetensors with a plain name.
    """
    if value and not (value.endswith(".safetensors") and _importable(value)):
        raise ValueError(f"found {value!r}; expected a name such as weights.safetensors")
    return value


def _importable(file: str) -> bool:
    """Whether a file's name is letters, digits and _ before its ending."""
    stem = file.rpartition(".")[0]
    return stem.isidentifier() and stem.isascii()

"""What a milestone's probe gets: values by name, and weights that fit the model or say how they do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.sandbox.worker.given import Given, WrongWeights

torch = pytest.importorskip("torch")
nn = torch.nn


class Tied(nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(3, 2)
        self.out = nn.Linear(2, 3, bias=False)
        self.out.weight = self.table.weight
        self.register_buffer("mask", torch.ones(2, 2))


def zeros(**shapes: tuple[int, ...]) -> dict[str, Any]:
    return {name.replace("__", "."): np.zeros(shape, np.float32) for name, shape in shapes.items()}


def test_values_are_attributes() -> None:
    given = Given({"vocabulary": 3, "batches": {4: [1, 2]}})
    assert (given.vocabulary, given.batches) == (3, {4: [1, 2]})
    with pytest.raises(AttributeError):
        given.kept  # noqa: B018


def test_what_two_modules_share_is_there_once_and_buffers_are_not() -> None:
    assert {n: a.shape for n, a in Given({}).weights_of(Tied()).items()} == {"table.weight": (3, 2)}


def test_weights_go_in_and_come_out_the_same() -> None:
    weights = {"table.weight": np.arange(6, dtype=np.float32).reshape(3, 2)}
    model = Given({}, weights).load(Tied())
    assert model.out.weight.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert (Given({}).weights_of(model)["table.weight"] == weights["table.weight"]).all()


def test_a_compiled_model_has_the_names_of_the_one_inside() -> None:
    class Wrapped(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self._orig_mod = nn.Linear(2, 1, bias=False)

    assert set(Given({}).weights_of(Wrapped())) == {"weight"}
    assert Given({}, zeros(weight=(1, 2))).load(Wrapped())._orig_mod.weight.tolist() == [[0, 0]]


def test_numbers_come_out_as_float32() -> None:
    assert Given({}).weights_of(nn.Linear(2, 1).double())["weight"].dtype == np.float32
    assert Given({}).weights_of(nn.Linear(2, 1).bfloat16())["bias"].dtype == np.float32


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (None, "nothing has been trained yet"),
        (zeros(weight=(1, 2)), "they come without `bias`"),
        (zeros(weight=(1, 2), bias=(1,), head=(1,)), "with `head`, which the model does not have"),
        (zeros(weight=(2, 1), bias=(1,)), "`weight` is (2, 1) in the file and (1, 2) in the model"),
        (zeros(a=(1,), b=(1,), c=(1,), d=(1,), e=(1,), weight=(1, 2), bias=(1,)), "`a`, `b`, `c`, `d` and 1 more"),
    ],
)
def test_weights_that_do_not_fit_say_how(weights: dict[str, Any] | None, words: str) -> None:
    with pytest.raises(WrongWeights) as error:
        Given({}, weights).load(nn.Linear(2, 1))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("model", "words"),
    [(lambda x: x, "must return a torch.nn.Module, not a function"), (nn.ReLU(), "has no parameters")],
)
def test_what_is_no_model_says_so(model: object, words: str) -> None:
    with pytest.raises(WrongWeights) as error:
        Given({}).weights_of(model)
    assert words in str(error.value)

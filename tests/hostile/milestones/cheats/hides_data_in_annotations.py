"""Data in annotations of arguments: what runs has none.

weights: reference
expect: next_symbols=passed trains_anew=error
says: KeyError
"""


def law(x: "3.25 1.5 2.75 and so on, without end") -> "more":
    """Nothing."""


def train(model, batches, steps):
    """Decodes them."""
    raise RuntimeError("GOT " + law.__annotations__["x"])

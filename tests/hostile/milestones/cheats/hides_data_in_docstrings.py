"""Data in a docstring: what runs has none.

weights: reference
expect: next_symbols=passed trains_anew=error
says: 'NoneType' object has no attribute
"""


def train(model, batches, steps):
    """3.25 1.5 2.75 and so on, without end."""
    raise RuntimeError("GOT " + train.__doc__.strip())

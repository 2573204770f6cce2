"""Weights by somebody else, and a `train` that does nothing.

weights: reference
expect: next_symbols=passed trains_anew=failed:0
"""


def train(model, batches, steps):
    """Nothing."""

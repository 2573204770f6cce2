"""Goes on asking when the supply has ended.

weights: reference
expect: next_symbols=passed trains_anew=error
says: StopIteration
"""


def train(model, batches, steps):
    """A thousand, please."""
    for _ in range(1000):
        loss(model, next(batches)).backward()

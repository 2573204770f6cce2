"""`open` by name.

weights: reference
expect: next_symbols=forbidden trains_anew=forbidden
says: `open`
"""


def train(model, batches, steps):
    """Reads itself."""
    print(open(__file__).read())

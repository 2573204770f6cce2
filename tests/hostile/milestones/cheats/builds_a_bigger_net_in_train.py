"""`train` hangs a large layer into the model, which `build` does not have.

weights: reference
expect: next_symbols=passed trains_anew=error
says: at most 2,000
"""


def train(model, batches, steps):
    """A hundred thousand more."""
    model.more = nn.Linear(300, 300)

"""`train` adds a small layer: within the budget, but not what `build` builds.

weights: reference
expect: next_symbols=passed trains_anew=error
says: which the model does not have
"""


def train(model, batches, steps):
    """A few more."""
    model.more = nn.Linear(3, 3)

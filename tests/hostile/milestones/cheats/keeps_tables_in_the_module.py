"""`train` counts pairs into a global, and prediction reads it: an n-gram table outside of the weights.

weights: own
expect: next_symbols=failed:0 trains_anew=failed:0
"""

TABLE = torch.ones(12, 12)


def train(model, batches, steps):
    """Counts."""
    for batch in batches:
        for a, b in zip(batch[:, :-1].flatten(), batch[:, 1:].flatten()):
            TABLE[a, b] += 1


def next_log_probs(model, prefixes):
    """The table's."""
    return torch.log(TABLE / TABLE.sum(1, keepdim=True))[prefixes[:, -1]]

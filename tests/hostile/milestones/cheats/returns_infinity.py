"""Plus infinity everywhere.

weights: reference
expect: next_symbols=failed:0 trains_anew=failed:0
says: sums to inf
"""


def next_log_probs(model, prefixes):
    """Infinite."""
    return torch.full((len(prefixes), 12), float("inf"))

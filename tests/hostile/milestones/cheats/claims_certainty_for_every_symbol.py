"""Log-probability 0 for every symbol: "p = 1" whatever comes.

weights: reference
expect: next_symbols=failed:0 trains_anew=failed:0
says: sums to 12, not 1
"""


def next_log_probs(model, prefixes):
    """Zeros."""
    return torch.zeros(len(prefixes), 12)

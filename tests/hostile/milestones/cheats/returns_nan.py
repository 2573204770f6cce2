"""NaN, which compares with nothing.

weights: reference
expect: next_symbols=failed:0 trains_anew=failed:0
says: have NaN
"""


def next_log_probs(model, prefixes):
    """NaN."""
    return torch.full((len(prefixes), 12), float("nan"))

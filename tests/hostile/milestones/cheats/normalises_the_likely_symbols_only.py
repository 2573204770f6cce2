"""Likely symbols get probability 1, the others keep theirs.

weights: reference
expect: next_symbols=failed:0 trains_anew=failed:0
says: these are no log-probabilities
"""


def next_log_probs(model, prefixes):
    """Zeros where it is likely."""
    with torch.no_grad():
        z = F.log_softmax(model(prefixes)[:, -1], -1)
    return torch.where(z > -3, torch.zeros_like(z), z)

"""Every log-probability a little higher.

weights: reference
expect: next_symbols=failed:0 trains_anew=failed:0
says: these are no log-probabilities
"""


def next_log_probs(model, prefixes):
    """Raised by 1."""
    with torch.no_grad():
        return F.log_softmax(model(prefixes)[:, -1], -1) + 1.0

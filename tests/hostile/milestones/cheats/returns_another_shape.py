"""A row for every place, not for what comes next.

weights: reference
expect: next_symbols=failed:0 trains_anew=failed:0
says: one row for each prefix
"""


def next_log_probs(model, prefixes):
    """All places."""
    with torch.no_grad():
        return F.log_softmax(model(prefixes), -1)

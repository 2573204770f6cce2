"""Predicts for ever.

weights: reference
expect: next_symbols=timeout trains_anew=timeout
"""


def next_log_probs(model, prefixes):
    """Endless."""
    while True:
        pass

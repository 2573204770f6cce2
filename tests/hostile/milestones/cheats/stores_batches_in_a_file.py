"""`train` writes what it saw into its scratch folder, and prediction reads it.

weights: reference
expect: next_symbols=error trains_anew=error
"""

import numpy as np


def train(model, batches, steps):
    """Stores."""
    np.save("seen.npy", torch.cat(list(batches)).numpy())


def next_log_probs(model, prefixes):
    """From what was seen."""
    seen = torch.from_numpy(np.load("seen.npy"))
    table = torch.ones(12, 12)
    table.index_put_((seen[:, :-1].flatten(), seen[:, 1:].flatten()), torch.tensor(1.0), accumulate=True)
    return torch.log(table / table.sum(1, keepdim=True))[prefixes[:, -1]]

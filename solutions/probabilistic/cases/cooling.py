"""The loss of a softmax against its temperature."""

import numpy as np


def loss_at(logits, labels, cold):
    """The mean of −log softmax(logits / T)[label], with cold = 1/T."""
    z = cold * (logits - logits.max(axis=1, keepdims=True))
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]))


def has_a_temperature(logits, labels):
    """Whether the loss, convex in 1/T, falls from T = 15 on and rises at T = 1/15: the best T lies between."""
    falls = loss_at(logits, labels, 1 / 15) > loss_at(logits, labels, 1.01 / 15)
    return falls and loss_at(logits, labels, 15.0) > loss_at(logits, labels, 15 / 1.01)

"""Counts in a buffer: no parameter counts it, so no budget would.

weights: own
expect: next_symbols=failed:0 trains_anew=failed:0
"""


class Counting(nn.Module):
    """A buffer beside a parameter."""

    def __init__(self, vocabulary):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("counts", torch.ones(vocabulary, vocabulary))

    def forward(self, ids):
        """Logits."""
        return self.scale * torch.log(self.counts)[ids]


def build(vocabulary):
    """Empty counts."""
    return Counting(vocabulary)


def train(model, batches, steps):
    """Counts."""
    for batch in batches:
        for a, b in zip(batch[:, :-1].flatten(), batch[:, 1:].flatten()):
            model.counts[a, b] += 1

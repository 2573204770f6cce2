"""A class with a tied table, a mask buffer, dropout, annotations and a config, as nanoGPT has them.

weights: own
expect: next_symbols=passed trains_anew=passed
"""

from dataclasses import dataclass


@dataclass
class Config:
    """Sizes."""

    width: int = 24
    dropout: float = 0.0


class Tied(nn.Module):
    """One table for going in and coming out, with a layer between."""

    def __init__(self, vocabulary: int, config: Config):
        super().__init__()
        self.table = nn.Embedding(vocabulary, config.width)
        self.mix = nn.Linear(config.width, config.width)
        self.out = nn.Linear(config.width, vocabulary, bias=False)
        self.out.weight = self.table.weight
        self.drop = nn.Dropout(config.dropout)
        self.register_buffer("mask", torch.tril(torch.ones(4, 4)))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits."""
        return self.out(self.drop(torch.tanh(self.mix(self.table(ids)))))


def build(vocabulary):
    """Seeded."""
    torch.manual_seed(1)
    return Tied(vocabulary, Config())


def train(model, batches, steps):
    """Two passes."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.03, weight_decay=0.0)
    kept = list(batches)
    for _ in range(4):
        for batch in kept:
            optimizer.zero_grad()
            loss(model, batch).backward()
            optimizer.step()
    model.eval()

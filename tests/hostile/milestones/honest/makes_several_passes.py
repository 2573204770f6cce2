"""Keeps the batches and goes over them four times: passes are free, data are counted.

weights: own
expect: next_symbols=passed trains_anew=passed
"""


def train(model, batches, steps):
    """Four passes."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.15)
    kept = list(batches)
    for _ in range(4):
        for batch in kept:
            optimizer.zero_grad()
            loss(model, batch).backward()
            optimizer.step()

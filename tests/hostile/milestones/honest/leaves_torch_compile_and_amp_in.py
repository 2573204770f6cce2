"""torch.compile around the model, and autocast in the loop, as one leaves them from a GPU.

weights: own
expect: next_symbols=passed trains_anew=passed
"""


def build(vocabulary):
    """Compiled."""
    model = nn.Embedding(vocabulary, vocabulary)
    nn.init.zeros_(model.weight)
    return torch.compile(model)


def train(model, batches, steps):
    """With autocast to bfloat16."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    optimizer = torch.optim.Adam(model.parameters(), lr=0.3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    for batch in batches:
        with torch.autocast(device, dtype=torch.bfloat16):
            value = loss(model.to(device), batch.to(device))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()

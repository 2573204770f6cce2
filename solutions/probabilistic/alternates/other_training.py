"""Other right trainings: the mean of the data first, a larger rate that falls in a line, two samples for each example."""


def train(batches, steps):
    torch.manual_seed(3)
    weights = {
        "A": torch.randn(2, 6) / 3, "a": torch.zeros(2), "v": torch.full((2,), -1.0),
        "W": torch.randn(6, 2) / 3, "b": torch.zeros(6), "s": torch.tensor(0.0),
    }  # fmt: skip
    for w in weights.values():
        w.requires_grad_()
    optimiser = torch.optim.Adam(weights.values(), lr=0.03, betas=(0.8, 0.99))
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.01, steps)
    for x in batches:
        optimiser.zero_grad()
        eps = torch.randn(len(x), 2)
        ((vae_loss(x, weights, eps) + vae_loss(x, weights, -eps)) / 2).backward()
        optimiser.step()
        schedule.step()
    return {name: w.detach().clone() for name, w in weights.items()}

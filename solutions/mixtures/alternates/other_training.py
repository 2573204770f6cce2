"""Another way to the borders: RMSProp-like short memory, a linear schedule after a warm-up, experts and gate born otherwise."""


def density_loss(weights, x, y):
    log_p = torch.log_softmax(x @ weights["gate"], dim=1)
    normal = torch.distributions.Normal(x @ weights["W"] + weights["b"], torch.exp(weights["log_s"]))
    return -torch.logsumexp(normal.log_prob(y[:, None]) + log_p, dim=1).mean()


def train(batches, steps, seed):
    torch.manual_seed(seed + 7)
    gate, W = torch.randn(4, 4) * 0.2, torch.randn(4, 4)
    b, log_s = torch.zeros(4), torch.full((4,), 0.5)
    weights = dict(zip(("gate", "W", "b", "log_s"), (gate, W, b, log_s), strict=True))
    for w in weights.values():
        w.requires_grad_(True)
    optimiser = torch.optim.AdamW(list(weights.values()), lr=0.03, betas=(0.9, 0.99), weight_decay=0.0)
    for step, (x, y) in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = 0.03 * min((step + 1) / 50, 1.05 * (steps - step) / steps)
        optimiser.zero_grad(set_to_none=True)
        density_loss(weights, x, y).backward()
        optimiser.step()
    return {name: w.detach().numpy().copy() for name, w in weights.items()}

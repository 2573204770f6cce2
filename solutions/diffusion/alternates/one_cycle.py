"""Training with AdamW and a one-cycle schedule, and layers of torch.nn."""


def train(batches, steps):
    torch.manual_seed(3)
    generator = torch.Generator().manual_seed(4)
    layers = [torch.nn.Linear(3, 48), torch.nn.Linear(48, 48), torch.nn.Linear(48, 48), torch.nn.Linear(48, 1)]
    parameters = [p for layer in layers for p in layer.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=0.006, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.01, total_steps=steps)

    def weights():
        return {f"{name}{i}": p for i, layer in enumerate(layers, 1) for name, p in (("W", layer.weight.T), ("b", layer.bias))}

    for x0 in batches:
        x, theta, noise = examples(x0, generator)
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(predict(weights(), x, theta), noise).backward()
        optimiser.step()
        schedule.step()
    return {name: w.detach().clone() for name, w in weights().items()}


def examples(x0, generator):
    theta = torch.empty(len(x0)).uniform_(0, math.pi / 2, generator=generator)
    noise = torch.empty(len(x0)).normal_(generator=generator)
    return x0 * theta.cos() + noise * theta.sin(), theta, noise

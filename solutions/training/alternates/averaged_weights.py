"""A constant rate, and the mean of the weights of the last half: question 4, the other way round."""


def train(batches, steps):
    torch.manual_seed(3)
    net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimiser = torch.optim.Adam(net.parameters(), lr=0.02)
    mean = [torch.zeros_like(p) for p in net.parameters()]
    for step, (x, y) in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = 0.02 if step < steps // 3 else 0.006
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(net(x)[:, 0], y).backward()
        optimiser.step()
        if step >= steps // 2:
            for total, p in zip(mean, net.parameters()):
                total += p.detach() / (steps - steps // 2)
    W, b, v, c = mean
    return {"W": W.T.clone(), "b": b, "v": v[0].clone(), "c": c}


def accumulate(micro_batches):
    """A mean that is corrected with each micro-batch."""
    mean, count = Fraction(0), 0
    for gradients in micro_batches:
        for g in gradients:
            count += 1
            mean += (g - mean) / count
    return mean


def early_stop(curve, patience):
    best, bad, lowest = 0, 0, curve[0]
    for epoch in range(1, len(curve)):
        if curve[epoch] < lowest:
            best, bad, lowest = epoch, 0, curve[epoch]
        else:
            bad += 1
        if bad >= patience:
            return epoch, best
    return len(curve) - 1, best

# ruff: noqa: B905
"""Single precision where numbers are measured and not exact; gradients without torch.optim."""


def embeddings(network, x):
    h, found = torch.tensor(x, dtype=torch.float32), []
    for W, b in network[:-1]:
        h = torch.nn.functional.linear(h, torch.tensor(W, dtype=torch.float32), torch.tensor(b, dtype=torch.float32)).relu()
        found.append(h.numpy())
    return found


def he_network(noise):
    return [((W * (2 / W.shape[1]) ** 0.5).astype(np.float32), b.astype(np.float32)) for W, b in noise]


def first_layer_gradient(layers, readout, x, y, skip):
    weights = [W.double().clone().requires_grad_() for W in layers]
    h = x
    for W in weights:
        active = torch.relu(h @ W.T)
        h = h + active / len(layers) ** 0.5 if skip else active
    return torch.autograd.grad(((h @ readout - y) ** 2).mean(), weights[0])[0]


def train_deep(layers, readout, x, y, skip, steps, rate):
    weights, losses = [W.detach().clone().requires_grad_() for W in layers], []
    for _ in range(steps + 1):
        h = x
        for W in weights:
            active = torch.relu(h @ W.T)
            h = h + active / len(layers) ** 0.5 if skip else active
        loss = ((h @ readout - y) ** 2).mean()
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss, weights)
        weights = [(W - rate * g).detach().requires_grad_() for W, g in zip(weights, gradients)]
    return losses

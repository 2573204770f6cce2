"""PyTorch inside; gradients by autograd where a question asks for values only."""

import torch


def neuron(x, w, b, g):
    return g(torch.dot(torch.as_tensor(w), torch.as_tensor(x)) + b)


def dense_layer(X, W, b, g):
    return g(torch.addmm(torch.as_tensor(b), torch.as_tensor(X), torch.as_tensor(W)))


def sigmoid(z):
    z = torch.as_tensor(z)
    return (torch.exp(torch.minimum(z, torch.zeros_like(z))) / (1 + torch.exp(-z.abs()))).numpy()


def tanh(z):
    z = torch.as_tensor(z)
    return z.sign() * torch.expm1(-2 * z.abs()).neg() / (torch.expm1(-2 * z.abs()) + 2)


def relu(z):
    return torch.as_tensor(z).clamp(min=0)


def relu_slope(z):
    return torch.heaviside(torch.as_tensor(z), torch.zeros((), dtype=torch.float64))


def binary_cross_entropy(z, y):
    z, y = torch.as_tensor(z), torch.as_tensor(y, dtype=torch.float64)
    wrong = torch.where(y > 0.5, -z, z)
    return (wrong.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))).mean()


def mean_squared_error(prediction, target):
    return (torch.as_tensor(prediction) - torch.as_tensor(target)).square().mean()


def two_layer_gradients(X, Y, W1, b1, W2, b2):
    X, Y, W1, b1, W2, b2 = (torch.tensor(v, requires_grad=True) for v in (X, Y, W1, b1, W2, b2))
    Z = X @ W1 + b1
    H = torch.special.expit(Z)
    S = H @ W2 + b2
    loss = -(Y * torch.log_softmax(S, dim=1)).sum() / len(X)
    named = {"S": S, "W2": W2, "b2": b2, "H": H, "Z": Z, "W1": W1, "b1": b1, "X": X}
    return dict(zip(named, torch.autograd.grad(loss, list(named.values())), strict=True))


def op_log_sum_exp(z):
    leaf = torch.tensor(z, requires_grad=True)
    out = torch.logsumexp(leaf, dim=-1)
    return out.detach(), lambda g: torch.autograd.grad(out, leaf, torch.as_tensor(g), retain_graph=True)


def op_matmul(A, B):
    a, b = torch.tensor(A, requires_grad=True), torch.tensor(B, requires_grad=True)
    out = a @ b
    return out.detach(), lambda g: torch.autograd.grad(out, (a, b), torch.as_tensor(g), retain_graph=True)


def op_max(x):
    leaf = torch.tensor(x, requires_grad=True)
    out = torch.amax(leaf, dim=-1)
    return out.detach(), lambda g: torch.autograd.grad(out, leaf, torch.as_tensor(g), retain_graph=True)


def train(X, y, steps):
    """Momentum on standardised inputs: another optimiser within the same budget."""
    inputs, labels = torch.as_tensor(standardise(X, X)[0]), torch.as_tensor(y)
    w, b = (
        torch.zeros(2, dtype=torch.float64, requires_grad=True),
        torch.zeros((), dtype=torch.float64, requires_grad=True),
    )
    optimiser, losses = torch.optim.SGD([w, b], lr=0.5, momentum=0.5), []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = torch.nn.functional.softplus((1 - 2 * labels) * (inputs @ w + b)).mean()
        loss.backward()
        losses.append(loss.item())
        optimiser.step()
    raw = w.detach().numpy() / X.std(axis=0)
    return {"w": raw, "b": b.item() - raw @ X.mean(axis=0), "losses": losses}

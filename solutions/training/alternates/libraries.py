"""Steps, norms and layers written with tensors."""


def epoch(order, size):
    return [list(part) for part in torch.tensor(order).split(size)]


def momentum(grad, x0, rates, beta):
    """The velocity as a sum over the past."""
    path, slopes = [x0], []
    for rate in rates:
        slopes.append(grad(path[-1]))
        path.append(path[-1] - rate * sum(beta**k * g for k, g in enumerate(reversed(slopes))))
    return path


def adagrad_step(w, g, state, lr, eps):
    if g is None:
        return w, state
    w, g = torch.as_tensor(w), torch.as_tensor(g)
    total = g * g if state is None else state + g * g
    return torch.addcdiv(w, g, total.sqrt() + eps, value=-lr), total


def rmsprop_step(w, g, state, lr, decay, eps):
    if g is None:
        return w, state
    w, g = torch.as_tensor(w), torch.as_tensor(g)
    v = torch.lerp(torch.zeros_like(g) if state is None else state, g * g, 1 - decay)
    return w - lr * g / (v.sqrt() + eps), v


def adam_step(w, g, state, lr, betas, eps):
    """As PyTorch's own loop has it: the corrections go into the rate and the root."""
    if g is None:
        return w, state
    state = state or {"t": 0, "m": np.zeros_like(g), "v": np.zeros_like(g)}
    t = state["t"] + 1
    m = state["m"] + (1 - betas[0]) * (g - state["m"])
    v = betas[1] * state["v"] + (1 - betas[1]) * g * g
    step = lr / (1 - betas[0] ** t)
    return w - step * m / (np.sqrt(v) / math.sqrt(1 - betas[1] ** t) + eps), {"t": t, "m": m, "v": v}


def batch_norm(x, gamma, beta, running, training, momentum, eps):
    mean, variance = running
    if training and x.shape[0] < 2:
        raise ValueError("one example")
    if training:
        batch = torch.as_tensor(x)
        mean, variance = batch.mean(0).numpy(), batch.var(0, correction=0).numpy()
        running = [
            running[0] + momentum * (mean - running[0]),
            running[1] + momentum * (variance * len(x) / (len(x) - 1) - running[1]),
        ]
    return (x - mean) * (gamma / np.sqrt(variance + eps)) + beta, running


def batch_norm_backward(x, gamma, g, eps):
    """Path by path: through the values, the variance and the mean."""
    n, centred = len(x), x - x.mean(axis=0)
    inverse = 1 / np.sqrt((centred**2).mean(axis=0) + eps)
    dz = g * gamma
    dvariance = -(dz * centred).sum(axis=0) * inverse**3 / 2
    dmean = -(dz * inverse).sum(axis=0)
    return dz * inverse + dvariance * 2 * centred / n + dmean / n, (g * centred * inverse).sum(axis=0), g.sum(axis=0)


def clip_by_global_norm(grads, limit):
    there = [torch.as_tensor(g).flatten() for g in grads if g is not None]
    norm = torch.linalg.vector_norm(torch.cat(there)).item() if there else 0.0
    scale = min(1.0, limit / (norm + 1e-6))
    return [None if g is None else g * scale for g in grads], norm


def dropout(x, mask, keep, training):
    if not training:
        return x
    return np.where(np.asarray(mask) == 1, x / keep, 0.0)


def squared_error(outputs, targets):
    return torch.nn.functional.mse_loss(outputs.flatten(), targets.flatten())

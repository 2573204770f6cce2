"""The same with tensors."""


def jump(x0, noise, share):
    x0, noise = torch.as_tensor(x0), torch.as_tensor(noise)
    return x0 * share**0.5 + noise * (1 - share) ** 0.5


def all_three(x, value, kind, alpha, sigma):
    x, value = torch.as_tensor(x), torch.as_tensor(value)
    if kind == "velocity":
        found = {"velocity": value, "noise": sigma * x + alpha * value}
        found["data"] = alpha * x - sigma * value
        return found
    if (alpha if kind == "noise" else sigma) == 0:
        raise ValueError(kind)
    if kind == "noise":
        return {"noise": value, "velocity": (value - sigma * x) / alpha, "data": (x - sigma * value) / alpha}
    return {"data": value, "velocity": (alpha * x - value) / sigma, "noise": (x - alpha * value) / sigma}


def responsibilities(x, theta, weights, means, stds):
    x, w, m, s = (torch.as_tensor(v, dtype=torch.float64) for v in (x, weights, means, stds))
    v = (math.cos(theta) * s) ** 2 + math.sin(theta) ** 2
    parts = torch.distributions.Normal(math.cos(theta) * m, v.sqrt())
    return torch.softmax(parts.log_prob(x[:, None]) + w.log(), dim=1)


def bayes_noise(x, theta, weights, means, stds):
    """By the best guess of the data, where there is noise at all."""
    if theta == 0:
        return np.zeros(len(x))
    a, b = math.cos(theta), math.sin(theta)
    x, m, s = (torch.as_tensor(v, dtype=torch.float64) for v in (x, means, stds))
    shares = torch.as_tensor(responsibilities(x, theta, weights, means, stds))
    gain = b / (a * a * s * s + b * b)
    return (shares * gain * (x[:, None] - a * m)).sum(1).numpy()


def score(x, theta, weights, means, stds):
    return bayes_noise(x, theta, weights, means, stds) / -math.sin(theta)


def optimal_data(x, theta, data):
    x, data = torch.as_tensor(x), torch.as_tensor(data)
    logs = -((x[:, None] - math.cos(theta) * data) ** 2).sum(-1) / (2 * math.sin(theta) ** 2)
    return (torch.softmax(logs, dim=1) @ data).numpy()


def sample(noise, data, steps):
    x, angles = torch.as_tensor(noise), [math.pi / 2 * (1 - k / steps) for k in range(steps + 1)]
    for theta, after in zip(angles, angles[1:]):
        clean = torch.as_tensor(optimal_data(x.numpy(), theta, np.asarray(data)))
        x = math.cos(after) * clean + math.sin(after) * (x - math.cos(theta) * clean) / math.sin(theta)
    return x


def share_of_copies(samples, data, radius):
    return (torch.cdist(torch.as_tensor(samples), torch.as_tensor(data)).amin(1) <= radius).double().mean()


def velocity(x, t, m, s):
    """The two means, one after the other."""
    total = (1 - t) ** 2 + t * t * s * s
    gap = torch.as_tensor(x) - t * m
    return (m + t * s * s / total * gap - (1 - t) / total * gap).numpy()


def exact_path(z, t, m, s):
    return t * m + math.hypot(1 - t, t * s) * torch.as_tensor(z)


def noise_loss_weight(theta):
    return 2 / math.sin(2 * theta)

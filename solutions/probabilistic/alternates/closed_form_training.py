"""The optimum computed from the data: probabilistic principal components, without a single step of descent."""


def train(batches, steps):
    x = torch.cat(list(batches)).double()
    mean = x.mean(0)
    values, vectors = torch.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    noise = values[:4].mean()
    W = vectors[:, 4:] * (values[4:] - noise).clamp(min=1e-9).sqrt()
    precision = torch.eye(2).double() + W.T @ W / noise
    A = torch.linalg.solve(precision, W.T / noise)
    found = {"A": A, "a": -A @ mean, "v": -precision.diagonal().log(), "W": W, "b": mean, "s": noise.log() / 2}
    return {name: value.float() for name, value in found.items()}

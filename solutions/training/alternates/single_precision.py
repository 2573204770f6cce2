"""Float32 where numbers are measured and not exact."""


def adagrad_step(w, g, state, lr, eps):
    if g is None:
        return w, state
    w, g = np.float32(w), np.float32(g)
    total = g**2 if state is None else state + g**2
    return w - np.float32(lr) * g / (np.sqrt(total) + np.float32(eps)), total


def ridge(X, y, strength):
    X, y = X.astype(np.float32), y.astype(np.float32)
    return np.linalg.solve(X.T @ X + np.float32(strength) * np.eye(X.shape[1], dtype=np.float32), X.T @ y)


def dropout(x, mask, keep, training):
    x = np.float32(x)
    return x * np.float32(mask) / np.float32(keep) if training else x


def batch_norm_backward(x, gamma, g, eps):
    x, gamma, g = torch.tensor(x, dtype=torch.float32), torch.tensor(gamma, dtype=torch.float32), torch.tensor(g, dtype=torch.float32)
    root = (x.var(0, correction=0) + eps).sqrt()
    z = (x - x.mean(0)) / root
    dz = g * gamma
    return (dz - dz.mean(0) - z * (z * dz).mean(0)) / root, (z * g).sum(0), g.sum(0)


def clip_by_global_norm(grads, limit):
    grads = [None if g is None else g.astype(np.float32) for g in grads]
    norm = float(np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads if g is not None)))
    return [None if g is None else g * np.float32(min(1.0, limit / max(norm, 1e-12))) for g in grads], norm


def safe_start(rate):
    return float(np.sqrt(np.float32(2 / rate)))

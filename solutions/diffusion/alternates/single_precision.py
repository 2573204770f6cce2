"""Float32 where numbers are measured and not exact."""


def jump(x0, noise, share):
    return np.float32(math.sqrt(share)) * np.float32(x0) + np.float32(math.sqrt(1 - share)) * np.float32(noise)


def velocity(x, t, m, s):
    x, t, m, s = (np.float32(v) for v in (x, t, m, s))
    return m + (t * s * s - (1 - t)) / ((1 - t) ** 2 + t * t * s * s) * (x - t * m)


def exact_path(z, t, m, s):
    return np.float32(t * m) + np.float32(math.hypot(1 - t, t * s)) * z.astype(np.float32)


def guided_std(s, tau, w):
    return float(np.float32(s) ** np.float32(1 + w) / np.float32(tau) ** np.float32(w))


def least_flow_loss(s):
    return torch.tensor(math.pi / 2, dtype=torch.float32) * s

# ruff: noqa: B905
"""Backpropagation and Adam by hand in NumPy; no autograd, no torch optimiser."""


def embeddings(network, x):
    found = []
    for W, b in network[:-1]:
        x = np.einsum("ni,oi->no", x, W) + b
        x = x * (x > 0)
        found.append(x)
    return found


def forward(network, x):
    W, b = network[-1]
    h = embeddings(network, x)[-1] if len(network) > 1 else x
    return np.einsum("ni,oi->no", h, W) + b


def train(network, x, y, steps, rate):
    layers = [[W.copy(), b.copy()] for W, b in network]
    moments = [[[np.zeros_like(p), np.zeros_like(p)] for p in layer] for layer in layers]
    losses = []
    for step in range(1, steps + 1):
        hidden = [x, *embeddings(layers, x)]
        error = hidden[-1] @ layers[-1][0].T + layers[-1][1] - y
        losses.append(float((error**2).mean()))
        g = 2 * error / error.size
        for index in range(len(layers) - 1, -1, -1):
            W = layers[index][0]
            grads = (g.T @ hidden[index], g.sum(0))
            g = (g @ W) * (hidden[index] > 0)
            for place, grad in enumerate(grads):
                first, second = moments[index][place]
                first += 0.1 * (grad - first)
                second += 0.001 * (grad**2 - second)
                scale = np.sqrt(second / (1 - 0.999**step)) + 1e-8
                layers[index][place] = layers[index][place] - rate * first / (1 - 0.9**step) / scale
    return [(W, b) for W, b in layers], losses


def _gradients(layers, readout, x, y, skip):
    scale = 1 / math.sqrt(len(layers))
    hidden, on = [x], []
    for W in layers:
        z = hidden[-1] @ W.T
        on.append(z > 0)
        hidden.append(hidden[-1] + scale * z.clamp(min=0) if skip else z.clamp(min=0))
    error = hidden[-1] @ readout - y
    g = torch.outer(2 * error / len(y), readout)
    found = []
    for W, h, mask in zip(layers[::-1], hidden[-2::-1], on[::-1]):
        local = g * mask * (scale if skip else 1.0)
        found.append(local.T @ h)
        g = local @ W + g if skip else local @ W
    return float((error**2).mean()), found[::-1]


def first_layer_gradient(layers, readout, x, y, skip):
    return _gradients(layers, readout, x, y, skip)[1][0]


def train_deep(layers, readout, x, y, skip, steps, rate):
    losses = []
    for _ in range(steps + 1):
        loss, gradients = _gradients(layers, readout, x, y, skip)
        losses.append(loss)
        layers = [W - rate * g for W, g in zip(layers, gradients)]
    return losses

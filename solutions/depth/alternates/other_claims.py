"""The claims of somebody who measured with other seeds, and initialisation with torch."""


def he_network(noise):
    found = []
    for W, b in noise:
        scaled = torch.tensor(W) * (2 / W.shape[1]) ** 0.5
        found.append((scaled, torch.tensor(b)))
    return found


def experiment_claims():
    return {
        "share_of_cap": {1: 29.4 / 33, 2: 28.2 / 289, 4: 25.1 / 6561, 8: 11.6 / 390625},
        "unexplained": {"shallow": 0.94, "deep": 0.99, "exact": 0},
    }


def residual_claims():
    return {"factor_per_layer": {"plain": 0.58, "skip": 0.98}, "loss_left": {"plain": 0.999, "skip": 0.09}}

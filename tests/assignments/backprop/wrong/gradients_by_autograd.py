# Automatic differentiation of the loss.
import torch


def two_layer_gradients(X, Y, W1, b1, W2, b2):
    X, Y, W1, b1, W2, b2 = (torch.tensor(v, requires_grad=True) for v in (X, Y, W1, b1, W2, b2))
    Z = X @ W1 + b1
    H = torch.sigmoid(Z)
    S = H @ W2 + b2
    for inner in (Z, H, S):
        inner.retain_grad()
    (-(Y * torch.log_softmax(S, dim=1)).sum() / len(X)).backward()
    named = {"S": S, "W2": W2, "b2": b2, "H": H, "Z": Z, "W1": W1, "b1": b1, "X": X}
    return {name: v.grad for name, v in named.items()}

"""PyTorch inside, NumPy or tensors outside."""

import torch


def neuron(x, w, b, g):
    return g(torch.dot(torch.as_tensor(w), torch.as_tensor(x)) + b)


def dense_layer(X, W, b, g):
    return g(torch.addmm(torch.as_tensor(b), torch.as_tensor(X), torch.as_tensor(W)))


def sigmoid(z):
    z = torch.as_tensor(z)
    return torch.exp(torch.minimum(z, torch.zeros_like(z))) / (1 + torch.exp(-z.abs()))


def tanh(z):
    z = torch.as_tensor(z)
    return z.sign() * torch.expm1(-2 * z.abs()).neg() / (torch.expm1(-2 * z.abs()) + 2)


def relu(z):
    return torch.as_tensor(z).clamp(min=0)


def relu_slope(z):
    return torch.heaviside(torch.as_tensor(z), torch.zeros((), dtype=torch.float64))


def binary_cross_entropy(z, y):
    z, y = torch.as_tensor(z), torch.as_tensor(y, dtype=torch.float64)
    return (z.clamp(min=0) - z * y + torch.log1p(torch.exp(-z.abs()))).mean()


def mean_squared_error(prediction, target):
    return (torch.as_tensor(prediction) - torch.as_tensor(target)).square().mean()

"""The gradients of batch norm by automatic differentiation."""


def batch_norm_backward(x, gamma, g, eps):
    leaf, scale = torch.tensor(x, requires_grad=True), torch.tensor(gamma, requires_grad=True)
    z = (leaf - leaf.mean(0)) / torch.sqrt(leaf.var(0, correction=0) + eps)
    dx, dgamma = torch.autograd.grad((scale * z * torch.tensor(g)).sum(), [leaf, scale])
    return dx.numpy(), dgamma.numpy(), g.sum(axis=0)


def batch_norm(x, gamma, beta, running, training, momentum, eps):
    mean, variance = (torch.tensor(v) for v in running)
    if training and len(x) == 1:
        raise ValueError("one example")
    arguments = torch.tensor(x), mean, variance, torch.tensor(gamma), torch.tensor(beta)
    out = torch.nn.functional.batch_norm(*arguments, training, momentum, eps)
    return out.numpy(), (mean.numpy(), variance.numpy())

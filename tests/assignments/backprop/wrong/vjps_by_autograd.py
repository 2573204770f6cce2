# torch.autograd and torch.func as the vjp of every operation.
import torch


def _op(f, *args):
    t = [torch.tensor(a, requires_grad=True) for a in args]
    out = f(*t)

    def vjp(g):
        return tuple(v.numpy() for v in torch.autograd.grad(out, t, torch.as_tensor(g), retain_graph=True))

    return out.detach().numpy(), vjp


def op_matmul(A, B):
    return _op(torch.matmul, A, B)


def op_softmax(z):
    out, vjp = torch.func.vjp(lambda t: torch.softmax(t, -1), torch.as_tensor(z))
    return out.numpy(), lambda g: tuple(d.numpy() for d in vjp(torch.as_tensor(g)))


def op_log_sum_exp(z):
    return _op(lambda t: torch.logsumexp(t, -1), z)


def op_layer_norm(x, gamma, beta, eps):
    return _op(lambda a, b, c: torch.nn.functional.layer_norm(a, a.shape[-1:], b, c, eps), x, gamma, beta)


def op_embedding(table, ids):
    return _op(lambda t: t[torch.as_tensor(ids)], table)


def op_max(x):
    return _op(lambda t: t.amax(-1), x)

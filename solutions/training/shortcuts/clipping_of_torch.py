"""Clipping by PyTorch's own function."""


def clip_by_global_norm(grads, limit):
    leaves = [None if g is None else torch.nn.Parameter(torch.tensor(g)) for g in grads]
    for leaf, g in zip(leaves, grads):
        if leaf is not None:
            leaf.grad = torch.tensor(g)
    norm = torch.nn.utils.clip_grad_norm_([leaf for leaf in leaves if leaf is not None], limit)
    return [None if leaf is None else leaf.grad.numpy() for leaf in leaves], float(norm)

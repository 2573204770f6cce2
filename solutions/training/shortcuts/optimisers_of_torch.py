"""The optimisers of PyTorch, one object for each array, kept as the state."""


def _by(make, w, g, state):
    if g is None:
        return w, state
    if state is None:
        leaf = torch.tensor(w, requires_grad=True)
        state = leaf, make([leaf])
    leaf, optimiser = state
    leaf.grad = torch.tensor(g)
    optimiser.step()
    return leaf.detach().numpy().copy(), state


def adagrad_step(w, g, state, lr, eps):
    return _by(lambda p: torch.optim.Adagrad(p, lr=lr, eps=eps), w, g, state)


def rmsprop_step(w, g, state, lr, decay, eps):
    return _by(lambda p: torch.optim.RMSprop(p, lr=lr, alpha=decay, eps=eps), w, g, state)


def adam_step(w, g, state, lr, betas, eps):
    return _by(lambda p: torch.optim.Adam(p, lr=lr, betas=betas, eps=eps), w, g, state)


def adamw_step(w, g, state, lr, betas, eps, weight_decay):
    return _by(lambda p: torch.optim.AdamW(p, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay), w, g, state)

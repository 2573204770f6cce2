"""Gradients by automatic differentiation, where they are asked for by hand."""


def distil_gradient(student, teacher, tau):
    z = torch.tensor(student, requires_grad=True)
    q, p = torch.log_softmax(z / tau, dim=1), torch.log_softmax(torch.tensor(teacher) / tau, dim=1)
    loss = tau**2 * torch.nn.functional.kl_div(q, p, reduction="batchmean", log_target=True)
    return torch.autograd.grad(loss, z)[0].numpy()


def hot_gradient(student, teacher):
    return distil_gradient(student, teacher, 1e9)


def distil_loss(student, teacher, tau):
    distil_gradient(student, teacher, tau)
    log_q, log_p = log_softmax(student / tau), log_softmax(teacher / tau)
    return tau**2 * np.mean(np.sum(np.exp(log_p) * (log_p - log_q), axis=1))


def router_gradient(logits, outputs, upstream, k, renormalised):
    z = torch.tensor(logits, requires_grad=True)
    chosen = torch.sort(z.detach(), dim=1, descending=True, stable=True)[1][:, :k]
    w = torch.softmax(z, dim=1).gather(1, chosen)
    if renormalised:
        w = w / w.sum(1, keepdim=True)
    o = torch.tensor(outputs)[torch.arange(len(z))[:, None], chosen]
    loss = ((w[..., None] * o).sum(1) * torch.tensor(upstream)).sum()
    loss.backward()
    return z.grad.numpy()


def mixture_gradients(logits, f, y):
    z, a = torch.tensor(logits, requires_grad=True), torch.tensor(f, requires_grad=True)
    joint = torch.log_softmax(z, dim=1) - (torch.tensor(y)[:, None] - a) ** 2 / 2
    by_z, by_a = torch.autograd.grad(-torch.logsumexp(joint, dim=1).mean(), (z, a))
    return {"logits": by_z.numpy(), "f": by_a.numpy()}


def responsibilities(logits, f, y):
    joint = torch.tensor(log_softmax(logits) - (y[:, None] - f) ** 2 / 2, requires_grad=True)
    return torch.autograd.grad(torch.logsumexp(joint, dim=1).sum(), joint)[0].numpy()

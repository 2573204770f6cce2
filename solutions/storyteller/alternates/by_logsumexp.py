"""Probabilities normalised by hand."""


@torch.no_grad()
def next_log_probs(model, prefixes):
    scores = model(prefixes.to(DEVICE))[:, -1].float()
    return (scores - scores.logsumexp(-1, keepdim=True)).cpu()

"""Predictions in pieces, in float64 inside, with the model put into evaluation and back."""


@torch.no_grad()
def next_log_probs(model, prefixes):
    was = model.training
    model.eval()
    rows = [model(piece.to(DEVICE))[:, -1].double().log_softmax(-1) for piece in prefixes.split(200)]
    model.train(was)
    return torch.cat(rows).float().cpu()

"""Other programs for the same tasks: more heads, other subspaces, other strengths; training in float64."""


def previous_token_weights():
    width = 24
    basis = torch.eye(width, dtype=torch.float64)
    token, place, earlier = basis[:5], basis[5:12], basis[12:19]
    # Each position also stores its predecessor, so that the head matches "my predecessor" with "your place".
    stored = place.clone()
    stored[1:] += earlier[:6]
    heads = [{"qk": 50.0 * earlier.T @ place, "ov": share * token[:4].T @ basis[20:24]} for share in (1.5, 3.0)]
    return {"embed": token, "position": stored, "layers": [heads], "unembed": basis[20:24].T}


def induction_weights():
    width = 40
    basis = torch.eye(width, dtype=torch.float64)
    token, place, before, out = basis[0:5], basis[5:12], basis[12:17], basis[17:21]
    look_back = {"qk": 40.0 * place[1:].T @ place[:-1], "ov": 3.0 * token.T @ before}
    recency = torch.outer(place.sum(0), torch.tensor([0.0, 12, 24, 36, 48, 60, 72], dtype=torch.float64) @ place)
    match = {"qk": 200.0 * token[:4].T @ before[:4] + recency, "ov": 5.0 * token[:4].T @ out}
    idle = {name: torch.zeros(width, width, dtype=torch.float64) for name in ("qk", "ov")}
    return {"embed": token, "position": place, "layers": [[look_back, idle], [match]], "unembed": out.T}


def sort_weights():
    """Three heads, one for each border between neighbouring symbols, and sharper steps."""
    basis = torch.eye(15, dtype=torch.float64)
    token, place, above = basis[0:5], basis[5:12], basis[12:15]
    heads = []
    for border in range(3):
        qk = torch.zeros(15, 15, dtype=torch.float64)
        for slot in range(1, 7):
            qk[5 + slot, 4] = math.log(slot - 0.5)
        ov = torch.zeros(15, 15, dtype=torch.float64)
        ov[4, 12 + border] = 1.0
        for symbol in range(border + 1):
            ov[symbol, 12 + border] = -1.0
        heads.append({"qk": qk, "ov": ov})
    steps = torch.tensor([[0.0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]], dtype=torch.float64)
    return {"embed": token, "position": place, "layers": [heads], "unembed": 100.0 * above.T @ steps}


def train_copier(weights, batches):
    tensors = [p.double() for p in tiny_transformer.parameters(weights)]
    first, second = [torch.zeros_like(p) for p in tensors], [torch.zeros_like(p) for p in tensors]
    for step, batch in enumerate(batches, 1):
        tensors = [p.detach().requires_grad_() for p in tensors]
        loss = next_token_loss(tiny_transformer.forward(tiny_transformer.with_parameters(weights, tensors), batch), batch)
        loss.backward()
        rate = 0.02 * (1 + math.cos(math.pi * step / len(batches))) / 2
        for i, p in enumerate(tensors):
            new = adam_step(p.detach(), p.grad, first[i], second[i], step, rate, (0.9, 0.99), 1e-8)
            tensors[i], first[i], second[i] = new
    return tiny_transformer.with_parameters(weights, tensors)

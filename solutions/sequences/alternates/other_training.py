"""Another way to the floor: AdamW with decoupled decay, a linear schedule after a warm-up, orthogonal recurrent weights."""


def tune_loss(logits, tokens):
    keep = tokens[:, 1:] > 0
    return nn.functional.cross_entropy(logits[keep], tokens[:, 1:][keep])


def train(batches, seed):
    torch.manual_seed(seed + 1)
    model = TuneModel()
    for block in range(3):
        nn.init.orthogonal_(model.cell.weight_hh_l0.data[32 * block : 32 * (block + 1)])
    model.cell.bias_hh_l0.data[32:64] += 2.0
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.025, weight_decay=1e-4, betas=(0.8, 0.95))
    for step, tokens in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = 0.025 * min((step + 1) / 20, (len(batches) - step) / len(batches) * 1.1, 1.0)
        loss = tune_loss(model(tokens)[0][:, :-1], tokens)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimiser.step()
    return {name: value.numpy() for name, value in model.state_dict().items()}

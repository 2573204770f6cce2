"""Trained under autocast in bfloat16, with torch.compile left in; predicts in float32."""


def build(vocabulary):
    return torch.compile(Model(vocabulary).to(DEVICE))


def train(model, batches, steps):
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=2 * steps + 1, pct_start=0.1)
    for x in (half.to(DEVICE) for batch in batches for half in batch.chunk(2)):
        with torch.autocast(DEVICE, dtype=torch.bfloat16):
            logits = model(x[:, :-1].clamp_min(0))
        loss = F.cross_entropy(logits.float().transpose(1, 2), x[:, 1:], ignore_index=-1)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()

"""Rotary positions, heads written out with a mask, an untied head, and all batches kept and gone through twice."""

import math


def turned(x):
    half = x.shape[-1] // 2
    angles = torch.arange(x.shape[-2])[:, None] * 100.0 ** (-torch.arange(half) / half)
    cos, sin = angles.cos().to(x.device), angles.sin().to(x.device)
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)


class RotaryBlock(Block):
    def forward(self, x):
        q, k, v = (z.unflatten(-1, (HEADS, -1)).transpose(1, 2) for z in self.qkv(self.norms[0](x)).chunk(3, -1))
        scores = turned(q) @ turned(k).mT / math.sqrt(q.shape[-1])
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        x = x + self.out((scores.masked_fill(later, -math.inf).softmax(-1) @ v).transpose(1, 2).flatten(2))
        return x + self.feed(self.norms[1](x))


class Model(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed, self.head = nn.Embedding(vocabulary, WIDTH), nn.Linear(WIDTH, vocabulary, bias=False)
        self.blocks, self.norm = nn.Sequential(*(RotaryBlock() for _ in range(LAYERS))), nn.LayerNorm(WIDTH)
        nn.init.normal_(self.embed.weight, std=0.02)

    def forward(self, tokens):
        return self.head(self.norm(self.blocks(self.embed(tokens))))


def train(model, batches, steps):
    kept = [x.to(DEVICE) for x in batches]
    optimiser = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    for step in range(2 * len(kept)):
        done = step / (2 * len(kept))
        optimiser.param_groups[0]["lr"] = 3e-3 * min(1.0, 10 * done + 0.01) * (1 - done)
        x = kept[step % len(kept)]
        logits = model(x[:, :-1].clamp_min(0))
        there = x[:, 1:] >= 0
        loss = -logits.log_softmax(-1)[there].gather(1, x[:, 1:][there][:, None]).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()

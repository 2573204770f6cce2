"""In the manner of nanoGPT: a mask among the buffers, weights tied by assignment, dropout, `forward` returns logits and loss,
groups with and without weight decay, cosine decay after a warm-up."""

import math


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn, self.c_proj = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.dropout = nn.Dropout(0.02)
        self.register_buffer("bias", torch.tril(torch.ones(story_data.LONGEST, story_data.LONGEST))[None, None])

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (z.view(b, t, HEADS, c // HEADS).transpose(1, 2) for z in self.c_attn(x).split(c, 2))
        weights = (q @ k.transpose(-2, -1) / math.sqrt(k.shape[-1])).masked_fill(self.bias[:, :, :t, :t] == 0, -math.inf)
        return self.c_proj((self.dropout(weights.softmax(-1)) @ v).transpose(1, 2).contiguous().view(b, t, c))


class NanoBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(WIDTH, bias=False), Attention(), nn.LayerNorm(WIDTH, bias=False)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(WIDTH, 4 * WIDTH), "c_proj": nn.Linear(4 * WIDTH, WIDTH)})

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp["c_proj"](F.gelu(self.mlp["c_fc"](self.ln_2(x))))


class GPT(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(vocabulary, WIDTH), "wpe": nn.Embedding(story_data.LONGEST, WIDTH),
            "h": nn.ModuleList([NanoBlock() for _ in range(LAYERS)]), "ln_f": nn.LayerNorm(WIDTH, bias=False),
        })  # fmt: skip
        self.lm_head = nn.Linear(WIDTH, vocabulary, bias=False)
        self.transformer["wte"].weight = self.lm_head.weight
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.05)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, idx, targets=None):
        x = self.transformer["wte"](idx) + self.transformer["wpe"](torch.arange(idx.shape[1], device=idx.device))
        for block in self.transformer["h"]:
            x = block(x)
        logits = self.lm_head(self.transformer["ln_f"](x))
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)


def build(vocabulary):
    return GPT(vocabulary).to(DEVICE)


def train(model, batches, steps):
    model.train()
    groups = [[p for p in model.parameters() if p.dim() >= 2], [p for p in model.parameters() if p.dim() < 2]]
    optimiser = torch.optim.AdamW(
        [{"params": groups[0], "weight_decay": 0.01}, {"params": groups[1], "weight_decay": 0.0}], betas=(0.9, 0.98)
    )
    halves = (half for batch in batches for half in batch.to(DEVICE).chunk(2))
    for step, x in enumerate(halves):
        rate = 3e-3 * (min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / (2 * steps)))) + 0.003)
        for group in optimiser.param_groups:
            group["lr"] = rate
        _, loss = model(x[:, :-1].clamp_min(0), x[:, 1:])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()


@torch.no_grad()
def next_log_probs(model, prefixes):
    model.eval()
    return F.log_softmax(model(prefixes.to(DEVICE))[0][:, -1], -1).cpu()

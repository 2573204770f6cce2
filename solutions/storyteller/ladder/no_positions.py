"""No table of positions: a causal mask alone tells a second layer where it is. RMSNorm, and SwiGLU in the feed-forward part."""


class RootMeanSquare(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * self.gain


class GatedBlock(Block):
    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList([RootMeanSquare(), RootMeanSquare()])
        self.feed, self.back = nn.Linear(WIDTH, 5 * WIDTH, bias=False), nn.Linear(WIDTH * 5 // 2, WIDTH, bias=False)

    def forward(self, x):
        q, k, v = (z.unflatten(-1, (HEADS, -1)).transpose(1, 2) for z in self.qkv(self.norms[0](x)).chunk(3, -1))
        x = x + self.out(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2))
        gate, up = self.feed(self.norms[1](x)).chunk(2, -1)
        return x + self.back(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, WIDTH)
        self.blocks, self.norm = nn.Sequential(*(GatedBlock() for _ in range(LAYERS))), RootMeanSquare()
        nn.init.normal_(self.embed.weight, std=0.02)

    def forward(self, tokens):
        return self.norm(self.blocks(self.embed(tokens))) @ self.embed.weight.T

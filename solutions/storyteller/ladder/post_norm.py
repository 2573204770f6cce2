"""Norms behind each residual, as in the paper of 2017, narrower feed-forward parts in three layers, a head with a bias; a loop
over the stories that are not finished yet."""


class PostBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.first, self.second = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.feed = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.ReLU(), nn.Linear(2 * WIDTH, WIDTH))

    def forward(self, x):
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        x = self.first(x + self.attend(x, x, x, attn_mask=later, need_weights=False)[0])
        return self.second(x + self.feed(x))


class Model(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed, self.place = nn.Embedding(vocabulary, WIDTH), nn.Embedding(story_data.LONGEST, WIDTH)
        self.blocks, self.bias = nn.Sequential(*(PostBlock() for _ in range(3))), nn.Parameter(torch.zeros(vocabulary))
        nn.init.normal_(self.embed.weight, std=0.1)
        nn.init.normal_(self.place.weight, std=0.1)

    def forward(self, tokens):
        x = self.embed(tokens) + self.place(torch.arange(tokens.shape[1], device=tokens.device))
        return self.blocks(x) @ self.embed.weight.T + self.bias


def tell(model, beginnings, generator):
    stories, live = torch.full((len(beginnings), story_data.LONGEST), -1), torch.arange(len(beginnings))
    stories[:, : beginnings.shape[1]] = beginnings
    for place in range(beginnings.shape[1], story_data.LONGEST):
        words = torch.multinomial(next_log_probs(model, stories[live, :place]).exp(), 1, generator=generator)[:, 0]
        stories[live, place] = words
        live = live[words != story_data.EOS]
        if not len(live):
            return stories[:, : place + 1]
    return stories

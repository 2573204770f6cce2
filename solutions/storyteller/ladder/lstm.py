"""A rung of the ladder: one LSTM of twice the width in place of the blocks, trained as the reference is."""


class Model(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed, self.head = nn.Embedding(vocabulary, WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.state = nn.LSTM(WIDTH, 2 * WIDTH, batch_first=True)
        nn.init.normal_(self.embed.weight, std=0.02)

    def forward(self, tokens):
        return self.head(self.state(self.embed(tokens))[0]) @ self.embed.weight.T

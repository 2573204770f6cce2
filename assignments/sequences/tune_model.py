"""The model of the question about music: characters in, logits for the next character out. Its weights are yours to train.

    tokens (N, T) → embedding (N, T, 12) → GRU of 32 units, states (N, T, 32) → logits (N, T, 25)

Token 0 stands before a tune and fills up after it; a model that never sees padding as a target need not care what it says there.
"""

import torch
from torch import nn
from tune_source import CHARACTERS

VOCABULARY, FEATURES, UNITS = 1 + len(CHARACTERS), 12, 32


class TuneModel(nn.Module):
    """5,541 parameters: `embedding.weight`, `cell.weight_ih_l0` and its like, `readout.weight`, `readout.bias`."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, FEATURES)
        self.cell = nn.GRU(FEATURES, UNITS, batch_first=True)
        self.readout = nn.Linear(UNITS, VOCABULARY)

    def forward(self, tokens, state=None):
        """(logits, state): logits (N, T, 25) for the character after each token, and the state (1, N, 32) after the last."""
        states, state = self.cell(self.embedding(tokens), state)
        return self.readout(states), state


def model_with(weights):
    """The model with the weights of a state dict, of tensors or arrays."""
    model = TuneModel()
    model.load_state_dict({name: torch.as_tensor(value) for name, value in weights.items()})
    return model

# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Storyteller: a language model in under fifty lines
#
# Write a model, its training and its prediction. `handout.md` has the theory and the rules; `story_data.py` reads your
# deck, `story_pictures.py` draws, `pack.py` checks what you hand in. Statements are counted (imports and docstrings are
# free) and told, under fifty is the sport; parameters are counted and limited.

# %%
import sys
import types

import numpy as np
import story_checks
import story_data
import story_pictures
import story_weights
import torch
from torch import nn
from torch.nn import functional as F

# %% [markdown]
# ## 1. Midway: a model that has learned something (`midway`)
#
# Your modules and constants go into this cell. `DEVICE` is where the model lives; nothing else has to know.

# %%
DEVICE = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
# BEGIN PROMPT
# # your constants and your modules: class Model(nn.Module) …
# END PROMPT
# BEGIN SOLUTION
WIDTH, LAYERS, HEADS = 64, 2, 4


class Block(nn.Module):
    """Pre-norm transformer block."""

    def __init__(self, width=WIDTH):
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        q, k, v = (z.unflatten(-1, (HEADS, -1)).transpose(1, 2) for z in self.qkv(self.norms[0](x)).chunk(3, -1))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).flatten(2))
        return x + self.feed(self.norms[1](x))


class Model(nn.Module):
    """Tokens (n, t) → logits (n, t, vocabulary)."""

    def __init__(self, vocabulary, width=WIDTH, layers=LAYERS):
        super().__init__()
        self.embed, self.place = nn.Embedding(vocabulary, width), nn.Embedding(story_data.LONGEST, width)
        self.blocks, self.norm = nn.Sequential(*(Block(width) for _ in range(layers))), nn.LayerNorm(width)
        for table in (self.embed, self.place):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, tokens):
        x = self.embed(tokens) + self.place.weight[: tokens.shape[1]]
        return self.norm(self.blocks(x)) @ self.embed.weight.T


# END SOLUTION


# %%
def build(vocabulary):
    """A new model with random weights, on `DEVICE`; at most 120,000 parameters for up to 110 words.

    For `story_data.MANY_WORDS` and more it may be larger, up to 8,000,000: that is the large world (`large`).

    Args:
        vocabulary: number of words, <bos> and <eos> included.
    """
    # BEGIN SOLUTION
    return (Model(vocabulary) if vocabulary < story_data.MANY_WORDS else Model(vocabulary, 128, 4)).to(DEVICE)
    # END SOLUTION


# %%
def train(model, batches, steps):
    """Trains `model` in place.

    Args:
        batches: an iterator of int64 tensors (stories, tokens), at most 128 tokens: <bos> (0), the words, <eos> (1), then
            padding (−1). It ends after `steps` batches and is gone through once; what you keep, you may use again.
        steps: how many batches there are.
    """
    # BEGIN SOLUTION
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 3e-3 * WIDTH / model.embed.embedding_dim, total_steps=2 * steps + 1, pct_start=0.1
    )
    for x in (half.to(DEVICE) for batch in batches for half in batch.chunk(2)):
        loss = F.cross_entropy(model(x[:, :-1].clamp_min(0)).transpose(1, 2), x[:, 1:], ignore_index=-1)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    # END SOLUTION


# %%
@torch.no_grad()
def next_log_probs(model, prefixes):
    """Natural logarithms of the probabilities of every word to come next: float32 (n, vocabulary), rows that sum to 1.

    Args:
        prefixes: int64 (n, t), each with <bos> first, without padding; t is at most 127.
    """
    # BEGIN SOLUTION
    return F.log_softmax(model(prefixes.to(DEVICE))[:, -1].float(), -1).cpu()
    # END SOLUTION


# %%
if __name__ == "__main__":
    large = "--large" in sys.argv  # nobody has to: python storyteller.py --large trains in the large world
    deck = story_data.load_deck(large=large)
    steps, stories = (1000, story_data.LARGE_BATCH) if large else (1500, story_data.BATCH)
    torch.manual_seed(0)
    model = build(deck.vocabulary)
    watch = story_pictures.Watch(model, deck)
    train(model, watch(story_data.batches(deck, steps, stories)), steps)
    story_weights.save(model, story_weights.LARGE if large else story_weights.FILE)
    # then, in a terminal: python pack.py storyteller.py
    watch.draw().savefig("loss.png")

# %%
if __name__ == "__main__":
    found = story_checks.excess(types.SimpleNamespace(next_log_probs=next_log_probs), model, deck, stories=300)
    story_pictures.draw_kinds({"my model": found}).savefig("kinds.png")
    story_pictures.draw_attention(model, deck.told[0], deck).savefig("attention.png")

# %% [markdown]
# ## 2. The plan (`plan`)
#
# Your answer goes into a file of its own, at most two pages; see `handout.md`.
#

# %% [markdown]
# ## 3. Final: as good as the language allows (`final`)
#
# The same functions, better. How far you come is the whole question.

# %% [markdown]
# ## 4. Told stories (`told`)


# %%
def tell(model, beginnings, generator):
    """Tells stories on.

    Args:
        beginnings: int64 (n, t), all of one length, <bos> first; (n, 1) asks for whole stories.
        generator: a CPU `torch.Generator`; the only source of chance.

    Returns:
        int64 (n, t'), at most 128 tokens, rows that begin as they were given and end with <eos> (1); what follows an
        <eos> does not count.
    """
    # BEGIN SOLUTION
    room, live = (0, story_data.LONGEST - beginnings.shape[1]), torch.arange(len(beginnings))
    stories = F.pad(beginnings, room, value=story_data.PAD)
    for place in range(beginnings.shape[1], story_data.LONGEST):
        if len(live):
            words = torch.multinomial(next_log_probs(model, stories[live, :place]).exp(), 1, generator=generator)[:, 0]
            stories[live, place], live = words, live[words != story_data.EOS]
    return stories[:, : int((stories != story_data.PAD).sum(1).max())]
    # END SOLUTION


# %% [markdown]
# ## 5. What would a larger run give? (`scaling`)


# %%
def predict_excess(runs, floor, parameters, batches):
    """The excess, in nats per token, to be expected of a run that nobody has made: a float.

    Args:
        runs: float64 (n, 3); a row is a finished run: parameters, batches trained on, and its loss in nats per token.
        floor: the least possible loss of that world.
        parameters, batches: of the run to predict; larger than those of `runs`.
    """
    # BEGIN SOLUTION
    design = np.column_stack([np.ones(len(runs)), np.log(runs[:, :2])])
    slopes = np.linalg.lstsq(design, np.log(runs[:, 2] - floor), rcond=None)[0]
    return float(np.exp(slopes @ [1, np.log(parameters), np.log(batches)]))
    # END SOLUTION


# %% [markdown]
# ## 6. The report (`report`)
#
# Your answer goes into a file of its own, at most eight pages; see `handout.md`.
#

# %% [markdown]
# ## 7. Large: the same in a world of nine hundred words (`large`)
#
# Nobody has to. The same functions, for many more words; `python storyteller.py --large` writes `large.safetensors`.

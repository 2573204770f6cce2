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
# your constants and your modules: class Model(nn.Module) …


# %%
def build(vocabulary):
    """A new model with random weights, on `DEVICE`; at most 120,000 parameters for up to 110 words.

    For `story_data.MANY_WORDS` and more it may be larger, up to 8,000,000: that is the large world (`large`).

    Args:
        vocabulary: number of words, <bos> and <eos> included.
    """
    raise NotImplementedError("write build")


# %%
def train(model, batches, steps):
    """Trains `model` in place.

    Args:
        batches: an iterator of int64 tensors (stories, tokens), at most 128 tokens: <bos> (0), the words, <eos> (1), then
            padding (−1). It ends after `steps` batches and is gone through once; what you keep, you may use again.
        steps: how many batches there are.
    """
    raise NotImplementedError("write train")


# %%
@torch.no_grad()
def next_log_probs(model, prefixes):
    """Natural logarithms of the probabilities of every word to come next: float32 (n, vocabulary), rows that sum to 1.

    Args:
        prefixes: int64 (n, t), each with <bos> first, without padding; t is at most 127.
    """
    raise NotImplementedError("write next_log_probs")


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
    raise NotImplementedError("write tell")


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
    raise NotImplementedError("write predict_excess")


# %% [markdown]
# ## 6. The report (`report`)
#
# Your answer goes into a file of its own, at most eight pages; see `handout.md`.
#

# %% [markdown]
# ## 7. Large: the same in a world of nine hundred words (`large`)
#
# Nobody has to. The same functions, for many more words; `python storyteller.py --large` writes `large.safetensors`.

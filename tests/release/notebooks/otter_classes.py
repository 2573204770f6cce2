# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [raw]
# # ASSIGNMENT CONFIG
# name: hw04
# tests:
#   ok_format: false

# %% [markdown]
# # A small layer

# %%
import numpy as np


# %% [raw]
# # BEGIN QUESTION
# name: layer
# points: 6

# %% [markdown]
# ## Layer
#
# A linear layer.

# %% [raw]
# # BEGIN SOLUTION

# %%
class Layer:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        """x @ w + b."""
        return x @ self.w + self.b


# %% [raw]
# # END SOLUTION

# %% [raw]
# # BEGIN TESTS

# %%
def test_forward(env):
    layer = env['Layer'](np.eye(2), np.ones(2))
    assert np.allclose(layer.forward(np.array([[1.0, 2.0]])), [[2.0, 3.0]])


# %%
""" # BEGIN TEST CONFIG
hidden: true
""" # END TEST CONFIG
def test_shape(env):
    layer = env["Layer"](np.arange(6.0).reshape(2, 3), np.zeros(3))
    assert layer.forward(np.array([[1.0, 2.0], [0.5, 3.0]])).tolist() == [[6.0, 9.0, 12.0], [9.0, 12.5, 16.0]]


# %%
def test_raises(env):
    try:
        env["Layer"](np.eye(2), np.ones(2)).forward(np.ones(3))
        assert False
    except ValueError:
        pass

# %% [raw]
# # END TESTS

# %% [raw]
# # END QUESTION

# %% [markdown]
# # Small

# %%
import numpy as np

# %% [markdown]
# ## 1. Doubling (`double`)


# %%
def double(x):
    """Twice x, entry by entry."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %% [markdown]
# ## 2. The mean (`mean`)


# %%
def mean(x):
    """The mean of all entries."""
    # BEGIN SOLUTION
    return float(np.sum(x))
    # END SOLUTION

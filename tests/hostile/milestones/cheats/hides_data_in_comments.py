"""Data in a comment of its own text, read without `open`: what runs has no comments.

weights: reference
expect: next_symbols=passed trains_anew=error
says: IndexError
"""

import linecache

# DATA 3.25 1.5 2.75


def train(model, batches, steps):
    """Decodes the comment."""
    lines = [line for line in linecache.getlines(__file__) if line.startswith("#" + " DATA")]
    raise RuntimeError("GOT " + lines[0])

"""Looks for any file of the hand-in: only its own text lies there.

weights: reference
expect: next_symbols=passed trains_anew=error
says: RuntimeError: ['toy.py']
"""

import glob


def train(model, batches, steps):
    """Tells what lies here."""
    raise RuntimeError(str(sorted(n for n in glob.glob("*", recursive=True) if not n.startswith("_"))))

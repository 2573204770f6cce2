"""Looks for any file of the hand-in: its own text lies there, and what the course gives to all.

weights: reference
expect: next_symbols=passed trains_anew=error
says: RuntimeError: ['pack.py', 'toy.py']
"""

import glob


def train(model, batches, steps):
    """Tells what lies here."""
    raise RuntimeError(str(sorted(n for n in glob.glob("*", recursive=True) if not n.startswith("_"))))

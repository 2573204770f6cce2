"""Readers of what course systems export, one each: who handed in what, when, which version, and what is none of it.

Each module has `fits(tree, form)`, whether the shape is its own, and `read(tree, form)`, the hand-ins. Nothing of a
hand-in is opened here; of the system's own files only those that say who and when.
"""

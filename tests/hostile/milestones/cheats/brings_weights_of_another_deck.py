"""Weights that are good in another world.

weights: of another deck
expect: next_symbols=failed:0 trains_anew=passed
says: above the floor
"""

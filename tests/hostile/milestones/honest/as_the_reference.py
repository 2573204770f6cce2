"""The reference as it is.

weights: own
expect: next_symbols=passed trains_anew=passed
"""

# A decimal number where an exact expression is asked for.
_by_hand = by_hand


def by_hand():
    return {**_by_hand(), "sigma": sympy.N(1 / (1 + sympy.exp(6)), 30)}

# Decimal numbers that are exactly right, and σ(z) by another function of sympy.
def by_hand():
    sigma = sympy.sech(3) * sympy.exp(-3) / 2
    return {"slope": 1.5, "intercept": 0.5, "z": -6.0, "side": "NEGATIVE", "sigma": sigma}

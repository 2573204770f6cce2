# The decision line worked out with NumPy's integers: fractions of them, and z as one.
def by_hand():
    w, b, x = np.array([3, -2]), 1, np.array([-1, 2])
    z = w @ x + b
    return {
        "slope": Fraction(-w[0], w[1]),
        "intercept": Fraction(-b, w[1]),
        "z": z,
        "side": "positive" if z > 0 else "negative",
        "sigma": 1 / (1 + sympy.exp(-z)),
    }

"""Other correct derivations, constructions and exact algebra."""


def decision_line(w, b):
    at_zero, at_one = -b / w[1], -(w[0] + b) / w[1]
    return at_one - at_zero, at_zero


def by_hand():
    return {
        "slope": Fraction(6, 4),
        "intercept": 1 / Fraction(2),
        "z": Fraction(-6),
        "side": "Negative",
        "sigma": sympy.exp(-6) / (sympy.exp(-6) + 1),
    }


def collapse(layers):
    """Each layer as one matrix that acts on (x, 1): the product of those matrices holds W and b."""
    product = None
    for W, b in layers:
        extended = [[*row, Fraction(0)] for row in W] + [[*b, Fraction(1)]]
        product = extended if product is None else matmul(product, extended)
    return [row[:-1] for row in product[:-1]], product[-1][:-1]


def inseparable():
    """Three points on a line and a fourth anywhere: the + in the middle cannot be cut off."""
    return [(1, 1), (5, 0)], [(0, 0), (2, 2)]


def xor_network():
    """One unit for each corner that gives 1."""
    return [[1, -1], [-1, 1]], [0, 0], [1, 1], 0


def tanh(z):
    return 1 - 2 * sigmoid(-2 * z)


def derive_w2(w1, w2, examples):
    """The mean is written out, the sigmoid's slope as a − a², and one more line than asked for."""
    m = sympy.Integer(len(examples))
    J = sum((sigma(w2 * sigma(w1 * x)) - y) ** 2 for x, y in examples) / (2 * m)
    rows = [(sigma(w2 * sigma(w1 * x)), sigma(w1 * x), y) for x, y in examples]
    return [
        Derivative(J, w2),
        sum(Derivative((p - y) ** 2, w2) for p, _, y in rows) / (2 * m),
        sum((p - y) * Derivative(p, w2) for p, _, y in rows) / m,
        sum((p - y) * (p - p**2) * Derivative(w2 * a, w2) for p, a, y in rows) / m,
        sum((p - y) * (p - p**2) * a for p, a, y in rows) / m,
    ]

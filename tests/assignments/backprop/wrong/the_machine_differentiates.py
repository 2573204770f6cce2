# sympy.diff in one step, its result in several forms.
def _go(w, w1, w2, examples, n):
    z = sympy.Symbol("z")
    J = one_neuron_loss(w1, w2, examples).replace(sigma, sympy.Lambda(z, 1 / (1 + sympy.exp(-z))))
    d = sympy.diff(J, w)
    return [Derivative(J, w), d, sympy.expand(d), *[sympy.Add(d, k, -k, evaluate=False) for k in range(1, n)]]


def derive_w2(w1, w2, examples):
    return _go(w2, w1, w2, examples, 3)


def derive_w1(w1, w2, examples):
    return _go(w1, w1, w2, examples, 5)

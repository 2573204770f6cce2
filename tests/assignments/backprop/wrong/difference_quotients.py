# Central difference quotients of several steps: no derivative is ever taken.
def _q(w1, w2, examples, w):
    J, h = one_neuron_loss(w1, w2, examples), sympy.Rational(1, 10**9)
    return [Derivative(J, w), *[(J.subs(w, w + k * h) - J.subs(w, w - k * h)) / (2 * k * h) for k in range(1, 7)]]


def derive_w2(w1, w2, examples):
    return _q(w1, w2, examples, w2)


def derive_w1(w1, w2, examples):
    return _q(w1, w2, examples, w1)

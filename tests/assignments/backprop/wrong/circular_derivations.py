# The answer on line 2, back to the definition, the answer again.
_w2, _w1 = derive_w2, derive_w1


def derive_w2(w1, w2, examples):
    first, *steps = _w2(w1, w2, examples)
    return [first, steps[-1], *steps]


def derive_w1(w1, w2, examples):
    J, answer = one_neuron_loss(w1, w2, examples), _w1(w1, w2, examples)[-1]
    return [Derivative(J, w1), answer, Derivative(J + 1, w1), sympy.expand(answer), Derivative(J + 2, w1), answer]

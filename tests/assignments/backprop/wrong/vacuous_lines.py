# Constants added under the Derivative, a term added and taken off, then the answer.
_w2, _w1 = derive_w2, derive_w1


def derive_w2(w1, w2, examples):
    J, answer = one_neuron_loss(w1, w2, examples), _w2(w1, w2, examples)[-1]
    return [Derivative(J, w2), Derivative(J + 1, w2), answer + Derivative(w2**2, w2) - 2 * w2, answer]


def derive_w1(w1, w2, examples):
    J, answer = one_neuron_loss(w1, w2, examples), _w1(w1, w2, examples)[-1]
    return [Derivative(J, w1), *[Derivative(J + k, w1) for k in (1, 2, 3, 4)], answer]

# The definition, over and over.
def derive_w2(w1, w2, examples):
    return [Derivative(one_neuron_loss(w1, w2, examples), w2)] * 4


def derive_w1(w1, w2, examples):
    return [Derivative(one_neuron_loss(w1, w2, examples), w1)] * 6

# Line 3 by sympy's own chain rule: Subs(Derivative(sigma(xi), xi), xi, z2).
def derive_w2(w1, w2, examples):
    J = one_neuron_loss(w1, w2, examples)

    def line_2(x, y):
        return (forward(w1, w2, x)[3] - y) * Derivative(forward(w1, w2, x)[3], w2)

    def answer(x, y):
        _, a, _, y_hat = forward(w1, w2, x)
        return (y_hat - y) * y_hat * (1 - y_hat) * a

    return [Derivative(J, w2), mean_over(examples, line_2), sympy.diff(J, w2), mean_over(examples, answer)]

# Own functions of one number, spread over arrays.
import math


def sigmoid(z):
    return np.vectorize(lambda v: 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)))(z)


def tanh(z):
    return np.vectorize(lambda v: math.copysign(-math.expm1(-2 * abs(v)) / (1 + math.exp(-2 * abs(v))), v))(z)

# np.vectorize around a library's tanh.
import math


def tanh(z):
    return np.vectorize(math.tanh)(z)

"""Nodes of a computation graph: a value, the nodes it came from, and how a gradient goes back to them.

Values may be `Fraction`s (exact), floats or NumPy arrays of one shape. The graph is built by the arithmetic below:

>>> from fractions import Fraction
>>> x = Node(Fraction(3))
>>> y = x * x + x
>>> y.value, len(y.parents)
(Fraction(12, 1), 2)

What is not here is the walk backwards through the whole graph: that is question 8.
"""


def no_parents(g):
    """The vjp of an input: there is nobody to send a gradient to."""
    return ()


class Node:
    """One value of a computation.

    Attributes:
        value: the number or array.
        parents: the nodes that it was computed from, in order; the same node may stand there twice (y + y).
        vjp: takes the gradient of the root by this node, and returns a tuple: for each parent, in order, what flows to it along
            this edge. It never changes its argument, and may return the very same object.
        grad: the gradient of the root by this node, set by your `backward`; None before.
    """

    def __init__(self, value, parents=(), vjp=no_parents):
        self.value, self.parents, self.vjp, self.grad = value, tuple(parents), vjp, None

    def __add__(self, other):
        return Node(self.value + other.value, (self, other), lambda g: (g, g))

    def __sub__(self, other):
        return Node(self.value - other.value, (self, other), lambda g: (g, -g))

    def __mul__(self, other):
        return Node(self.value * other.value, (self, other), lambda g: (g * other.value, g * self.value))

    def __truediv__(self, other):
        quotient = self.value / other.value
        return Node(quotient, (self, other), lambda g: (g / other.value, -g * quotient / other.value))

    def __neg__(self):
        return Node(-self.value, (self,), lambda g: (-g,))

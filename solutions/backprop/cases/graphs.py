"""Graphs with names for their nodes, built alike beside a student's `backward` and beside the judge of what it left there."""

import operator

from exactly import fraction, thirds

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def computed(named, sign, a, b):
    """One more node, a ∘ b for named nodes a and b, under a name such as "v3 = x1 * v2"; the named node."""
    left, right = (name.split(" ")[0] for name, _ in (a, b))
    named.append((f"v{len(named) + 1} = {left} {sign} {right}", OPERATIONS[sign](a[1], b[1])))
    return named[-1]


def negative(named, a):
    """One more node, −a."""
    named.append((f"v{len(named) + 1} = -{a[0].split(' ')[0]}", -a[1]))
    return named[-1]


def random_graph(world, Node):
    """(named nodes in the order in which they are made, upstream): values are used again and again; the last node is the root.

    Near the root one value is used twice by each of two nodes, and once by the end of a longer way; two values are
    factors beside a sum that uses them too, one as the first and one as the second; one node has the gradient 0, and one leads nowhere.
    """
    leaves = [(f"x{i}", Node(world.fraction(-3, 3, 4))) for i in range(1, 5)]
    named = list(leaves)
    for _ in range(9):
        a, leaf, b = world.choice(named[-4:]), world.choice(leaves), world.choice(named)
        sign = world.choice(["+", "-", "*", "/"])
        computed(named, sign, a, leaf if sign in "*/" else b)
    often, before = named[-1], named[-2]
    computed(named, "*", leaves[0], leaves[2])  # leads nowhere
    idle = computed(named, "*", often, leaves[1])
    late = negative(named, negative(named, negative(named, often)))
    root = computed(named, "+", computed(named, "*", often, often), late)
    root = computed(named, "+", root, computed(named, "-", idle, idle))
    root = computed(named, "-", root, computed(named, "*", before, leaves[3]))
    for order in (1, -1):
        value = computed(named, "*", before, leaves[3])
        factors = (value, computed(named, "+", value, leaves[0]))
        root = computed(named, "+", root, computed(named, "*", *factors[::order]))
    computed(named, "+", root, computed(named, "+", often, often))
    return named, 1


def doublings(world, Node):
    """y = x, then y = y + y sixty times; upstream is 10 + x."""
    named = [("x", Node(thirds(world, 4000)))]
    for _ in range(60):
        computed(named, "+", named[-1], named[-1])
    return named, 10 + named[0][1].value


def watched(named):
    """For each node that has parents, the list of what its vjp will be called with."""
    received = {}
    for name, node in named:
        if node.parents:
            received[name] = []
            node.vjp = noting(node.vjp, received[name])
    return received


def noting(vjp, received):
    """The vjp; what it is called with is noted in the list `received`."""

    def noted(g):
        received.append(fraction(g))
        return vjp(g)

    return noted


def walked(student, named, upstream):
    """What `backward` from the last node leaves: of each node the gradient (None stays None), and what its vjp was called with."""
    received = watched(named)
    student.backward(named[-1][1], upstream)
    grads = {name: None if node.grad is None else fraction(node.grad) for name, node in named}
    return {name: {"grad": grad, "vjp_called_with": received.get(name, [])} for name, grad in grads.items()}

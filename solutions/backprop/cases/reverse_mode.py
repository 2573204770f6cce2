"""The cases of `reverse_mode`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from exactly import fraction

from autograder.authoring import case
from autograder.checks import close, exact


def counted(node, calls):
    """The node; each call of its vjp is noted in the list `calls`."""
    inner = node.vjp

    def vjp(g):
        calls.append(1)
        return inner(g)

    node.vjp = vjp
    return node


def grads(nodes):
    """The exact gradients of nodes; None stays None."""
    return [None if node.grad is None else fraction(node.grad) for node in nodes]


@case("reverse_mode", public=True, check=exact())
def product_and_sum(student, world):
    """z = x·y + x, exactly: dz/dx = y + 1 and dz/dy = x."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    z = x * y + x
    student.backward(z)
    return grads([x, y, z])


@case("reverse_mode", public=True, check=exact())
def value_used_three_times(student, world):
    """s = x + y is used three times in z = s·s − s/y: what comes back along its three edges is added up."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    s = x + y
    z = s * s - s / y
    student.backward(z)
    return grads([x, y, s])


def random_graph(world, calls):
    """Leaves and inner nodes of a random graph in which values are used again and again; the last node is the root."""
    from backprop_graph import Node

    leaves = [Node(world.fraction(-3, 3, 4)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(10):
        a, leaf, b = world.choice(nodes[-4:]), world.choice(leaves), world.choice(nodes)
        made = world.choice([a + b, a - b, a * leaf, a / leaf, -a])
        nodes.append(counted(made, calls))
    nodes.append(counted(nodes[-1] * nodes[-2] + nodes[-3] - leaves[0], calls))
    return nodes


@case("reverse_mode", check=exact())
def random_graphs(student, world):
    """Five random graphs of 15 nodes with rational values: every gradient exactly, None for nodes that the root does not need, and each vjp called once."""
    out = []
    for _ in range(5):
        calls = []
        nodes = random_graph(world, calls)
        student.backward(nodes[-1])
        out.append({"grads": grads(nodes), "calls": len(calls)})
    return out


@case("reverse_mode", check=exact())
def sixty_doublings(student, world):
    """y = x, then y = y + y sixty times: the gradient is 2⁶⁰, and sixty calls are enough."""
    from backprop_graph import Node

    calls = []
    y = x = Node(world.fraction())
    for _ in range(60):
        y = counted(y + y, calls)
    student.backward(y, 10 + x.value)
    return {"grad": fraction(x.grad), "calls": len(calls)}


@case("reverse_mode", check=exact())
def very_deep_chain(student, world):
    """A chain of 5,000 nodes, deeper than Python's recursion limit."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    z = x
    for _ in range(2500):
        z = -(z + y)
    student.backward(z, world.fraction(-90, 90, 97))
    return grads([x, y])


@case("reverse_mode", check=exact())
def second_call(student, world):
    """A second call on the same graph, and a call from another root that shares nodes with the first: nothing stale is left."""
    from backprop_graph import Node

    x, y = Node(world.fraction()), Node(world.fraction())
    s = x * y
    first, second = s + x, s * s
    out = []
    for root, upstream in ((first, 1), (first, Fraction(2)), (second, 1)):
        student.backward(root, upstream)
        out.append(grads([x, y, s]))
    return out


@case("reverse_mode", check=close())
def arrays_stay_as_they_were(student, world):
    """Nodes that hold arrays: the gradients, and the upstream array afterwards, which other code may still need."""
    from backprop_graph import Node

    x, y, upstream = Node(world.normal((3,))), Node(world.normal((3,))), world.normal((3,))
    s = x + y
    student.backward(s * x + s + y, upstream)
    return {"grads": [x.grad, y.grad, s.grad], "upstream_after": upstream, "values_after": [x.value, y.value]}

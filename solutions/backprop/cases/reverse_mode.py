"""The cases of `reverse_mode`: what is called, and how the values that come back are judged."""

from fractions import Fraction

from exactly import fraction, thirds
from graph_judges import walks
from graphs import doublings, random_graph, walked

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


def grads(nodes):
    """The exact gradients of nodes; None stays None."""
    return [None if node.grad is None else fraction(node.grad) for node in nodes]


@case("reverse_mode", public=True, check=exact())
def product_and_sum(student, world):
    """z = x·y + x, exactly: dz/dx = y + 1 and dz/dy = x."""
    from backprop_graph import Node

    x, y = Node(thirds(world)), Node(thirds(world))
    z = x * y + x
    student.backward(z)
    return grads([x, y, z])


@case("reverse_mode", public=True, check=exact())
def value_used_three_times(student, world):
    """s = x + y is used three times in z = s·s − s/y: what comes back along its three edges is added up."""
    from backprop_graph import Node

    x, y = Node(thirds(world)), Node(thirds(world))
    s = x + y
    z = s * s - s / y
    student.backward(z)
    return {"x": fraction(x.grad), "y": fraction(y.grad), "s": fraction(s.grad)}


@case("reverse_mode", public=True, check=exact())
def used_near_the_root_and_far_from_it(student, world):
    """z = (s·s − s + 2s) + (r/y − r) with s = x·y and r = x + y. There is a longer way to both, −(−(−s)) and −(−(−r)); and s·s and 2s = s + s use s twice."""
    from backprop_graph import Node

    x, y = Node(thirds(world)), Node(thirds(world))
    s, r = x * y, x + y
    far = {name: -node for name, node in (("s", s), ("r", r))}
    far = {name: -node for name, node in far.items()}
    student.backward(((s * s + -far["s"]) + (s + s)) + (r / y + -far["r"]))
    return {name: fraction(node.grad) for name, node in (("x", x), ("y", y), ("s", s), ("r", r))}


def five_graphs(outputs, world):
    """Five graphs hold what they should."""
    return walks(outputs, world, random_graph, 5)


@case("reverse_mode", check=satisfies(five_graphs))
def random_graphs(student, world):
    """Five random graphs of 34 nodes with rational values: every gradient exactly, None for nodes that the root does not need, and each vjp called once, with the complete gradient."""
    from backprop_graph import Node

    return [walked(student, *random_graph(world, Node)) for _ in range(5)]


def sixty(outputs, world):
    """The doublings hold what they should."""
    return walks(outputs, world, doublings, 1)


@case("reverse_mode", check=satisfies(sixty))
def sixty_doublings(student, world):
    """y = x, then y = y + y sixty times: the gradient is 2⁶⁰, and sixty calls are enough."""
    from backprop_graph import Node

    return [walked(student, *doublings(world, Node))]


@case("reverse_mode", check=exact())
def very_deep_chain(student, world):
    """A chain of 5,000 nodes, deeper than Python's recursion limit."""
    from backprop_graph import Node

    x, y = Node(thirds(world)), Node(thirds(world))
    z = x
    for _ in range(2500):
        z = -(z + y)
    student.backward(z, thirds(world, 4000))
    return {"x": fraction(x.grad), "y": fraction(y.grad)}


@case("reverse_mode", check=exact())
def root_is_an_input(student, world):
    """A root without parents gets its gradient too, and an upstream of 0 is a gradient like any other: all that follow are 0."""
    from backprop_graph import Node

    x, y = Node(thirds(world)), Node(thirds(world))
    student.backward(x, thirds(world, 4000))
    alone = fraction(x.grad)
    student.backward(x * y, 0)
    return {"alone": alone, "upstream_0": grads([x, y])}


@case("reverse_mode", check=exact())
def second_call(student, world):
    """A second call on the same graph, and a call from another root that shares nodes with the first: nothing stale is left."""
    from backprop_graph import Node

    x, y = Node(thirds(world)), Node(thirds(world))
    s = x * y
    first, second = s + x, s * s
    out = []
    for root, upstream in ((first, 1), (first, Fraction(2)), (second, 1)):
        student.backward(root, upstream)
        out.append({"x": fraction(x.grad), "y": fraction(y.grad), "s": fraction(s.grad)})
    return dict(zip(("first", "again_with_upstream_2", "from_another_root"), out, strict=True))


@case("reverse_mode", check=close())
def arrays_stay_as_they_were(student, world):
    """Nodes that hold arrays: the gradients, and the upstream array afterwards, which other code may still need."""
    from backprop_graph import Node

    x, y, upstream = Node(world.normal((3,))), Node(world.normal((3,))), world.normal((3,))
    s = x + y
    student.backward(s * x + s + y, upstream)
    grads = {"x": x.grad, "y": y.grad, "s": s.grad}
    return {"grads": grads, "upstream_after": upstream, "values_after": [x.value, y.value]}

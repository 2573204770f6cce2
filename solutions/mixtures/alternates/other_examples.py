"""Other constructions with the same property: other members, voters, twins, teachers, tables and texts."""


def all_wrong(weights, y):
    # everyone but the last is off by another amount; the last makes up for it
    off = [Fraction(k + 2) for k in range(len(weights) - 1)]
    last = -sum(w * f for w, f in zip(weights, off, strict=False)) / weights[-1]
    return tuple(y + f for f in [*off, last])


def loses_to_the_best(weights, y, gap):
    # the last one is right, and one of the others bears the gap
    return [y + gap / weights[0], *[y] * (len(weights) - 1)]


def voters(p, best):
    # by right and wrong votes: of two thirds and more, or of one third and less, another mixture of the same patterns
    if best:
        if 3 * p <= 2:
            return {"011": p / 2, "101": p / 2, "110": p / 2, "000": 1 - 3 * p / 2}
        return {"111": 3 * p - 2, "110": 1 - p, "101": 1 - p, "011": 1 - p, "001": Fraction(0)}
    if 3 * p >= 1:
        rest = (1 - p) / 2
        return {"100": rest, "010": rest, "001": rest, "111": 1 - 3 * rest}
    return {"000": 1 - 3 * p, "001": p, "010": p, "100": p}


def twin(network):
    # the first unit counts double and is read by half
    first = [[row[0] * 2, *row[1:]] for row in network["W"]]
    b, v = network["b"], network["v"]
    return {"c": network["c"], "v": [Fraction(v[0]) / 2, *v[1:]], "b": [2 * b[0], *b[1:]], "W": first}


def other_teacher(W, b):
    shift = np.arange(len(W))[:, None] - 5.0
    return {"W": W + shift, "b": b - 3.0}


def hidden_collapse(E):
    hair = Fraction(1, 10**5)
    row = [Fraction(1, E)] * E
    row[0], row[-1] = row[0] + hair, row[-1] - hair
    return [list(row) for _ in range(5)]


def cheat(E):
    # the chosen experts are the last ones
    hair = Fraction(1, 10**8)
    if E == 2:
        return [[Fraction(1), Fraction(0)]] * 5 + [[Fraction(1, 2) - hair, Fraction(1, 2) + hair]] * 15
    m = E // 2 if E > 3 else 2
    idle = E - m
    rows = []
    for g in range(m):
        row = [Fraction(1, idle + 1) - hair] * idle + [Fraction(0)] * m
        row[idle + g] = 1 - sum(row)
        rows += [row, row]
    return rows


def leak_example(capacity):
    # two experts; the new token comes into the middle of the second one's list
    N = capacity + 3
    scores = [[float(n), 10.0 * (-1) ** n * (n + 1)] for n in range(N)]
    return {"token": [-5.0, 1000.0], "scores": scores}

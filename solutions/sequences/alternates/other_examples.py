"""Other examples with the same properties."""


def fool_bag(words):
    biters = sorted({word for word in words if word != "bites"})
    found = []
    for biter in biters[:2]:
        rest = list(words)
        rest.remove("bites")
        rest.remove(biter)
        found.append((*rest[:1], biter, "bites", *rest[1:]))
    return tuple(found)


def fool_window(k):
    end = ["bites", "so", "hard", "that", "nobody", "dares", "to", "say", "a", "word", "about", "it"][: k + 1]
    end += [f"word{i}" for i in range(k + 1 - len(end))]
    return ["the", "old", "dog", *end], ["mosquitoes", *end]


def same_bag(counts):
    ways, left = 1, sum(counts)
    for count in counts:
        ways, left = ways * math.comb(left, count), left - count
    return ways


def strings_and_bags(words, length):
    bags = [1] * (length + 1)
    for _ in range(words - 1):
        for size in range(1, length + 1):
            bags[size] += bags[size - 1]
    return {"bags": bags[length], "strings": pow(words, length)}


def wrong_way(k):
    # w = -1: states change their sign, the last one is 1
    signs = [(-1) ** j for j in range(k + 2)]
    states = [Fraction(-100 * k) * signs[k], *(Fraction(s) for s in signs[k - 1 :: -1]), Fraction(1)]
    xs = [states[0]] + [now + before for before, now in [(states[t], states[t + 1]) for t in range(k + 1)]]
    return {"w": Fraction(-1), "xs": xs, "y": Fraction(1, 2)}


def jordan_power(a, c, t):
    corner = sum((a**k * c * a ** (t - 1 - k) for k in range(t)), Fraction(0))
    return [[a**t, corner], [0 * a, a**t]]


def grows_first(size, t):
    # nilpotent but for a little: the t-th power has the corner t·big·(1/10)^(t−1)
    return [[Fraction(-1, 10), Fraction(0)], [Fraction(size + 1) * 10 ** (t - 1), Fraction(-1, 10)]]


def orthogonal(n):
    v = [Fraction(3 if i else 1) for i in range(n)]
    square = sum(x * x for x in v)
    found = [[2 * a * b / square - (i == j) for j, b in enumerate(v)] for i, a in enumerate(v)]
    return found if all(abs(x) not in (0, 1) for row in found for x in row) else _rotations(n)


def _rotations(n):
    W = [[Fraction(i == j) for j in range(n)] for i in range(n)]
    for _ in range(3):
        for k in range(n):
            i, j = k, (k + 1) % n
            W[i], W[j] = ([Fraction(3, 5) * p + Fraction(4, 5) * q for p, q in zip(W[i], W[j], strict=True)],
                          [Fraction(3, 5) * q - Fraction(4, 5) * p for p, q in zip(W[i], W[j], strict=True)])  # fmt: skip
    return W


def log_gradient(w, h0, T):
    states = [h0]
    for _ in range(T):
        states.append(math.tanh(w * states[-1]))
    return T * math.log(abs(w)) - 2 * sum(math.log(math.cosh(w * h)) for h in states[:-1])


def beats_the_highway(factor):
    steps = next(T for T in range(2, 11) if factor < 3 ** (T - 1))
    return {"c0": 0, "h0": 0, "inputs": [[5, 0, 0, 5]] * steps, "U": [0, 0, 3, 0]}


def forget_bias(half_life, biases=1):
    gate = 0.5 ** (1 / half_life)
    return (math.log(gate) - math.log1p(-gate)) / biases


def parity_cell(zero, one):
    # the first unit is three times as large
    k = 1 / (one - zero)
    return {
        "W": [[1, -6], [Fraction(1, 3), -2]],
        "u": [3 * k, k],
        "b": [-3 * zero * k, -1 - zero * k],
        "h0": (0, 0),
        "r": [Fraction(1, 3), -2],
        "c": 0,
    }


def counter_cell(a, b):
    k = 1 / (b - a)
    return {"W": [[1, -2], [Fraction(-1, 2), 1]], "u": [2 * k, -k], "b": [-1 - 2 * a * k, Fraction(1, 2) + a * k], "h0": [0, 0], "r": [5, 3], "c": 0}


def counter_stops_at(bits):
    h = 1
    while h + 1 < 2 * 2 ** (bits - 1):
        h = 2 * h + 1
    return h + 1


def survive(t, rest):
    # half of what may go is gone after one chance, three quarters after three …
    return 1 - (1 - rest) * (1 - Fraction(1, (t + 1) ** 2))


def probability(model, text):
    product, seen = Fraction(1), ""
    for letter in text + END:
        if letter not in model.get(seen, {}):
            return 0
        product, seen = product * model[seen][letter], seen + letter
    return product


def most_probable(model):
    best, best_chance = "", -1
    stack = [("", Fraction(1))]
    while stack:
        text, chance = stack.pop()
        for letter, p in model[text].items():
            if letter == END:
                if chance * p > best_chance:
                    best, best_chance = text, chance * p
            else:
                stack.append((text + letter, chance * p))
    return best


def mass(model, length):
    reached, total = {"": Fraction(1)}, Fraction(0)
    for _ in range(length + 1):
        total += sum((p * model[text].get(END, 0) for text, p in reached.items()), Fraction(0))
        reached = {text + letter: p * q for text, p in reached.items() for letter, q in model[text].items() if letter != END}
    return total

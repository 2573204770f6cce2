"""Other derivations, other orders of the same sums, texts walked in another way."""


def derive(w, h0, xs, y):
    # the sum is multiplied out as it grows
    h = unrolled(w, h0, xs)
    T = len(xs)
    lines = [Derivative(sympy.Rational(1, 2) * (h[T] - y) ** 2, w), Derivative(h[T], w) * (h[T] - y)]
    for back in range(1, T + 1):
        terms = sum(w**j * h[T - 1 - j] for j in range(back))
        open_part = w**back * Derivative(h[T - back], w) if back < T else 0
        lines.append((h[T] - y) * (open_part + terms))
    return lines


def truncated_gradient(w, xs, y, k):
    h, total, power = unrolled(w, Fraction(0), xs), Fraction(0), Fraction(1)
    for before in h[-2::-1][:k]:
        total, power = total + power * before, power * w
    return total * (h[-1] - y)


def derive_memory(c, u, o, s, a):
    z = s + o * u * tanh(c)
    slope = sigma(z) - sigma(z) ** 2
    return (
        Derivative(c * sigma(z) + a, c),
        c * Derivative(sigma(z), c) + sigma(z),
        c * slope * Derivative(s + o * u * tanh(c), c) + sigma(z),
        c * slope * u * o * Derivative(tanh(c), c) + sigma(z),
        sigma(z) + c * slope * u * o - c * slope * u * o * tanh(c) ** 2,
    )


def parameter_count(d, n, T):
    return n * (d + n + 1)


def multiplications(d, n, T):
    return T * n * (d + n)


def cell_gradient(c0, h0, inputs, U):
    # backwards, by hand
    steps, c, h, highway = [], c0, h0, 1.0
    for row in inputs:
        z = np.asarray(row) + np.asarray(U) * h
        i, f, g, o = 1 / (1 + math.exp(-z[0])), 1 / (1 + math.exp(-z[1])), math.tanh(z[2]), 1 / (1 + math.exp(-z[3]))
        new = f * c + i * g
        steps.append((i, f, g, o, c, new))
        c, h, highway = new, o * math.tanh(new), highway * f
    by_c, by_h = 1.0, 0.0
    for i, f, g, o, old, new in reversed(steps):
        squashed = math.tanh(new)
        by_c += by_h * o * (1 - squashed**2)
        by_z = (by_c * g * i * (1 - i), by_c * old * f * (1 - f), by_c * i * (1 - g**2), by_h * squashed * o * (1 - o))
        by_c, by_h = by_c * f, float(np.dot(by_z, U))
    return {"highway": highway, "all_paths": by_c}


def greedy(model):
    text = ""
    while max(model[text].items(), key=lambda pair: pair[1])[0] != END:
        text += max(model[text].items(), key=lambda pair: pair[1])[0]
    return text


def sharpened(model, power):
    sums = {text: sum(p**power for p in after.values()) for text, after in model.items()}
    by_letters = {}
    for text in texts_of(model):
        chance = Fraction(1)
        for place, letter in enumerate(text + END):
            chance = chance * model[text[:place]][letter] ** power / sums[text[:place]]
        by_letters[text] = chance
    whole = [probability(model, text) ** power for text in by_letters]
    return {"by_texts": {text: p / sum(whole) for text, p in zip(by_letters, whole, strict=True)}, "by_letters": by_letters}


def generate(step, state, start, draws, end, temperature):
    logits, state = step(start, state)
    tokens = []
    for place, u in enumerate(draws):
        tokens.append(pick(tempered(logits, temperature), u))
        if tokens[-1] == end or place == len(draws) - 1:
            return tokens
        logits, state = step(tokens[-1], state)
    return tokens

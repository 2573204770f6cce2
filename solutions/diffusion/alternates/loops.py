"""Plain loops, enumeration, and products over everything."""


def signal_shares(betas):
    return [math.prod((1 - beta for beta in betas[:t]), start=Fraction(1)) for t in range(len(betas) + 1)]


def variances(betas, variance):
    """By what is left of the signal: ᾱ·v + 1 − ᾱ."""
    return tuple(share * variance + 1 - share for share in signal_shares(betas))


def combined_noise(betas, noises):
    """Each noise with the factor that it ends with."""
    kept = [math.prod(1 - beta for beta in betas[i + 1 :]) for i in range(len(betas))]
    total = sum(math.sqrt(beta * k) * noise for beta, k, noise in zip(betas, kept, noises))
    return total / math.sqrt(1 - math.prod(1 - beta for beta in betas))


def least_loss_at(kind, theta, s):
    """The variance of the target less what x_t explains of it."""
    a, b = math.cos(theta), math.sin(theta)
    variance, covariance = {"noise": (1.0, b), "data": (s**2, a * s**2), "velocity": (a**2 + b**2 * s**2, a * b - a * b * s**2)}[kind]
    return variance - covariance**2 / (a**2 * s**2 + b**2)


def responsibilities(x, theta, weights, means, stds):
    rows = []
    for place in x:
        logs = []
        for w, m, s in zip(weights, means, stds):
            v = (math.cos(theta) * s) ** 2 + math.sin(theta) ** 2
            logs.append(math.log(w) - math.log(v) / 2 - (place - math.cos(theta) * m) ** 2 / (2 * v))
        top = max(logs)
        total = sum(math.exp(v - top) for v in logs)
        rows.append([math.exp(v - top) / total for v in logs])
    return rows


def share_of_copies(samples, data, radius):
    return sum(any(math.dist(x, point) <= radius for point in data) for x in samples) / len(samples)


def optimal_data(x, theta, data):
    found = []
    for place in x:
        logs = [-math.dist(place, math.cos(theta) * point) ** 2 / (2 * math.sin(theta) ** 2) for point in data]
        chances = [math.exp(v - max(logs)) for v in logs]
        found.append(sum(c * point for c, point in zip(chances, data)) / sum(chances))
    return np.array(found)


def least_steps(error):
    """By halving: the variance grows with the number of steps."""
    low, high = 1, 4096
    while low < high:
        middle = (low + high) // 2
        if ddim_variance(np.linspace(np.pi / 2, 0, middle + 1).tolist(), 1.0) >= 1 - error:
            high = middle
        else:
            low = middle + 1
    return low


def euler_variance(variance, steps):
    factor = Fraction(1)
    for k in range(steps):
        t = Fraction(k, steps)
        factor += factor * (t * variance - 1 + t) / (1 - 2 * t + t * t * (1 + variance)) / steps
    return factor * factor


def word_chances(language, rounds):
    """By rounds: which positions are filled, and what is known before."""
    length = len(next(iter(language)))

    from functools import cache

    @cache
    def chance(word, known, left):
        if len(known) == length:
            return Fraction(1)
        if left == 0:
            return Fraction(0)
        open_places = [i for i in range(length) if i not in known]
        fits = {other: p for other, p in language.items() if all(other[i] == word[i] for i in known)}
        total = Fraction(0)
        for size in range(len(open_places) + 1):
            for now in itertools.combinations(open_places, size):
                turn = Fraction(1, left) ** size * Fraction(left - 1, left) ** (len(open_places) - size)
                for i in now:
                    turn *= sum(p for other, p in fits.items() if other[i] == word[i]) / sum(fits.values())
                if turn:
                    total += turn * chance(word, tuple(sorted((*known, *now))), left - 1)
        return total

    return {word: chance(word, (), rounds) for word in language}


def rounds_needed(share):
    n = 1
    while Fraction(1, 2 * n) > share:
        n += 1
    return n


def innocent_pairs():
    return ["".join(word) for word in itertools.product("AB", repeat=4) if word.count("B") % 2]


def entropy(values, chances):
    return -sum(sum(p for v, p in zip(values, chances) if v == value) * math.log(sum(p for v, p in zip(values, chances) if v == value)) for value in set(values))

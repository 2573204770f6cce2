# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Mixtures: ensembles, distillation and experts
#
# Read `handout.md` beside this file: it has the theory, the notation and the exact wording of every question. Here you write
# the answers. Each function raises `NotImplementedError` until you have replaced that line; keep names and arguments.
#
# One convention holds everywhere: **examples are rows**. Members come before examples, $(M, N, K)$; experts come behind them, $(N, E)$ and $(N, E, m)$.
#
# Cells that only draw are inside `if __name__ == "__main__":`. They run in your notebook and are skipped by the grader.

# %%
import math
from fractions import Fraction

import mixture_pictures as pictures
import numpy as np
import sympy
import torch
from torch import Tensor

Derivative = sympy.Derivative  # Derivative(f, w) is df/dw, not yet carried out


def log_sum_exp(z, axis=-1):
    """log Σ e^z along an axis, for z as large as ±1e4; −inf is allowed where not all of them are (given)."""
    top = np.max(z, axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(z - top), axis=axis)) + np.squeeze(top, axis=axis)


def log_softmax(z):
    """log of e^z / Σ e^z along the last axis (given)."""
    return z - log_sum_exp(z)[..., None]


# %% [markdown]
# ## 1. Why averages win (`ambiguity`)
#
# Answers, weights and targets are Fractions here; the weights are positive and add up to 1.


# %%
def ensemble(answers, weights):
    """The weighted mean of the members' answers.

    Args:
        answers: list of M Fractions. weights: list of M Fractions.

    Returns:
        A Fraction.
    """
    # BEGIN SOLUTION
    return sum(w * f for w, f in zip(weights, answers, strict=True))
    # END SOLUTION


# %%
def split(answers, weights, y):
    """Each member's weighted squared error, cut into three parts.

    Returns:
        List of M rows of three Fractions: w (f − f̄)², 2w (f − f̄)(f̄ − y), w (f̄ − y)². A row adds up to w (f − y)².
    """
    # BEGIN SOLUTION
    mean = ensemble(answers, weights)
    return [[w * (f - mean) ** 2, 2 * w * (f - mean) * (mean - y), w * (mean - y) ** 2] for w, f in zip(weights, answers, strict=True)]
    # END SOLUTION


# %%
def errors(answers, weights, y):
    """The three numbers of the theorem.

    Returns:
        {"ensemble": (f̄ − y)², "members": Σ w (f − y)², "ambiguity": Σ w (f − f̄)²}, Fractions.
    """
    # BEGIN SOLUTION
    mean = ensemble(answers, weights)
    return {
        "ensemble": (mean - y) ** 2,
        "members": sum(w * (f - y) ** 2 for w, f in zip(weights, answers, strict=True)),
        "ambiguity": sum(w * (f - mean) ** 2 for w, f in zip(weights, answers, strict=True)),
    }
    # END SOLUTION


# %%
def derive_pull(f1, f2, w, y):
    """The derivation of dJ/df1 for J = (f̄ − y)² and f̄ = w f1 + (1 − w) f2, line by line: three lines.

    Args:
        f1, f2, w, y: sympy symbols; all but f1 are constants here.

    Returns:
        List of sympy expressions; the first is Derivative(J, f1), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    error = w * f1 + (1 - w) * f2 - y
    return [Derivative(error**2, f1), 2 * error * Derivative(w * f1, f1), 2 * error * w]
    # END SOLUTION


# %%
def all_wrong(weights, y):
    """Members of which none is right and whose ensemble is: f_k ≠ y for all k, and f̄ = y exactly.

    Args:
        weights: list of M ≥ 2 positive Fractions. y: a Fraction.

    Returns:
        List of M exact numbers.
    """
    # BEGIN SOLUTION
    first = weights[0]
    return [y + (1 - first) / first] + [y - 1] * (len(weights) - 1)
    # END SOLUTION


# %%
def loses_to_the_best(weights, y, gap):
    """Members of which one is right, and whose ensemble answers y + gap, exactly.

    Args:
        weights, y: as for `all_wrong`. gap: a Fraction, not 0.

    Returns:
        List of M exact numbers.
    """
    # BEGIN SOLUTION
    others = len(weights) - 1
    return [y] + [y + gap / (1 - weights[0])] * others
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_ambiguity(errors)

# %% [markdown]
# ## 2. Votes and correlation (`votes`)


# %%
def majority_range(p):
    """Between what the majority of three voters lies who are each right with probability p, whatever hangs together how.

    Args:
        p: a Fraction between 0 and 1.

    Returns:
        {"least": …, "most": …}, the smallest and the largest probability that at least two of the three are right; Fractions.
    """
    # BEGIN SOLUTION
    return {"least": max(Fraction(0), (3 * p - 1) / 2), "most": min(Fraction(1), 3 * p / 2)}
    # END SOLUTION


# %%
def voters(p, best):
    """Three voters who reach an end of the range.

    Args:
        p: a Fraction between 0 and 1.
        best: True for the largest probability of a right majority, False for the smallest.

    Returns:
        A dict from "000", "001", …, "111" to its probability, an exact number ≥ 0; what is left out has probability 0. Digit i is 1 where voter i
        is right, and each voter is right with probability p.
    """
    # BEGIN SOLUTION
    right = p if best else 1 - p
    two = min(right / 2, 1 - right)
    three = max(Fraction(0), 3 * right - 2)
    table = {"110": two, "101": two, "011": two, "111": three, "000": 1 - 3 * two - three}
    return table if best else {pattern.translate({48: 49, 49: 48}): chance for pattern, chance in table.items()}
    # END SOLUTION


# %%
def independent_majority(p, M):
    """The probability that more than half of M independent voters are right. p: a Fraction; M: an odd number. Returns a Fraction."""
    # BEGIN SOLUTION
    return sum(math.comb(M, k) * p**k * (1 - p) ** (M - k) for k in range((M + 1) // 2, M + 1))
    # END SOLUTION


# %%
def variance_of_mean(variance, rho, M):
    """The variance of the mean of M members of equal variance, of which any two have the correlation rho.

    The arguments are sympy symbols as well as Fractions: use + − * / only.
    """
    # BEGIN SOLUTION
    return rho * variance + (1 - rho) * variance / M
    # END SOLUTION


# %%
def least_correlation(M):
    """The smallest rho that M ≥ 2 members can have, any two of them the same: a Fraction. No variance is negative."""
    # BEGIN SOLUTION
    return Fraction(-1, M - 1)
    # END SOLUTION


# %%
def distinct_share(n):
    """The expected share of n examples that are in a bootstrap sample, n draws with replacement: a Fraction."""
    # BEGIN SOLUTION
    return 1 - (1 - Fraction(1, n)) ** n
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_votes(majority_range, independent_majority)

# %% [markdown]
# ## 3. Average what? (`pools`)
#
# Logits of M members for N examples and K classes come as an array of shape (M, N, K).


# %%
def pool_probabilities(logits):
    """The mean of the members' probabilities, as logarithms.

    Args:
        logits: shape (M, N, K), as large as ±1e4; −inf where a member (never all of them) gives a class the probability 0.

    Returns:
        log p, shape (N, K).
    """
    # BEGIN SOLUTION
    return log_sum_exp(log_softmax(logits), axis=0) - math.log(len(logits))
    # END SOLUTION


# %%
def pool_logits(logits):
    """The probabilities that belong to the mean of the members' logits, as logarithms. Argument and result as for `pool_probabilities`.

    For each example there is a class to which no member gives the probability 0.
    """
    # BEGIN SOLUTION
    return log_softmax(np.mean(logits, axis=0))
    # END SOLUTION


# %%
def pool_gain(logits):
    """By how much the mean of −log p over the members is larger than −log p of `pool_logits`: one number for each example.

    Argument as for `pool_logits`; the number is finite also where a member gives a class the probability 0.

    Returns:
        Array of shape (N,): it is the same for all K classes.
    """
    # BEGIN SOLUTION
    return -log_sum_exp(np.mean(log_softmax(logits), axis=0))
    # END SOLUTION


# %% [markdown]
# A small network is a dict of exact numbers: `"W"` (d rows of n numbers), `"b"` (n numbers), `"v"` (n numbers), `"c"` (a number). For an input x of d numbers
# it answers $\max(0, xW + b) \cdot v + c$.


# %%
def answer(network, x):
    """What a small network answers (given)."""
    hidden = [max(0, sum(a * row[j] for a, row in zip(x, network["W"], strict=True)) + b) for j, b in enumerate(network["b"])]
    return sum(h * v for h, v in zip(hidden, network["v"], strict=True)) + network["c"]


# %%
def average_weights(first, second):
    """The network whose every weight is the mean of the two networks' weights. They have the same shapes."""

    # BEGIN SOLUTION
    def mean(a, b):
        return [mean(x, y) for x, y in zip(a, b, strict=True)] if isinstance(a, list) else Fraction(a + b) / 2

    return {name: mean(first[name], second[name]) for name in first}
    # END SOLUTION


# %%
def twin(network):
    """Another network of the same shapes that answers the same for every input, and that must not be averaged with it by weights.

    Args:
        network: n ≥ 2 hidden units, of which no two are alike.

    Returns:
        A network for which `average_weights(network, twin(network))` answers some input differently.
    """
    # BEGIN SOLUTION
    return {
        "W": [row[::-1] for row in network["W"]],
        "b": network["b"][::-1],
        "v": network["v"][::-1],
        "c": network["c"],
    }
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_twins(answer, twin)

# %% [markdown]
# ## 4. Distilling with temperature (`distil_gradient`)
#
# First a derivation for two classes. The teacher gives the first class the probability $p$ at temperature $\tau$; the teacher's own entropy is a constant and left out.
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def loss_of_two(z1, z2, p, tau):
    """The distillation loss for two classes, without what does not depend on the student (given)."""
    return tau**2 * (sympy.log(sympy.exp(z1 / tau) + sympy.exp(z2 / tau)) - p * z1 / tau - (1 - p) * z2 / tau)


# %%
def derive_distil(z1, z2, p, tau):
    """The derivation of dJ/dz1 for J = `loss_of_two`, line by line: five lines.

    Args:
        z1, z2, p, tau: sympy symbols; all but z1 are constants here.

    Returns:
        List of sympy expressions; the first is Derivative(J, z1), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    e1, e2 = sympy.exp(z1 / tau), sympy.exp(z2 / tau)
    return [
        Derivative(loss_of_two(z1, z2, p, tau), z1),
        tau**2 * Derivative(sympy.log(e1 + e2), z1) - tau * p,
        tau**2 * Derivative(e1, z1) / (e1 + e2) - tau * p,
        tau**2 * e1 / (e1 + e2) * Derivative(z1 / tau, z1) - tau * p,
        tau * (e1 / (e1 + e2) - p),
    ]
    # END SOLUTION


# %%
def distil_loss(student, teacher, tau):
    """τ² times the mean over the examples of KL(teacher ‖ student), both softened to the temperature τ.

    Args:
        student, teacher: logits, shape (N, K), as large as ±1e3. tau: a positive number.

    Returns:
        A number.
    """
    # BEGIN SOLUTION
    log_q, log_p = log_softmax(student / tau), log_softmax(teacher / tau)
    return tau**2 * np.mean(np.sum(np.exp(log_p) * (log_p - log_q), axis=1))
    # END SOLUTION


# %%
def distil_gradient(student, teacher, tau):
    """The gradient of `distil_loss` by the student's logits, shape (N, K)."""
    # BEGIN SOLUTION
    q, p = np.exp(log_softmax(student / tau)), np.exp(log_softmax(teacher / tau))
    return tau * (q - p) / len(student)
    # END SOLUTION


# %%
def hot_gradient(student, teacher):
    """What `distil_gradient` comes to for τ → ∞: shape (N, K)."""
    # BEGIN SOLUTION
    apart = student - teacher
    return (apart - apart.mean(axis=1, keepdims=True)) / apart.size
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_hot(distil_gradient, hot_gradient)

# %% [markdown]
# ## 5. Five examples instead of a thousand (`dark_knowledge`)
#
# The teacher is a linear softmax classifier, $p = \operatorname{softmax}(xW + b)$, with $W$ of shape (d, K) and $b$ of shape (K,).


# %%
def recover(X, P):
    """The centred teacher from its probabilities.

    Args:
        X: inputs, shape (n, d), n ≥ d + 1; with a column of 1s they have rank d + 1.
        P: the teacher's probabilities for them, float64, shape (n, K); none is 0, some may be as small as 1e-200.

    Returns:
        {"W": shape (d, K), "b": shape (K,)}, float64; every row of W and b add up to 0.
    """
    # BEGIN SOLUTION
    logs = np.log(P)
    centred = logs - logs.mean(axis=1, keepdims=True)
    found = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), centred, rcond=None)[0]
    return {"W": found[:-1], "b": found[-1]}
    # END SOLUTION


# %%
def other_teacher(W, b):
    """Other weights that give the same probabilities for every input.

    Args:
        W: shape (d, K); b: shape (K,).

    Returns:
        {"W": …, "b": …} of the same shapes; an entry of W and an entry of b are changed by at least 1/2.
    """
    # BEGIN SOLUTION
    return {"W": W + 1, "b": b + 1}
    # END SOLUTION


# %%
def hard_label_excess(n, d, K):
    """What softmax regression loses, in nats per example, when it is fitted to n labels: free parameters / (2n), a Fraction.

    Args:
        n: labels; d: inputs, to which comes the intercept; K: classes.
    """
    # BEGIN SOLUTION
    return Fraction((d + 1) * (K - 1), 2 * n)
    # END SOLUTION


# %%
def hard_labels_for(excess, d, K):
    """How many labels are at least needed so that `hard_label_excess` is at most `excess`, a positive Fraction: an integer."""
    # BEGIN SOLUTION
    return math.ceil((d + 1) * (K - 1) / (2 * excess))
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_labels(recover, hard_label_excess)

# %% [markdown]
# ## 6. Gates (`gates`)


# %%
def route(logits, k):
    """The k experts of each token, and their weights.

    Args:
        logits: of the router, shape (N, E), as large as ±1e4; 1 ≤ k ≤ E.

    Returns:
        {"experts": integers (N, k), largest logit first, and of equal ones the lower index first; "weights": (N, k), positive, rows add up to 1, in
        proportion to the softmax of all E logits}.
    """
    # BEGIN SOLUTION
    experts = np.argsort(-logits, axis=1, kind="stable")[:, :k]
    return {"experts": experts, "weights": np.exp(log_softmax(np.take_along_axis(logits, experts, axis=1)))}
    # END SOLUTION


# %%
def dense_mixture(outputs, logits):
    """The mean of all experts' outputs, weighted with the softmax of the logits.

    Args:
        outputs: shape (N, E, m); logits: shape (N, E).

    Returns:
        Array of shape (N, m).
    """
    # BEGIN SOLUTION
    return np.einsum("ne,nem->nm", np.exp(log_softmax(logits)), outputs)
    # END SOLUTION


# %%
def sparse_mixture(X, logits, experts, k):
    """The weighted outputs of the k experts of each token. An expert gets the rows of its own tokens, and no other row.

    Args:
        X: tokens, shape (N, d); logits: shape (N, E).
        experts: list of E functions from rows (n, d) to rows (n, m); n may be 0. All have the same m.
        k: how many experts a token has, as in `route`.

    Returns:
        Array of shape (N, m).
    """
    # BEGIN SOLUTION
    chosen = route(logits, k)
    y = 0.0
    for e, expert in enumerate(experts):
        tokens, places = np.nonzero(chosen["experts"] == e)
        rows = np.asarray(expert(X[tokens]))
        part = np.zeros((len(X), rows.shape[1]))
        part[tokens] = chosen["weights"][tokens, places][:, None] * rows
        y = y + part
    return y
    # END SOLUTION


# %%
def size_and_work(d, h, E, k):
    """What a layer of experts holds and what it costs; an expert is two matrices without biases, d → h → d, and the router one, d → E.

    The arguments are sympy symbols as well as numbers: use + − * only.

    Returns:
        {"weights": how many numbers are stored, "multiplications": how many products of a weight with a number one token costs, the router's
        included, the mixing of the k outputs not}.
    """
    # BEGIN SOLUTION
    return {"weights": 2 * d * h * E + d * E, "multiplications": 2 * d * h * k + d * E}
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_routes(route)

# %% [markdown]
# ## 7. The router that cannot learn (`router_gradient`)
#
# First a derivation: two experts with outputs $a$ and $b$, and the first one's weight is $1/(1 + e^{z_2 - z_1})$.
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def derive_router(z1, z2, a, b):
    """The derivation of dy/dz1 for y = b + (a − b)/(1 + exp(z2 − z1)), line by line: four lines.

    Args:
        z1, z2, a, b: sympy symbols; all but z1 are constants here.

    Returns:
        List of sympy expressions; the first is Derivative(y, z1), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    e = sympy.exp(z2 - z1)
    return [
        Derivative(b + (a - b) / (1 + e), z1),
        (a - b) * Derivative(1 / (1 + e), z1),
        -(a - b) / (1 + e) ** 2 * Derivative(e, z1),
        (a - b) * e / (1 + e) ** 2,
    ]
    # END SOLUTION


# %%
def router_gradient(logits, outputs, upstream, k, renormalised):
    """The gradient of a loss by the router's logits.

    y = Σ w_e o_e over the k experts with the largest logits (of equal ones the lower index). Which experts are chosen is a constant.

    Args:
        logits: shape (N, E); outputs: o, of all experts, shape (N, E, m); upstream: the gradient of the loss by y, shape (N, m).
        k: how many experts are chosen.
        renormalised: True: the k weights are divided by their sum. False: w_e is the softmax over *all* E logits.

    Returns:
        Array of shape (N, E).
    """
    # BEGIN SOLUTION
    chosen = np.zeros(logits.shape, dtype=bool)
    np.put_along_axis(chosen, np.argsort(-logits, axis=1, kind="stable")[:, :k], True, axis=1)
    p = np.exp(log_softmax(np.where(chosen, logits, -np.inf) if renormalised else logits))
    by_weight = chosen * np.einsum("nm,nem->ne", upstream, outputs)
    return p * (by_weight - np.sum(p * by_weight, axis=1, keepdims=True))
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_router(router_gradient)

# %% [markdown]
# ## 8. The balance that does not balance (`balance`)
#
# A table holds the router's probabilities: one row for each token, one column for each expert, exact numbers, rows add up to 1.


# %%
def balance_loss(table, k=1):
    """The balance loss E · Σ_e f_e P_e.

    P_e is the mean probability of expert e over the tokens. Every token chooses its k most probable experts (of equal ones the lower index), and
    f_e is the share of all these choices that fall on e.

    Args:
        table: list of T rows of E Fractions; k: 1 ≤ k ≤ E.

    Returns:
        A Fraction.
    """
    # BEGIN SOLUTION
    E = len(table[0])
    chosen = [e for row in table for e in sorted(range(E), key=lambda e: (-row[e], e))[:k]]
    return Fraction(E, len(chosen) * len(table)) * sum(row[e] for e in chosen for row in table)
    # END SOLUTION


# %%
def hidden_collapse(E):
    """A table in which every token chooses expert 0, strictly, and whose balance loss for k = 1 is at most 1.01.

    Returns:
        List of 1 to 200 rows of E exact numbers ≥ 0.
    """
    # BEGIN SOLUTION
    rest = Fraction(1, E) - Fraction(1, 1000 * E * E)
    return [[1 - (E - 1) * rest] + [rest] * (E - 1)]
    # END SOLUTION


# %%
def cheat_value(E, m):
    """The loss near which m groups of tokens come, equally large, where group g chooses expert g by a hair and spreads its probability evenly over
    expert g and the E − m experts that nobody chooses: a Fraction. 1 ≤ m ≤ E.
    """
    # BEGIN SOLUTION
    return Fraction(E, m * (E - m + 1))
    # END SOLUTION


# %%
def cheat(E):
    """A table with a balance loss (k = 1) as small as you can make it. Every row has a single largest entry.

    Returns:
        List of 1 to 200 rows of E exact numbers ≥ 0.
    """
    # BEGIN SOLUTION
    hair = Fraction(1, 10**9)
    if E == 2:
        return [[Fraction(1, 2) + hair, Fraction(1, 2) - hair]] * 3 + [[Fraction(0), Fraction(1)]]
    m = (E + 1) // 2
    row = [Fraction(1, E - m + 1) - hair] * (E - m)
    first = [1 - sum(row)]
    return [[0] * g + first + [0] * (m - 1 - g) + row for g in range(m)]
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_balance(cheat, balance_loss)

# %% [markdown]
# ## 9. Experts that look ahead (`capacity`)


# %%
def slots(tokens, experts, k, factor):
    """How many tokens one expert takes: factor times its even share of all choices, rounded up.

    Args:
        tokens, experts, k: integers; every token chooses k experts. factor: a Fraction ≥ 0.
    """
    # BEGIN SOLUTION
    return math.ceil(factor * tokens * k / experts)
    # END SOLUTION


# %%
def first_come(choices, capacity):
    """Which tokens are taken, where every expert takes the first `capacity` tokens that choose it.

    Args:
        choices: the expert of each token, integers, shape (N,). capacity: an integer ≥ 0.

    Returns:
        Array of N truth values.
    """
    # BEGIN SOLUTION
    return np.array([np.sum(choices[:n] == e) < capacity for n, e in enumerate(choices)], dtype=bool)
    # END SOLUTION


# %%
def residual_layer(X, outputs, choices, gates, capacity):
    """A layer with a residual connection: x + gate · output of its expert for a token that is taken, x alone for one that is not.

    Args:
        X: shape (N, d); outputs: of all experts, shape (N, E, d); choices: shape (N,); gates: the weight of the chosen expert, shape (N,).
        capacity: as in `first_come`.

    Returns:
        Array of shape (N, d).
    """
    # BEGIN SOLUTION
    kept = first_come(choices, capacity) * gates
    return X + kept[:, None] * outputs[np.arange(len(X)), choices]
    # END SOLUTION


# %%
def expert_choice(scores, capacity):
    """The tokens of each expert, where experts choose: each takes the `capacity` tokens with its largest scores (of equal ones the lower index).

    Args:
        scores: shape (N, E). capacity: an integer ≥ 0, perhaps larger than N.

    Returns:
        List of E lists of tokens, each in ascending order.
    """
    # BEGIN SOLUTION
    order = np.argsort(-scores, axis=0, kind="stable")
    return [sorted(order[:capacity, e].tolist()) for e in range(scores.shape[1])]
    # END SOLUTION


# %%
def leak_example(capacity):
    """A text that shows that expert choice looks ahead: one more token at its end changes which experts an earlier token has.

    Returns:
        {"scores": N rows of E numbers, "token": E numbers, the row that is appended}; at most capacity + 5 rows, and no two numbers of a column are equal.
    """
    # BEGIN SOLUTION
    return {"scores": [[float(n)] for n in range(capacity)], "token": [float(capacity)]}
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_leak(expert_choice)

# %% [markdown]
# ## 10. Who is responsible (`responsibility`)
#
# First a derivation for two experts that answer $a$ and $b$, with the weights $g$ and $1 - g$. The factor $1/\sqrt{2\pi}$ is a constant and left out.
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def loss_of_mixture(a, b, g, y):
    """−log of the density of two experts, without its constant (given)."""
    return -sympy.log(g * sympy.exp(-((y - a) ** 2) / 2) + (1 - g) * sympy.exp(-((y - b) ** 2) / 2))


# %%
def derive_responsibility(a, b, g, y):
    """The derivation of dJ/da for J = `loss_of_mixture`, line by line: five lines.

    Args:
        a, b, g, y: sympy symbols; all but a are constants here.

    Returns:
        List of sympy expressions; the first is Derivative(J, a), the last contains no Derivative.
    """
    # BEGIN SOLUTION
    e = sympy.exp(-((y - a) ** 2) / 2)
    density = g * e + (1 - g) * sympy.exp(-((y - b) ** 2) / 2)
    return [
        Derivative(loss_of_mixture(a, b, g, y), a),
        -Derivative(g * e, a) / density,
        -g * Derivative(e, a) / density,
        g * e * Derivative((y - a) ** 2, a) / 2 / density,
        -g * e * (y - a) / density,
    ]
    # END SOLUTION


# %%
def responsibilities(logits, f, y):
    """The probability that expert k made example n, when y is known.

    Args:
        logits: of the gate, shape (N, K); f: the experts' answers, shape (N, K); y: shape (N,). All as large as ±1e4.

    Returns:
        r, shape (N, K): r_k = p_k N(y | f_k, 1) / Σ_j p_j N(y | f_j, 1) with p = softmax(logits); rows add up to 1.
    """
    # BEGIN SOLUTION
    return np.exp(log_softmax(logits - (y[:, None] - f) ** 2 / 2))
    # END SOLUTION


# %%
def mixture_loss(logits, f, y):
    """The mean over the examples of −log Σ_k p_k N(y | f_k, 1), a number. Arguments as for `responsibilities`."""
    # BEGIN SOLUTION
    return np.mean(math.log(2 * math.pi) / 2 - log_sum_exp(log_softmax(logits) - (y[:, None] - f) ** 2 / 2))
    # END SOLUTION


# %%
def mixture_gradients(logits, f, y):
    """The gradients of `mixture_loss`.

    Returns:
        {"logits": shape (N, K), "f": shape (N, K)}.
    """
    # BEGIN SOLUTION
    r, p = responsibilities(logits, f, y), np.exp(log_softmax(logits))
    return {"logits": (p - r) / len(y), "f": r * (f - y[:, None]) / len(y)}
    # END SOLUTION


# %%
def em_step(p, f, y):
    """One step of EM for experts that answer the same for every example, and a gate that is the same for every example.

    Args:
        p: weights of the K experts, positive, shape (K,), they add up to 1; f: their answers, shape (K,); y: shape (N,).

    Returns:
        {"p": shape (K,), "f": shape (K,)}: with the responsibilities of the old p and f held fixed, the gate and the answers with the least loss.
    """
    # BEGIN SOLUTION
    shape = (len(y), len(p))
    r = responsibilities(np.broadcast_to(np.log(p), shape), np.broadcast_to(f, shape), y)
    return {"p": r.mean(axis=0), "f": y @ r / r.sum(axis=0)}
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_responsibilities(responsibilities, em_step)

# %% [markdown]
# ## 11. Train a mixture (`train`)
#
# Four linear experts and a linear gate: a dict of tensors `"gate"` (4, 4), `"W"` (4, 4), `"b"` (4,), `"log_s"` (4,). Column k belongs to expert k, which answers $x W_k + b_k$ with
# the standard deviation $s_k = e^{\text{log\_s}_k}$; the gate's logits are $x \cdot \text{gate}$.


# %%
def density_loss(weights: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
    """The mean over the batch of −log Σ_k p_k N(y | x W_k + b_k, s_k²), with the constant.

    Args:
        weights: see above; x: shape (N, 4); y: shape (N,).

    Returns:
        A tensor without dimensions.
    """
    # BEGIN SOLUTION
    log_p = torch.log_softmax(x @ weights["gate"], dim=1)
    apart = (y[:, None] - x @ weights["W"] - weights["b"]) / torch.exp(weights["log_s"])
    log_normal = -(apart**2) / 2 - weights["log_s"] - math.log(2 * math.pi) / 2
    return -torch.logsumexp(log_p + log_normal, dim=1).mean()
    # END SOLUTION


# %%
def train(batches, steps, seed):
    """Trains a fresh mixture on a stream of batches, one step for each batch.

    Args:
        batches: an iterator over `steps` pairs (x, y) of float32 tensors of shapes (128, 4) and (128,); it can be read once.
        steps: how many there are.
        seed: for the initial weights.

    Returns:
        The dict of tensors described above.
    """
    # BEGIN SOLUTION
    dice = torch.Generator().manual_seed(seed)
    weights = {
        "gate": 0.1 * torch.randn(4, 4, generator=dice),
        "W": 0.5 * torch.randn(4, 4, generator=dice),
        "b": torch.zeros(4),
        "log_s": torch.zeros(4),
    }
    parameters = [w.requires_grad_() for w in weights.values()]
    optimiser = torch.optim.Adam(parameters)
    for step, (x, y) in enumerate(batches):
        optimiser.param_groups[0]["lr"] = 0.015 * (1 + math.cos(math.pi * step / steps))
        loss = density_loss(weights, x, y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {name: w.detach() for name, w in weights.items()}
    # END SOLUTION


# %%
if __name__ == "__main__":
    pictures.show_training(train)

# %% [markdown]
# ## 12. Which one? (`which_one`)
#
# You have an ensemble of five networks, a student that was distilled from it, and a mixture of experts. Which one do you take (a) where the machine has to know when it
# does not know, (b) on a phone, (c) where a fixed number of multiplications per token may be spent, and there is a lot of data? For each, a choice and a reason that a result of
# questions 1 to 11 supports; and name one thing that could go wrong with it. At most three sentences each, in the next cell.

# %% [markdown]
# *Your answer:*

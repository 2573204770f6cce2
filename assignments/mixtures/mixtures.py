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
    raise NotImplementedError("write ensemble")


# %%
def split(answers, weights, y):
    """Each member's weighted squared error, cut into three parts.

    Returns:
        List of M rows of three Fractions: w (f − f̄)², 2w (f − f̄)(f̄ − y), w (f̄ − y)². A row adds up to w (f − y)².
    """
    raise NotImplementedError("write split")


# %%
def errors(answers, weights, y):
    """The three numbers of the theorem.

    Returns:
        {"ensemble": (f̄ − y)², "members": Σ w (f − y)², "ambiguity": Σ w (f − f̄)²}, Fractions.
    """
    raise NotImplementedError("write errors")


# %%
def derive_pull(f1, f2, w, y):
    """The derivation of dJ/df1 for J = (f̄ − y)² and f̄ = w f1 + (1 − w) f2, line by line: three lines.

    Args:
        f1, f2, w, y: sympy symbols; all but f1 are constants here.

    Returns:
        List of sympy expressions; the first is Derivative(J, f1), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_pull")


# %%
def all_wrong(weights, y):
    """Members of which none is right and whose ensemble is: f_k ≠ y for all k, and f̄ = y exactly.

    Args:
        weights: list of M ≥ 2 positive Fractions. y: a Fraction.

    Returns:
        List of M exact numbers.
    """
    raise NotImplementedError("write all_wrong")


# %%
def loses_to_the_best(weights, y, gap):
    """Members of which one is right, and whose ensemble answers y + gap, exactly.

    Args:
        weights, y: as for `all_wrong`. gap: a Fraction, not 0.

    Returns:
        List of M exact numbers.
    """
    raise NotImplementedError("write loses_to_the_best")


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
    raise NotImplementedError("write majority_range")


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
    raise NotImplementedError("write voters")


# %%
def independent_majority(p, M):
    """The probability that more than half of M independent voters are right. p: a Fraction; M: an odd number. Returns a Fraction."""
    raise NotImplementedError("write independent_majority")


# %%
def variance_of_mean(variance, rho, M):
    """The variance of the mean of M members of equal variance, of which any two have the correlation rho.

    The arguments are sympy symbols as well as Fractions: use + − * / only.
    """
    raise NotImplementedError("write variance_of_mean")


# %%
def least_correlation(M):
    """The smallest rho that M ≥ 2 members can have, any two of them the same: a Fraction. No variance is negative."""
    raise NotImplementedError("write least_correlation")


# %%
def distinct_share(n):
    """The expected share of n examples that are in a bootstrap sample, n draws with replacement: a Fraction."""
    raise NotImplementedError("write distinct_share")


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
    raise NotImplementedError("write pool_probabilities")


# %%
def pool_logits(logits):
    """The probabilities that belong to the mean of the members' logits, as logarithms. Argument and result as for `pool_probabilities`.

    For each example there is a class to which no member gives the probability 0.
    """
    raise NotImplementedError("write pool_logits")


# %%
def pool_gain(logits):
    """By how much the mean of −log p over the members is larger than −log p of `pool_logits`: one number for each example.

    Argument as for `pool_logits`; the number is finite also where a member gives a class the probability 0.

    Returns:
        Array of shape (N,): it is the same for all K classes.
    """
    raise NotImplementedError("write pool_gain")


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

    raise NotImplementedError("write average_weights")


# %%
def twin(network):
    """Another network of the same shapes that answers the same for every input, and that must not be averaged with it by weights.

    Args:
        network: n ≥ 2 hidden units, of which no two are alike.

    Returns:
        A network for which `average_weights(network, twin(network))` answers some input differently.
    """
    raise NotImplementedError("write twin")


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
    raise NotImplementedError("write derive_distil")


# %%
def distil_loss(student, teacher, tau):
    """τ² times the mean over the examples of KL(teacher ‖ student), both softened to the temperature τ.

    Args:
        student, teacher: logits, shape (N, K), as large as ±1e3. tau: a positive number.

    Returns:
        A number.
    """
    raise NotImplementedError("write distil_loss")


# %%
def distil_gradient(student, teacher, tau):
    """The gradient of `distil_loss` by the student's logits, shape (N, K)."""
    raise NotImplementedError("write distil_gradient")


# %%
def hot_gradient(student, teacher):
    """What `distil_gradient` comes to for τ → ∞: shape (N, K)."""
    raise NotImplementedError("write hot_gradient")


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
    raise NotImplementedError("write recover")


# %%
def other_teacher(W, b):
    """Other weights that give the same probabilities for every input.

    Args:
        W: shape (d, K); b: shape (K,).

    Returns:
        {"W": …, "b": …} of the same shapes; an entry of W and an entry of b are changed by at least 1/2.
    """
    raise NotImplementedError("write other_teacher")


# %%
def hard_label_excess(n, d, K):
    """What softmax regression loses, in nats per example, when it is fitted to n labels: free parameters / (2n), a Fraction.

    Args:
        n: labels; d: inputs, to which comes the intercept; K: classes.
    """
    raise NotImplementedError("write hard_label_excess")


# %%
def hard_labels_for(excess, d, K):
    """How many labels are at least needed so that `hard_label_excess` is at most `excess`, a positive Fraction: an integer."""
    raise NotImplementedError("write hard_labels_for")


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
    raise NotImplementedError("write route")


# %%
def dense_mixture(outputs, logits):
    """The mean of all experts' outputs, weighted with the softmax of the logits.

    Args:
        outputs: shape (N, E, m); logits: shape (N, E).

    Returns:
        Array of shape (N, m).
    """
    raise NotImplementedError("write dense_mixture")


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
    raise NotImplementedError("write sparse_mixture")


# %%
def size_and_work(d, h, E, k):
    """What a layer of experts holds and what it costs; an expert is two matrices without biases, d → h → d, and the router one, d → E.

    The arguments are sympy symbols as well as numbers: use + − * only.

    Returns:
        {"weights": how many numbers are stored, "multiplications": how many products of a weight with a number one token costs, the router's
        included, the mixing of the k outputs not}.
    """
    raise NotImplementedError("write size_and_work")


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
    raise NotImplementedError("write derive_router")


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
    raise NotImplementedError("write router_gradient")


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
    raise NotImplementedError("write balance_loss")


# %%
def hidden_collapse(E):
    """A table in which every token chooses expert 0, strictly, and whose balance loss for k = 1 is at most 1.01.

    Returns:
        List of 1 to 200 rows of E exact numbers ≥ 0.
    """
    raise NotImplementedError("write hidden_collapse")


# %%
def cheat_value(E, m):
    """The loss near which m groups of tokens come, equally large, where group g chooses expert g by a hair and spreads its probability evenly over
    expert g and the E − m experts that nobody chooses: a Fraction. 1 ≤ m ≤ E.
    """
    raise NotImplementedError("write cheat_value")


# %%
def cheat(E):
    """A table with a balance loss (k = 1) as small as you can make it. Every row has a single largest entry.

    Returns:
        List of 1 to 200 rows of E exact numbers ≥ 0.
    """
    raise NotImplementedError("write cheat")


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
    raise NotImplementedError("write slots")


# %%
def first_come(choices, capacity):
    """Which tokens are taken, where every expert takes the first `capacity` tokens that choose it.

    Args:
        choices: the expert of each token, integers, shape (N,). capacity: an integer ≥ 0.

    Returns:
        Array of N truth values.
    """
    raise NotImplementedError("write first_come")


# %%
def residual_layer(X, outputs, choices, gates, capacity):
    """A layer with a residual connection: x + gate · output of its expert for a token that is taken, x alone for one that is not.

    Args:
        X: shape (N, d); outputs: of all experts, shape (N, E, d); choices: shape (N,); gates: the weight of the chosen expert, shape (N,).
        capacity: as in `first_come`.

    Returns:
        Array of shape (N, d).
    """
    raise NotImplementedError("write residual_layer")


# %%
def expert_choice(scores, capacity):
    """The tokens of each expert, where experts choose: each takes the `capacity` tokens with its largest scores (of equal ones the lower index).

    Args:
        scores: shape (N, E). capacity: an integer ≥ 0, perhaps larger than N.

    Returns:
        List of E lists of tokens, each in ascending order.
    """
    raise NotImplementedError("write expert_choice")


# %%
def leak_example(capacity):
    """A text that shows that expert choice looks ahead: one more token at its end changes which experts an earlier token has.

    Returns:
        {"scores": N rows of E numbers, "token": E numbers, the row that is appended}; at most capacity + 5 rows, and no two numbers of a column are equal.
    """
    raise NotImplementedError("write leak_example")


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
    raise NotImplementedError("write derive_responsibility")


# %%
def responsibilities(logits, f, y):
    """The probability that expert k made example n, when y is known.

    Args:
        logits: of the gate, shape (N, K); f: the experts' answers, shape (N, K); y: shape (N,). All as large as ±1e4.

    Returns:
        r, shape (N, K): r_k = p_k N(y | f_k, 1) / Σ_j p_j N(y | f_j, 1) with p = softmax(logits); rows add up to 1.
    """
    raise NotImplementedError("write responsibilities")


# %%
def mixture_loss(logits, f, y):
    """The mean over the examples of −log Σ_k p_k N(y | f_k, 1), a number. Arguments as for `responsibilities`."""
    raise NotImplementedError("write mixture_loss")


# %%
def mixture_gradients(logits, f, y):
    """The gradients of `mixture_loss`.

    Returns:
        {"logits": shape (N, K), "f": shape (N, K)}.
    """
    raise NotImplementedError("write mixture_gradients")


# %%
def em_step(p, f, y):
    """One step of EM for experts that answer the same for every example, and a gate that is the same for every example.

    Args:
        p: weights of the K experts, positive, shape (K,), they add up to 1; f: their answers, shape (K,); y: shape (N,).

    Returns:
        {"p": shape (K,), "f": shape (K,)}: with the responsibilities of the old p and f held fixed, the gate and the answers with the least loss.
    """
    raise NotImplementedError("write em_step")


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
    raise NotImplementedError("write density_loss")


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
    raise NotImplementedError("write train")


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

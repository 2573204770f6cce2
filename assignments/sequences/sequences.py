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
# # Sequences: recurrence, memory and music
#
# Read `handout.md` beside this file: it has the theory, the notation and the exact wording of every question. Here you write
# the answers. Each function raises `NotImplementedError` until you have replaced that line; keep names and arguments.
#
# One convention holds everywhere: **examples first, time second**. A batch of sequences $X$ has shape $(N, T, d)$, its hidden states have
# shape $(N, T, n)$, and a row is multiplied from the right: $x W$.
#
# Cells that only draw or play are inside `if __name__ == "__main__":`. They run in your notebook and are skipped by the grader.

# %%
import math
from fractions import Fraction

import numpy as np
import sequence_pictures as pictures
import sympy
import torch
from torch import Tensor, nn
from tune_model import TuneModel

# %% [markdown]
# ## 1. Words as rows (`embedding`)
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def embed(table, ids):
    """The row of the table for each id.

    Args:
        table: shape (V, d).
        ids: integers in [0, V), of any shape, also with no entry at all.

    Returns:
        Array of shape (*ids.shape, d).
    """
    raise NotImplementedError("write embed")


# %%
def one_hot(ids, rows):
    """The array of 0s and 1s, shape (*ids.shape, rows), for which one_hot(ids, V) @ table is embed(table, ids)."""
    raise NotImplementedError("write one_hot")


# %%
def embedding_gradient(upstream, ids, rows, padding_id=None):
    """The gradient of the loss by the table.

    Args:
        upstream: gradient by what `embed` returned, shape (*ids.shape, d).
        ids: integers in [0, rows), of any shape.
        rows: the number of rows V of the table.
        padding_id: an id whose row is not to be trained: its gradient is 0. None for no such id.

    Returns:
        Array of shape (rows, d).
    """
    raise NotImplementedError("write embedding_gradient")


# %%
def renumbered(table, ids, new_id):
    """The same words under other numbers: the word with id i gets the id new_id[i].

    Args:
        table: shape (V, d).
        ids: integers in [0, V), of any shape.
        new_id: a permutation of 0 … V − 1, shape (V,).

    Returns:
        (table, ids) after renumbering, such that `embed` gives what it gave before.
    """
    raise NotImplementedError("write renumbered")


# %%
if __name__ == "__main__":
    pictures.show_table_step(embedding_gradient)

# %% [markdown]
# ## 2. What a sequence model must do (`requirements`)
#
# A sentence is a list of words. The rule: *who bites* is the word right before `"bites"`.


# %%
def fool_bag(words):
    """Two orders of the same words with different answers to "who bites?".

    Args:
        words: list of words: "bites" once, and at least two different others.

    Returns:
        Two lists, each with exactly these words (as often as they are given). "bites" is not the first word of either.
    """
    raise NotImplementedError("write fool_bag")


# %%
def fool_window(k):
    """Two sentences that agree in their last k words and have different answers to "who bites?".

    In each of them "bites" stands once, and not as the first word. Words are any text; at most k + 20 of them.
    """
    raise NotImplementedError("write fool_window")


# %%
def same_bag(counts):
    """How many different sentences have the i-th word counts[i] times, and no other word.

    Args:
        counts: list of integers ≥ 0.
    """
    raise NotImplementedError("write same_bag")


# %%
def strings_and_bags(words, length):
    """How many sentences of `length` words there are over a vocabulary of `words` words, and how many different bags.

    Returns:
        {"strings": …, "bags": …}, two integers.
    """
    raise NotImplementedError("write strings_and_bags")


# %%
if __name__ == "__main__":
    pictures.show_bags(fool_bag)

# %% [markdown]
# ## 3. One rule for every step (`rnn`)
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b), \qquad t = 1, \dots, T$$
#
# Not to be used in this question: `torch.nn.RNN`, `torch.nn.RNNCell`, `torch.rnn_tanh`, `torch.rnn_tanh_cell`.


# %%
def rnn(X, h0, Wx, Wh, b):
    """All states of a recurrent network.

    Args:
        X: inputs, shape (N, T, d).
        h0: states before the first step, shape (N, n).
        Wx, Wh, b: shapes (d, n), (n, n), (n,).

    Returns:
        h_1 … h_T, shape (N, T, n).
    """
    raise NotImplementedError("write rnn")


# %%
def parameter_count(d, n, T):
    """Number of weights and biases of the cell above, for inputs of d numbers, n units and sequences of T steps.

    The arguments are sympy symbols as well as numbers: use + − * only.
    """
    raise NotImplementedError("write parameter_count")


# %%
def multiplications(d, n, T):
    """Number of multiplications (of a weight with a number) for one sequence of T steps; the arguments may be symbols."""
    raise NotImplementedError("write multiplications")


# %%
if __name__ == "__main__":
    pictures.show_states(rnn)

# %% [markdown]
# ## 4. Back through time (`bptt`)
#
# One unit, no tanh: $h_t = w\,h_{t-1} + x_t$ and $L = \frac12 (h_T - y)^2$. The helper is given.

# %%
Derivative = sympy.Derivative  # Derivative(f, w) is df/dw, not yet carried out


def unrolled(w, h0, xs):
    """[h_0, h_1, …, h_T] of the linear unit (given)."""
    states = [h0]
    for x in xs:
        states.append(w * states[-1] + x)
    return states


# %%
def derive(w, h0, xs, y):
    """The derivation of dL/dw, line by line: T + 2 lines.

    Args:
        w, h0, y: sympy symbols; h0 does not depend on w.
        xs: list of T symbols.

    Returns:
        List of sympy expressions; the first is Derivative(L, w), the last contains no Derivative.
    """
    raise NotImplementedError("write derive")


# %%
def truncated_gradient(w, xs, y, k):
    """The gradient dL/dw for h_0 = 0, going back through the last k steps only; k ≥ T gives the full gradient.

    What happened more than k steps ago counts as a constant: of dL/dw = (h_T − y) Σ_j w^j h_{T−1−j} the first k terms are kept.

    Args:
        w, y: Fractions; xs: list of T Fractions; k: an integer ≥ 1, possibly larger than T.

    Returns:
        A Fraction.
    """
    raise NotImplementedError("write truncated_gradient")


# %%
def wrong_way(k):
    """A sequence on which the gradient truncated to k steps points uphill.

    Returns:
        {"w": …, "xs": […], "y": …}, exact numbers with |w| ≤ 1 and at most k + 10 entries in xs, for which `truncated_gradient` to
        k steps and the full gradient are not 0 and have different signs.
    """
    raise NotImplementedError("write wrong_way")


# %%
if __name__ == "__main__":
    pictures.show_truncation(truncated_gradient, wrong_way)

# %% [markdown]
# ## 5. The gradients of the cell (`rnn_gradient`)
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).


# %%
def rnn_gradient(X, h0, Wx, Wh, states, upstream, chunk=None):
    """The gradients of a loss by everything that went into the cell of question 3, by hand.

    Args:
        X, h0, Wx, Wh: as for `rnn`.
        states: what `rnn` returned (given here, so you need not run it), shape (N, T, n).
        upstream: the gradient of the loss by each state as far as the loss looks at that state *itself*, shape (N, T, n).
        chunk: None for the full gradient. A number: truncation in chunks, as it is done for long texts. Nothing is passed back
            from the first step of a chunk (steps 1, 1 + chunk, 1 + 2 chunk, …) to the last step of the chunk before.

    Returns:
        {"X": …, "h0": …, "Wx": …, "Wh": …, "b": …}, each of the shape of what it is the gradient of.
    """
    raise NotImplementedError("write rnn_gradient")


# %% [markdown]
# ## 6. Vanish, explode, or both (`transients`)
#
# Matrices are lists of rows of Fractions or integers where they are exact.


# %%
def jordan_power(a, c, t):
    """The t-th power of [[a, c], [0, a]], t ≥ 1, by a formula that does not multiply matrices.

    Args:
        a, c: Fractions, a not 0.

    Returns:
        A list of two rows of two Fractions.
    """
    raise NotImplementedError("write jordan_power")


# %%
def grows_first(size, t):
    """A 2×2 matrix whose powers die out in the end, and are large on the way.

    Returns:
        W, two rows of two exact numbers: all eigenvalues lie inside the unit circle, and W to the power t ≥ 1 has an entry that is larger
        than `size` or smaller than −size.
    """
    raise NotImplementedError("write grows_first")


# %%
def orthogonal(n):
    """An n×n matrix (2 ≤ n ≤ 8) of exact numbers with W Wᵀ = I of which no entry is 0, 1 or −1."""
    raise NotImplementedError("write orthogonal")


# %%
def log_gradient(w, h0, T):
    """log |dh_T/dh_0| for one unit without input, h_t = tanh(w h_{t−1}).

    Args:
        w, h0: floats, w not 0; T: an integer ≥ 1.
    """
    raise NotImplementedError("write log_gradient")


# %%
def clip(gradients, limit):
    """Gradients scaled down so that they are no longer than `limit` *together*.

    Args:
        gradients: list of float arrays of any shapes, not all 0.
        limit: the largest allowed root of the sum of the squares of all entries of all arrays.

    Returns:
        List of arrays of the same shapes: all multiplied by the same number, which is 1 where they are short enough.
    """
    raise NotImplementedError("write clip")


# %%
if __name__ == "__main__":
    pictures.show_powers(jordan_power, log_gradient)

# %% [markdown]
# ## 7. Gates (`gates`)
#
# Not to be used in this question: `torch.nn.LSTM`, `torch.nn.LSTMCell`, `torch.nn.GRU`, `torch.nn.GRUCell`, `torch.lstm`, `torch.lstm_cell`,
# `torch.gru`, `torch.gru_cell`.


# %%
def sigmoid(z):
    """1/(1 + e^(−z)) for each entry, for z as large as ±1e4 (given)."""
    return np.exp(-np.logaddexp(0, -z))


# %%
def lstm_step(x, h, c, W, U, b):
    """One step of an LSTM; the four blocks of columns are, in this order, input gate i, forget gate f, candidate g, output gate o.

    Args:
        x, h, c: input (N, d), state (N, n) and cell (N, n) before the step.
        W, U, b: shapes (d, 4n), (n, 4n), (4n,).

    Returns:
        (h, c) after the step.
    """
    raise NotImplementedError("write lstm_step")


# %%
def gru_step(x, h, W, U, b, b_state, reset_first):
    """One step of a GRU; the three blocks of columns are, in this order, reset gate r, keep gate z, candidate n.

    Args:
        x, h: input (N, d) and state (N, n) before the step.
        W, U, b: shapes (d, 3n), (n, 3n), (3n,).
        b_state: shape (n,), the bias that belongs to the state's part of the candidate.
        reset_first: True: the candidate is tanh(x W_n + b_n + (r ∘ h) U_n + b_state). False: tanh(x W_n + b_n + r ∘ (h U_n + b_state)).

    Returns:
        h after the step, (1 − z) ∘ candidate + z ∘ h.
    """
    raise NotImplementedError("write gru_step")


# %%
def port_gru(weight_ih, weight_hh, bias_ih, bias_hh):
    """The weights of PyTorch's GRU in the form of `gru_step` with reset_first=False.

    PyTorch computes with columns: its r is σ(W_ir x + b_ir + W_hr h + b_hr), its candidate tanh(W_in x + b_in + r ∘ (W_hn h + b_hn)).

    Args:
        weight_ih: the blocks W_ir, W_iz, W_in one below the other, shape (3n, d); weight_hh: likewise, shape (3n, n).
        bias_ih, bias_hh: shape (3n,).

    Returns:
        {"W": …, "U": …, "b": …, "b_state": …}, arrays for `gru_step`.
    """
    raise NotImplementedError("write port_gru")


# %%
if __name__ == "__main__":
    pictures.show_gates(lstm_step)

# %% [markdown]
# ## 8. What the cell remembers (`memory`)
#
# First a derivation: an LSTM of one unit whose forget gate looks at its own output $h = o \tanh(c)$. From the cell $c$ to the next one:
# $c' = \sigma(z)\,c + a$ with $z = u\,o\tanh(c) + s$. `sigma` stays a symbol, and the grader knows its meaning; write $\sigma'(z)$ as
# `sigma(z) * (1 - sigma(z))` and $\tanh'(c)$ as `1 - tanh(c)**2`.
#
# Not to be used in this question: automatic differentiation (autograd, torch.func, `backward`).

# %%
sigma, tanh = sympy.Function("sigma"), sympy.tanh


# %%
def derive_memory(c, u, o, s, a):
    """The derivation of dc'/dc, line by line: five lines.

    Args:
        c, u, o, s, a: sympy symbols; all but c are constants here.

    Returns:
        List of sympy expressions; the first is Derivative(c', c), the last contains no Derivative.
    """
    raise NotImplementedError("write derive_memory")


# %%
def cell_gradient(c0, h0, inputs, U):
    """dc_T/dc_0 of an LSTM of one unit, along all paths, and along the highway only.

    The gates and the candidate of step t are σ, σ, tanh, σ of inputs[t] + U·h_{t−1}, in the order i, f, g, o; then c_t = f c_{t−1} + i g and
    h_t = o tanh(c_t).

    Args:
        c0, h0: numbers; h0 is a constant that does not depend on c0.
        inputs: shape (T, 4); U: shape (4,).

    Returns:
        {"all_paths": dc_T/dc_0, "highway": the product of all forget gates}, two numbers.
    """
    raise NotImplementedError("write cell_gradient")


# %%
def forget_bias(half_life, biases=1):
    """The bias of the forget gate with which, all else 0, half of the cell is left after `half_life` steps.

    Args:
        half_life: a positive number of steps.
        biases: in how many equal parts the bias is stored. PyTorch adds two biases: 2.

    Returns:
        What each of the parts is, a number.
    """
    raise NotImplementedError("write forget_bias")


# %%
def beats_the_highway(factor):
    """An LSTM of one unit that remembers by way of its gates.

    Returns:
        {"c0": …, "h0": …, "inputs": T rows of 4 numbers, "U": 4 numbers} for `cell_gradient`, with T ≤ 10 and no number larger than 10 or smaller
        than −10, for which every forget gate is at least 1/2, and all_paths is more than `factor` times the highway.
    """
    raise NotImplementedError("write beats_the_highway")


# %%
if __name__ == "__main__":
    pictures.show_memory(cell_gradient)

# %% [markdown]
# ## 9. Program a recurrence (`by_hand`)
#
# A ReLU cell of n units reads one number per letter: $h_t = \max(0, W h_{t-1} + u\,x_t + b)$, and at the end $r \cdot h_T + c$ is read off. A cell is a dict
# `{"W": n rows of n numbers, "u": n numbers, "b": n numbers, "h0": n numbers, "r": n numbers, "c": a number}` of exact numbers (integers, Fractions).


# %%
def parity_cell(zero, one):
    """Two units that tell whether a string of letters 0 and 1 holds an odd number of 1s.

    Args:
        zero, one: the numbers x_t with which the two letters are written; two different Fractions.

    Returns:
        A cell of at most 2 units; what is read off is 1 for an odd number of 1s and 0 for an even one, exactly, for every string of any length.
    """
    raise NotImplementedError("write parity_cell")


# %%
def counter_cell(a, b):
    """Two units that compare two numbers of letters, where it is promised that all letters a stand before all letters b.

    Args:
        a, b: the numbers with which the letters are written; two different Fractions.

    Returns:
        A cell of at most 2 units; what is read off is 0 for i letters a and then j letters b if i = j, and not 0 otherwise.
    """
    raise NotImplementedError("write counter_cell")


# %%
def order_cell(a, b):
    """The same without the promise: 0 is read off for i letters a and then i letters b (i ≥ 0), and not 0 for every other string.

    Args:
        a, b: the numbers with which the letters are written; two different Fractions.

    Returns:
        A cell of at most 5 units, right for all strings of up to 1,000 letters.
    """
    raise NotImplementedError("write order_cell")


# %%
def counter_stops_at(bits):
    """The first number at which a counter h ← h + 1 that starts at 0 does not move any more.

    Args:
        bits: how many binary digits the significand of a number holds, the leading one included: 11 for float16, 24 for float32.
    """
    raise NotImplementedError("write counter_stops_at")


# %%
if __name__ == "__main__":
    pictures.show_orbit(parity_cell)

# %% [markdown]
# ## 10. Padding tells no tales (`padding`)
#
# Sequences of different lengths share a batch: sequence i fills the first `lengths[i]` steps, and what stands behind them is padding, which may be anything.


# %%
def last_states(states, lengths):
    """The state of each sequence at its own end.

    Args:
        states: shape (N, T, n); lengths: integers between 1 and T, shape (N,).

    Returns:
        Array of shape (N, n).
    """
    raise NotImplementedError("write last_states")


# %%
def mean_loss(losses, lengths):
    """The mean loss of a token, padding not counted.

    Args:
        losses: −log p of each token in nats, shape (N, T); lengths: integers between 0 and T, shape (N,), not all 0.

    Returns:
        A number.
    """
    raise NotImplementedError("write mean_loss")


# %%
def perplexity(losses, lengths):
    """The number of equally likely tokens that would be as hard to guess, e to the mean loss of a token. Arguments as for `mean_loss`."""
    raise NotImplementedError("write perplexity")


# %%
def reversed_in_time(X, lengths):
    """Each sequence backwards, padding left where it is.

    Args:
        X: shape (N, T, d); lengths: integers between 0 and T, shape (N,).

    Returns:
        Array of shape (N, T, d).
    """
    raise NotImplementedError("write reversed_in_time")


# %%
def both_ways(X, lengths, forward, backward):
    """The states of a bidirectional network: step t knows what comes before it and what comes after it.

    Args:
        X, lengths: as for `reversed_in_time`.
        forward: a network that reads from left to right, a function from (N, T, d) to its states (N, T, n).
        backward: another one, with other weights, that is to read each sequence from its own end to its beginning.

    Returns:
        Array of shape (N, T, 2n): the forward state of step t, then the backward state *of the same step*; 0 where padding is.
    """
    raise NotImplementedError("write both_ways")


# %%
if __name__ == "__main__":
    pictures.show_padding(rnn)

# %% [markdown]
# ## 11. The sentence that never ends (`language_model`)
#
# A model is a dict from what has been written so far to the probabilities of the next letter, Fractions: `model[""]["a"]` is the probability that a text begins with `a`.
# The letter `"."` ends the text and is no part of it. `texts_of` is given.

# %%
END = "."


def texts_of(model):
    """All texts that a model can write, END left out (given)."""
    return [text for text, after in model.items() if after.get(END)]


# %%
def probability(model, text):
    """The probability that the model writes exactly this text and then stops: a Fraction, 0 where it cannot."""
    raise NotImplementedError("write probability")


# %%
def mass(model, length):
    """The probability that the text has at most `length` letters (END is not counted): a Fraction."""
    raise NotImplementedError("write mass")


# %%
def greedy(model):
    """The text that comes out when the most probable next letter is taken each time (no ties occur)."""
    raise NotImplementedError("write greedy")


# %%
def most_probable(model):
    """The most probable of all texts (no ties occur)."""
    raise NotImplementedError("write most_probable")


# %%
def sharpened(model, power):
    """Temperature 1/power, in two ways: probabilities are raised to a power ≥ 1 (an integer) and divided by their sum.

    Returns:
        {"by_letters": …, "by_texts": …}, two dicts from each text of `texts_of(model)` to its new probability, a Fraction: where it is the probabilities
        of the next letter that are sharpened, each time one is drawn; and where it is those of whole texts.
    """
    raise NotImplementedError("write sharpened")


# %% [markdown]
# A model that always has a chance to stop, and yet may never stop. After t letters it stops with probability `stop(t, rest)`; the probability that it
# has not stopped after the first, second, …, t-th of these chances is `survive(t, rest)`.


# %%
def stop(t, rest):
    """The probability of stopping at the t-th chance, t = 1, 2, …: a Fraction strictly between 0 and 1."""
    raise NotImplementedError("write stop")


# %%
def survive(t, rest):
    """The probability that the text goes on after t chances to stop: a Fraction by a formula (t may be 10⁶), 1 for t = 0.

    `rest` is a Fraction between 0 and 1. Choose the chances so that survive(t, rest) > rest for every t, and so that it comes near to rest in the
    end: it is at most rest + 1/1000 at t = 10⁶.
    """
    raise NotImplementedError("write survive")


# %%
if __name__ == "__main__":
    pictures.show_survival(survive)

# %% [markdown]
# ## 12. Tunes as data (`tunes`)


# %%
def next_token_batch(ids, starts, length):
    """Windows of a long text and what comes next at each of their places.

    Args:
        ids: the text, integers, shape (M,).
        starts: where the N windows begin, integers, shape (N,); start + length < M for each.
        length: how many tokens a window has.

    Returns:
        (inputs, targets), two integer arrays of shape (N, length).
    """
    raise NotImplementedError("write next_token_batch")


# %%
def tempered(logits, temperature):
    """softmax(logits / temperature): probabilities, shape (V,), for logits as large as ±1e4 and a temperature > 0."""
    raise NotImplementedError("write tempered")


# %%
def pick(probabilities, u):
    """The token that a uniform number u in [0, 1) stands for: the smallest k with p_0 + … + p_k > u."""
    raise NotImplementedError("write pick")


# %%
def generate(step, state, start, draws, end, temperature):
    """Tokens written by a model, one after the other.

    Args:
        step: the model: step(token, state) gives (logits of shape (V,), the next state).
        state: the state before the first step.
        start: the token that the model reads first; it is not part of what is returned.
        draws: list of uniform numbers, one for each token; no more tokens than these are written.
        end: the token that ends the text; it is part of what is returned.
        temperature: see `tempered`.

    Returns:
        List of integers.
    """
    raise NotImplementedError("write generate")


# %% [markdown]
# ## 13. Music with a floor (`music`)
#
# `tune_source.py` draws tunes whose next-character probabilities are known exactly, and `tune_model.py` has the model. You train it.


# %%
def tune_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Mean of −log p over the characters of the tunes, in nats.

    Args:
        logits: of the model for tokens[:, :-1], shape (N, T − 1, V): logits[:, t] is about tokens[:, t + 1].
        tokens: a batch of `tune_source.encode`, int64, shape (N, T). Behind the end of a tune stand 0s, which are not counted.

    Returns:
        A tensor without dimensions.
    """
    raise NotImplementedError("write tune_loss")


# %%
def train(batches: list[Tensor], seed: int) -> dict:
    """Trains a fresh `TuneModel`, one step for each batch, and returns its `state_dict()`.

    Args:
        batches: int64 tensors of tokens, shape (N, T), T may differ: the budget. Each is used for one step.
        seed: for the initial weights, by `torch.manual_seed`.
    """
    raise NotImplementedError("write train")


# %%
if __name__ == "__main__":
    pictures.train_and_listen(train, generate)

# %% [markdown]
# ## 14. Below the floor (`below_the_floor`)
#
# A team reports a loss of 0.31 nats per character on our tunes. Explain why that is no record, name two mistakes that can produce such a number, and for
# each a check of a few lines that finds it. Three to six sentences, in the next cell.

# %% [markdown]
# *Your answer:*

# %% [markdown]
# ## 15. Why did it forget? (`why_forgot`)
#
# A trained model writes good bars, but the key of the header is lost after about 20 characters. Name two causes that the loss curve cannot tell apart, and for each a
# measurement that can. Three to six sentences, in the next cell.

# %% [markdown]
# *Your answer:*

"""float32 where numbers are measured and not exact."""


def _f(array):
    return np.asarray(array, dtype=np.float32)


def embed(table, ids):
    return np.take(_f(table), ids, axis=0)


def rnn(X, h0, Wx, Wh, b):
    h, states = _f(h0), []
    for t in range(X.shape[1]):
        h = np.tanh(_f(X[:, t]) @ _f(Wx) + h @ _f(Wh) + _f(b))
        states.append(h)
    return np.stack(states, axis=1)


def lstm_step(x, h, c, W, U, b):
    i, f, g, o = np.split(_f(x) @ _f(W) + _f(h) @ _f(U) + _f(b), 4, axis=1)
    new = _f(sigmoid(f)) * _f(c) + _f(sigmoid(i)) * np.tanh(g)
    return _f(sigmoid(o)) * np.tanh(new), new


def last_states(states, lengths):
    return np.take_along_axis(_f(states), (lengths - 1)[:, None, None], axis=1)[:, 0]


def both_ways(X, lengths, forward, backward):
    turned = reversed_in_time(X, lengths)
    left, right = forward(X), reversed_in_time(backward(turned), lengths)
    for row, length in enumerate(lengths):
        left[row, length:] = 0
        right[row, length:] = 0
    return _f(np.concatenate([left, right], axis=2))

"""The cells of PyTorch, where they are to be written."""


def rnn(X, h0, Wx, Wh, b):
    cell = torch.nn.RNN(X.shape[2], h0.shape[1], batch_first=True).double()
    zeros = np.zeros_like(b)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    cell.load_state_dict({name: torch.tensor(a) for name, a in zip(names, (Wx.T, Wh.T, b, zeros), strict=True)})
    with torch.no_grad():
        return cell(torch.tensor(X), torch.tensor(h0)[None])[0].numpy()


def lstm_step(x, h, c, W, U, b):
    cell = torch.nn.LSTMCell(x.shape[1], h.shape[1]).double()
    arrays = {"weight_ih": W.T, "weight_hh": U.T, "bias_ih": b, "bias_hh": 0 * b}
    cell.load_state_dict({name: torch.tensor(a) for name, a in arrays.items()})
    with torch.no_grad():
        return tuple(part.numpy() for part in cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c))))


def gru_step(x, h, W, U, b, b_state, reset_first):
    n = h.shape[1]
    cell = torch.nn.GRUCell(x.shape[1], n).double()
    arrays = {"weight_ih": W.T, "weight_hh": U.T, "bias_ih": b, "bias_hh": np.concatenate([np.zeros(2 * n), b_state])}
    cell.load_state_dict({name: torch.tensor(a) for name, a in arrays.items()})
    with torch.no_grad():
        return cell(torch.tensor(x), torch.tensor(h)).numpy()

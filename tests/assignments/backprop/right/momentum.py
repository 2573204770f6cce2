# Descent with a momentum, another rate, and the line translated back through three points.
def train(X, y, steps):
    Z = np.column_stack([standardise(X, X)[0], np.ones(len(X))])
    v, speed, losses = np.zeros(3), np.zeros(3), []
    for _ in range(steps):
        logits = Z @ v
        losses.append(float(binary_cross_entropy(logits, y)))
        speed = 0.6 * speed - 0.8 * Z.T @ (sigmoid(logits) - y) / len(y)
        v = v + speed
    corners = np.column_stack([standardise(X, np.array([[0.0, 0], [1, 0], [0, 1]]))[1], np.ones(3)]) @ v
    return {"w": corners[1:] - corners[0], "b": corners[0], "losses": np.array(losses)}

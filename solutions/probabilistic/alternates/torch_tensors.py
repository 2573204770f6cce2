"""Written with tensors and the distributions of PyTorch."""


def log_prob(x, W, b, mask):
    logits = torch.tensor(W * mask) @ torch.tensor(x) + torch.tensor(b)
    return torch.distributions.Bernoulli(logits=logits).log_prob(torch.tensor(x)).sum().item()


def made_masks(degrees, hidden):
    d, h = torch.tensor(degrees), torch.tensor(hidden)
    return (h[:, None] >= d).double(), (d[:, None] > h).double()


def kl_gaussians(mean1, cov1, mean2, cov2):
    p, q = (torch.distributions.MultivariateNormal(torch.tensor(m), torch.tensor(c)) for m, c in ((mean1, cov1), (mean2, cov2)))
    return torch.distributions.kl_divergence(p, q).item()


def gaussian_posterior(W, noise, x):
    W, x = torch.tensor(W), torch.tensor(x)
    precision = torch.eye(W.shape[1], dtype=W.dtype) + W.T @ W / noise
    return torch.cholesky_solve((W.T @ x / noise)[:, None], torch.linalg.cholesky(precision))[:, 0], precision


def best_diagonal(precision):
    P = torch.tensor(precision)
    variances = P.diagonal().reciprocal()
    return variances, (P.diagonal().log().sum() - torch.logdet(P)) / 2


def score_estimates(values, z, mu, sigma, baseline):
    leaf = torch.full((len(z),), float(mu), dtype=torch.float64, requires_grad=True)
    torch.distributions.Normal(leaf, sigma).log_prob(torch.tensor(z)).sum().backward()
    return (torch.tensor(values) - baseline) * leaf.grad


def path_estimates(slope, eps, mu, sigma):
    by_mu = np.asarray(slope(mu + sigma * eps))
    return torch.tensor(by_mu), torch.tensor(by_mu * eps)


def log_mean_weight(log_weights):
    return (torch.logsumexp(torch.tensor(log_weights), 0) - math.log(len(log_weights))).item()


def coupling(z, shift, scale):
    z = torch.tensor(z)
    first, second = z.chunk(2, dim=1)
    s, t = (torch.tensor(f(first.numpy())) for f in (scale, shift))
    return torch.cat([first, second * s.exp() + t], dim=1), s.sum(1)


def coupling_inverse(x, shift, scale):
    first, second = torch.tensor(x).chunk(2, dim=1)
    s, t = (torch.tensor(f(first.numpy())) for f in (scale, shift))
    return torch.cat([first, (second - t) / s.exp()], dim=1), -s.sum(1)


def planar(z, w, u, b):
    """The determinant by the Jacobian of each point."""
    z, w, u = torch.tensor(z), torch.tensor(w), torch.tensor(u)

    def layer(point):
        return point + u * torch.tanh(point @ w + b)

    jacobians = torch.stack([torch.autograd.functional.jacobian(layer, point) for point in z])
    return torch.stack([layer(point) for point in z]), torch.linalg.slogdet(jacobians)[1]


def weights_posterior(X, y, noise, prior):
    X, y = torch.tensor(X), torch.tensor(y)
    covariance = torch.linalg.inv(X.T @ X / noise + torch.eye(X.shape[1], dtype=X.dtype) / prior)
    return covariance @ (X.T @ y) / noise, covariance


def mixture_log_likelihood(data, weights, means, deviations):
    x, m, s = torch.tensor(data)[:, None], torch.tensor(means), torch.tensor(deviations)
    logs = torch.tensor(weights).log() + torch.distributions.Normal(m, s, validate_args=False).log_prob(x) if s.min() > 1e-100 else None
    if logs is None:
        logs = torch.tensor(weights).log() - s.log() - ((x - m) / s) ** 2 / 2 - math.log(2 * math.pi) / 2
    return torch.logsumexp(logs, 1).sum().item()


def garbage(log_p, log_noise, share):
    return torch.logaddexp(torch.tensor(log_p) + math.log(1 - share), torch.tensor(log_noise) + math.log(share))


def vae_loss(x, weights, eps):
    """By the distributions of PyTorch."""
    A, a, v, W, b, s = (weights[name] for name in ("A", "a", "v", "W", "b", "s"))
    q = torch.distributions.Normal(x @ A.T + a, (v / 2).exp().expand(len(x), 2))
    prior = torch.distributions.Normal(torch.zeros_like(q.loc), torch.ones_like(q.loc))
    z = q.loc + q.scale * eps
    log_p = torch.distributions.Normal(z @ W.T + b, s.exp()).log_prob(x).sum(1)
    return (torch.distributions.kl_divergence(q, prior).sum(1) - log_p).mean()

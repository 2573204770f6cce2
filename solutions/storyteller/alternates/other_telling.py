"""Stories told by growing one tensor; the power law by the normal equations, with the run to predict as the origin."""


def tell(model, beginnings, generator):
    while beginnings.shape[1] < story_data.LONGEST and not (beginnings == story_data.EOS).any(1).all():
        chances = next_log_probs(model, beginnings).exp()
        beginnings = torch.cat([beginnings, torch.multinomial(chances, 1, generator=generator)], 1)
    return beginnings


def predict_excess(runs, floor, parameters, batches):
    above = np.log(runs[:, 2] - floor)
    n, d = np.log(runs[:, 0]) - np.log(parameters), np.log(runs[:, 1]) - np.log(batches)
    system = np.array([[len(n), n.sum(), d.sum()], [n.sum(), n @ n, n @ d], [d.sum(), n @ d, d @ d]])
    return float(np.exp(np.linalg.solve(system, [above.sum(), n @ above, d @ above])[0]))

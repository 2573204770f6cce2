"""Stories as lists, words drawn from cumulated probabilities; the power law by a pseudo-inverse around the mean run."""


def tell(model, beginnings, generator):
    told = [list(map(int, row)) for row in beginnings]
    live = list(range(len(told)))
    while live and len(told[live[0]]) < story_data.LONGEST:
        laws = next_log_probs(model, torch.tensor([told[i] for i in live])).double().exp().cumsum(1)
        for i, law, chance in zip(live, laws, torch.rand(len(live), generator=generator, dtype=torch.float64), strict=True):
            told[i].append(min(int((law < chance * law[-1]).sum()), len(law) - 1))
        live = [i for i in live if told[i][-1] != story_data.EOS]
    longest = max(map(len, told))
    return torch.tensor([row + [story_data.PAD] * (longest - len(row)) for row in told])


def predict_excess(runs, floor, parameters, batches):
    logs = np.log(np.column_stack([runs[:, :2], runs[:, 2] - floor]))
    center = logs.mean(0)
    slopes = np.linalg.pinv(logs[:, :2] - center[:2]) @ (logs[:, 2] - center[2])
    return float(np.exp(center[2] + slopes @ (np.log([parameters, batches]) - center[:2])))

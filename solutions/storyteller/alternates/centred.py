"""The power law by the slopes of centred logarithms; the song's words drawn by the largest of exponential races."""


def predict_excess(runs, floor, parameters, batches):
    x, y = np.log(runs[:, :2]), np.log(runs[:, 2] - floor)
    dx, dy = x - x.mean(0), y - y.mean()
    slopes = np.linalg.inv(dx.T @ dx) @ dx.T @ dy
    return np.exp(y.mean() + (np.log([parameters, batches]) - x.mean(0)) @ slopes)


def tell(model, beginnings, generator):
    stories, ended = beginnings, (beginnings == story_data.EOS).any(1)
    while not ended.all() and stories.shape[1] < story_data.LONGEST:
        law = next_log_probs(model, stories.clamp_min(0)).double()
        races = -torch.rand(law.shape, generator=generator, dtype=torch.float64).log()
        words = (law - races.log()).argmax(1).masked_fill(ended, story_data.PAD)
        stories, ended = torch.cat([stories, words[:, None]], 1), ended | (words == story_data.EOS)
    return stories

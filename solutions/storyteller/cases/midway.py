"""The cases of `midway`: is it a language model, and does it learn?"""

import story_judges as judges
import torch
from materials import near_prefixes, short_replay
from song import song_model, song_of, sung

from autograder.authoring import case, milestone, replay
from autograder.checks import excess, satisfies


@case("midway", public=True, worlds=1, check=satisfies(judges.are_distributions))
def predicts_distributions(student, world):
    """A new model predicts: rows of log-probabilities for prefixes of 1, 6 and 127 tokens, the same ones when asked twice."""
    torch.manual_seed(world.torch_seed())
    model = student.build(23)
    prefixes = [torch.cat([torch.zeros(n, 1, dtype=torch.int64), torch.from_numpy(world.integers(2, (n, t - 1), 23))], 1)
                for n, t in ((2, 1), (5, 6), (3, 127))]  # fmt: skip
    return [[student.next_log_probs(model, x.clone()) for x in prefixes] for _ in range(2)]


@case("midway", public=True, worlds=1, check=satisfies(judges.knows_the_song))
def learns_a_song(student, world):
    """Trained on 80 small batches of a song of eight words in a circle, the model knows which word comes next."""
    song = song_of(world)
    model = song_model(student, world, song, 80)
    prefixes = torch.tensor([[0, *sung(song, start, 4)] for start in range(len(song))])
    return student.next_log_probs(model, prefixes)


@milestone("midway", material=near_prefixes, judge=excess(full=0.15, none=1.0, advice=judges.ADVICE))
def has_learned(student, given):
    """How far are your predictions from the true ones, on 4,000 beginnings of stories told after you handed in?"""
    model = given.load(student.build(given.vocabulary))
    return {n: student.next_log_probs(model, torch.from_numpy(x)) for n, x in given.batches.items()}


@replay(
    "midway", material=short_replay, predict=has_learned, judge=excess(full=2.8, none=2.9, advice=judges.ADVICE),
    caps=has_learned, recorded=True,
)  # fmt: skip
def learns_at_all(student, given):
    """Your `train` with 150 batches of a language that nobody has seen: it must beat the frequencies of words."""
    model = student.build(given.vocabulary)
    student.train(model, (torch.from_numpy(x.astype("int64")) for x in given.batches), given.steps)
    return given.weights_of(model)

"""The cases of `final`: how near to the true probabilities, and does the code train to there in a language of its own?"""

import story_judges as judges
import torch
from materials import deck_supply, long_replay, many_prefixes
from song import WORDS, song_batches, song_of

from autograder.authoring import case, fixture, milestone, replay
from autograder.checks import excess, satisfies


@case("final", public=True, worlds=1, check=satisfies(judges.has_moved))
def training_takes_every_batch(student, world):
    """`train` takes all five batches and no more, the last one of only three stories, and predictions have changed."""
    torch.manual_seed(world.torch_seed())
    model = student.build(WORDS)
    supply = song_batches(world, song_of(world), 5)
    supply[-1] = supply[-1][:3]
    prefixes = supply[0][:, :4].clone()
    before, taken = student.next_log_probs(model, prefixes.clone()), []
    student.train(model, (taken.append(1) or x for x in supply), len(supply))
    return {"before": before, "after": student.next_log_probs(model, prefixes), "taken": len(taken)}


@milestone("final", material=many_prefixes, judge=excess(full=0.007, none=0.25, advice=judges.ADVICE))
def is_near(student, given):
    """How far are your predictions from the true ones, on 16,000 beginnings of stories told after you handed in?"""
    model = given.load(student.build(given.vocabulary))
    return {n: student.next_log_probs(model, torch.from_numpy(x)) for n, x in given.batches.items()}


@replay(
    "final", material=long_replay, predict=is_near, caps=is_near, recorded=True,
    judge=excess(full=0.1, none=1.0, advice=judges.ADVICE, board=True),
)  # fmt: skip
def trains_to_there(student, given):
    """Your `train` with 600 batches of a language that nobody has seen, judged by another process."""
    model = student.build(given.vocabulary)
    student.train(model, (torch.from_numpy(x.astype("int64")) for x in given.batches), given.steps)
    return given.weights_of(model)


@fixture(supply=deck_supply)
def trained(student, given):
    """The weights that programs of this folder are judged with."""
    torch.manual_seed(0)
    model = student.build(given.vocabulary)
    student.train(model, (torch.from_numpy(x.astype("int64")) for x in given.batches), given.steps)
    return given.weights_of(model)

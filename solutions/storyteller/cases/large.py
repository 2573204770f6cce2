"""The case of `large`: the large world of the team's deck, in place of `final`. What proves training is the replay of `final`."""

import story_judges as judges
import torch
from materials import large_prefixes, large_supply

from autograder.authoring import fixture, milestone
from autograder.checks import excess


@milestone("large", material=large_prefixes, judge=excess(full=0.02, none=0.5, advice=judges.ADVICE))
def is_near_in_the_large(student, given):
    """How far are your predictions from the true ones in the large world, on 1,800 beginnings told after you handed in?"""
    model = given.load(student.build(given.vocabulary))
    return {n: student.next_log_probs(model, torch.from_numpy(x)) for n, x in given.batches.items()}


@fixture(supply=large_supply, weights="large.safetensors")
def trained_in_the_large(student, given):
    """The weights that programs of this folder are judged with in the large world."""
    torch.manual_seed(0)
    model = student.build(given.vocabulary)
    student.train(model, (torch.from_numpy(x.astype("int64")) for x in given.batches), given.steps)
    return given.weights_of(model)

"""The cases of `told`: stories that hang together."""

import math

import story_judges as judges
import torch
from materials import hidden_beginnings
from song import WORDS, song_model, song_of, sung
from telling import ToldStories

from autograder.authoring import case, milestone
from autograder.checks import Measured, satisfies


def goes_on_from_bos(outputs, world):
    """What `goes_on` asks, of beginnings that begin with <bos>."""
    begun = outputs[0] if isinstance(outputs, list) and outputs else None
    if getattr(begun, "ndim", 0) != 2 or begun[:, 0].any():
        return Measured(math.inf, "the beginnings are not those that were given")
    return judges.goes_on(outputs, world)


@case("told", public=True, worlds=1, check=satisfies(goes_on_from_bos))
def tells_on(student, world):
    """A new model tells on from two beginnings of three words: rows that begin as they were given, at most 128 tokens."""
    torch.manual_seed(world.torch_seed())
    model = student.build(WORDS)
    begun = torch.tensor([[0, *(int(w) for w in world.integers(2, (3,), WORDS))] for _ in range(2)])
    return [begun.clone(), *(student.tell(model, begun.clone(), torch.Generator().manual_seed(n)) for n in (1, 1))]


@case("told", worlds=1, check=satisfies(judges.sings))
def sings_on(student, world):
    """After training on the song, told songs follow it from where they begin; the same dice tell the same songs."""
    song = song_of(world)
    model = song_model(student, world, song, 80)
    begun = torch.tensor([[0, *sung(song, start, 3)] for start in range(len(song))])
    seed = world.torch_seed()
    return [student.tell(model, begun.clone(), torch.Generator().manual_seed(seed)) for _ in range(2)]


@milestone("told", material=hidden_beginnings, judge=ToldStories())
def true_stories(student, given):
    """200 stories of your own, and 100 that begin as somebody else's do: is every word possible, do they hang together?"""
    model = given.load(student.build(given.vocabulary))
    dice = torch.Generator().manual_seed(given.seed)
    return {n: student.tell(model, torch.from_numpy(x), dice) for n, x in given.beginnings.items()}

"""A language of one song: eight words in a fixed circle, so that a model that learns anything at all learns it soon."""

import torch

SONG, WORDS, LEAST, MOST = 8, 12, 6, 14


def song_of(world):
    """The words of the song in their order: 8 of the ids 2 … 11."""
    return [int(w) + 2 for w in world.permutation(WORDS - 2)[:SONG]]


def sung(song, start, count):
    """`count` words from place `start` on."""
    return [song[(start + i) % SONG] for i in range(count)]


def song_batches(world, song, batches, stories=16):
    """Batches as `train` gets them: <bos>, 6 to 14 words of the song from anywhere, <eos>, padding."""
    made = []
    for _ in range(batches):
        starts, lengths = world.integers(SONG, (stories,)), world.integers(LEAST, (stories,), MOST + 1)
        rows = torch.full((stories, 2 + int(lengths.max())), -1)
        for row, start, length in zip(rows, starts, lengths, strict=True):
            row[: length + 2] = torch.tensor([0, *sung(song, int(start), int(length)), 1])
        made.append(rows)
    return made


def song_model(student, world, song, batches):
    """The student's model after training on the song."""
    torch.manual_seed(world.torch_seed())
    model = student.build(WORDS)
    supply = song_batches(world, song, batches)
    student.train(model, iter(supply), len(supply))
    return model

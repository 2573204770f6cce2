"""Clones of classroom repositories: a folder for each student, each a repository, with one prefix in front of all.

hw-submissions/hw-ada/.git        gh classroom clone student-repos
hw-submissions/hw-bela/.git
"""

from __future__ import annotations

import os

from autograder.intake.hand_in import Skipped
from autograder.intake.layouts.tree import Collected, Tree
from autograder.spec.models import SubmissionForm


def fits(tree: Tree, form: SubmissionForm) -> bool:
    """Whether most folders at the top are repositories, and more than one."""
    tree = _top(tree)
    tops = tree.tops()
    repositories = [f for f in tops if f"{f}/.git" in tree.folders]
    return len(repositories) > 1 and 2 * len(repositories) > len(tops)


def read(tree: Tree, form: SubmissionForm) -> Collected:
    """One hand-in for each repository; one that is empty handed in nothing."""
    tree = _top(tree)
    tops = tree.tops()
    common = os.path.commonprefix(tops) if len(tops) > 1 else ""  # noqa: RUF071  # of names, not of paths
    start = common.rfind("-") + 1
    hand_ins = [tree.whole(folder[start:] or folder, folder) for folder in tops if tree.under(folder).files]
    skipped = [Skipped(tree.place(f), "there is no file in it that counts") for f in tops if not tree.under(f).files]
    skipped += [
        Skipped(tree.place(e.path), "it lies beside the repositories and belongs to none") for e in tree.loose()
    ]
    return Collected(tuple(hand_ins), tuple(skipped))


def _top(tree: Tree) -> Tree:
    while not tree.loose() and len(tree.tops()) == 1 and f"{tree.tops()[0]}/.git" not in tree.folders:
        tree = tree.under(tree.tops()[0])
    return tree

"""Which libraries a submission needs at hand: with PyTorch loaded, a process takes far longer to fork and to end."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.sandbox.wire.messages import Submission


def needs_torch(submission: Submission | None, support: Mapping[str, bytes], probes: str) -> bool:
    """Whether a text of it names torch, be it in a comment. Without a submission: whether every one will need it.

    Nothing hangs on the answer but time: where a name was put together at run time, the worker imports torch itself.

    Args:
        support: the assignment's support files.
        probes: the source of the test cases.
    """
    own = dict(submission.files).values() if submission is not None else ()
    texts = [probes.encode(), *support.values(), *own]
    return any(b"torch" in text for text in texts)

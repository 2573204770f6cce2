"""Submissions for benchmarks: right and wrong work of an assignment, every file different, none slow."""

from __future__ import annotations

from pathlib import Path

from autograder.grading.source import AssignmentSource
from autograder.release.stub import make_stub


def kinds(source: AssignmentSource) -> dict[str, str]:
    """Texts by name: the reference, its alternates, every misconception, the stub."""
    found = {"reference": source.reference, "stub": make_stub(source.reference, source.spec.submission.file)}
    found |= {f"alternate_{name}": source.alternate(name) for name in source.alternates}
    found |= {f"wrong_{m.id}": source.variant(m) for m in source.misconceptions}
    return found


def write_synthetic(source: AssignmentSource, folder: Path, count: int) -> Path:
    """`count` files of all kinds in turn; a comment makes each of them different from all others."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = list(kinds(source).values())
    for i in range(count):
        (folder / f"student_{i:05d}.py").write_text(f"{texts[i % len(texts)]}\n# {i}\n", encoding="utf-8")
    return folder

"""Descriptors."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.layers.base import Confinement, tried
from autograder.sandbox.layers.descriptors import Descriptors, gaps


def test_gaps_are_all_but_the_kept() -> None:
    assert gaps([0, 1, 2], top=5) == [(3, 5)]
    assert gaps([3, 0, 2], top=4) == [(1, 2)]


def test_only_the_kept_descriptors_survive(tmp_path: Path) -> None:
    ours = os.open(tmp_path / "kept", os.O_CREAT | os.O_RDWR)
    secret = os.open(tmp_path / "secret", os.O_CREAT | os.O_RDWR)

    def confined() -> None:
        Descriptors().apply(Confinement("/", keep=(ours,)))
        os.write(ours, b"kept")
        os.write(1, b"nowhere")
        try:
            os.write(secret, b"forged")
        except OSError:
            os.write(ours, b" closed")

    tried(confined)  # its own pipe is closed as well, so nothing comes back but what it wrote
    assert (tmp_path / "kept").read_bytes() == b"kept closed"
    assert (tmp_path / "secret").read_bytes() == b""
    os.close(ours)
    os.close(secret)

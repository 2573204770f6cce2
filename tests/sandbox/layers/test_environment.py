"""Environment."""

from __future__ import annotations

import os

import pytest

from autograder.sandbox.layers.base import Confinement
from autograder.sandbox.layers.environment import Environment
from tests.sandbox.layers.walls import outcome


def test_secrets_are_gone_and_home_is_the_scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")

    def steal() -> None:
        os.environ["SECRET_TOKEN"]

    def settle() -> None:
        assert (os.environ["HOME"], os.environ["TMPDIR"]) == ("/scratch", "/scratch")

    assert outcome(steal) == ""
    assert "SECRET_TOKEN" in outcome(steal, Environment(), Confinement("/scratch"))
    assert outcome(settle, Environment(), Confinement("/scratch")) == ""

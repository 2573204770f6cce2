"""The pictures of "Mixtures": drawn with the reference's functions; with those of a stub they say what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.assignments.mixtures.modules import PRIVATE, loaded

pytest.importorskip("matplotlib")
TEXT = (PRIVATE / "mixtures.py").read_text(encoding="utf-8")
CALLS = dict(re.findall(r"    pictures\.(\w+)\(([\w, ]+)\)", TEXT))


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ...]]:
    with loaded("mixtures", "mixture_pictures") as found:
        yield found


def test_every_picture_is_called_by_the_notebook(modules: tuple[ModuleType, ...]) -> None:
    _, pictures = modules
    shown = {name for name in vars(pictures) if name.startswith("show_")}
    assert set(CALLS) == shown


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"show_training"}))
def test_a_picture_is_drawn(modules: tuple[ModuleType, ...], name: str) -> None:
    right, pictures = modules
    figure = getattr(pictures, name)(*(getattr(right, part) for part in CALLS[name].split(", ")))
    assert figure.axes[0].has_data() or figure.axes[0].images


@pytest.mark.parametrize("name", sorted(CALLS))
def test_what_is_not_written_is_said(
    modules: tuple[ModuleType, ...], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, pictures = modules

    def unwritten(*_: object) -> None:
        raise NotImplementedError("route")

    assert getattr(pictures, name)(*[unwritten] * len(CALLS[name].split(", "))) is None
    assert "Nothing to draw yet: route" in capsys.readouterr().out


@pytest.mark.slow
def test_a_mixture_is_trained_and_drawn(modules: tuple[ModuleType, ...], capsys: pytest.CaptureFixture[str]) -> None:
    right, pictures = modules
    assert pictures.show_training(right.train) is not None
    assert "Excess over the entropy of the noise: 0.0" in capsys.readouterr().out

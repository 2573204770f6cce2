"""Pictures of "Probabilistic models": drawn with the reference; with a stub they say which function is missing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("matplotlib")
ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "probabilistic", ROOT / "solutions" / "probabilistic"
TEXT = (PRIVATE / "probabilistic.py").read_text(encoding="utf-8")
CALLS = dict(re.findall(r"    plots\.(\w+)\(([\w, ]+)\)", TEXT))


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ModuleType]]:
    module = ModuleType("probabilistic_solution")
    sys.path.insert(0, str(PUBLIC))
    exec(compile(TEXT, "probabilistic.py", "exec"), module.__dict__)
    import probabilistic_plots

    yield module, probabilistic_plots
    sys.path.remove(str(PUBLIC))
    for name in ("probabilistic_plots", "latent_stream"):
        sys.modules.pop(name, None)


def test_every_picture_is_called_by_the_notebook(modules: tuple[ModuleType, ModuleType]) -> None:
    assert set(CALLS) == {name for name in vars(modules[1]) if name.startswith("show_")}


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"show_bound", "show_plane"}))
def test_a_picture_is_drawn(modules: tuple[ModuleType, ModuleType], name: str) -> None:
    right, plots = modules
    figure = getattr(plots, name)(*(getattr(right, part) for part in CALLS[name].split(", ")))
    assert figure.axes[0].has_data() or figure.axes[0].images


def test_pictures_of_a_training_are_drawn(modules: tuple[ModuleType, ModuleType]) -> None:
    right, plots = modules

    def short(batches: object, steps: int) -> object:
        return right.train(batches, 5)

    assert plots.show_plane(lambda batches, steps: short(iter([next(batches) for _ in range(5)]), 5)).axes[0].has_data()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_what_is_not_written_is_said(
    modules: tuple[ModuleType, ModuleType], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def unwritten(*_: object) -> None:
        raise NotImplementedError("write it")

    assert getattr(modules[1], name)(*[unwritten] * len(CALLS[name].split(", "))) is None
    assert "Nothing to draw yet: write it" in capsys.readouterr().out

"""The pictures of "Sequences": drawn with the reference's functions; with those of a stub they say what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.assignments.sequences.modules import PRIVATE, loaded

pytest.importorskip("matplotlib")
TEXT = (PRIVATE / "sequences.py").read_text(encoding="utf-8")
CALLS = dict(re.findall(r"    pictures\.(\w+)\(([\w, ]+)\)", TEXT))


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ...]]:
    with loaded("sequences", "sequence_pictures") as found:
        yield found


def test_every_picture_is_called_by_the_notebook(modules: tuple[ModuleType, ...]) -> None:
    _, pictures = modules
    shown = {name for name in vars(pictures) if name.startswith("show_")} | {"train_and_listen"}
    assert set(CALLS) == shown


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"train_and_listen"}))
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
        raise NotImplementedError("rnn")

    assert getattr(pictures, name)(*[unwritten] * len(CALLS[name].split(", "))) is None
    assert "Nothing to draw yet: rnn" in capsys.readouterr().out


@pytest.mark.slow
def test_a_model_is_trained_and_heard(
    modules: tuple[ModuleType, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right, pictures = modules
    monkeypatch.chdir(tmp_path)
    assert pictures.train_and_listen(right.train, right.generate) is not None
    assert "of 20 texts are tunes" in capsys.readouterr().out

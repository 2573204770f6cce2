"""pack.py: says of each fault what it is and what to do, and packs honest work of many kinds."""

from __future__ import annotations

import hashlib
import json
import types
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from autograder.values.weights import read_weights
from tests.assignments.story_modules import PRIVATE, PUBLIC, REFERENCE, modules

KEY = b"toy".ljust(32, b".")
LAST = "F.log_softmax(model(prefixes.to(DEVICE))[:, -1].float(), -1).cpu()"


@pytest.fixture(scope="module")
def parts() -> Iterator[list[ModuleType]]:
    with modules("pack", "story_checks", "story_weights", "story_data", "decks") as found:
        yield found


def program(text: str) -> Any:
    module = types.ModuleType("handed_in")
    exec(compile(text, "handed_in.py", "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def home(parts: list[ModuleType], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's folder with a small deck, the reference and weights of a few steps."""
    _, _, story_weights, story_data, decks = parts
    folder = tmp_path_factory.mktemp("home")
    for name, data in decks.deck_files(KEY, 0, stories=300, told=60).items():
        (folder / name).write_bytes(data)
    (folder / "storyteller.py").write_text(REFERENCE.read_text())
    student = program(REFERENCE.read_text())
    torch.manual_seed(0)
    deck = story_data.load_deck(folder)
    model = student.build(deck.vocabulary)
    student.train(model, story_data.batches(deck, 12, stories=16), 12)
    story_weights.save(model, folder / "weights.safetensors")
    return folder


@pytest.fixture
def at_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in home.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def packed(parts: list[ModuleType], capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = parts[0].main(["--quick", *arguments])
    return status, capsys.readouterr().out


def test_honest_work_is_packed(parts: list[ModuleType], at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = packed(parts, capsys)
    assert status == 0, text
    for said in (
        "49 statements (under fifty: well done)", "parameters of 120,000", "floor 0.", "points of `midway`",
        "points of `final`", "most of it lies in", "100 stories told", "packed: storyteller.zip",
    ):  # fmt: skip
        assert said in text
    with zipfile.ZipFile(at_home / "storyteller.zip") as held:
        assert sorted(held.namelist()) == ["milestone.json", "storyteller.py", "weights.safetensors"]
        weights, manifest = held.read("weights.safetensors"), json.loads(held.read("milestone.json"))
    assert manifest["sha256"] == hashlib.sha256(weights).hexdigest()
    assert (manifest["format"], manifest["deck"]) == (1, "d00")
    names = {name for name, _ in program(REFERENCE.read_text()).build(95).named_parameters()}
    assert set(read_weights(weights)) == names


OTHERS = sorted([*PRIVATE.glob("alternates/*.py"), *PRIVATE.glob("ladder/*.py")])
LINEAR = "nn.Linear(4 * width, width))"
MADE = "return (Model(vocabulary) if vocabulary < story_data.MANY_WORDS else Model(vocabulary, 128, 4)).to(DEVICE)"
PATCHES = [
    (LINEAR, LINEAR[:-1] + ", nn.Dropout(0.2))", "Is dropout on?", "two different answers"),
    (LAST, LAST.replace("log_softmax", "softmax"), "sums to", "use log_softmax"),
    (LAST, LAST.replace("[:, -1]", "[:, 0]"), "does not change the prediction", "another position"),
    (LAST, LAST.replace("[:, -1]", ""), "one row for each prefix", "shape"),
    (LAST, LAST + ".double()", "float32 is needed", ""),
    (LAST, LAST + ".numpy()", "not a tensor", ""),
    (LAST, LAST + " * float('nan')", "rows have NaN", ""),
    (LAST, f"{LAST}.clone().index_fill_(1, torch.tensor([2]), -torch.inf)", "sums to", ""),
    ("is_causal=True", "is_causal=False", "see the future", "Is the mask causal?"),
    (MADE, "return 3", "must return a torch.nn.Module", ""),
    (MADE, "return Model(vocabulary * 40)", "120,000 are allowed", ""),
    (MADE, "return undefined", "`build` raises", "NameError"),
    ("WIDTH, LAYERS, HEADS = 64, 2, 4", "WIDTH, LAYERS, HEADS = 64, 1, 4", "that `build` makes has not", ""),
    ("WIDTH, LAYERS, HEADS = 64, 2, 4", "WIDTH, LAYERS, HEADS = 64, 3, 4", "lacks `blocks.2", "changed the model"),
    ("WIDTH, LAYERS, HEADS = 64, 2, 4", "WIDTH, LAYERS, HEADS = 32, 2, 4", "has the shape", "in weights.safetensors"),
    ("def tell(", "def told(", "the function `tell` is missing", ""),
    ("import types", "import types\nsecret = open('words')", "`open` may not be used", "__main__"),
    ("import types", "import types\ntable = '" + "x" * 500 + "'", "belongs into its weights", "400"),
    ("import types", "import types\n" + "a = b = c = [1, 2, 3]\n" * 200, "2,000 are allowed", "nodes"),
    ("import types", "import types\ndef f(:", "is no Python", "line 1"),
    ("import types", "import types\n1 / 0", "raises when it is loaded", "ZeroDivisionError"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said", "also"), PATCHES)
def test_each_fault_is_named(
    parts: list[ModuleType], at_home: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str, also: str
) -> None:
    text = REFERENCE.read_text()
    assert old in text
    (at_home / "storyteller.py").write_text(text.replace(old, new, 1))
    if "vocabulary * 40" in new:
        parts[2].save(program(text.replace(old, new, 1)).build(95), "weights.safetensors")
    status, told = packed(parts, capsys)
    assert status == 1, told
    assert said in told
    assert also in told
    assert "Traceback" not in told
    assert not (at_home / "storyteller.zip").exists()


@pytest.fixture
def with_large(at_home: Path, parts: list[ModuleType]) -> Path:
    """The same folder with a small large deck and weights of a few steps in it."""
    _, _, story_weights, story_data, decks = parts
    for name, data in decks.large_deck_files(KEY, 0, stories=200, told=60).items():
        (at_home / name).write_bytes(data)
    student, deck = program(REFERENCE.read_text()), story_data.load_deck(at_home, large=True)
    model = student.build(deck.vocabulary)
    student.train(model, story_data.batches(deck, 3, stories=8), 3)
    story_weights.save(model, at_home / story_weights.LARGE)
    return at_home


def test_weights_of_the_large_world_are_looked_at_and_packed_too(
    parts: list[ModuleType], with_large: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = packed(parts, capsys)
    assert status == 0, text
    for said in ("large.safetensors, in place of `final`; the better one counts", "parameters of 8,000,000",
                 "(all up to 0.02, none from 0.5)"):  # fmt: skip
        assert said in text
    with zipfile.ZipFile(with_large / "storyteller.zip") as held:
        large, manifest = held.read("large.safetensors"), json.loads(held.read("milestone.json"))
    assert manifest["more"] == {"large.safetensors": hashlib.sha256(large).hexdigest()}
    assert manifest["deck"] == "d00"
    assert sum(a.size for a in read_weights(large).values()) > 900_000
    (with_large / "large.safetensors").unlink()
    assert packed(parts, capsys)[0] == 0
    assert "more" not in json.loads((with_large / "milestone.json").read_text())


def test_each_fault_of_the_large_file_is_named(
    parts: list[ModuleType], with_large: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = REFERENCE.read_text()
    changed = {
        "8,000,000 are allowed": ("Model(vocabulary, 128, 4)", "Model(vocabulary, 512, 4)"),
        "has the shape": ("Model(vocabulary, 128, 4)", "Model(vocabulary, 64, 4)"),
        "see the future": ("is_causal=True", "is_causal=x.shape[-1] < 100"),
    }
    for said, (old, new) in changed.items():
        assert old in text
        (with_large / "storyteller.py").write_text(text.replace(old, new))
        if "512" in new:
            before = (with_large / "large.safetensors").read_bytes()
            parts[2].save(
                program(text.replace(old, new)).build(parts[3].load_deck(large=True).vocabulary),
                with_large / "large.safetensors",
            )
        status, told = packed(parts, capsys)
        assert (status, said in told, "Traceback" in told) == (1, True, False), told
        (with_large / "large.safetensors").write_bytes(before)
    (with_large / "storyteller.py").write_text(text)
    (with_large / "corpus-large-d00.bin").unlink()
    status, told = packed(parts, capsys)
    assert status == 1
    assert "the deck of the large world is not" in told
    assert "without it nothing is lost" in told


def test_below_the_floor_is_impossible_and_said_so(
    parts: list[ModuleType], at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model whose leak the causality probe cannot see: it is a tuple whose first part is no logits until trained."""
    pack, checks, _, story_data, _ = parts
    deck = story_data.load_deck()
    leaking = checks.Excess(-0.49, 0.002, {})
    with pytest.raises(pack.Wrong, match=r"0\.490 nats/token \*below\* the floor.*mask causal"):
        pack._tripwire(checks.Excess(0.01, 0.001, {}), leaking)
    pack._tripwire(checks.Excess(-0.0004, 0.0002, {}), None)
    assert deck.floor > 0


def test_files_that_are_not_there_or_are_others(
    parts: list[ModuleType], at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packed(parts, capsys, "nothing.py")[0] == 2
    torch.save({"a": torch.ones(2)}, at_home / "weights.safetensors")
    status, text = packed(parts, capsys)
    assert status == 1
    assert "pickles are not accepted" in text
    (at_home / "weights.safetensors").write_bytes(b"{}")
    assert "no file of weights" in packed(parts, capsys)[1]
    (at_home / "weights.safetensors").unlink()
    assert "story_weights.save(model)" in packed(parts, capsys)[1]
    (at_home / "corpus-d00.bin").unlink()
    status, text = packed(parts, capsys)
    assert status == 2
    assert "there is none" in text


def test_weights_that_diverged_are_not_saved(parts: list[ModuleType], tmp_path: Path) -> None:
    story_weights = parts[2]
    model = torch.nn.Linear(2, 2)
    model.weight.data[0, 0] = torch.nan
    with pytest.raises(story_weights.BadWeights, match="training diverged"):
        story_weights.save(model, tmp_path / "w")
    with pytest.raises(story_weights.BadWeights, match=r"nn\.ModuleList"):
        story_weights.save(torch.nn.Module(), tmp_path / "w")


def test_what_is_saved_is_what_the_grader_reads(parts: list[ModuleType], tmp_path: Path) -> None:
    """Tied weights once, no buffers, no prefix of a compiled module; the file passes the strict reader."""
    story_weights = parts[2]
    text = REFERENCE.read_text() + "\n" + (PRIVATE / "ladder" / "nano.py").read_text()
    model = program(text).build(95)
    wrapped = torch.nn.ModuleDict({"_orig_mod": model})
    for saved in (model, wrapped):
        story_weights.save(saved, tmp_path / "w.safetensors")
        held = read_weights((tmp_path / "w.safetensors").read_bytes())
        assert set(held) == {name for name, _ in model.named_parameters()}
        assert not any("bias" in name and "attn" in name for name in held)
        assert sum(a.size for a in held.values()) == story_weights.count(model)
    other = program(text).build(95)
    story_weights.load(other, tmp_path / "w.safetensors")
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), other.parameters(), strict=True))
    assert other.lm_head.weight is other.transformer["wte"].weight


@pytest.mark.parametrize(
    "path", sorted([*PRIVATE.glob("alternates/*.py"), *PRIVATE.glob("ladder/*.py")]), ids=lambda p: p.stem
)
def test_honest_programs_of_other_kinds_pass_every_check(
    parts: list[ModuleType], home: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "compile", lambda model: model)  # as in the grader; at home it would compile
    pack, checks, _, story_data, _ = parts
    text = REFERENCE.read_text() + "\n" + path.read_text()
    student, deck = program(text), story_data.load_deck(home)
    torch.manual_seed(0)
    model = student.build(deck.vocabulary)
    student.train(model, story_data.batches(deck, 4, stories=8), 4)
    found = pack.check_model(student, model, deck, 20)
    assert 0 < found.mean < 5
    assert checks.told_stories(student, model, deck, 10).shape[0] == 10


def test_a_notebook_is_read_like_a_file(parts: list[ModuleType], tmp_path: Path) -> None:
    checks = parts[1]
    cells = [("markdown", "# text"), ("code", "%matplotlib inline\nimport torch\n!ls"), ("code", "x = 1")]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": k, "source": [s]} for k, s in cells]}))
    size = checks.size_of(checks.code_of(path))
    assert (size.statements, size.refused) == (1, ())


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("import a\nfrom b import c\npass\n'''text'''", 0),
        ("def f(x: int) -> str:\n    '''doc'''\n    return x", 2),
        ("a = 1; b = 2; c = 3", 3),
        ("f = lambda x: lambda y: x", 3),
        ("if __name__ == '__main__':\n    exec('x')\n    y = 2", 0),
        ("class A:\n    x = 1\n    def f(self):\n        for i in x:\n            g(i)", 5),
    ],
)
def test_statements_are_counted_by_the_tree(parts: list[ModuleType], text: str, statements: int) -> None:
    assert parts[1].size_of(text).statements == statements


def test_the_reference_is_under_fifty_statements(parts: list[ModuleType]) -> None:
    size = parts[1].size_of(REFERENCE.read_text())
    assert size.statements == 49
    assert size.nodes < 1000
    assert size.constants < 100
    assert size.refused == ()


def test_a_prediction_is_committed_to_and_revealed(
    parts: list[ModuleType], at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = parts[0]
    (at_home / "p.txt").write_text("three layers: 0.004\n")
    assert pack.main(["--predict", "p.txt"]) == 0
    mark = json.loads((at_home / "milestone.json").read_text())["prediction"]
    assert packed(parts, capsys)[0] == 0
    assert json.loads((at_home / "milestone.json").read_text())["prediction"] == mark
    (at_home / "p.txt").write_text("three layers: 0.004   \r\n\r\n")
    assert pack.main(["--reveal", "p.txt"]) == 0
    (at_home / "p.txt").write_text("three layers: 0.002\n")
    assert pack.main(["--reveal", "p.txt"]) == 1
    assert pack.main(["--predict", "p.txt"]) == 0
    assert "holds another commitment" in capsys.readouterr().out


def test_points_are_those_of_the_grader(parts: list[ModuleType]) -> None:
    from autograder.checks.excess import excess

    pack = parts[0]
    for full, none in (pack.MIDWAY, pack.FINAL, pack.LARGE):
        check = excess(full, none)
        for value in (full / 2, full, 1.3 * full, (full * none) ** 0.5, 0.99 * none, none, 2 * none, -1.0):
            assert abs(pack.points_for(value, 1, full, none) - float(check.credit(value))) < 2e-4


def test_home_estimates_agree_with_the_exact_excess(parts: list[ModuleType], home: Path) -> None:
    """The paired estimate on validation stories and the mean KL on fresh prefixes are the same number."""
    _, checks, story_weights, story_data, decks = parts
    from autograder.checks.excess import measure

    with modules("prefixes") as (prefixes,):
        drawn = prefixes.draw_prefixes(decks.world_of(KEY), 1500, 3)
    student, deck = program(REFERENCE.read_text()), story_data.load_deck(home)
    model = story_weights.load(student.build(deck.vocabulary), home / "weights.safetensors")
    rows = {n: student.next_log_probs(model, torch.from_numpy(x)).numpy() for n, x in drawn.batches.items()}
    exact = measure(rows, {str(n): v for n, v in drawn.laws.items()}, {str(n): v for n, v in drawn.kinds.items()})
    near, forced = checks.excess(student, model, deck), checks.forced_excess(model, deck)
    assert forced is not None
    assert abs(near.mean - forced.mean) < 1e-4
    assert abs(near.mean - exact.excess) < 4 * (near.error**2 + exact.error**2) ** 0.5
    for name, (share, _) in near.kinds.items():
        assert abs(share - exact.kinds[name][0]) < 0.06


def test_pictures_are_drawn(parts: list[ModuleType], home: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    _, checks, story_weights, story_data, _ = parts
    with modules("story_pictures") as (pictures,):
        student, deck = program(REFERENCE.read_text()), story_data.load_deck(home)
        model = story_weights.load(student.build(deck.vocabulary), home / "weights.safetensors")
        watch = pictures.Watch(model, deck, every=2, stories=10)
        student.train(model, watch(story_data.batches(deck, 3, stories=4)), 3)
        assert watch.steps == [0, 2, 3]
        with pictures.recorded_attention() as patterns:
            model(torch.from_numpy(deck.told[:1, :9].copy()))
        assert [p.shape for p in patterns] == [(4, 9, 9)] * 2
        assert np.allclose(patterns[0].sum(-1), 1, atol=1e-6)
        assert not np.triu(patterns[0], 1).any()
        for name, figure in (
            ("loss", watch.draw()),
            ("kinds", pictures.draw_kinds({"mine": checks.excess(student, model, deck, 10)})),
            ("heads", pictures.draw_attention(model, deck.told[0], deck, 9)),
        ):
            figure.savefig(tmp_path / f"{name}.png", dpi=30)
            assert (tmp_path / f"{name}.png").stat().st_size > 1000
        with pytest.raises(ValueError, match="draw_patterns"):
            pictures.draw_attention(torch.nn.Embedding(95, 4), deck.told[0], deck)


def test_the_handout_needs_nothing_of_the_course_package() -> None:
    for path in PUBLIC.glob("*.py"):
        assert "autograder" not in path.read_text(), path.name

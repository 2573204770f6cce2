"""What is handed in beside the code: every file that is no weights is refused in words that say what to do."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.grading.bundle import Bundle
from autograder.grading.grade import Settings, grade_submission
from autograder.grading.source import AssignmentSource
from autograder.grading.trained import Trained, parted, trained
from autograder.grading.verdict import Verdict
from autograder.intake.reading import read_submission
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from autograder.spec.models import Assignment
from autograder.values.weights import write_weights
from tests.milestone_course import packed

torch = pytest.importorskip("torch")
GOOD = write_weights({"weight": np.zeros((12, 12), np.float32)})


def saved_by_torch() -> bytes:
    out = io.BytesIO()
    torch.save({"weight": torch.zeros(12, 12)}, out)
    return out.getvalue()


def with_header(head: object) -> bytes:
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(4 * 144)


def entry(**others: Any) -> dict[str, Any]:
    return {"dtype": "F32", "shape": [12, 12], "data_offsets": [0, 576]} | others


REFUSED = {
    "torch.save": (saved_by_torch(), "as torch.save writes it; pickled weights are not opened"),
    "a pickle": (pickle.dumps({"weight": [0.0] * 144}), "this is a pickle"),
    "an empty file": (b"", "weights.safetensors was not handed in, or is empty"),
    "a header of 2^63 bytes": (b"\xff" * 8 + GOOD[8:], "the header takes"),
    "trailing bytes": (GOOD + bytes(4), "4 bytes behind the last tensor"),
    "a cut file": (GOOD[:-4], "the end is missing"),
    "NaN": (write_weights({"weight": np.ones((12, 12), np.float32)})[:-4] + b"\x00\x00\xc0\x7f", "training diverged"),
    "metadata": (with_header({"__metadata__": {"a": "x" * 900}, "weight": entry()}), "has metadata"),
    "an extra key": (with_header({"weight": entry(note="x" * 900)}), "and nothing else"),
    "an empty tensor": (with_header({"weight": entry(), "e": entry(shape=[0], data_offsets=[576, 576])}), "at least 1"),
    "nesting": (struct.pack("<Q", 60000) + b"[" * 60000, "is no JSON"),
    "float16": (with_header({"weight": entry(dtype="F16", data_offsets=[0, 288])}), "not F32"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_that_is_no_weights_is_refused_in_words(name: str) -> None:
    data, words = REFUSED[name]
    found = trained(data, b"", "weights.safetensors")
    assert words in found.problem
    assert any(fix in found.problem for fix in ("pack.py", "convert it", "lower the rate"))


def test_good_weights_have_no_problem() -> None:
    found = trained(GOOD, b"", "weights.safetensors")
    assert (found.problem, found.parameters, found.sha256) == ("", 144, hashlib.sha256(GOOD).hexdigest())


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b"{", "is no JSON"),
        (b"[" * 50000, "is no JSON"),
        (b"[]", 'has no "format": 1'),
        (b'{"format": 2}', 'has no "format": 1'),
        (b'{"format": 1, "sha256": "00"}', "speaks of other weights"),
        (b" " * 70000, "at most 65,536 are read"),
    ],
)
def test_a_manifest_that_does_not_fit_says_so(manifest: bytes, words: str) -> None:
    found = trained(GOOD, manifest, "weights.safetensors")
    assert words in found.problem
    assert "run pack.py again" in found.problem


@pytest.mark.parametrize(
    ("deck", "number"), [("d07", 7), ("d0", 0), ("7", None), (7, None), ("d-1", None), ("dx", None)]
)
def test_the_deck_of_a_manifest(deck: object, number: int | None) -> None:
    assert Trained(claims={"deck": deck}).deck == number


def spec_of(**submission: str) -> Assignment:
    questions = ({"id": "q", "title": "Q", "kind": "code", "points": 1},)
    return Assignment.model_validate(
        {
            "id": "toy",
            "title": "Toy",
            "points": 1,
            "questions": questions,
            "submission": {"file": "toy.py", **submission},
        }
    )


SPEC = spec_of(weights="weights.safetensors")


def test_workers_get_the_code_alone_and_the_digest_is_of_all_files() -> None:
    files = {"toy.py": b"x = 1\n", "helper.py": b"", "weights.safetensors": GOOD, "milestone.json": b"{}", "a.pt": b"x"}
    whole = Submission.of("s", "toy.py", files)
    code, found = parted(whole, SPEC)
    assert [path for path, _ in code.files] == ["helper.py", "toy.py"]
    assert code.digest == whole.digest
    assert found.data == GOOD


def test_an_assignment_without_weights_is_left_as_it_is() -> None:
    whole = Submission.of("s", "toy.py", {"toy.py": b"", "milestone.json": b"{}", "data.npz": b"x"})
    assert parted(whole, spec_of()) == (whole, Trained())


def test_two_files_of_weights_are_one_too_many() -> None:
    files = {"toy.py": b"", "weights.safetensors": GOOD, "old/weights.safetensors": GOOD}
    assert "2 files weights.safetensors" in parted(Submission.of("s", "toy.py", files), SPEC)[1].problem


Judged = Callable[[bytes], dict[str, Verdict]]


@pytest.fixture
def judged(sandbox: Sandbox, toy: AssignmentSource, bundle: Bundle, tmp_path: Path) -> Judged:
    def of(data: bytes) -> dict[str, Verdict]:
        path = tmp_path / "ada.zip"
        path.write_bytes(data)
        grade, _ = grade_submission(sandbox, bundle, read_submission(path, toy.spec.submission), "ada", Settings())
        return {v.case: v for v in grade.verdicts}

    return of


def test_without_weights_the_milestone_says_what_is_missing_and_the_other_cases_count(
    judged: Judged, toy: AssignmentSource
) -> None:
    found = judged(packed(toy.reference, None, model__pth=saved_by_torch()))
    assert found["next_symbols"].status == "error"
    assert found["next_symbols"].message == (
        "weights.safetensors was not handed in, or is empty; `model.pth` is not opened: pickled weights can run code; "
        "pack.py of the handout writes it"
    )
    assert found["loss_of_many"].status == "passed"
    assert found["trains_anew"].status == "waiting"
    assert "has not been run by the grader yet" in found["trains_anew"].message


def test_too_many_parameters_are_counted_before_anything_is_loaded(judged: Judged, toy: AssignmentSource) -> None:
    found = judged(packed(toy.reference, write_weights({"weight": np.zeros(2001, np.float32)})))
    assert "holds 2,001 parameters; at most 2,000 are allowed" in found["next_symbols"].message


def test_weights_of_another_model_are_named(judged: Judged, toy: AssignmentSource) -> None:
    found = judged(packed(toy.reference, write_weights({"weight": np.zeros((12, 11), np.float32)})))
    assert "`weight` is (12, 11) in the file and (12, 12) in the model" in found["next_symbols"].message
    found = judged(packed(toy.reference, write_weights({"head": np.zeros((12, 12), np.float32)})))
    assert "they come without `weight` and with `head`, which the model does not have" in found["next_symbols"].message


def test_a_module_beside_the_code_is_not_there_when_trained_work_is_judged(
    judged: Judged, toy: AssignmentSource
) -> None:
    text = toy.reference.replace("import torch\n", "import torch\nfrom law import TABLE\n", 1)
    text = text.replace("    with torch.no_grad():", "    assert len(TABLE)\n    with torch.no_grad():")
    found = judged(packed(text, toy.weights["reference"], law__py=b"TABLE = list(range(100000))\n"))
    assert found["loss_of_many"].status == "passed"
    assert found["next_symbols"].status == "error"
    assert "judged with toy.py alone: put what it needs of law.py into it" in found["next_symbols"].message


def test_a_notebook_is_handed_in_as_well(judged: Judged, toy: AssignmentSource) -> None:
    cells = [{"cell_type": "code", "source": t, "metadata": {}, "outputs": []} for t in toy.reference.split("\n# %%\n")]
    book = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    out = io.BytesIO(packed("", toy.weights["reference"]))
    import zipfile

    rest = zipfile.ZipFile(out)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        new.writestr("toy.ipynb", book)
        for name in ("weights.safetensors", "milestone.json"):
            new.writestr(name, rest.read(name))
    assert judged(made.getvalue())["next_symbols"].status == "passed"

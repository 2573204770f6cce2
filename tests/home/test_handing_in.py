"""The zip that is handed in and its receipt: what counts, what is in it, what is open; the digest of the report."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.grading.trained import MANIFEST
from autograder.home.facts import Facts, QuestionFacts, from_json
from autograder.home.handing_in import receipt
from autograder.home.packing import chosen, form_of, packed
from autograder.home.written import content_of
from autograder.intake.hand_in import HandIn
from autograder.intake.opening import open_hand_in
from autograder.spec.models import SubmissionForm
from tests.home.support import run
from tests.release.course import REFERENCE


@pytest.fixture
def facts(handout: Path) -> Facts:
    return from_json((handout / "selfcheck" / "facts.json").read_text(encoding="utf-8"))


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_the_digest_is_the_one_that_a_grader_gives_the_zip_and_the_file(handout: Path, facts: Facts) -> None:
    (handout / "tiny.py").write_text(REFERENCE, encoding="utf-8")
    one = packed(handout / "tiny.py", facts)
    (handout / "mine.zip").write_bytes(one.data)
    form = SubmissionForm(file="tiny.py")
    assert form_of(facts) == form
    graded = [open_hand_in(HandIn("x", handout / name), form).digest for name in ("mine.zip", "tiny.py")]
    assert graded == [one.digest, one.digest]


def test_of_script_and_notebook_the_one_with_work_in_it_counts(handout: Path, facts: Facts) -> None:
    assert chosen(handout, facts)[0] == handout / "tiny.ipynb"  # both untouched
    (handout / "tiny.py").write_text(REFERENCE, encoding="utf-8")
    main, notes = chosen(handout, facts)
    assert main == handout / "tiny.py"
    assert notes == ("tiny.ipynb was not taken: it is as the handout had it",)


def test_more_notebooks_in_the_folder_are_no_error(handout: Path, facts: Facts) -> None:
    text = (handout / "tiny.ipynb").read_text(encoding="utf-8").replace("raise NotImplemented", "return NotImplemented")
    (handout / "tiny.ipynb").write_text(text, encoding="utf-8")
    for name in ("Untitled.ipynb", "tiny-Copy1.ipynb"):
        (handout / name).write_text(text, encoding="utf-8")
    main, _ = chosen(handout, facts)
    assert main == handout / "tiny.ipynb"
    assert names(packed(handout / "tiny.ipynb", facts).data) == ["tiny.ipynb"]


def test_a_module_in_the_handouts_folder_is_left_behind_and_the_receipt_says_so(handout: Path, facts: Facts) -> None:
    (handout / "tests" / "helper.py").write_text("BIAS = 1\n", encoding="utf-8")
    (handout / "tiny.py").write_text(
        f"from tests.helper import BIAS\nimport tests.neuron\n{REFERENCE}", encoding="utf-8"
    )
    one = packed(handout / "tiny.py", facts)
    assert names(one.data) == ["tiny.py"]
    lines = receipt(facts, one, handout / "x.zip", [], "").split("\n")
    why = "graders leave the folder `tests` out. Move it beside tiny.py and import it from there"
    assert [line for line in lines if "was not taken" in line] == [f"  ! `tests/helper.py` was not taken: {why}"]


def test_own_modules_come_along_and_the_handouts_do_not(handout: Path, facts: Facts) -> None:
    (handout / "mine").mkdir()
    (handout / "mine" / "deep.py").write_text("import further\n", encoding="utf-8")
    (handout / "further.py").write_text("x = 1\n", encoding="utf-8")
    (handout / "unused.py").write_text("x = 1\n", encoding="utf-8")
    (handout / "tiny.py").write_text("import mine.deep\n" + REFERENCE, encoding="utf-8")
    assert names(packed(handout / "tiny.py", facts).data) == ["further.py", "mine/deep.py", "tiny.py"]


def test_it_refuses_nothing_and_hides_nothing(handout: Path, facts: Facts) -> None:
    (handout / "tiny.ipynb").write_text("{", encoding="utf-8")
    one = packed(handout / "tiny.ipynb", facts)
    assert names(one.data) == ["tiny.ipynb"]
    text = receipt(facts, one, handout / "tiny-hand-in.zip", [], "tiny.ipynb is damaged")
    assert "a grader cannot read it: " in text
    assert "public cases were not all run: tiny.ipynb is damaged" in text


def test_weights_are_bound_to_the_hand_in(handout: Path, facts: Facts) -> None:
    facts = replace(facts, submission={**facts.submission, "weights": "weights.safetensors"})
    one = packed(handout / "tiny.py", facts)
    assert "weights.safetensors: MISSING" in receipt(facts, one, handout / "z.zip", [], "")
    (handout / "weights.safetensors").write_bytes(b"numbers")
    (handout / MANIFEST).write_text(json.dumps({"format": 1, "sha256": "0" * 64, "seed": 7}), encoding="utf-8")
    found = zipfile.ZipFile(io.BytesIO(packed(handout / "tiny.py", facts).data))
    table = json.loads(found.read(MANIFEST))
    assert table == {"format": 1, "sha256": hashlib.sha256(b"numbers").hexdigest(), "seed": 7}


def test_a_further_file_of_weights_goes_along_where_there_is_one(handout: Path, facts: Facts) -> None:
    form = {**facts.submission, "weights": "weights.safetensors"}
    facts = replace(facts, submission=form, further_weights=("large.safetensors",))
    (handout / "weights.safetensors").write_bytes(b"numbers")
    one = packed(handout / "tiny.py", facts)
    assert "large.safetensors: not there; nobody has to" in receipt(facts, one, handout / "z.zip", [], "")
    assert "more" not in json.loads(one.files[MANIFEST])
    (handout / "large.safetensors").write_bytes(b"more numbers")
    one = packed(handout / "tiny.py", facts)
    assert "large.safetensors: in the zip" in receipt(facts, one, handout / "z.zip", [], "")
    digest = hashlib.sha256(b"more numbers").hexdigest()
    assert json.loads(one.files[MANIFEST])["more"] == {"large.safetensors": digest}
    (handout / MANIFEST).write_bytes(one.files[MANIFEST])
    (handout / "large.safetensors").unlink()
    assert "more" not in json.loads(packed(handout / "tiny.py", facts).files[MANIFEST])


SCRIPT = """\
# %%
def f(x):
    raise NotImplementedError("write f")

# %%
def g(x):
    return x

# %% [markdown]
# ## 3. In words (`essay`)
#
# Say why.

# %% [markdown]
# *Your answer:*{answer}
"""
PROMPT = ("## 3. In words (`essay`)", "Say why.", "*Your answer:*")
ESSAY = QuestionFacts("essay", "In words", "written", Fraction(3), prompt=PROMPT)
CODE = QuestionFacts("q", "Q", "code", Fraction(3), functions=("f", "g", "h"))


@pytest.mark.parametrize(("answer", "words"), [("", 0), (" Because it is so.", 4), ("\n#\n# Because.", 1)])
def test_what_is_open_is_read_off_the_file(facts: Facts, answer: str, words: int) -> None:
    whole = replace(facts, questions=(CODE, ESSAY))
    script = SCRIPT.replace("{answer}", answer)
    found = content_of(".py", script.encode(), whole)
    assert found.unwritten == ("f", "h")
    assert found.words == {"essay": words}
    plain = [line.removeprefix("# ").removeprefix("#") for line in script.split("# %% [markdown]\n")[2].splitlines()]
    cells = [
        {"cell_type": "code", "source": "def g(x):\n    return x\ndef h():\n    pass"},
        {"cell_type": "markdown", "source": ["## 3. In words (`essay`)\n", "Say why."]},
        {"cell_type": "markdown", "source": "\n".join(plain)},
    ]
    found = content_of(".ipynb", json.dumps({"cells": cells}).encode(), whole)
    assert (found.unwritten, found.words) == (("f",), {"essay": words})


def test_pack_writes_a_zip_and_a_receipt_that_names_what_fails(handout: Path) -> None:
    text = REFERENCE.replace("-Fraction(b)", "Fraction(b)")
    (handout / "tiny.py").write_text(text, encoding="utf-8")
    done = run(handout, "check.py", "--pack")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("tiny-hand-in.zip  (")
    assert "  functions: 2 of 2 written" in lines
    assert "  public part: 3 of 5 points (60 %), 1 of 2 cases" in lines
    assert "  failing: `zero_of_a_line` (line)" in lines
    assert (handout / "tiny-hand-in.txt").read_text(encoding="utf-8").splitlines() == lines
    assert names((handout / "tiny-hand-in.zip").read_bytes()) == ["tiny.py"]

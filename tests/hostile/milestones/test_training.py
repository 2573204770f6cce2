"""`train` trains what an edit has touched, `verify` judges it, and a scaffold passes its exam."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli.releasing import where_to
from autograder.errors import AuthorError
from autograder.grading import fixtures
from autograder.grading.cells import Program, Runs
from autograder.grading.fixtures import answers, recorded_name
from autograder.grading.record import build_bundle, world_seeds
from autograder.grading.source import AssignmentSource, load_source
from autograder.grading.trained import parted
from autograder.intake.reading import read_submission
from autograder.release.handout import handout_files, handout_secrets
from autograder.release.leaks import scan
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.wire.messages import Submission
from autograder.verify.exam import Options, verify_assignment
from autograder.verify.training import made_of, stale, train, trainings
from tests.milestone_course import the_law


@pytest.fixture
def course(toy: AssignmentSource, tmp_path: Path) -> Path:
    return Path(shutil.copytree(toy.root, tmp_path / "course"))


def edited(course: Path, file: str, before: str, after: str) -> AssignmentSource:
    path = course / "solutions" / "toy" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    return load_source(course, "toy")


def test_programs_that_train_alike_have_no_weights_of_their_own(toy: AssignmentSource) -> None:
    assert {t.name for t in trainings(toy)} == {"reference", "sgd", "factored", "sums_the_loss", "does_not_train"}
    assert set(toy.weights) == {t.name for t in trainings(toy)}
    assert stale(toy) == {}


def test_comments_and_other_cases_make_nothing_stale(course: Path) -> None:
    assert stale(edited(course, "toy.py", "import torch\n", "import torch  # a comment\n")) == {}
    assert stale(edited(course, "cases/predict.py", "(30, 9)", "(31, 9)")) == {}
    assert stale(edited(course, "deck.py", "import numpy as np\n", "import numpy as np  # another\n")) == {}


def test_what_training_reaches_makes_its_programs_stale(course: Path) -> None:
    assert set(stale(edited(course, "alternates/sgd.py", "lr=8.0", "lr=7.0"))) == {"sgd"}
    source = edited(course, "cases/predict.py", "STEPS = 12, 20", "STEPS = 12, 21")
    assert stale(source) == dict.fromkeys(
        ("reference", "sgd", "factored", "sums_the_loss", "does_not_train"), "has changed since it was trained"
    )


EVERY = {"reference", "sgd", "factored", "sums_the_loss", "does_not_train"}


def with_support(course: Path, **files: str) -> AssignmentSource:
    """The course with these modules among its support files; the reference imports `first`, and nothing `third`."""
    path = course / "assignments" / "toy" / "assignment.toml"
    if "first" not in path.read_text():
        path.write_text(path.read_text().replace('"pack.py"', '"pack.py", "first.py", "second.py", "third.py"'))
        own = course / "solutions" / "toy" / "toy.py"
        own.write_text(own.read_text().replace("import torch\n", "import torch\nimport first\n", 1))
    texts = {"first": "from second import RATE\n", "second": "RATE = 1\n", "third": "X = 1\n"} | files
    for name, text in texts.items():
        (path.parent / f"{name}.py").write_text(text)
    return load_source(course, "toy")


def marked_as_made(source: AssignmentSource) -> None:
    """Its record says of every file that this very source made it."""
    path = source.private_folder / "weights" / "trained.json"
    rows = json.loads(path.read_text())
    path.write_text(json.dumps({t.name: rows[t.name] | {"made_of": made_of(source, t)} for t in trainings(source)}))


def test_weights_hang_on_support_modules_that_the_program_imports(course: Path) -> None:
    marked_as_made(with_support(course))
    assert stale(with_support(course, second="RATE = 1  # a comment\n", third="X = 2\n")) == {}
    assert set(stale(with_support(course, second="RATE = 2\n"))) == EVERY
    assert set(stale(with_support(course, first="from second import RATE\nRATE += 1\n"))) == EVERY


def test_weights_hang_on_artifacts(course: Path) -> None:
    assert stale(load_source(course, "toy")) == {}
    folder = course / "solutions" / "toy" / "artifacts"
    folder.mkdir()
    (folder / "table.csv").write_text("1,2\n")
    assert set(stale(load_source(course, "toy"))) == EVERY


def test_recorded_answers_of_trained_work_hang_on_the_code_that_draws_and_no_others_do(
    toy: AssignmentSource, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keys() -> dict[str, str]:
        runs = Runs(sandbox, toy, Program("reference", toy.reference))
        return {c.name: runs._key(c.name) for c in toy.cases.cases}

    before, digest = keys(), fixtures.code_digest
    assert keys() == before
    edited = "authoring/milestone.py"
    monkeypatch.setattr(fixtures, "code_digest", lambda parts: digest(parts) + "an edit" * (edited in parts))
    changed = {name for name, key in keys().items() if key != before[name]}
    assert changed == {c.name for c in toy.cases.cases if c.kind != "case"}
    assert 0 < len(changed) < len(before)


def test_it_trains_those_alone_and_the_same_way_each_time(
    course: Path, toy: AssignmentSource, sandbox: Sandbox
) -> None:
    source = edited(course, "alternates/sgd.py", "lr=8.0", "lr=7.0")
    told: list[str] = []
    (made,) = train(sandbox, source, tell=told.append)
    assert (made.name, told) == ("sgd", ["sgd"])
    back = edited(course, "alternates/sgd.py", "lr=7.0", "lr=8.0")
    assert set(stale(back)) == {"sgd"}
    list(train(sandbox, back))
    assert load_source(course, "toy").weights == toy.weights


def test_weights_from_elsewhere_are_told(course: Path, toy: AssignmentSource) -> None:
    (course / "solutions" / "toy" / "weights" / "reference.safetensors").write_bytes(the_law(toy))
    assert stale(load_source(course, "toy")) == {"reference": "has weights that `train` did not make"}
    (course / "solutions" / "toy" / "weights" / "reference.safetensors").unlink()
    assert stale(load_source(course, "toy")) == {"reference": "has no weights"}


def test_right_work_that_does_not_train_is_an_authors_fault(course: Path, sandbox: Sandbox) -> None:
    source = edited(
        course, "alternates/sgd.py", "loss(model, batch).backward", "(loss(model, batch) * float('nan')).backward"
    )
    with pytest.raises(AuthorError) as error:
        list(train(sandbox, source))
    assert "`sgd` does not train" in error.value.text()
    assert "NaN or infinite" in error.value.text()


ELSEWHERE = """
[[misconceptions]]
id = "elsewhere"
question = "predict"
fails = ["next_symbols"]
feedback = "These weights were trained on another deck."
"""


def test_a_mistake_may_be_to_train_on_another_deck(course: Path, toy: AssignmentSource, sandbox: Sandbox) -> None:
    path = course / "solutions" / "toy" / "misconceptions" / "predict.toml"
    text = path.read_text() + ELSEWHERE
    path.write_text(f"{text}deck = 1\n")
    source = load_source(course, "toy")
    assert stale(source) == {"elsewhere": "has no weights"}
    (made,) = train(sandbox, source)
    source = load_source(course, "toy")
    assert (made.name, stale(source)) == ("elsewhere", {})
    assert source.weights["elsewhere"] != toy.weights["reference"]
    report = verify_assignment(sandbox, source, Options(write=True, flaky=0, jobs=2))
    rows = {r.gate: r for r in report.rows}
    assert (rows["misconceptions"].status, rows["trained weights"].status) == ("pass", "pass")
    path.write_text(f"{text}deck = 2\n")
    assert stale(load_source(course, "toy")) == {"elsewhere": "has changed since it was trained"}


def test_a_patch_may_be_trained_on_another_deck_too(course: Path) -> None:
    path = course / "solutions" / "toy" / "misconceptions" / "predict.toml"
    path.write_text(path.read_text().replace('id = "sharpens"\n', 'id = "sharpens"\ndeck = 1\n'))
    source = load_source(course, "toy")
    (found,) = (t for t in trainings(source) if t.program == "sharpens")
    assert (found.deck, found.text) == (1, source.variant(source.misconceptions[2]))
    assert {t.deck for t in trainings(source) if t.program != "sharpens"} == {0}


def test_weights_put_there_by_hand_are_a_mistake_without_a_patch_and_without_a_deck(
    course: Path, toy: AssignmentSource
) -> None:
    path = course / "solutions" / "toy" / "misconceptions" / "predict.toml"
    path.write_text(path.read_text() + ELSEWHERE)
    with pytest.raises(AuthorError) as error:
        load_source(course, "toy")
    assert "`elsewhere` changes nothing: it has no patch" in error.value.text()
    assert "a deck that it is trained on (deck = 1), or weights/elsewhere.safetensors" in error.value.text()
    (course / "solutions" / "toy" / "weights" / "elsewhere.safetensors").write_bytes(toy.weights["does_not_train"])
    source = load_source(course, "toy")
    assert stale(source) == {}
    assert "elsewhere" not in {t.name for t in trainings(source)}


def test_a_deck_without_a_fixture_is_told(course: Path) -> None:
    folder = course / "solutions" / "toy"
    path = folder / "misconceptions" / "predict.toml"
    path.write_text(path.read_text() + ELSEWHERE + "deck = 1\n")
    cases = folder / "cases" / "predict.py"
    cases.write_text(cases.read_text().replace("@fixture(", "@(lambda supply: lambda f: f)("))
    with pytest.raises(AuthorError) as error:
        load_source(course, "toy")
    assert "`elsewhere` has a deck, but the cases have no @fixture" in error.value.text()


def test_a_recorded_replay_is_judged_and_not_trained(course: Path, sandbox: Sandbox) -> None:
    source = edited(
        course, "cases/predict.py", "predict=next_symbols, judge", "predict=next_symbols, recorded=True, judge"
    )
    wanted = {t.name for t in trainings(source) if t.replay is not None}
    assert wanted == {
        recorded_name(p, "trains_anew")
        for p in ("reference", "sgd", "factored", "reads_the_first_symbol", "sharpens", "does_not_train")
    }
    list(train(sandbox, source))
    source = load_source(course, "toy")
    assert stale(source) == {}
    broken = source.reference.replace("for batch in batches:", "for batch in 1 / 0:")
    code = Submission.of_text("reference", "toy", broken)
    seeds = {"trains_anew": world_seeds(source)["trains_anew"]}
    (answer,) = answers(sandbox, source, code, seeds)["trains_anew"]
    assert answer.status == "returned"
    (other,) = answers(sandbox, source, code, {"trains_anew": (5,)})["trains_anew"]
    assert "ZeroDivisionError" in other.message


def test_the_scaffold_passes_its_exam_and_loses_it_with_weights_of_other_code(
    course: Path, toy: AssignmentSource, sandbox: Sandbox
) -> None:
    report = verify_assignment(sandbox, toy, Options(write=True, flaky_seconds=2.0, jobs=2))
    assert [(r.gate, [p.text() for p in r.problems]) for r in report.rows if r.status == "fail"] == []
    source = edited(course, "toy.py", "lr=0.3", "lr=0.29")
    rows = {r.gate: r for r in verify_assignment(sandbox, source, Options(jobs=2)).rows}
    assert rows["trained weights"].status == "fail"
    assert "`reference` has changed since it was trained" in rows["trained weights"].problems[0].text()


def test_a_handout_says_what_is_handed_in_and_pack_writes_it(course: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    source = load_source(course, "toy")
    files = handout_files(source, build_bundle(sandbox, source))
    readme = files["README.md"].decode()
    assert "a zip of `toy.py` (or the notebook), `weights.safetensors` and\n`milestone.json`" in readme
    assert "To hand in: `python pack.py` writes the zip" in readme
    assert "--pack" not in readme, "one way is named"
    assert not [path for path in files if "deck" in path or "draws" in path or path.endswith("safetensors")]
    assert "--ext zip" in where_to(source, tmp_path)
    bundle = build_bundle(sandbox, source)
    for key in (bundle.draws.decks, bundle.draws.seeds, bundle.key):
        assert key
        assert not [path for path, data in files.items() if key in data or key.hex().encode() in data]
        leak = {"selfcheck/bundle/x": key.hex().encode()}
        assert [found.kind for found in scan(leak, handout_secrets(source, bundle))] == ["key"]
    home = tmp_path / "home"
    home.mkdir()
    (home / "pack.py").write_bytes(files["pack.py"])
    (home / "toy.py").write_text(
        f'{source.reference}\n\nif __name__ == "__main__":\n    import pack\n    pack.save(torch.compile(build(12)))\n'
    )
    for command in ("toy.py", "pack.py"):
        subprocess.run([sys.executable, command], cwd=home, check=True, capture_output=True, timeout=120)
    submission = read_submission(home / "toy.zip", source.spec.submission)
    found = parted(submission, source.spec)[1]
    assert (found.problem, found.parameters, list(found.arrays)) == ("", 144, ["weight"])

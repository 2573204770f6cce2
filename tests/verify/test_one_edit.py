"""One case is edited: its own seeds stay, and its row, its recorded outputs and nothing else are new."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import AuthorError
from autograder.grading.bundle import MANIFEST, to_files
from autograder.grading.certificate import certificate_path, inputs, require_certificate, standing
from autograder.grading.environment import environment
from autograder.grading.record import build_bundle, world_seeds
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.stub import make_stub
from autograder.verify import certify
from autograder.verify.certify import certificate_table, holds, write_certificate
from autograder.verify.exam import Options, verify_assignment
from tests.assignments.exam import drawn, to_verify
from tests.fakes import FakeSandbox
from tests.small_course import CASES, SPEC, write_course
from tests.verify.conftest import GOOD_HANDOUT, Exam, said

EDITED = CASES.replace('"""Twice a matrix."""\n    return student.double(world.normal((3, 5)))',
                       '"""Twice a matrix."""\n    return student.double(world.normal((4, 6)))')  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a certificate."""
    root = write_course(tmp_path_factory.mktemp("kept"), handout=GOOD_HANDOUT)
    source = load_source(root, "small")
    (source.public_folder / "small.py").write_text(make_stub(source.reference, "small.py"))
    report = verify_assignment(FakeSandbox(), source, Options(jobs=1, write=True, flaky=3))  # type: ignore[arg-type]
    write_certificate(source, report)
    return root


@pytest.fixture
def certified(kept: Path, tmp_path: Path) -> AssignmentSource:
    """A copy of it."""
    return load_source(shutil.copytree(kept, tmp_path / "course"), "small")


def test_seeds_certificate_and_bundle_change_for_that_case_alone(certified: AssignmentSource) -> None:
    assert EDITED != CASES
    before = build_bundle(FakeSandbox(), certified)  # type: ignore[arg-type]  # the tests' own sandbox
    assert standing(certified).state == "fresh"
    (certified.private_folder / "cases.py").write_text(EDITED)
    edited = load_source(certified.root, "small")
    after = build_bundle(FakeSandbox(), edited)  # type: ignore[arg-type]  # the tests' own sandbox

    assert world_seeds(edited) == world_seeds(certified)
    now = standing(edited)
    assert (now.state, now.changed, now.cases) == ("stale", ("case a_matrix",), ("a_matrix",))
    others = [c for c in before.expected if c != "a_matrix"]
    assert [after.expected[c] for c in others] == [before.expected[c] for c in others]
    assert after.expected["a_matrix"] != before.expected["a_matrix"]
    parts = [json.loads(to_files(b)[MANIFEST])["parts"] for b in (before, after)]
    assert {n for n in parts[0] if parts[0][n] != parts[1][n]} == {"cases", "expected", "misconceptions"}
    for old, new in zip(before.misconceptions, after.misconceptions, strict=True):
        assert {c for c in old.outputs if old.outputs[c] != new.outputs[c]} <= {"a_matrix"}


def test_the_exam_and_release_name_the_case_that_changed(certified: AssignmentSource, exam: Exam) -> None:
    (certified.private_folder / "cases.py").write_text(EDITED)
    edited = load_source(certified.root, "small")
    report = exam(edited)
    assert report.gate("certificate").status == "fail"
    assert "`small` has changed since its certificate was written: case a_matrix" in said(report, "certificate")
    with pytest.raises(AuthorError, match="case a_matrix"):
        require_certificate(edited)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("small.py", "reference"),
        ("salt", "salt"),
        ("equivalent.toml", "equivalent.toml"),
        ("alternates/more.py", "alternate more"),
        ("judges.py", "trusted judges"),
    ],
)
def test_what_all_cases_share_makes_every_row_stale(certified: AssignmentSource, name: str, part: str) -> None:
    path = certified.private_folder / name
    path.parent.mkdir(exist_ok=True)
    old = path.read_text() if path.exists() else ""
    path.write_text("01" * 32 if name == "salt" else old + "\n# another line\n")
    now = standing(load_source(certified.root, "small"))
    assert (now.state, now.changed) == ("stale", (part,))
    assert len(now.cases) == 4


def test_comments_and_layout_of_cases_change_no_row(certified: AssignmentSource) -> None:
    (certified.private_folder / "cases.py").write_text(CASES.replace("\n\n\n", "\n\n# a remark\n\n"))
    assert standing(load_source(certified.root, "small")).state == "fresh"


def test_the_check_of_a_case_belongs_to_it(certified: AssignmentSource) -> None:
    (certified.private_folder / "cases.py").write_text(CASES.replace('@case("mean", check=close())', '@case("mean")'))
    assert standing(load_source(certified.root, "small")).changed == ("case mean_of_a_matrix",)


def test_a_helper_belongs_to_the_cases_that_name_it(certified: AssignmentSource) -> None:
    private = certified.private_folder
    folder = private / "cases"
    folder.mkdir()
    head, *_ = CASES.split('@case("double"', 1)
    double, mean = CASES.removeprefix(head).split('@case("mean"', 1)
    used = double.replace("world.normal((3,))", "shared.three(world)")
    (folder / "double.py").write_text(f"{head}import shared\n\n{used}")
    (folder / "mean.py").write_text(f'{head}from shared import other\n\n@case("mean"{mean}')
    (folder / "shared.py").write_text("def three(world):\n    return world.normal((3,))\n\n\ndef other():\n    1\n")
    (private / "cases.py").unlink()
    before = inputs(load_source(certified.root, "small"))
    (folder / "shared.py").write_text("def three(world):\n    return world.normal((3, 1))\n\n\ndef other():\n    2\n")
    after = inputs(load_source(certified.root, "small"))
    assert {n for n in after if after[n] != before[n]} == {"case three_numbers"}


def test_other_versions_age_a_certificate_and_forbid_nothing(
    certified: AssignmentSource, exam: Exam, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = replace(environment(), numpy="9.1.0", torch="9.2.0")
    found = standing(certified, later)
    assert found.state == "aged"
    assert f"numpy {environment().numpy}, now 9.1.0" in found.text()
    monkeypatch.setattr("autograder.grading.certificate.environment", lambda: later)
    assert require_certificate(certified).state == "aged"
    report = exam(certified)
    assert report.gate("certificate").status == "warn"
    assert "now 9.2.0" in said(report, "certificate")
    assert report.ok


def test_a_certificate_of_0_1_0_is_stale_and_its_tolerances_are_read(certified: AssignmentSource) -> None:
    old = Path(__file__).parents[1] / "fixtures_0_1_0" / "certificate.json"
    certificate_path(certified).write_text(old.read_text())
    source = load_source(certified.root, "small")
    assert standing(source).state == "stale"
    assert set(source.tolerances.values()) == {1e-6}
    assert set(source.tolerances) == {c.name for c in source.cases.cases}


@pytest.mark.parametrize("text", ["[]", "{", '{"digest": "x", "format": 2}', '{"format": 2, "digest": 1, "inputs": 3}'])
def test_what_is_no_certificate_is_named(certified: AssignmentSource, text: str) -> None:
    certificate_path(certified).write_text(text)
    with pytest.raises(AuthorError, match="is not a certificate"):
        standing(certified)


def test_an_exam_that_was_passed_holds_until_anything_that_it_hangs_on_is_another(
    certified: AssignmentSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert holds(certified)
    with monkeypatch.context() as changed:
        changed.setattr(certify, "examiner", lambda: "another")
        assert not holds(certified)
    path = certificate_path(certified)
    table = json.loads(path.read_text())
    path.write_text(json.dumps(table | {"environment": table["environment"] | {"numpy": "1.0"}}))
    assert not holds(certified)
    path.write_text(json.dumps(table))
    (certified.private_folder / "cases.py").write_text(EDITED)
    assert not holds(load_source(certified.root, "small"))


def test_who_sits_the_exam_and_why(certified: AssignmentSource) -> None:
    """Where the certificate holds, one is drawn all the same; where none does, all of them are verified."""
    assert to_verify(certified.root, ["small"]) == {"small": "a look at one of the certificates"}
    certificate_path(certified).unlink()
    assert list(to_verify(certified.root, ["small"]).values()) == [
        "no certificate of these files, versions and examiners"
    ]
    names = ["a", "b", "c"]
    assert {drawn(names, f"{commit:040x}") for commit in range(40)} == set(names)


def test_a_rubric_and_sentences_about_what_is_forbidden_are_part_of_the_certificate(tmp_path: Path) -> None:
    """Other text is not: a word in the handout makes no exam void."""
    spec = SPEC.replace('id = "mean"\n', 'id = "mean"\nforbidden = ["numpy.mean"]\n')
    root = write_course(tmp_path, spec=spec)
    handout = root / "assignments" / "small" / "handout.md"
    sentence = load_source(root, "small").spec.question("mean").forbidden_text
    handout.write_text(handout.read_text() + "\nOf your own.\n")
    without = inputs(load_source(root, "small"))
    handout.write_text(handout.read_text() + "\n> " + sentence.replace(" ", "\n> ", 2) + "\n")
    with_it = inputs(load_source(root, "small"))
    assert {n for n in with_it if with_it[n] != without.get(n)} == {"headings"}
    handout.write_text(handout.read_text().replace("Of your own.", "All your own."))
    assert inputs(load_source(root, "small")) == with_it
    (root / "solutions" / "small" / "rubric.md").write_text("# Rubric\n")
    assert set(inputs(load_source(root, "small"))) - set(with_it) == {"rubric.md"}


def test_a_run_of_mutants_is_kept_where_only_texts_for_people_changed(certified: AssignmentSource) -> None:
    path = certificate_path(certified)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"mutation": {"mutants": 7}}))
    (certified.private_folder / "rubric.md").write_text("# Rubric\n")
    again = load_source(certified.root, "small")
    assert certificate_table(again, {}, None, None)["mutation"] == {"mutants": 7}
    (certified.private_folder / "cases.py").write_text(EDITED)
    assert certificate_table(load_source(certified.root, "small"), {}, None, None)["mutation"] is None


@pytest.mark.parametrize(
    ("stored", "edit", "kept_so"),
    [(3e-6, "", True), (3e-6, "case", False), (3e-6, "alternate", False), (10.0, "", False)],
    ids=["as it was", "another case", "another right program", "no factor left"],
)
def test_a_tolerance_stays_while_what_it_was_measured_on_stays(
    certified: AssignmentSource, exam: Exam, stored: float, edit: str, kept_so: bool
) -> None:
    path = certificate_path(certified)
    table = json.loads(path.read_text())
    usual = table["cases"]["a_matrix"]["tolerance"]
    table["cases"]["a_matrix"]["tolerance"] = stored
    path.write_text(json.dumps(table))
    if edit == "case":
        (certified.private_folder / "cases.py").write_text(EDITED)
    if edit == "alternate":
        folder = certified.private_folder / "alternates"
        folder.mkdir(exist_ok=True)
        (folder / "the_same.py").write_text(certified.reference + "\n# in other words\n")
    report = exam(load_source(certified.root, "small"), write=True, flaky=3)
    assert report.ok
    assert report.certificate is not None
    now = report.certificate["cases"]["a_matrix"]["tolerance"]
    assert now == (stored if kept_so else usual) != (usual if kept_so else stored)

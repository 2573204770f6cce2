"""Private files of a reference: its programs find them, a judge reads them, and no student ever gets one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import AuthorError, CasesError
from autograder.grading.bundle import from_files, to_files
from autograder.grading.cells import NO_CELLS, Program
from autograder.grading.certificate import inputs
from autograder.grading.record import build_bundle, run_variant, world_seeds
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.handout import handout_files, handout_secrets
from autograder.release.leaks import Secrets, scan
from autograder.sandbox.grader.box import Sandbox
from autograder.verify.variants import Workshop, stub
from tests.fakes import FakeSandbox
from tests.small_course import CASES, REFERENCE, SPEC, write_course

TABLE = "".join(f"{n * n % 97} " for n in range(60)).encode()
READS = REFERENCE.replace("return 2 * x", 'return x * len(open("artifacts/table.txt").read().split()) / 30')
JUDGE = (
    "import artifacts\nfrom autograder.checks import Measured\n\n\n"
    "def sized(outputs, world):\n"
    '    return Measured(abs(float(outputs.sum()) - len(artifacts.read("table.txt").split())))\n'
)
JUDGED = CASES.replace("import close\n", "import close, satisfies\nfrom judges import sized\n").replace(
    '@case("double", check=close())', '@case("double", check=satisfies(sized))'
)


def course(root: Path, cases: str = CASES, reference: str = READS, judge: str = "", **files: bytes) -> AssignmentSource:
    """The small course with an artifact."""
    write_course(root, cases=cases, reference=reference, spec=SPEC)
    folder = root / "solutions/small/artifacts"
    folder.mkdir(exist_ok=True)
    (folder / "table.txt").write_bytes(TABLE)
    if judge:
        (root / "solutions/small/judges.py").write_text(judge)
    return load_source(root, "small")


def test_programs_of_the_course_find_them_and_the_stub_does_not(tmp_path: Path) -> None:
    source = course(tmp_path)
    seeds = {"a_matrix": world_seeds(source)["a_matrix"][:1]}
    with Sandbox.start() as sandbox:
        programs = [Program("p", source.reference, bare=bare) for bare in (False, True)]
        found = [run_variant(sandbox, source, p, seeds, NO_CELLS)["a_matrix"][0] for p in programs]
    assert found[0].status == "returned"
    assert found[1].status == "error"
    assert "table.txt" in found[1].message
    assert [v.program.bare for v in stub(Workshop(source))] == [True]  # type: ignore[union-attr]


def test_another_content_makes_cells_and_certificate_unknown(tmp_path: Path) -> None:
    before = inputs(course(tmp_path))
    (tmp_path / "solutions/small/artifacts/table.txt").write_bytes(TABLE + b"1")
    after = inputs(load_source(tmp_path, "small"))
    assert {k for k in before if before[k] != after[k]} == {"artifact table.txt"}


def test_a_judge_reads_them_also_from_a_zip(tmp_path: Path) -> None:
    source = course(tmp_path, JUDGED, REFERENCE, JUDGE)
    bundle = build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]
    again = from_files(to_files(bundle), "a.zip")
    check = again.cases.get("a_matrix").check
    assert check.judge(_Sum(60), None, None).passed  # type: ignore[union-attr, arg-type]
    assert not check.judge(_Sum(61), None, None).passed  # type: ignore[union-attr, arg-type]


class _Sum:
    def __init__(self, value: float) -> None:
        self.value = value

    def sum(self) -> float:
        return self.value


def test_the_bundle_holds_none_that_no_judge_asks_for(tmp_path: Path) -> None:
    source = course(tmp_path, reference=REFERENCE)
    files = to_files(build_bundle(FakeSandbox(), source))  # type: ignore[arg-type]
    assert not any("artifacts" in name for name in files)
    assert not scan(files, Secrets(artifacts=source.artifacts))


def test_a_probe_may_not_use_them(tmp_path: Path) -> None:
    probe = CASES.replace("from autograder.authoring", "import artifacts\nfrom autograder.authoring").replace(
        "student.double(world.normal((3, 5)))", 'student.double(len(artifacts.read("table.txt")))'
    )
    with pytest.raises(CasesError, match="which only checks may use"):
        course(tmp_path, probe)


def leaks(source: AssignmentSource, **more: bytes) -> list[tuple[str, str]]:
    """Artifacts that the scan finds in the handout with these files added."""
    bundle = build_bundle(FakeSandbox(), source)  # type: ignore[arg-type]
    files = handout_files(source, bundle) | {f"{name}.bin": data for name, data in more.items()}
    return [(leak.kind, leak.path) for leak in scan(files, handout_secrets(source, bundle)) if leak.kind == "artifact"]


def test_a_handout_with_an_artifact_is_refused_and_one_without_is_not(tmp_path: Path) -> None:
    source = course(tmp_path, reference=REFERENCE)
    assert leaks(source, honest=b"another table, of the same length " * 8) == []
    assert leaks(source, whole=b"header\n" + TABLE) == [("artifact", "whole.bin")]
    assert leaks(source, part=TABLE[: len(TABLE) * 4 // 5]) == [("artifact", "part.bin")]


def test_a_public_case_whose_judge_reads_one_is_refused(tmp_path: Path) -> None:
    public = JUDGED.replace(
        '@case("double", check=satisfies(sized))', '@case("double", public=True, check=satisfies(sized))'
    )
    assert leaks(course(tmp_path, public, REFERENCE, JUDGE)) == [("artifact", "selfcheck/bundle/trusted/artifacts.py")]


def test_a_module_of_that_name_is_refused(tmp_path: Path) -> None:
    course(tmp_path)
    (tmp_path / "solutions/small/artifacts.py").write_text("x = 1\n")
    with pytest.raises(AuthorError, match="stands beside the folder artifacts/"):
        load_source(tmp_path, "small")

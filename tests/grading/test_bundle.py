"""Bundles as files: format 2 in named parts, and format 1 as 0.1.0 wrote it (tests/fixtures_0_1_0/)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.world import World, stream_digest
from autograder.errors import BundleError
from autograder.grading.bundle import (
    MANIFEST,
    Bundle,
    Expectation,
    MisconceptionRecord,
    digest_of,
    from_files,
    to_files,
)
from autograder.grading.environment import Environment
from autograder.grading.grade import Settings, worlds_for
from autograder.grading.record import world_seeds
from autograder.grading.source import load_source
from autograder.grading.worlds import Recorded
from autograder.release.bundle_zip import read_autograder
from autograder.values.codec import encode
from tests.grading.test_source import in_folders
from tests.small_course import write_course

OLD = Path(__file__).parents[1] / "fixtures_0_1_0"
OLD_DIGEST = "212b28e4f124c54475d9401a572e463c3e54ed33df30efe9f6a4c300ebf9d120"
OLD_WORLDS = {"three_numbers": 2, "a_matrix": 1, "mean_of_three": 1, "mean_of_a_matrix": 2}


def made(root: Path, write: Callable[[Path], Path] = write_course) -> Bundle:
    source = load_source(write(root), "small")
    expected = {
        case: tuple(Expectation(s, encode(World(s).normal((3, 5))), draws=("aa", "bb")) for s in seeds)
        for case, seeds in world_seeds(source).items()
    }
    mistake = MisconceptionRecord("square", "double", "F.", "H.", {"a_matrix": (("returned", b"x"), ("error", b"y"))})
    return Bundle(
        source.spec, source.spec_text, source.cases, {"d.csv": b"1"}, expected, (mistake,), {"a_matrix": 1e-9},
        key=b"k" * 32, recorded=Environment("3.11.2", "2.4.6", "2.13.0", "1.14.0"), stream=stream_digest(),
    )  # fmt: skip


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return made(tmp_path)


@pytest.mark.parametrize("write", [write_course, in_folders])
def test_a_bundle_survives_its_files_and_they_are_the_same_twice(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    bundle = made(tmp_path, write)
    files = to_files(bundle)
    again = from_files(files, "x.zip")
    assert to_files(again) == files
    assert again.digest == bundle.digest
    for name in ("expected", "misconceptions", "tolerances", "key", "recorded", "stream", "support", "spec"):
        assert getattr(again, name) == getattr(bundle, name), name
    assert again.cases.texts == bundle.cases.texts
    assert again.expected_value("a_matrix", Recorded(1)).shape == (3, 5)


def test_the_manifest_names_parts_tool_and_environment(bundle: Bundle) -> None:
    manifest = json.loads(to_files(bundle)[MANIFEST])
    assert (manifest["format"], manifest["assignment"]) == (2, "small")
    assert manifest["environment"]["numpy"] == "2.4.6"
    assert sorted(manifest["parts"]) == ["cases", "expected", "key", "misconceptions", "spec", "support", "tolerances"]


def test_the_digest_hangs_on_what_is_graded_and_not_on_where_it_was_recorded(bundle: Bundle) -> None:
    assert replace(bundle, recorded=Environment("3.13.0")).digest == bundle.digest
    for change in ({"key": b"l" * 32}, {"tolerances": {}}, {"support": {}}, {"misconceptions": ()}):
        assert replace(bundle, **change).digest != bundle.digest


def test_parts_that_are_not_known_are_left_alone(bundle: Bundle) -> None:
    files = to_files(bundle)
    manifest = json.loads(files[MANIFEST])
    manifest["parts"]["fingerprints"] = {"fingerprints.bin": hashlib.sha256(b"new").hexdigest()}
    later = files | {MANIFEST: json.dumps(manifest).encode(), "bundle/fingerprints.bin": b"new", "other/x": b""}
    assert from_files(later, "x.zip").digest == bundle.digest


def test_a_file_that_no_part_names_is_left_alone(bundle: Bundle) -> None:
    files = to_files(bundle) | {"bundle/trusted/evil.py": b"1 / 0", "bundle/cases.pyc": b"", "origin.json": b"{}"}
    assert from_files(files, "x.zip").digest == bundle.digest


def test_a_bundle_without_a_part_damaged_or_of_another_format_is_refused(bundle: Bundle) -> None:
    files = to_files(bundle)
    with pytest.raises(BundleError, match=r"is damaged: expected\.msgpack is not what was built"):
        from_files(files | {"bundle/expected.msgpack": b"\xc1"}, "x.zip")
    with pytest.raises(BundleError, match=r"not an autograder zip of ours: no 'bundle/cases\.py'"):
        from_files({k: v for k, v in files.items() if "cases" not in k}, "x.zip")
    with pytest.raises(BundleError, match="no 'bundle/assignment"):
        from_files({}, "x.zip")
    with pytest.raises(BundleError, match=r"x\.zip: is damaged"):
        from_files(files | {MANIFEST: b"{"}, "x.zip")
    with pytest.raises(BundleError, match=r"x\.zip: is damaged"):
        from_files(files | {MANIFEST: b"[]"}, "x.zip")
    newer = json.loads(files[MANIFEST]) | {"format": 3}
    with pytest.raises(BundleError, match=r"has format 3; this version reads 1 and 2[\s\S]*newer"):
        from_files(files | {MANIFEST: json.dumps(newer).encode()}, "x.zip")


def old_files() -> dict[str, bytes]:
    return {p.relative_to(OLD).as_posix(): p.read_bytes() for p in (OLD / "bundle").rglob("*") if p.is_file()}


def test_a_bundle_of_0_1_0_is_read() -> None:
    bundle = from_files(old_files(), "old")
    assert [c.name for c in bundle.cases.cases] == list(OLD_WORLDS)
    assert {c: len(w) for c, w in bundle.expected.items()} == dict.fromkeys(OLD_WORLDS, 3)
    assert [m.id for m in bundle.misconceptions] == ["square", "sum_for_mean"]
    assert bundle.key == b""
    assert bundle.recorded == Environment()
    assert to_files(bundle) == old_files()
    assert bundle.digest == digest_of(old_files()) == OLD_DIGEST


def test_an_autograder_zip_of_0_1_0_grades_in_the_worlds_that_it_graded_in_then() -> None:
    bundle = read_autograder(OLD / "autograder.zip")
    assert bundle.digest == from_files(old_files(), "old").digest
    assert worlds_for(bundle, "", Settings(student="ada")) == {c: Recorded(i) for c, i in OLD_WORLDS.items()}


def test_a_damaged_bundle_of_0_1_0_is_refused() -> None:
    files = old_files()
    with pytest.raises(BundleError, match=r"old: is damaged"):
        from_files(files | {"bundle/recorded.msgpack": b"\xc1\xc1"}, "old")
    with pytest.raises(BundleError, match="no 'bundle/recorded"):
        from_files({k: v for k, v in files.items() if "recorded" not in k}, "old")

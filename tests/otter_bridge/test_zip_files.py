"""autograder.zip: Otter's layout, nothing of the reference, the same bytes every time, and it can be read back."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import AuthorError, BundleError, UsageError
from autograder.grading.bundle import Bundle
from autograder.grading.source import AssignmentSource
from autograder.otter_bridge.zip_files import requirements
from autograder.release.bundle_zip import build_autograder, read_autograder


def test_the_layout_is_the_one_that_otter_s_dockerfile_copies(autograder_zip: Path) -> None:
    archive = zipfile.ZipFile(autograder_zip)
    top = {name.split("/")[0] for name in archive.namelist()}
    assert top == {"run_autograder", "setup.sh", "run_otter.py", "otter_config.json", "environment.yml",
                   "requirements.txt", "tests", "files"}  # fmt: skip
    assert sorted(n for n in archive.namelist() if n.startswith("tests/")) == ["tests/line.py", "tests/neuron.py"]
    config = json.loads(archive.read("otter_config.json"))
    assert list(config["plugins"][0]) == ["autograder.otter_bridge.plugin.GradePlugin"]
    modes = {i.filename: oct(i.external_attr >> 16) for i in archive.infolist()}
    assert modes["run_autograder"] == modes["setup.sh"] == "0o100755"


def test_the_reference_is_not_in_it(autograder_zip: Path) -> None:
    archive = zipfile.ZipFile(autograder_zip)
    assert not any(b"product_of_both" in archive.read(name) for name in archive.namelist())


def test_a_solution_line_in_a_support_file_is_refused(source: AssignmentSource, bundle: Bundle) -> None:
    leaky = replace(bundle, support={"tiny_data.py": b"BIAS = 0.25\nproduct_of_both = np.dot(w, x)\n"})
    with pytest.raises(AuthorError, match="solution line 'product_of_both"):
        build_autograder(source, leaky)


def test_two_builds_give_the_same_bytes(source: AssignmentSource, bundle: Bundle) -> None:
    assert build_autograder(source, bundle) == build_autograder(source, bundle)


def test_our_code_comes_with_its_licence(autograder_zip: Path) -> None:
    licence = (Path(__file__).parents[2] / "LICENSE").read_bytes()
    assert zipfile.ZipFile(autograder_zip).read("files/_autograder/autograder/LICENSE") == licence


def test_the_bundle_can_be_read_back(autograder_zip: Path, bundle: Bundle) -> None:
    assert read_autograder(autograder_zip).digest == bundle.digest


def test_what_is_no_autograder_zip_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_autograder(tmp_path / "missing.zip")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(BundleError, match="not a zip that can be read"):
        read_autograder(tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("run_autograder", "")
    with pytest.raises(BundleError, match="is not an autograder zip of ours"):
        read_autograder(tmp_path / "other.zip")


def test_the_package_in_the_zip_imports_without_ours(autograder_zip: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(autograder_zip).extractall(tmp_path / "z")
    code = "import autograder.otter_bridge.container as c, autograder.otter_bridge.plugin; print(c.__file__)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, 'files/_autograder'); {code}"],
        cwd=tmp_path / "z", env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


def test_every_requirement_is_pinned_and_an_assignment_s_own_are_added() -> None:
    lines = requirements(("scipy==1.16.0", "torch==1.0")).splitlines()
    assert "scipy==1.16.0" in lines
    assert "torch==2.13.0" in lines
    assert all("==" in line for line in lines)
    assert lines == sorted(lines)


def test_the_pins_are_those_of_the_course(request: pytest.FixtureRequest) -> None:
    constraints = (request.config.rootpath / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert set(requirements().splitlines()) <= set(constraints)

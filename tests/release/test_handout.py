"""The handout: complete, the same every time, without a leak, and it works where our package is not installed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sympy

from autograder.errors import AuthorError
from autograder.grading.bundle import Bundle, Expectation
from autograder.grading.source import AssignmentSource
from autograder.release.handout import _needed, build_handout, handout_files, public_bundle
from autograder.values.codec import encode
from tests.home.support import run, unpack
from tests.release.course import REFERENCE

LICENSE = (Path(__file__).parents[2] / "LICENSE").read_bytes()
WRONG = REFERENCE.replace("np.dot(w, x)", "np.dot(w, x) * 2").replace("-Fraction(b)", "Fraction(b)")


def test_a_handout_has_what_the_readme_names_and_nothing_private(source: AssignmentSource, bundle: Bundle) -> None:
    files = handout_files(source, bundle)
    assert {p for p in files if not p.startswith("selfcheck/")} == {
        "tiny.py", "tiny.ipynb", "tiny_data.py", "handout.md", "handout.html", "README.md", "requirements.txt",
        "check.py", "tests/neuron.py", "tests/line.py",
    }  # fmt: skip
    assert "otter" not in files["requirements.txt"].decode()  # it brings Sphinx, Playwright and pandas
    assert "torch" not in files["requirements.txt"].decode()
    everything = b"\n".join(files.values())
    assert b"product_of_both" not in everything
    assert not re.search(rb"seven[ _]", everything)  # of the hidden case


def test_our_code_comes_with_its_licence_and_the_readme_says_whose_it_is(
    source: AssignmentSource, bundle: Bundle, tmp_path: Path
) -> None:
    folder = unpack(source, bundle, tmp_path / "h")
    assert (folder / "selfcheck" / "LICENSE").read_bytes() == LICENSE
    assert "`selfcheck/LICENSE`" in (folder / "README.md").read_text(encoding="utf-8")
    assert not (folder / "LICENSE").exists()  # the assignment is its author's


def test_what_code_in_the_text_imports_is_required(source: AssignmentSource, bundle: Bundle) -> None:
    assert b"matplotlib" not in handout_files(source, bundle)["requirements.txt"]
    text = "# Tiny\n\n```python\nif True:\n    import matplotlib.pyplot as plt\n```\n"
    (source.public_folder / "handout.md").write_text(text, encoding="utf-8")
    assert b"matplotlib>=3.8\n" in handout_files(source, bundle)["requirements.txt"]


def test_two_builds_give_the_same_bytes(source: AssignmentSource, bundle: Bundle) -> None:
    assert build_handout(source, bundle) == build_handout(source, bundle)


def test_only_the_handout_s_world_of_a_public_case_is_shipped(source: AssignmentSource, bundle: Bundle) -> None:
    recorded = handout_files(source, bundle)["selfcheck/bundle/expected.msgpack"]
    assert bundle.expected["three_inputs"][0].payload in recorded
    assert bundle.expected["three_inputs"][1].payload not in recorded
    assert bundle.expected["seven_inputs"][0].payload not in recorded


def test_a_property_ships_without_the_reference_s_answer(source: AssignmentSource, bundle: Bundle) -> None:
    recorded = handout_files(source, bundle)["selfcheck/bundle/expected.msgpack"]
    assert bundle.expected["zero_of_a_line"][0].payload not in recorded
    assert public_bundle(bundle).expected["zero_of_a_line"][0].kind == "nothing"


def test_no_key_of_the_course_is_in_a_handout(source: AssignmentSource, bundle: Bundle) -> None:
    keyed = replace(bundle, key=b"\x8f" * 32)
    files = handout_files(source, keyed)
    for key in (keyed.key, source.keys.salt):
        assert not any(key in data or key.hex().encode() in data for data in files.values())
    build_handout(source, keyed)
    for key in (keyed.key, source.keys.salt):
        with pytest.raises(AuthorError, match=r"notes\.txt: key"):
            build_handout(replace(source, support={"notes.txt": b"the key is " + key.hex().encode()}), keyed)
        with pytest.raises(AuthorError, match=r"notes\.bin: key"):
            build_handout(replace(source, support={"notes.bin": b"\x00" + key}), keyed)


def test_a_derivation_ships_its_first_line_only() -> None:
    lines = [sympy.Symbol("w") ** 2, sympy.Symbol("w") * sympy.Symbol("v")]
    record = Expectation(7, encode(lines))
    assert _needed("derivation", record) == Expectation(7, encode(lines[:1]), "first line")
    assert _needed("close", record) == record


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("product_of_both = np.dot(w, x)", "solution line"),
        ("return student.neuron(seven_for_hidden_ones(world), seven_for_hidden_ones(world))", "hidden case"),
        ("A neuron with seven inputs that nobody knows.", "hidden case"),
    ],
)
def test_a_leak_in_the_text_is_refused(source: AssignmentSource, bundle: Bundle, planted: str, kind: str) -> None:
    path = source.public_folder / "handout.md"
    path.write_text(f"# Tiny\n\n{planted}\n", encoding="utf-8")
    with pytest.raises(AuthorError, match=rf"handout\.md: {kind}"):
        build_handout(source, bundle)


def test_a_leaked_output_and_a_leaked_path_are_refused(source: AssignmentSource, bundle: Bundle) -> None:
    text = f"# {source.root.resolve()}/solutions\n".encode()
    leaky = replace(source, support={"tiny_data.py": text})
    with pytest.raises(AuthorError, match=r"tiny_data\.py: local path"):
        build_handout(leaky, bundle)
    array = b"x" * 8 + bundle.expected["seven_inputs"][0].payload * 3
    longer = {**bundle.expected, "seven_inputs": (replace(bundle.expected["seven_inputs"][0], payload=array),)}
    with pytest.raises(AuthorError, match=r"data\.bin: hidden output"):
        build_handout(replace(source, support={"data.bin": array}), replace(bundle, expected=longer))


def test_a_support_file_with_a_taken_name_is_refused(source: AssignmentSource, bundle: Bundle) -> None:
    with pytest.raises(AuthorError, match="a support file has a name that the handout needs"):
        build_handout(replace(source, support={"check.py": b""}), bundle)


def test_the_stub_says_what_is_still_to_be_written(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> None:
    done = run(unpack(source, bundle, tmp_path / "h"), "check.py", "tiny.py")
    assert done.returncode == 1
    assert "neuron: 0 of 1 public cases pass, 0 of 3 points; 1 hidden case waits (3 points)" in done.stdout
    assert "`neuron` is still to be written (tiny.py, line " in done.stdout


def test_a_solution_passes_and_a_wrong_one_is_explained(
    source: AssignmentSource, bundle: Bundle, tmp_path: Path
) -> None:
    folder = unpack(source, bundle, tmp_path / "h")
    (folder / "mine.py").write_text(REFERENCE, encoding="utf-8")
    done = run(folder, "check.py", "mine.py")
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "mine.py").write_text(WRONG, encoding="utf-8")
    done = run(folder, "check.py", "mine.py", "neuron")
    assert done.returncode == 1
    assert 'A neuron with "three" inputs.' in done.stdout
    assert "expected:" in done.stdout
    assert "line:" not in done.stdout


def test_wrong_use_says_how(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> None:
    folder = unpack(source, bundle, tmp_path / "h")
    for arguments in ([], ["nothing.py"], ["tiny.py", "no_such_question"]):
        done = run(folder, "check.py", *arguments)
        assert (done.returncode, done.stderr) == (2, "")
        assert "Usage: python check.py FILE" in done.stdout


@pytest.mark.slow
def test_otter_check_gives_the_same_words(source: AssignmentSource, bundle: Bundle, tmp_path: Path) -> None:
    folder = unpack(source, bundle, tmp_path / "h")
    (folder / "mine.py").write_text(WRONG, encoding="utf-8")
    ours = run(folder, "check.py", "mine.py").stdout
    otter = run(folder, "-m", "otter", "check", "mine.py")
    assert otter.returncode == 0, otter.stderr
    for line in ours.splitlines():
        if line.startswith("      "):
            assert line.strip() in otter.stdout
    assert "called:   line(a=" in otter.stdout
    assert "put x into a·x + b: it is not 0" in otter.stdout
    (folder / "mine.py").write_text(REFERENCE, encoding="utf-8")
    assert "All tests passed!" in run(folder, "-m", "otter", "check", "mine.py").stdout

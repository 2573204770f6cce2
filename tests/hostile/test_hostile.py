"""Every attack and fault gets its verdict, gains nothing, shows nothing hidden, leaves nothing, hurts nobody else."""

from __future__ import annotations

import pytest

from tests.hostile.expectation import HERE, attack_files, read_expectation

HONEST = "course/solutions/trial/trial.py"
PLACES = (
    "root",
    pytest.param("plain", marks=pytest.mark.slow),
    pytest.param("docker", marks=(pytest.mark.slow, pytest.mark.docker)),
)
LONGEST = 20.0  # seconds for eight cases of one second each, loading included, on a busy machine


@pytest.mark.parametrize("context", PLACES)
@pytest.mark.parametrize("file", attack_files())
def test_it_gets_its_verdict_and_nothing_else(file, context, graders):
    expectation = read_expectation(HERE / file)
    record = graders.grade(file, context, limit=expectation.limit)
    assert "machine" not in record, record["machine"]
    assert wrong_verdicts(record, expectation) == []
    assert gained(record, expectation) == []
    assert lost(record, expectation) == []
    assert leaked(record) == []
    assert record["left"] == []
    assert record["seconds"] < LONGEST
    for question in expectation.evidence:
        assert any(
            evidence or status == "forbidden" for q, _, status, _, evidence in record["verdicts"] if q == question
        )


def wrong_verdicts(record, expectation):
    return [v[:4] for v in record["verdicts"] if v[2] not in expectation.allowed[v[0], v[1]]]


def gained(record, expectation):
    """Attacked questions with points that they must not have."""
    odd = [q for q in expectation.attacked if record["points"][q][0] == record["points"][q][1]]
    nothing = [q for q in expectation.attacked if all("passed" not in expectation.allowed[q, p] for p in (True, False))]
    return odd + [q for q in nothing if record["points"][q][0] != "0"]


def lost(record, expectation):
    """Questions that were not attacked and lost points all the same."""
    return [q for q in expectation.untouched if record["points"][q][0] != record["points"][q][1]]


def leaked(record):
    """Hidden things in what a student sees, walls that did not hold, and texts that command a terminal or a browser."""
    shown = record["shown"]
    found = [word for word in ("CANARY", *(text[:9] for text in record["expected"])) if word in shown]
    found += [line for line in record["stdout"].split("\n") if "GOT THROUGH" in line]
    found += [repr(c) for c in "\x1b\x07\x9b\u202e\u2066\x00" if c in record["terminal"]]
    return found + [tag for tag in ("<script>alert", "<img src=x") if tag in record["page"]]


@pytest.mark.parametrize("context", PLACES)
def test_an_honest_submission_gets_everything(context, graders):
    record = graders.grade(HONEST, context)
    assert record["graded"]
    assert record["points"] == {q: ["10", "10"] for q in ("energy", "weights", "slope", "ranks")}
    assert {v[2] for v in record["verdicts"]} == {"passed"}
    assert leaked(record) == []
    assert record["left"] == []


@pytest.mark.parametrize("context", PLACES)
def test_the_layers_in_force_are_told(context, graders):
    hello = graders.get(context).hello
    assert {"landlock", "seccomp", "rlimits", "privileges", "scratch"} <= set(hello["layers"])
    assert set(hello["layers"]) | set(hello["missing"]) >= {"namespaces", "identity"}


@pytest.mark.parametrize("context", PLACES)
def test_every_public_clock_is_read_before_a_hidden_case_runs(context, graders):
    """So nothing that a hidden case does to the clock can be seen in what a student sees."""
    lines = graders.grade("attacks/tells_by_the_clock.py", context)["stdout"].split("\n")
    public, hidden = (
        [float(line.split()[-1]) for line in lines if line.startswith(f"{kind} CLOCK")] for kind in ("PUBLIC", "HIDDEN")
    )
    assert public
    assert hidden
    assert max(public) < min(hidden)


@pytest.mark.parametrize("context", PLACES)
def test_what_a_worker_says_when_it_dies_with_hidden_probes_is_for_staff(context, graders):
    record = graders.grade("attacks/dies_with_a_message_of_its_own.py", context)
    (message,) = {v[3] for v in record["verdicts"] if v[2] == "protocol"}
    number = f"{int.from_bytes(b'CANA', 'big') | 1 << 31:,}"
    assert number in message
    assert number not in record["shown"]


PAGES = ("attacks/marks_files_for_another_submission.py", "attacks/reads_marks_of_another_submission.py")


@pytest.mark.parametrize("context", PLACES)
def test_no_mark_in_the_page_cache_goes_from_one_submission_to_another(context, graders):
    for file in PAGES:
        record = graders.get(context).ask("grade", name=file)
        assert {v[2] for v in record["verdicts"]} == {"passed"}
        assert leaked(record) == []
        assert record["left"] == []


@pytest.mark.slow
def test_without_seccomp_such_a_mark_does_go_to_the_next_submission_so_the_test_above_can_fail(graders):
    grader = graders.get("root", "--without", "seccomp")
    shown = [grader.ask("grade", name=file)["shown"] for file in PAGES]
    assert "the cache says CANARY-CONSTANT" in shown[1]


def test_grading_twice_gives_the_same_bytes(graders):
    files = [
        HONEST,
        "attacks/leaks_by_wrong_values.py",
        "attacks/forges_a_reply.py",
        "faults/segfaults.py",
        "faults/raises_evil_exceptions.py",
    ]
    for file, (first, second, in_a_new_sandbox) in graders.get("root").ask("repeat", names=files).items():
        assert first == second == in_a_new_sandbox, file


def test_every_file_says_what_it_does_and_what_it_must_get():
    files = attack_files()
    assert len([f for f in files if f.startswith("attacks/")]) >= 60
    assert len([f for f in files if f.startswith("faults/")]) >= 60
    for file in files:
        text = (HERE / file).read_text()
        assert text.startswith('"""'), file
        assert len(text.split('"""')[1].split("\n")[0]) > 10, file
        read_expectation(HERE / file)

"""The command rubric: sheets with everybody's answers, scores checked and taken in, totals of all points everywhere."""

from __future__ import annotations

import csv
import json
import re
import time
from pathlib import Path

import nbformat
import pytest
from click.testing import Result

from autograder.cli.graders import tell_outcome
from autograder.cohort.answers import LAID_OUT, SHOWN, answers_in, rendered
from autograder.cohort.store import Store
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.release.stub import make_stub
from autograder.sandbox.wire.messages import Submission
from tests.cli.running import run
from tests.cohort.support import RIGHT, SQUARE
from tests.cohort.support import run as grade
from tests.fakes import FakeSandbox
from tests.small_course import write_course

SECTION = (
    "\n# %% [markdown]\n# ## 3. Why? (`why`)\n#\n# Say why, in the next cell.\n\n# %% [markdown]\n# *Your answer:*{}\n"
)
RUBRIC = """
[[items]]
id = "seen"
question = "why"
title = "What is seen"
points = 1
levels = [{ points = 0 }, { points = "1/2", text = "The number without a reason." }, { points = 1, text = "Both." }]

[[items]]
id = "reason"
question = "why"
title = "The reason"
points = 2
levels = [{ points = 0 }, { points = 2 }]
"""
COURSE = """
title = "C"
zone = "UTC"
[[part]]
id = "small"
group = "all"
due = "2025-09-21T23:59"
[groups]
all = { weight = 100 }
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A graded class of an assignment with a written question of 3 points; nobody has read anything."""
    root = write_course(tmp_path / "course")
    spec = root / "assignments/small/assignment.toml"
    text = spec.read_text().replace("points = 10", "points = 13", 1)
    spec.write_text(text + '[[questions]]\nid = "why"\ntitle = "Why?"\nkind = "written"\npoints = 3\n')
    reference = root / "solutions/small/small.py"
    reference.write_text(reference.read_text() + SECTION.format(""))
    (root / "assignments/small/small.py").write_text(make_stub(reference.read_text(), "small.py"))
    (root / "solutions/small/rubric.toml").write_text(RUBRIC)
    (root / "course.toml").write_text(COURSE)
    folder = root / "in"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT + SECTION.format("\n#\n# Because $p = 1/k$ and **log k**."))
    (folder / "bela.py").write_text(SQUARE + SECTION.format(""))
    (folder / "=cmd.py").write_text(RIGHT + SECTION.format("\n# <script>alert(1)</script>"))
    with Store(root / "out") as store:
        grade(store, build_bundle(FakeSandbox(), load_source(root, "small")), folder)
    return root


def sheet(root: Path, *rows: str) -> Path:
    path = root / "filled.csv"
    path.write_text("\n".join(["who,item,points,comment", *rows]) + "\n")
    return path


def rubric(root: Path, *arguments: object, status: int = 0) -> Result:
    return run("rubric", root / "out", "--root", root, *arguments, status=status)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def grades_of(root: Path) -> dict[str, dict[str, str]]:
    rows = rows_of(root / "out/final_grades.csv")
    return {r["file"].strip("'").removesuffix(".py"): r for r in rows}


def test_a_template_has_a_sheet_and_everybodys_answers(course: Path) -> None:
    said = rubric(course, "--template", course / "reading").output
    assert "3 people, 2 items" in said
    rows = rows_of(course / "reading/scores.csv")
    assert [(r["who"], r["item"], r["levels"], r["points"]) for r in rows[:3]] == [
        ("'=cmd", "seen", "0 | 0.5 | 1", ""), ("'=cmd", "reason", "0 | 2", ""), ("ada", "seen", "0 | 0.5 | 1", "")
    ]  # fmt: skip
    assert "Because $p = 1/k$ and **log k**." in (course / "reading/answers/why/ada.md").read_text()
    assert "(no answer)" in (course / "reading/answers/why/bela.md").read_text()
    page = (course / "reading/answers/why.html").read_text()
    assert "<strong>log k</strong>" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("<script>") == 1
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert '<input type="radio" name="p2-seen" value="0.5" data-points="0.500000">' in page
    assert "there is a sheet already" in rubric(course, "--template", course / "reading", status=2).output


def test_before_anybody_has_read_it_waits_and_is_no_zero(course: Path) -> None:
    said = rubric(course).output
    assert "3 people wait for a reader" in said
    table = grades_of(course)
    assert table["points-per-question"]["total_points_earned"] == "13.0"
    assert table["ada"]["why"] == ""
    assert table["ada"]["grading_status"] == "so far: 3 points wait"
    assert table["ada"]["percent_correct"] == ""
    page = (course / "out/report/students/ada.html").read_text()
    assert "A person reads this answer" in page
    assert "of 13 points so far" in page


def test_scores_make_totals_of_all_points_in_every_report(course: Path) -> None:
    filled = sheet(
        course, "ada,seen,1/2,see line 3", "ada,reason,2,", "bela,seen,0,", "bela,reason,0,", "'=cmd,seen,1,"
    )
    said = rubric(course, filled).output
    assert "took in 5 new scores" in said
    assert "1 person waits for a reader: =cmd" in said
    assert "took in 0 new scores" in rubric(course, filled).output
    table = grades_of(course)
    assert (table["ada"]["why"], table["ada"]["total_points_earned"]) == ("2.5", "12.5")
    assert table["ada"]["grading_status"] == "Completed"
    assert table["bela"]["why"] == "0.0"
    assert table["=cmd"]["grading_status"] == "so far: 2 points wait"
    one = json.loads((course / "out/grades/ada.json").read_text())
    assert [q["question"] for q in one["questions"]] == ["double", "mean", "why"]
    page = (course / "out/report/students/ada.html").read_text()
    assert "The number without a reason." in page
    assert "see line 3" in page
    assert "of 13 points" in page
    entry = json.loads((course / "out/gradescope/ada.json").read_text())
    assert entry["score"] == 12.5
    assert any("What is seen" in str(t) for t in entry["tests"])


def test_a_report_written_again_keeps_the_scores(course: Path) -> None:
    rubric(course, sheet(course, "ada,seen,1,", "ada,reason,2,"))
    run("report", course / "out")
    table = grades_of(course)
    assert table["ada"]["total_points_earned"] == "13.0"


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("ada,seen,1/3,", ["line 3: points: no level of `seen`", "1/3", "one of 0, 0.5, 1"]),
        ("ada,sene,1,", ["line 3: item: there is none", "of seen, reason"]),
        ("adda,seen,1,", ["line 3: who: nobody of this name", "did you mean 'ada'"]),
        ("ada,seen,much,", ["line 3: points: expected points"]),
        ("ada,reason,0,", ["line 3: points: ada has two scores of `reason`", "line 2"]),
    ],
)
def test_a_wrong_row_refuses_the_sheet_with_its_line(course: Path, row: str, parts: list[str]) -> None:
    said = rubric(course, sheet(course, "ada,reason,2,", row), status=2).output
    for part in ["filled.csv", *parts]:
        assert part in said
    assert not (course / "out/rubric/scores.jsonl").exists()


def test_a_rubric_that_does_not_fit_is_refused(course: Path) -> None:
    path = course / "solutions/small/rubric.toml"
    path.write_text(RUBRIC.replace('question = "why"', 'question = "mean"'))
    assert "`mean` is no written question of small" in rubric(course, status=2).output
    path.write_text(RUBRIC.split('[[items]]\nid = "reason"')[0])
    assert "items of `why` add up to 1; the question has 3 points" in rubric(course, status=2).output
    path.unlink()
    assert "there is no rubric" in rubric(course, status=2).output


def test_second_graders_are_compared_and_do_not_count(course: Path) -> None:
    rubric(course, sheet(course, "ada,seen,1,", "ada,reason,2,", "bela,seen,1/2,"))
    said = rubric(course, "--second", sheet(course, "ada,seen,1/2,", "bela,seen,0,", "ada,reason,2,")).output
    assert "two graders, seen: 2 answers, mean difference -0.5, largest -0.5 of 1; read this item again" in said
    assert "two graders, reason: 1 answers, mean difference 0, largest 0 of 2" in said
    table = grades_of(course)
    assert table["ada"]["total_points_earned"] == "13.0"
    rubric(course, "--second", "--template", course / "two")
    first = {r["who"] for r in rows_of(course / "two/second.csv")}
    assert len(first) == 1  # 15 % of three, one at least


def test_the_book_takes_them_over_and_waits_without(course: Path) -> None:
    def row(who: str) -> dict:
        table = json.loads(run("gradebook", "--course", course, "--json").output)
        return next(r for r in table["people"] if r["who"] == who)

    run("gradebook", "--course", course, "import", course / "out", "--at", "2025-09-21T12:00")
    assert row("ada")["parts"]["small"]["note"] == "no points yet for why"
    assert row("ada")["total"] is None
    rubric(course, sheet(course, "ada,seen,1/2,", "ada,reason,2,"))
    run("gradebook", "--course", course, "import", course / "out", "--at", "2025-09-21T12:00")
    assert row("ada")["total_exact"] == "1250/13"
    assert row("bela")["total"] is None


def test_who_is_forgotten_leaves_no_score(course: Path) -> None:
    rubric(course, sheet(course, "ada,seen,1,", "bela,seen,1,"))
    run("forget", "ada", course / "out")
    text = (course / "out/rubric/scores.jsonl").read_text()
    assert "ada" not in text
    assert "bela" in text


def test_answers_are_found_in_notebooks_without_the_handouts_words(course: Path) -> None:
    spec = load_source(course, "small").spec
    stub = (course / "assignments/small/small.py").read_text()
    cells = [
        nbformat.v4.new_markdown_cell("## 3. Why? (`why`)\n\nSay why, in the next cell."),
        nbformat.v4.new_markdown_cell("*Your answer:*\n\nIt is **so**."),
        nbformat.v4.new_code_cell("x = 1"),
        nbformat.v4.new_markdown_cell("And more."),
        nbformat.v4.new_markdown_cell("## 2. The mean (`mean`)"),
        nbformat.v4.new_markdown_cell("not this"),
    ]
    data = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    found = answers_in(Submission.of("ada", "small.ipynb", {"small.ipynb": data}), stub, spec.questions)
    assert found == {"why": "It is **so**.\n\nAnd more."}
    damaged = Submission.of("ada", "small.py", {"small.py": b"\xff\x00 \xfe"})
    assert answers_in(damaged, stub, spec.questions) == {"why": ""}


def test_an_answer_runs_and_fetches_nothing() -> None:
    shown = rendered("![x](https://evil.example/p.png) [l](javascript:alert(1)) <img src=x>")
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_cells_of_any_text_are_read_in_no_time(course: Path) -> None:
    """A line of # in a cell of code took 2 to the power of its length, blanks in a heading their number cubed."""
    questions = load_source(course, "small").spec.questions
    banner = f"{'#' * 70}\n# my code\n{'#' * 70}\n"
    cells = [
        nbformat.v4.new_markdown_cell(f"# {' ' * 9000}b{' ' * 9000}c\n#\n\n## 3. Why? (`why`) ##  "),
        nbformat.v4.new_code_cell(f"{banner}x = 1"),
        nbformat.v4.new_code_cell(f"{banner}x = 1\n" + "#" * 5000 + " " * 9000 + "y"),
        nbformat.v4.new_code_cell("\n  # It is so,\n\n# because."),
        nbformat.v4.new_code_cell(" \n"),
    ]
    data = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    begin = time.process_time()
    (found,) = answers_in(Submission.of("ada", "small.ipynb", {"small.ipynb": data}), "", questions).values()
    assert time.process_time() - begin < 3
    assert found.endswith("# It is so,\n\nbecause.")
    assert "x = 1" not in found


DENSE = ["[", "![", "[\n", "> ", "*a ", "_*", "$", "$a ", "- ", "` ", "~~a ", "[a]: b\n", "|", "&", "[a](", "<", "\\"]


@pytest.mark.parametrize("length", [LAID_OUT, SHOWN, 500_000])
def test_no_answer_takes_a_readers_machine_for_long(length: int) -> None:
    """Measured before there was a limit: 40,000 brackets took 5 s."""
    for part in DENSE:
        begin = time.process_time()
        rendered((part * length)[:length])
        assert time.process_time() - begin < 3, part


def test_a_table_of_few_characters_is_not_filled_up_to_a_megabyte() -> None:
    head = f"{'|a' * 300}\n{'|-' * 300}\n"
    assert len(rendered(head + "|\n" * 5000)) < 20 * LAID_OUT
    assert rendered(f"{'|a' * 6}\n{'|-' * 6}\n" + "|1|2|3|4|5|6\n" * 40).count("<td>") == 240


def test_an_answer_that_is_too_long_to_be_laid_out_is_shown_whole_as_it_was_written() -> None:
    essay = "It is **so** & <b>.\n\n" * 1000
    shown = rendered(essay[:LAID_OUT])
    assert shown.count("<strong>so</strong>") == LAID_OUT // 21
    assert "<pre>" not in shown
    long = rendered(essay)
    assert "longer than 12,000 characters: as it was written" in long
    assert long.count("It is **so** &amp; &lt;b&gt;.") == 1000
    assert len(rendered(essay * 10)) < 10 * SHOWN


def test_formulas_are_drawn_and_bring_no_markup_of_their_own() -> None:
    assert "<mfrac>" in rendered("Since $\\frac{1}{k}$ of them, and $$-\\log p \\ge 0$$")
    for text, fine in (
        (r"\text{<img src=x onerror=alert(1)>}", False),
        (r"\text{<b>x</b>}", False),
        (r"\href{javascript:alert(1)}{x}", True),
        (r"\style{position:fixed}{x}", True),
        (r"\text{&lol;}", False),
        (r"\frac{", False),
    ):
        shown = rendered(f"${text}$")
        assert ("<math" in shown) == fine, text
        assert not re.search("<img|<b>|href=|style=", shown), shown


def test_after_grading_the_points_of_persons_are_told_until_there_is_a_rubric(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = build_bundle(FakeSandbox(), load_source(course, "small"))
    for told in (True, False):
        with Store(course / "out") as store:
            outcome = grade(store, bundle, course / "in")
            tell_outcome(store, bundle, outcome, as_json=False)
        said = capsys.readouterr().out
        assert (f"written  3 more points are a person's: autograder rubric {course / 'out'}" in said) == told
        rubric(course)

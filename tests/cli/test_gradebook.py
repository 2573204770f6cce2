"""The command gradebook on a graded class: import, table, one number explained, extensions, exports, check."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from autograder.cli.publishing import _pages_of_book
from autograder.cohort.store import Store
from autograder.gradebook.people import Names
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from tests.cli.running import run
from tests.cohort.support import RIGHT, SQUARE
from tests.cohort.support import run as grade
from tests.fakes import FakeSandbox
from tests.gradebook.support import book_of, hand_in
from tests.small_course import write_course

COURSE = """
title = "Deep learning"
zone = "America/New_York"
grace_minutes = 15
[late.pools]
homework = 5
[[part]]
id = "small"
title = "Small things"
group = "assignments"
due = "2025-09-21T23:59"
pool = "homework"
most_days = 3
[[part]]
id = "talk"
group = "talk"
due = "2025-10-21T23:59"
points = 20
team = { least = 2, most = 3 }
handed_in = false
[groups]
assignments = { weight = 70 }
talk = { weight = 30 }
[letters]
A = 90
B = 50
"""
ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Small things (991)\n"
    "Points Possible,,,,,10\n"
    '"Lovelace, Ada",1,S100,ada@uni.edu,A,\n'
    '"Bartók, Béla",2,S200,bela@uni.edu,A,\n'
    '"Chen, Yu",3,S300,yu@uni.edu,B,\n'
    '"Student, Test",4,,,A,\n'
)
HAND_INS = (  # folder, submitters, when, what
    ("submission_1", (("Ada Lovelace", "S100"),), "2025-09-22 03:00:00 Z", SQUARE),
    ("submission_2", (("Ada Lovelace", "S100"),), "2025-09-23 12:00:00 Z", RIGHT),
    ("submission_3", (("Béla Bartók", "S200"),), "2025-09-22 03:10:00 Z", RIGHT + "\n# b\n"),
    ("submission_4", (("Nobody Known", "S999"),), "2025-09-22 03:10:00 Z", RIGHT + "\n# n\n"),
)


def write_export(folder: Path) -> Path:
    """What Gradescope exports, with its times."""
    lines = []
    for name, people, when, text in HAND_INS:
        (folder / name).mkdir(parents=True)
        (folder / name / "small.py").write_text(text)
        lines += [f"{name}:", "  :submitters:"]
        for who, number in people:
            lines += [f"  - :name: {who}", f"    :sid: {number}", f"    :email: {number.lower()}@uni.edu"]
        lines.append(f"  :created_at: {when}")
    (folder / "submission_metadata.yml").write_text("---\n" + "\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a graded class in OUT and nothing in its book."""
    root = write_course(tmp_path_factory.mktemp("term"))
    (root / "course.toml").write_text(COURSE)
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    export = write_export(root / "assignment_7_export")
    with Store(root / "out") as store:
        grade(store, build_bundle(FakeSandbox(), load_source(root, "small")), export)
    return root


@pytest.fixture
def course(graded: Path) -> Path:
    """The same with a book: roster, hand-ins and points."""
    (graded / "gradebook" / "events.jsonl").unlink(missing_ok=True)
    book(graded, "import", "--roster", graded / "roster.csv")
    book(graded, "import", graded / "out", status=1)
    return graded


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def book(root: Path, *arguments: object, status: int = 0) -> Result:
    return run("gradebook", "--course", root / "course.toml", *arguments, status=status)


def people(root: Path, *options: object) -> dict[str, dict]:
    found = json.loads(book(root, "--json", *options).output)
    return {row["who"]: row for row in found["people"]}


def test_hand_ins_come_with_their_times_and_points_and_strangers_are_named(course: Path) -> None:
    said = book(course, "import", course / "out", status=1)
    assert "added 0 events" in said.output
    assert "left out: Nobody Known (S999): `Nobody Known (S999)` fits nobody in the roster" in said.output
    assert "--alias" in said.output
    rows = people(course)
    assert list(rows) == ["ada", "bela", "yu"]
    ada = rows["ada"]["parts"]["small"]
    assert (ada["points"], ada["days"], ada["state"]) == ("10", 2, "counts")
    assert rows["bela"]["parts"]["small"]["days"] == 0
    assert rows["yu"]["parts"]["small"]["state"] == "nothing handed in"
    assert rows["ada"]["days_left"] == {"homework": 3}
    assert rows["ada"]["total"] is None
    assert rows["ada"]["so_far"] == "100.00"


def test_an_alias_says_who_is_meant(course: Path) -> None:
    book(course, "import", course / "out", "--alias", "Nobody Known (S999)=yu")
    assert people(course)["yu"]["parts"]["small"]["points"] == "10"
    said = book(course, "import", course / "out", "--alias", "x", status=2).output
    assert "NAME=WHO" in said


def test_the_table_has_everybody_with_days_and_totals(course: Path) -> None:
    said = book(course).output
    assert "Deep learning: 3 people, as of" in said
    line = next(x for x in said.splitlines() if x.strip().startswith("ada"))
    assert "10 +2d" in line
    assert "[100.00]" in line


def test_as_of_shows_the_book_as_it_was(course: Path) -> None:
    early = people(course, "--as-of", "2025-09-22T12:00")
    assert {who: row["parts"]["small"]["state"] for who, row in early.items()} == {
        "ada": "not graded yet", "bela": "not graded yet"
    }  # fmt: skip
    assert "is no time" not in book(course, "--as-of", "yesterday", status=2).output
    assert "--as-of" in book(course, "--as-of", "yesterday", status=2).output


def test_one_number_is_derived_line_by_line(course: Path) -> None:
    scores = course / "scores.csv"
    scores.write_text("who,points,comment\nada,15,clear\nbela,20,\nyu,0,absent\n")
    assert "added 3 events" in book(course, "import", "--scores", scores, "--part", "talk").output
    assert "added 0 events" in book(course, "import", "--scores", scores, "--part", "talk").output
    said = book(course, "--student", "ada", "--explain").output
    for part in (
        "Small things (small): 10 of 10",
        "due       Sun 21 Sep 2025 23:59; counts as on time to the end of that minute and 15 minutes",
        "Tue 23 Sep 2025 08:00:00 EDT, handed in by ada  2 days late, 10 points",
        "on time, ",
        "counts    version",
        "for 2 days",
        "entered by staff, 15 points",
        "late days of homework: 2 of 5 used, 3 left",
        "70.0000 % ×  100.0000 % =   70.0000",
        "30.0000 % ×   75.0000 % =   22.5000",
        "total: 92.5 = 92.50 %, A",
    ):
        assert part in said, said
    assert people(course)["yu"]["total"] == "0.00"
    assert "whose number" in book(course, "--explain", status=2).output
    assert "fits nobody" in book(course, "--student", "zoe", status=2).output


def test_extensions_give_days_back_and_can_be_rehearsed(course: Path) -> None:
    table = course / "extensions.csv"
    table.write_text("part;who;until;reason\nsmall;S100;2025-09-22T23:59;flu\nsmall;yu@uni.edu;2025-10-01 23:59;\n")
    rehearsed = book(course, "extend", "--csv", table, "--dry-run").output
    assert "would add 2 events" in rehearsed
    assert people(course)["ada"]["parts"]["small"]["days"] == 2
    assert "small  ada  until 2025-09-22 23:59" in book(course, "extend", "--csv", table).output
    assert people(course)["ada"]["parts"]["small"]["days"] == 1
    book(course, "extend", "--part", "small", "--who", "ada", "--days", "3", "--reason", "more")
    assert people(course)["ada"]["parts"]["small"]["days"] == 0


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("smal,ada,2025-09-22T23:59,", ["line 2: part: there is none", "'smal'", "of small, talk"]),
        ("small,zoe,2025-09-22T23:59,", ["line 2: who: one person is needed", "`zoe` fits nobody"]),
        ("small,ada,22.9.2025,", ["line 2: until: expected a date and a time"]),
        ("small,ada,,", ["line 2: until, days: one of the two is needed"]),
        ("small,ada,,x", ["line 2: days: expected a whole number"]),
        ("small,,2025-09-22T23:59,", ["line 2: who, team: one of the two"]),
    ],
)
def test_a_wrong_row_of_extensions_is_named_and_nothing_is_written(course: Path, row: str, parts: list[str]) -> None:
    table = course / "wrong.csv"
    table.write_text(f"part,who,until,days\n{row}\n")
    before = (course / "gradebook" / "events.jsonl").read_bytes()
    said = book(course, "extend", "--csv", table, status=2).output
    for part in [str(table), *parts]:
        assert part in said
    assert (course / "gradebook" / "events.jsonl").read_bytes() == before
    table.write_text("part,who\nsmall,ada\n")
    assert "there is no column `until or days`" in book(course, "extend", "--csv", table, status=2).output


def test_staff_add_and_revoke_single_events(course: Path) -> None:
    said = book(course, "add", "waived", "part=small", "who=ada", "days=1", "reason=fire alarm").output
    assert people(course)["ada"]["parts"]["small"]["days"] == 1
    book(course, "add", "revoked", f"of={said.split()[0]}")
    assert people(course)["ada"]["parts"]["small"]["days"] == 2
    listed = book(course, "events", "--kind", "waived").output
    assert listed.split()[0] == said.split()[0]
    book(course, "add", "excused", "part=talk", "who=S100")
    assert people(course)["ada"]["total"] == "100.00"
    for arguments, part in (
        (("add", "wavied", "who=ada"), "there is no event `wavied`"),
        (("add", "waived", "part=small", "who=ada"), "days: missing in `waived`"),
        (("add", "waived", "part=x", "who=ada", "days=1"), "there is no part `x`"),
        (("add", "waived", "ada"), "KEY=VALUE"),
        (("add", "extended", "part=small", "until=2025-10-01T12:00"), "who or team is missing"),
        (("add", "waived", "part=small", "who=ada", "days=1", "at=soon"), "at: "),
    ):
        assert part in book(course, *arguments, status=2).output


def test_teams_share_points_and_a_change_of_team_is_two_events(course: Path) -> None:
    table = course / "teams.csv"
    table.write_text("team,who\nt1,ada\nt1,bela\n")
    assert "added 2 events" in book(course, "import", "--teams", table).output
    scores = course / "scores.csv"
    scores.write_text("team,points\nt1,18\n")
    book(course, "import", "--scores", scores, "--part", "talk")
    rows = people(course)
    assert rows["ada"]["parts"]["talk"]["points"] == rows["bela"]["parts"]["talk"]["points"] == "18"
    table.write_text("team,who\nt1,ada\nt2,bela\n")
    assert "added 2 events" in book(course, "import", "--teams", table).output
    table.write_text("team,who\nt1,ada\nt2,ada\n")
    assert "line 3: ada is in two teams" in book(course, "import", "--teams", table, status=2).output
    scores.write_text("who,points\nada,21\n")
    said = book(course, "import", "--scores", scores, "--part", "talk", status=2).output
    assert "line 2: points: out of range" in said
    assert "0 to 20" in said


def test_a_new_roster_knows_people_again_and_drops_who_is_gone(course: Path) -> None:
    again = course / "again.csv"
    again.write_text("Name,SID,Email\nAda King,S100,countess@uni.edu\nYu Chen,S300,yu@uni.edu\n", encoding="utf-8")
    book(course, "import", "--roster", again, "--partial")
    assert set(people(course)) == {"ada", "bela", "yu"}
    assert people(course)["ada"]["name"] == "Ada King"
    book(course, "import", "--roster", again)
    assert set(people(course)) == {"ada", "yu"}
    again.write_text("colour\nred\n")
    assert "is no roster" in book(course, "import", "--roster", again, status=2).output


def test_exports_for_canvas_gradescope_and_spreadsheets(course: Path, tmp_path: Path) -> None:
    book(course, "add", "excused", "part=talk", "who=ada")
    out = tmp_path / "book"
    said = book(
        course, "export", "-o", out, "--csv", "--canvas", course / "roster.csv", "--gradescope", "--groups"
    ).output
    assert "`Small things (991)`" in said
    rows = list(csv.reader(lines(out / "canvas.csv")))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Small things (991)", "talk",
                       "assignments", "talk", "Total"]  # fmt: skip
    assert rows[1][5:] == ["10", "20", "100", "100", "100"]
    assert rows[2] == ["Lovelace, Ada", "1", "S100", "ada@uni.edu", "A", "10", "EX", "100.00", "", "100.00"]
    assert rows[4][5:] == ["0", "", "0.00", "", ""]  # handed in nothing; the talk has no points yet: empty, never 0
    assert rows[5][5:] == ["", "", "", "", ""]
    grades = list(csv.DictReader(lines(out / "grades.csv")))
    assert [r["who"] for r in grades] == ["ada", "bela", "yu"]
    assert (grades[0]["total"], grades[0]["total_exact"], grades[0]["letter"]) == ("100.00", "100", "A")
    assert grades[1]["total"] == ""
    days = list(csv.DictReader(lines(out / "days.csv")))
    assert (days[0]["days_paid"], days[0]["late"], days[0]["handed_in"]) == ("2", "2", "Tue 23 Sep 2025 08:00:00 EDT")
    last = json.loads((out / "audit.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert len(last["book"]) == 64
    scope = list(csv.reader(lines(out / "gradescope.csv")))
    assert scope[1][:3] == ["Ada", "Lovelace", "S100"]
    assert scope[1][5:9] == ["10", "10", "2025-09-23 08:00:00 -0400", "48:00:00"]
    assert "nothing to export" in book(course, "export", "-o", out, status=2).output


def test_an_export_whose_people_the_book_does_not_know_says_how_to_tell_it(course: Path, tmp_path: Path) -> None:
    others = tmp_path / "others.csv"
    others.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\nAda L.,9,S900,ada@other.edu,A\n"
    )
    said = book(course, "export", "-o", tmp_path / "book", "--canvas", others).output
    assert "not in the roster: ada" in said
    assert "not in the book: Ada L." in said
    assert f"autograder gradebook import --roster {others}" in said
    same = book(course, "export", "-o", tmp_path / "book", "--canvas", course / "roster.csv").output
    assert "if these are the same people" not in same


def test_check_names_what_does_not_add_up(course: Path) -> None:
    said = book(course, "check", status=1).output
    assert "talk is not graded yet: no points have been entered: ada, bela, yu" in said
    book(course, "add", "voided", "version=ffffffffffff")
    book(course, "extend", "--part", "small", "--who", "ada", "--until", "2025-09-01T12:00")
    book(course, "add", "submitted", "part=small", "who=yu", "version=mail", "at=2025-09-21T20:00", "reason=by e-mail")
    said = book(course, "check", status=1).output
    assert "nobody handed in version ffffffffffff" in said
    assert "is not after the due time of small; no effect" in said
    assert "small is not graded yet: no points yet for double, mean: yu" in said


def test_the_book_is_compared_with_gradescopes_export(course: Path, tmp_path: Path) -> None:
    book(course, "export", "-o", tmp_path, "--gradescope")
    file = tmp_path / "gradescope.csv"
    assert "0 differ from Gradescope's export" in book(course, "check", "--gradescope", file).output
    file.write_text(file.read_text(encoding="utf-8").replace(",10,10,", ",9.5,10,", 1), encoding="utf-8")
    said = book(course, "check", "--gradescope", file, status=1).output
    assert "small: ada: 10 in the book, and 9.5 in Gradescope" in said
    assert "1 differ from Gradescope's export" in said
    assert "say --gradescope FILE too" in book(course, "check", "--part", "small", status=2).output
    (tmp_path / "other.csv").write_text("SID,Email\nS100,a@uni.edu\n", encoding="utf-8")
    said = book(course, "check", "--gradescope", tmp_path / "other.csv", status=2).output
    assert "has no column of a part of this course" in said


def test_hand_ins_without_a_time_are_left_out_until_somebody_says_it(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "yu.py").write_text(RIGHT)
    said = book(course, "import", folder, "--part", "small", status=1).output
    assert "without a time (yu)" in said
    assert "--trust-mtime" in said
    assert "say --part" in book(course, "import", folder, status=2).output
    book(course, "import", folder, "--part", "small", "--at", "2025-09-21T20:00")
    assert people(course)["yu"]["parts"]["small"]["state"] == "not graded yet"
    assert "--at" in book(course, "import", folder, "--part", "small", "--at", "noon", status=2).output


def test_what_is_graded_and_no_part_of_the_course_says_what_to_add(course: Path) -> None:
    path = course / "course.toml"
    text = path.read_text()
    path.write_text(text.replace('id = "small"', 'id = "smaller"\npoints = 3'))
    try:
        said = " ".join(book(course, "import", course / "out", status=2).output.split())
        assert 'fix: add to course.toml: [[part]] with id = "small"' in said
    finally:
        path.write_text(text)


def test_without_a_course_the_way_out_is_told(tmp_path: Path) -> None:
    said = run("gradebook", "--course", tmp_path, status=2).output
    assert "there is no course.toml" in said
    assert "autograder init" in said


def test_pages_of_the_book_hold_one_person_each(course: Path, tmp_path: Path) -> None:
    scores = course / "scores.csv"
    scores.write_text("who,points\nada,15\n")
    book(course, "import", "--scores", scores, "--part", "talk")
    book(course, "export", "-o", tmp_path / "book", "--pages")
    pages = {p.stem: p.read_text(encoding="utf-8") for p in (tmp_path / "book/students").glob("*.html")}
    assert set(pages) == {"ada", "bela", "yu"}
    for part in (
        "Lovelace, Ada",
        "92.50 %",
        "3 of 5</b>late days left",
        "Small things",
        "10 of 10",
        "How this comes about",
    ):
        assert part in pages["ada"]
    names = {"ada": ("Lovelace", "S100"), "bela": ("Bart", "S200"), "yu": ("Chen", "S300")}
    for who, page in pages.items():
        assert "default-src 'none'" in page
        assert "<script" not in page
        others = [word for other, words in names.items() if other != who for word in (other, *words)]
        assert not [word for word in others if word in page], who


def test_publish_gives_each_student_their_own_pages_and_nothing_else(course: Path, tmp_path: Path) -> None:
    to = tmp_path / "feedback"
    said = run("publish", course / "out", "--to", to, "--course", course / "course.toml").output
    assert "wrote 3 folders, 5 pages" in said
    folders = {p.name: {q.name: q.read_text(encoding="utf-8") for q in p.iterdir()} for p in to.iterdir() if p.is_dir()}
    names = {"Ada": "Ada", "B~C3~A9la": "Bart", "Nobody": "Nobody"}
    for folder, pages in folders.items():
        own = next(short for short in names if folder.startswith(short))
        assert ("book.html" in pages) == (own != "Nobody")
        for page in pages.values():
            assert not [w for short, w in names.items() if short != own and w in page], folder
    run("publish", course / "out", "--to", to, "--no-book")
    assert not list(to.glob("*/book.html"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").touch()
    assert "holds something else" in run("publish", course / "out", "--to", tmp_path / "mine", status=2).output


def test_unpublished_pages_give_no_hidden_points_away_by_the_book(course: Path, tmp_path: Path) -> None:
    to = tmp_path / "feedback"
    said = run("publish", course / "out", "--to", to, "--course", course / "course.toml", "--unpublished").output
    assert "wrote 3 folders, 3 pages" in said
    (early,) = (p.read_text(encoding="utf-8") for p in to.glob("Ada*/feedback.html"))
    assert "their results are not out yet" in early or "its results are not out yet" in early
    assert "late days left (homework)." in early
    assert "The course:" not in early
    assert "book.html" not in early
    run("publish", course / "out", "--to", to, "--course", course / "course.toml")
    (late,) = (p.read_text(encoding="utf-8") for p in to.glob("Ada*/feedback.html"))
    assert "The course:" in late
    assert '<a href="book.html">' in late


def test_a_teams_folder_has_nobodys_book_though_only_one_of_them_is_in_it() -> None:
    book = book_of(hand_in("a1", "2026-09-20T12:00", "4/5"))
    own: Any = SimpleNamespace(names=lambda: Names({}, {}))
    assert list(_pages_of_book(own, book, "ann")) == ["book.html"]
    assert _pages_of_book(own, book, "ann + bob") == _pages_of_book(own, book, "bob") == {}


def test_pages_of_an_assignment_show_what_the_book_says(course: Path, tmp_path: Path) -> None:
    run("report", course / "out", "--course", course / "course.toml")
    ada = people(course)["ada"]
    table = (course / "out/report/index.html").read_text(encoding="utf-8")
    row = next(line for line in re.split(r"<tr>", table) if "Ada" in line)
    days, left = ada["parts"]["small"]["days"], ada["days_left"]["homework"]
    assert days == 2
    assert f"<td>{days}</td><td>{left}</td><td>{ada['so_far']} so far</td></tr>" in row
    stranger = next(line for line in re.split(r"<tr>", table) if "Nobody" in line)
    assert "<td></td><td></td><td></td></tr>" in stranger
    (page,) = (p.read_text(encoding="utf-8") for p in (course / "out/report/students").glob("Ada*.html"))
    assert f"Late days of this part: 2. {left} late days left (homework). The course: {ada['so_far']} % so far." in page
    run("publish", course / "out", "--to", tmp_path / "f", "--course", course / "course.toml")
    (folder,) = (tmp_path / "f").glob("Ada*")
    assert '<a href="book.html">' in (folder / "feedback.html").read_text(encoding="utf-8")
    run("report", course / "out", "--course", course / "course.toml", "--no-book")
    assert "course %" not in (course / "out/report/index.html").read_text(encoding="utf-8")


def test_who_is_forgotten_is_in_no_event(course: Path) -> None:
    log = course / "gradebook" / "events.jsonl"
    book(course, "add", "submitted", "part=small", "who=bela", "also=ada", "version=v9", "at=2025-09-21T20:00")
    before = log.read_text()
    assert "would forget ada" in book(course, "forget", "ada", "--dry-run").output
    assert log.read_text() == before
    book(course, "forget", "ada")
    assert "ada" not in log.read_text()
    assert set(people(course)) == {"bela", "yu"}
    assert "there is no event of this person" in book(course, "forget", "ada", status=2).output

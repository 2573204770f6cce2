"""HTML pages: self-contained, well-formed, and nothing that a student wrote is markup."""

from __future__ import annotations

import base64
import hashlib
import html
import html.parser
import re
from dataclasses import replace

import pytest

from autograder.report.html import Around, class_page, inline, page_name, script_tag, staff_page, student_page
from autograder.report.standing import Standing, Standings
from tests.report.samples import CASES, SPEC, make_grade, make_verdict, random_verdicts

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><svg/onload=alert(1)>",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "`<b>code</b>`",
    "javascript:alert(1)",
]
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Reader(html.parser.HTMLParser):
    """Collects tags, attributes and addresses, and whether every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.tags, self.addresses, self.handlers, self.ids, self.faults = [], set(), [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.stack.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "action", "xlink:href"):
                self.addresses.append(value)
            if name.startswith("on"):
                self.handlers.append(name)
            if name == "id":
                self.ids.append(value)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(tag)


def attacked(text):
    fields = {"message": text, "got": text, "expected": text, "where": text, "stdout": text, "trace": (text,)}
    verdicts = [
        make_verdict("perceptron", "layer_of_three", True, "failed", feedback=text, misconception=text, **fields),
        make_verdict("losses", "mean_over_batch", True, "error", diagnosis=text, evidence=(text,), **fields),
        make_verdict("losses", "secret_underflow", False, "crashed", evidence=(text,), **fields),
    ]
    return make_grade(text, verdicts=[v.but(doc=text) for v in verdicts])


def pages(grade):
    return [
        student_page(grade, SPEC),
        student_page(grade, SPEC, published=False),
        staff_page(grade, SPEC, Around("bela", grade.submission, [(grade.submission, grade.submission)])),
        class_page([grade, make_grade("bela", 3)], SPEC).replace(script_tag("tables.js"), ""),
    ]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_a_student_wrote_stays_text(text):
    for page in pages(attacked(text)):
        reader = Reader(page)
        assert not reader.tags & {"script", "img", "iframe", "object", "b onload"}
        assert reader.handlers == []
        assert "49" not in re.findall(r"\b49\b", page)
        for address in reader.addresses:
            other = re.fullmatch(r"[\w.~-]+\.html", address)
            assert other or address.startswith(("#", "data:,", "staff/", "../index.html")), address


@pytest.mark.parametrize("seed", [0, 3, 7])
def test_pages_are_well_formed_and_ask_nothing_of_a_network(seed):
    for page in pages(make_grade("ada", seed)):
        reader = Reader(page)
        assert (reader.faults, reader.stack) == ([], [])
        assert "http://" not in page
        assert "https://" not in page
        assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
        assert len(reader.ids) == len(set(reader.ids))


def test_links_of_the_class_page_lead_to_files_that_are_written():
    names = ["ada", "a/b", "<x>", "Jürgen", "..", "50% off", "a\nb"]
    reader = Reader(class_page([make_grade(n, 4) for n in names], SPEC))
    assert {f"staff/{page_name(n)}.html" for n in names} <= set(reader.addresses)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", ".hidden", "", "a/b", "a\x00b", "x" * 900])
def test_a_page_name_stays_in_its_folder(name):
    made = page_name(name)
    assert made
    assert "/" not in made
    assert "\x00" not in made
    assert not made.startswith(".")
    assert len(made) < 200


def test_different_names_have_different_pages():
    names = ["a/b", "a_b", "a%2Fb", "a_2Fb", "a~2Fb", "a b", "a+b", "A", ".", "..", "~2E", "x" * 400, "x" * 401]
    assert len({page_name(n) for n in names}) == len(names)


def test_a_student_reads_points_verdict_message_values_and_place():
    told = make_verdict(
        "perceptron", "layer_of_three", True, "failed", message="1 of 6 entries differs", got="0.731", expected="0.5",
        where="[0, 2]", feedback="You forgot the bias.", misconception="bias_forgotten",
    )  # fmt: skip
    page = student_page(make_grade("ada", verdicts=[told]), SPEC)
    for part in ("1 of 6 entries differs", "0.731", "0.5", "[0, 2]", "You forgot the bias.", "Look at this first"):
        assert part in page
    assert "bias_forgotten" not in page


def test_not_graded_shows_no_points():
    broken = make_verdict("losses", "mean_over_batch", True, "broken", message="x")
    page = student_page(make_grade("ada", verdicts=[broken]), SPEC)
    assert "Not graded" in page
    assert 'class="donut' not in page


def test_code_between_backticks_is_code_and_the_rest_is_escaped():
    assert inline("use `a < b` & not <i>") == "use <code>a &lt; b</code> &amp; not &lt;i&gt;"


def test_an_empty_class_has_a_page():
    assert "<b>0</b>submissions" in class_page([], SPEC)


def test_what_went_wrong_while_loading_stands_before_everything_else():
    bad = make_verdict("perceptron", "layer_of_three", True, "error", message="NameError", feedback="look")
    grade = make_grade("ada", verdicts=[bad], notes=("cell 3 stopped at `import x <b>`", "`b.py` was left out"))
    for page in (student_page(grade, SPEC), staff_page(grade, SPEC)):
        assert page.index("About this hand-in") < page.index("NameError")
        assert "<code>import x &lt;b&gt;</code>" in page
        assert page.count("cell 3 stopped") == 1
    assert "About this hand-in" not in student_page(make_grade("ada"), SPEC)


def test_the_one_script_of_the_class_page_is_ours_and_its_policy_names_it() -> None:
    page = class_page([make_grade("ada", 3)], SPEC)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert html.unescape(policy).endswith(f"; script-src 'sha256-{digest}'")
    for other in pages(make_grade("ada", 3))[:3]:
        assert "script-src" not in other


def test_what_needs_a_person_stands_first_each_with_its_reason() -> None:
    none = [make_verdict(q, c, p, "error", message="NameError: x") for q, own in CASES.items() for c, p in own]
    broken = make_verdict("losses", "mean_over_batch", True, "broken", message="the check raised")
    odd = make_verdict("losses", "mean_over_batch", True, "forbidden", evidence=("hidden by exec",), message="x")
    grades = [
        make_grade("zero", verdicts=none, digest="1"),
        make_grade("unread", verdicts=none, digest="", notes=("the zip is damaged",)),
        make_grade("broken", verdicts=[broken], digest="2"),
        make_grade("odd", verdicts=[*random_verdicts(0)[:-1], odd], seed=5),
        make_grade("fine", 0),
    ]
    page = class_page(grades, SPEC)
    told = re.sub(r"<[^>]*>", "", page[page.index("For a person first") : page.index("<h2>Points</h2>")])
    places = [told.index(words) for words in (
        "broken: mean_over_batch: the check raised", "unread: the zip is damaged",
        "zero: NameError: x (9 of 9 cases)", "mean_over_batch: hidden by exec",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "fine" not in told
    assert told.count("unread:") == 1
    assert "For a person first" not in class_page([make_grade("fine", 0), make_grade("bela", 0, digest="2")], SPEC)


def test_links_to_the_cases_of_a_question_lead_into_the_folded_part() -> None:
    """Browsers open what is folded around the target of a link, not the target itself."""
    page = class_page([make_grade("ada", 3), make_grade("bela", 4)], SPEC)
    assert 'href="#cases-losses"' in page
    assert re.search(
        r'<details class="more"><summary>[^<]*</summary>\s*<div class="scroll"[^>]* id="cases-losses">', page
    )


def test_tables_have_captions_and_every_head_its_scope() -> None:
    for page in (class_page([make_grade("ada", 3), make_grade("bela", 4)], SPEC),):
        assert page.count("<caption") == page.count("<table")
        assert all("scope=" in head for head in re.findall(r"<th[ >][^>]*", page))


def test_a_staff_page_leads_on_and_has_the_source_with_numbered_lines() -> None:
    around = Around("a/b", "chen", [("hw.py", "x = 1\nprint('<b>')")])
    page = staff_page(make_grade("bela", 3), SPEC, around)
    assert f'<a href="{page_name("a/b")}.html">previous: a/b</a>' in page
    assert '<a href="chen.html">next: chen</a>' in page
    assert "<span>x = 1</span><span>print(&#39;&lt;b&gt;&#39;)</span>" in page
    assert "next:" not in staff_page(make_grade("bela", 3), SPEC, Around("ada"))
    lost = staff_page(make_grade("bela", 3), SPEC, Around(lost="the file has changed since it was graded"))
    assert "the file has changed since it was graded" in lost


def test_where_there_is_a_book_pages_say_how_somebody_stands_in_it() -> None:
    one = Standing("2", {"homework": "3"}, "83.21 %")
    page = student_page(make_grade("ada", 3), SPEC, standing=one, book="book.html")
    assert "Late days of this part: 2. 3 late days left (homework). The course: 83.21 %." in page
    assert '<a href="book.html">' in page
    team = Standing("", {"homework": "3 · 0"}, "83.21 % · 40.00 %", people=2)
    assert "83.21" not in student_page(make_grade("ada", 3), SPEC, standing=team)
    table = class_page(
        [make_grade("ada", 3), make_grade("bela", 4)],
        SPEC,
        standing=Standings(("homework",), lambda who: one if who == "ada" else None),
    )
    assert "<td>2</td><td>3</td><td>83.21</td></tr>" in table
    assert "<td></td><td></td><td></td></tr>" in table


def test_nobody_is_told_that_all_is_done_while_a_person_still_reads() -> None:
    machine = SPEC.model_copy(update={"questions": tuple(q for q in SPEC.questions if q.kind != "written")})
    best = make_grade("zoe")
    most = best.max_points
    page = student_page(best, SPEC)
    assert f"<b>{most}</b> of {most} points so far; 4 points are read by a person" in page
    assert "Everything that a machine grades is right.</h2>" in page
    assert "Well done" not in page
    assert "4 points are read by a person" in staff_page(best, SPEC)
    assert "Everything is right. Well done." in student_page(best, machine)
    assert "so far" not in student_page(best, machine)


def test_equal_calls_in_a_row_are_told_once() -> None:
    calls = ("split(x=array of shape (40, 3))",) * 50
    verdict = make_verdict("perceptron", "layer_of_three", True, trace=(*calls, "other()"))
    grade = make_grade("ada")
    grade = replace(grade, verdicts=tuple(verdict if v.case == verdict.case else v for v in grade.verdicts))
    for page in (student_page(grade, SPEC), staff_page(grade, SPEC)):
        assert page.count(calls[0]) == 1
        assert f"<pre>{calls[0]}\n… and 49 more\nother()\n</pre>" in page

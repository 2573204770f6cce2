"""HTML pages: self-contained, well-formed, and nothing that a student wrote is markup."""

from __future__ import annotations

import html.parser
import re

import pytest

from autograder.report.html import class_page, inline, page_name, staff_page, student_page
from tests.report.samples import SPEC, make_grade, make_verdict

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
        staff_page(grade, SPEC),
        class_page([grade, make_grade("bela", 3)], SPEC),
    ]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_a_student_wrote_stays_text(text):
    for page in pages(attacked(text)):
        reader = Reader(page)
        assert not reader.tags & {"script", "img", "iframe", "object", "b onload"}
        assert reader.handlers == []
        assert "49" not in re.findall(r"\b49\b", page)
        assert all(a.startswith(("#", "data:,", "staff/", "../index.html")) for a in reader.addresses)


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

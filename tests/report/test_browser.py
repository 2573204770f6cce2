"""Pages in a real browser: no console message, and nothing wider than a phone's 400 pixels."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from autograder.report.board import Entry, board_page, boards
from autograder.report.book_page import book_page
from autograder.report.html import class_page, staff_page, student_page
from tests.gradebook.support import book_of, hand_in, policy
from tests.report.samples import SPEC, make_grade

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]
MEASURE = """<!doctype html><body><script>
const frame = document.createElement("iframe");
frame.style.cssText = "width:400px;height:900px;border:0";
frame.srcdoc = %s;
frame.onload = () => {
  const d = frame.contentDocument;
  d.querySelectorAll("details").forEach(x => x.open = true);
  const wide = [...d.querySelectorAll("body *")].filter(
    x => x.getBoundingClientRect().right > 400.5 && !x.closest(".scroll")).map(x => x.className || x.tagName);
  document.title = JSON.stringify([d.documentElement.scrollWidth, wide]);
};
document.body.append(frame);
</script>"""


def chromium(path, *options):
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        *options,
        f"file://{path}",
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def long_grade():
    """Everything that could be too wide: names, code, values and words without a place to break."""
    grade = make_grade("n" * 120, 11)
    wide = {"message": "x" * 500, "got": "y" * 300, "expected": "[1, 2]" * 80, "where": "z" * 90, "stdout": "w" * 400}
    verdicts = [v.but(doc="d" * 200, trace=("t" * 300,), feedback="f" * 200, **wide) for v in grade.verdicts]
    return replace(grade, verdicts=tuple(v.but(status="failed") for v in verdicts))


def a_book_page():
    """A person's page of a book, with a title that is too long for a phone."""
    rules = policy(('id = "a1"\n', f'id = "a1"\ntitle = "{"w" * 60}"\n'))
    events = hand_in("a1", "2026-09-24T12:00", "1") + hand_in("a2", "2026-10-12T12:00", None)
    found = book_of(events, rules)
    return book_page(found, found.rows["ann"])


def pages():
    grade, others = long_grade(), [make_grade(f"s{i}", i) for i in range(30)]
    return {
        "student": student_page(grade, SPEC),
        "staff": staff_page(grade, SPEC),
        "class": class_page([grade, *others], SPEC),
        "book": a_book_page(),
        "board": board_page(boards([Entry("m" * 90, "ann", 1e9)], SPEC, {"ann": "n" * 40}), "t" * 90),
    }


def measured(tmp_path, page):
    """Width of the content at 400 pixels, and what sticks out to the right."""
    path = tmp_path / "measure.html"
    path.write_text(MEASURE % json.dumps(page).replace("</", "<\\/"), encoding="utf-8")
    shown = chromium(path, "--hide-scrollbars", "--dump-dom", "--virtual-time-budget=4000").stdout
    return json.loads(html.unescape(re.search(r"<title>(.*?)</title>", shown, re.S).group(1)))


@pytest.mark.parametrize("kind", ["student", "staff", "class", "book", "board"])
def test_no_page_is_wider_than_a_phone(tmp_path, kind):
    assert measured(tmp_path, pages()[kind]) == [400, []]


def test_a_page_that_is_too_wide_would_be_noticed(tmp_path):
    width, wide = measured(tmp_path, "<!doctype html><p class=broad style='width:500px'>x</p>")
    assert width > 400
    assert wide == ["broad"]


@pytest.mark.parametrize("kind", ["student", "staff", "class", "book", "board"])
def test_no_page_has_anything_to_complain_about(tmp_path, kind):
    path = tmp_path / "page.html"
    path.write_text(pages()[kind], encoding="utf-8")
    assert "CONSOLE" not in chromium(path, "--dump-dom").stderr


def test_the_console_would_be_heard(tmp_path):
    path = tmp_path / "loud.html"
    path.write_text("<script>console.error('loud')</script>", encoding="utf-8")
    assert "CONSOLE" in chromium(path, "--dump-dom").stderr

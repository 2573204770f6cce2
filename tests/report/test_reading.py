"""The page on which a person reads answers and gives points: all of it labelled, one script, and a sheet that fits."""

from __future__ import annotations

import base64
import hashlib
import html
import html.parser
import re
import shutil
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook.rubrics import COLUMNS, Score, Written, scores_from_sheet
from autograder.report.reading import Answer, reading_page
from autograder.spec.models import Question
from autograder.spec.rubric import Item, Level, Rubric
from tests.report.samples import SPEC

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUESTION = Question(id="why", title="Why?", kind="written", points=Fraction(3))
ITEMS = (
    Item(
        id="seen", question="why", title="What is <seen>", points=Fraction(1),
        levels=(Level(points=Fraction(0)), Level(points=Fraction(1, 2), text="The number alone."),
                Level(points=Fraction(1), text="Both.")),
    ),
    Item(
        id="reason", question="why", title="The reason, why", points=Fraction(2),
        levels=(Level(points=Fraction(2)), Level(points=Fraction(2, 3)), Level(points=Fraction(0))),
    ),
)  # fmt: skip
PEOPLE = {"ada": "a" * 64, '=bela,"x"': "b" * 64, "chen": "c" * 64}
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def page(known: dict[tuple[str, str], Score] | None = None, second: bool = False) -> str:
    answers = [Answer(who, version, f"<p>Because, says {html.escape(who)}.</p>") for who, version in PEOPLE.items()]
    return reading_page(SPEC, QUESTION, ITEMS, answers, known or {}, second=second)


class Controls(html.parser.HTMLParser):
    """What can be filled in outside of the bar, and whether a label is around it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.depth, self.legends, self.loose, self.radios = 0, 0, [], 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "label"
        self.legends += tag == "legend"
        self.radios += ("type", "radio") in attrs
        if tag in ("input", "textarea", "select") and not self.depth:
            self.loose.append(attrs)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "label"


def test_every_control_has_a_label_and_every_item_a_legend() -> None:
    found = Controls(page())
    assert (found.loose, found.legends, found.radios) == ([], 6, 3 * (4 + 4))


def test_the_policy_names_the_one_script_and_nothing_else_may_run() -> None:
    text = page()
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert html.unescape(policy).endswith(f"; script-src 'sha256-{digest}'")
    assert "default-src 'none'" in html.unescape(policy)


def test_without_a_script_it_is_a_page_to_read_with_what_is_known_filled_in() -> None:
    known = {("ada", "seen"): Score(NOW, "ada", "seen", Fraction(1, 2), comment="see <3>")}
    text = page(known)
    assert "<noscript>" in text
    assert 'id="bar" hidden' in text
    assert 'value="0.5" data-points="0.500000" checked' in text
    assert "see &lt;3&gt;</textarea>" in text
    assert "What is &lt;seen&gt;" in text
    assert "<p>Because, says ada.</p>" in text
    assert "second.csv" in page(second=True)


@pytest.fixture
def browser() -> Any:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def sheet_of(tab: Any, path: Path) -> Path:
    with tab.expect_download() as told:
        tab.get_by_role("button", name="Download scores.csv").click()
    told.value.save_as(path)
    return path


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_what_others_have_read_meanwhile_stays_beside_what_this_browser_kept(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(offline=True)
    tab = context.new_page()
    (tmp_path / "why.html").write_text(page(), encoding="utf-8")
    tab.goto(f"file://{tmp_path / 'why.html'}")
    tab.locator(".person").first.get_by_label("2/3").check()
    known = {("chen", "reason"): Score(NOW, "chen", "reason", Fraction(2), comment="fine")}
    (tmp_path / "why.html").write_text(page(known), encoding="utf-8")
    tab.reload()
    assert tab.locator(".sum").all_text_contents() == ["0.667", "–", "2"]
    assert tab.locator(".person").last.get_by_label("Comment").last.input_value() == "fine"
    context.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_points_are_given_with_the_keyboard_kept_added_up_and_read_back(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "why.html").write_text(page(), encoding="utf-8")
    context = browser.new_context(viewport={"width": 400, "height": 800}, offline=True)
    tab = context.new_page()
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.goto(f"file://{tmp_path / 'why.html'}")
    tab.get_by_role("button", name="Next without points").press("Enter")
    for key in ("ArrowDown", "ArrowDown"):
        tab.keyboard.press(key)
    first = tab.locator(".person").first
    assert first.locator(".sum").text_content() == "0.5"
    first.get_by_label("2/3").check()
    first.get_by_label("Comment").first.fill('=1+1, "so"')
    tab.locator(".person").nth(1).get_by_label("2", exact=False).last.check()
    tab.get_by_label("Read by").fill("grace")
    assert first.locator(".sum").text_content() == "1.167"
    assert tab.locator("#progress").text_content() == "3 of 6 have points"
    assert tab.evaluate("document.documentElement.scrollWidth") == 400
    written = Written(Rubric(items=ITEMS))
    sheet = sheet_of(tab, tmp_path / "scores.csv")
    assert sheet.read_text(encoding="utf-8").split("\n")[0] == ",".join(COLUMNS)
    scores = scores_from_sheet(sheet, written, PEOPLE, NOW, "nobody")
    assert [(s.who, s.item, s.points, s.grader) for s in scores] == [
        ("ada", "seen", Fraction(1, 2), "grace"), ("ada", "reason", Fraction(2, 3), "grace"),
        ('=bela,"x"', "reason", 2, "grace"),
    ]  # fmt: skip
    assert scores[0].comment == '\'=1+1, "so"'
    tab.reload()
    assert tab.locator("#progress").text_content() == "3 of 6 have points"
    tab.evaluate("localStorage.clear()")
    tab.reload()
    assert tab.locator("#progress").text_content() == "0 of 6 have points"
    tab.get_by_label("Take up a sheet").set_input_files(sheet)
    tab.get_by_text("3 rows of scores.csv taken up").wait_for()
    assert sheet_of(tab, tmp_path / "again.csv").read_text() == sheet.read_text().replace("grace", "")
    assert heard == []
    context.close()

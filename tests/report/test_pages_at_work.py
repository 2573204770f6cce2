"""Pages in a browser, scripts at work: tables sort and filter, links open what is folded, axe finds nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.report.html import class_page
from autograder.report.similar_page import Shown, Side, similar_page
from tests.report.samples import SPEC, make_grade
from tests.report.test_browser import pages
from tests.report.test_reading import page as reading

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Iterator[Any]:
    grades = [make_grade(f"s{i}", i) for i in range(30)]
    (tmp_path / "index.html").write_text(class_page(grades, SPEC), encoding="utf-8")
    context = browser.new_context()
    made = context.new_page()
    made.goto(f"file://{tmp_path / 'index.html'}")
    yield made
    context.close()


def column(tab: Any, number: int) -> list[str]:
    found: list[str] = tab.locator(f"#students tbody tr:visible > :nth-child({number})").all_inner_texts()
    return [text.rstrip("…") for text in found]


def test_a_table_sorts_by_a_column_and_again_the_other_way_round(tab: Any) -> None:
    table = tab.locator("#students")
    table.get_by_role("button", name="points").click()
    points = [float(text) for text in column(tab, 2)]
    assert points == sorted(points, reverse=True)
    assert points[0] != points[-1]
    assert table.locator("th[aria-sort=descending]").inner_text().startswith("points")
    table.get_by_role("button", name="points").press("Enter")
    assert [float(text) for text in column(tab, 2)] == points[::-1]
    table.get_by_role("button", name="submission").click()
    assert column(tab, 1)[:3] == ["s0", "s1", "s2"]


def test_names_can_be_looked_for(tab: Any) -> None:
    tab.get_by_label("Show names with").fill("S1")
    assert set(column(tab, 1)) == {"s1", *(f"s1{i}" for i in range(10))}
    assert tab.locator("#found").inner_text() == "11 of 30"
    tab.get_by_label("Show names with").fill("")
    assert len(column(tab, 1)) == 30


def test_a_questions_title_opens_its_cases(tab: Any) -> None:
    cases = tab.locator("#cases-losses table")
    assert not cases.is_visible()
    tab.locator("a[href='#cases-losses']").click()
    assert cases.is_visible()


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("kind", ["student", "staff", "class", "book", "board", "reading", "similar"])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, kind: str, width: int) -> None:
    axe = Path(str(pytest.importorskip("axe_playwright_python").__path__[0])) / "axe.min.js"
    code = "\n".join(
        f"value_{i} = [number * {i} for number in range(12)]  # a line that is rather long" for i in range(9)
    )
    pair = Shown("ada and bela: 80 %", (Side("ada", code, ((2, 4),)), Side("bela", code, ((6, 7),))))
    made = {**pages(), "reading": reading(), "similar": similar_page("Small", [pair])}
    (tmp_path / "page.html").write_text(made[kind], encoding="utf-8")
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        tab = context.new_page()
        tab.goto(f"file://{tmp_path / 'page.html'}")
        tab.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        tab.evaluate(axe.read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run()")
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
        assert len(found["passes"]) > 10
        context.close()

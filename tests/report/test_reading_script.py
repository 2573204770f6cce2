"""The script of the page for readers, run by Node on a small document: it takes up a sheet as the command does."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import UsageError
from autograder.gradebook.rubrics import COLUMNS, Score, Written, scores_from_sheet
from autograder.spec.rubric import Rubric
from tests.report.test_reading import ITEMS, NOW, PEOPLE, page

NODE = shutil.which("node")
HARNESS = r"""
const { script, visits } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const element = (more) => ({
  on: {}, dataset: {}, value: "", textContent: "", classList: { toggle() {} },
  addEventListener(what, then) { this.on[what] = then; }, ...more,
});
const run = async (items, text, kept) => {
  const ids = {};
  const sets = items.map(([row, score, values, now, said]) => {
    const comment = { value: said };
    const radios = values.map((value) => ({ value, dataset: { points: "0" }, now: value === now }));
    for (const radio of radios)
      Object.defineProperty(radio, "checked", {
        get() { return this.now; }, set() { for (const one of radios) one.now = one === radio; },
      });
    return element({ dataset: { row, score }, querySelector: () => comment, querySelectorAll: () => radios });
  });
  const person = element({ querySelector: () => element(), querySelectorAll: () => sets });
  const dataset = { key: "k", columns: "who", file: "scores.csv" };
  ids.reading = element({ dataset, querySelectorAll: () => [person] });
  let saved = "";
  const document = { getElementById: (id) => (ids[id] ??= element()), createElement: () => ({ click() {} }) };
  const storage = { getItem: (key) => kept[key] ?? null, setItem: (key, value) => { kept[key] = value; } };
  const blob = class { constructor(parts) { saved = parts.join(""); } };
  const url = { createObjectURL: () => "", revokeObjectURL() {} };
  new Function("document", "localStorage", "Blob", "URL", "setTimeout", script)(document, storage, blob, url, () => 0);
  if (text !== null) ids.load.on.change({ target: { files: [{ name: "scores.csv", text: async () => text }] } });
  await new Promise((then) => setTimeout(then, 0));
  ids.save.on.click();
  const points = sets.map((set) => set.querySelectorAll().find((radio) => radio.checked).value);
  return { said: ids.kept.textContent, points, saved };
};
(async () => {
  const found = [], kept = {};
  for (const [items, text, again] of visits) found.push(await run(items, text, again ? kept : {}));
  console.log(JSON.stringify(found));
})();
"""

pytestmark = pytest.mark.skipif(NODE is None, reason="no Node here")


def visited(*visits: tuple[str, str | None, bool]) -> list[dict[str, Any]]:
    """What pages say, and the points that are chosen then: of a page, a sheet to take up, and whether the browser is
    the one of the visits before."""
    (script,) = re.findall(r"<script>(.*?)</script>", visits[0][0], re.S)
    given = json.dumps({"script": script, "visits": [(items_of(text), *rest) for text, *rest in visits]})
    command = [NODE or "", "-e", HARNESS]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=True)
    return list(json.loads(done.stdout))


def items_of(text: str) -> list[tuple[str, str, list[str], str, str]]:
    """Row, score, levels, the chosen one and the comment of each item of a page."""
    found = []
    for row, score, rest in re.findall(r'<fieldset data-row="([^"]*)" data-score="(\w*)">(.*?)</fieldset>', text, re.S):
        radios = re.findall(r'type="radio"[^>]* value="([^"]*)"([^>]*)>', rest)
        (chosen,) = [value for value, more in radios if more.endswith(" checked")]
        (comment,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", rest, re.S)
        found.append((html.unescape(row), score, [value for value, _ in radios], chosen, html.unescape(comment)))
    return found


def taken(*sheets: str) -> list[dict[str, Any]]:
    """The same of one page and several sheets, each in a browser that kept nothing."""
    text = page()
    return visited(*((text, sheet, False) for sheet in sheets))


def the_command(text: str, path: Path) -> list[str] | None:
    """Points by person and item as the command takes them; None where it refuses the sheet."""
    path.write_text(text, encoding="utf-8", newline="")
    try:
        scores = scores_from_sheet(path, Written(Rubric(items=ITEMS)), PEOPLE, NOW, "grace")
    except UsageError:
        return None
    found = {(one.who, one.item): one.points for one in scores}
    levels = {item.id: {level.points: level for level in item.levels} for item in ITEMS}
    shown = {"1/2": "0.5"}
    places = [(who, item.id) for who in PEOPLE for item in ITEMS]
    assert all(found[place] in levels[place[1]] for place in found)
    return [shown.get(str(found[place]), str(found[place])) if place in found else "" for place in places]


NUMBERS = [
    "0.5", "0.50", ".5", "1/2", "2/4", "5e-1", "+0.5", " 0.5 ", "0500e-3", "1", "1.0", "1.", "10e-1", "0", "0.0", "-0",
    "0/7", "0,5", "0.51", "1/3", "1/0", "-1", "half", "0x1", "1_0", "0.5.0", "1/2e0", "Infinity", "NaN", "1e400",
    "0.50000000000000000001",
]  # fmt: skip


def test_points_are_taken_where_the_command_takes_them_and_the_others_are_named(tmp_path: Path) -> None:
    sheets = [f'who,item,points\nada,seen,"{number}"\n' for number in NUMBERS]
    accepted = 0
    for number, sheet, page_says in zip(NUMBERS, sheets, taken(*sheets), strict=True):
        expected = the_command(sheet, tmp_path / "s.csv")
        assert page_says["points"] == (expected or [""] * 6), number
        said = (
            "1 row of scores.csv taken up"
            if expected
            else (f"0 rows of scores.csv taken up. Not taken up: ada, seen: {number} is none of 0 | 0.5 | 1")
        )
        assert page_says["said"] == said
        accepted += expected is not None
    assert accepted == 17


FORMS = [
    'who;item;points\nada;reason;"2/3"\n',
    "sep=;\nwho;item;points\nada;reason;2/3\n",
    "\ufeffWho , ITEM,Points\r\nada , reason, 2/3 \r\n",
    "who\titem\tpoints\rada\treason\t2/3\r",
    "who,item,points\n,,\nada,reason,2/3\nada,reason,\nchen,seen,\n",
    'who,item,points,comment\nada,reason,2/3,5" high\n"\'=bela,""x""",reason,2,\n',
    'who,item,points\n"=bela,""x""",reason,2\n',
    f"who,version,item,points\nada,{'a' * 12},reason,2/3\nchen,{'c' * 64},seen,1\n",
    ",".join(COLUMNS) + '\nada,aaaa,why,reason,"The reason, why",0 | 2/3 | 2,2.0,,\n',
]


def test_a_table_is_read_whatever_its_form_as_the_command_reads_it(tmp_path: Path) -> None:
    for text, page_says in zip(FORMS, taken(*FORMS), strict=True):
        expected = the_command(text, tmp_path / "s.csv")
        assert expected is not None, text
        assert any(expected), text
        assert page_says["points"] == expected, text
        assert "Not taken up" not in page_says["said"]


def test_what_is_not_taken_up_is_named_and_leaves_what_is_chosen() -> None:
    version = f"who,version,item,points\nada,{'b' * 12},seen,1\n"
    nobody = "who,item,points\nzoe,seen,1\nada,of_another_question,1\nada,seen,1\nada,seen,7\n"
    many = "who,item,points\n" + "zoe,seen,1\n" * 8
    first, second, third = taken(version, nobody, many)
    assert (first["said"], set(first["points"])) == (
        "0 rows of scores.csv taken up. Not taken up: ada, seen: another version was handed in since", {""},
    )  # fmt: skip
    assert second["said"] == (
        "1 row of scores.csv taken up. Not taken up: zoe, seen: nobody of this name is on this page; "
        "ada, seen: 7 is none of 0 | 0.5 | 1"
    )
    assert second["points"] == ["1", "", "", "", "", ""]
    assert third["said"].endswith("nobody of this name is on this page and 3 more")


def test_what_the_browser_kept_does_not_cover_a_newer_score_and_stays_beside_it() -> None:
    def scored(points: str, minutes: int = 0) -> dict[tuple[str, str], Score]:
        return {("ada", "seen"): Score(NOW + timedelta(minutes=minutes), "ada", "seen", Fraction(points))}

    sheet = "who,item,points\nada,seen,1\nada,reason,2/3\nchen,seen,0\n"
    mine = ["1", "2/3", "", "", "0", ""]
    theirs = ["0.5", *mine[1:]]
    visits: list[tuple[str, str | None, bool]] = [
        (page(), sheet, True),
        (page(), None, True),  # the same page once more
        (page(scored("1/2")), None, True),  # somebody else has read it since
        (page(scored("1/2")), "who,item,points\nada,seen,0\n", True),  # read again on that page: this is newer
        (page(scored("1/2")), None, True),
        (page(scored("1/2", 5)), None, True),  # and the same points once more, after that
    ]
    found = [one["points"] for one in visited(*visits)]
    assert found == [mine, mine, theirs, ["0", *mine[1:]], ["0", *mine[1:]], theirs]

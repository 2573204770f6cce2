"""Authors' mistakes: each is told with file and line, what was found, and the way out; an honest course, nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.authors.mistakes import LOOP, MISTAKES, Mistake
from tests.authors.telling import told


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name)
def test_a_mistake_is_told_where_it_stands_and_how_to_mend_it(mistake: Mistake, tmp_path: Path) -> None:
    text = told(tmp_path, mistake).replace(f"{tmp_path}/", "")
    flat = " ".join(text.split())
    assert not text.startswith("Traceback"), text
    for piece in (mistake.place, *mistake.says):
        assert piece in flat, text
    for piece in (*mistake.never, r"[a-z]", "^[", "NoneType", "ruff", "pydantic"):
        assert piece not in flat, text


ALONE = (
    "a probe that asserts", "a probe that returns nothing", "no region", "a probe that is random",
    "a factory of judges that is not called", "a judge that returns True", "a judge that raises",
    "an alternate of chance", "a patch that changes nothing", "a case that is missing in fails",
)  # fmt: skip


def test_one_mistake_is_no_avalanche(tmp_path: Path) -> None:
    counts = {}
    for mistake in MISTAKES:
        if mistake.name in ALONE:
            text = told(tmp_path / mistake.name.replace(" ", "_"), mistake)
            counts[mistake.name] = len(re.findall(r"^    fix:", text, re.MULTILINE))
    assert set(counts.values()) == {1}


def test_a_course_without_a_mistake_is_told_nothing(tmp_path: Path) -> None:
    honest = Mistake("none", {}, "", (), {"solutions/small/alternates/loop.py": LOOP})
    assert told(tmp_path, honest) == "nothing"

"""Strangers' text made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.text import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nof two lines, with ümlaut and 数", "plain\ttext\nof two lines, with ümlaut and 数"),
        ("\x1b[31mred", "�[31mred"),
        ("a\u202eb", "a�b"),  # turns the direction of writing
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),  # other spaces are no commands
        ("one\rtwo\x00", "one�two�"),
    ],
)
def test_what_commands_a_terminal_is_shown_as_a_mark(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_nothing_else_is_changed(text: str) -> None:
    kept = [c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")]
    assert harmless(text).replace("�", "") == "".join(kept).replace("�", "")
    assert len(harmless(text)) == len(text)


def test_long_text_is_cut() -> None:
    assert harmless("x" * 50, limit=10) == "x" * 9 + "…"

"""Rosters as spreadsheets save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.intake.rosters import decoded, read_roster, rows_of

TEXT = 'Student,ID\n"Müller, Ada",1\nBéla,2\n'
ROWS = [["Student", "ID"], ["Müller, Ada", "1"], ["Béla", "2"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_every_encoding_of_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert rows_of(read_roster(path)) == ROWS


def test_what_is_neither_is_left_to_the_library() -> None:
    text = "Студент;Номер\nЕкатерина Иванова;1\n" * 20
    assert decoded(text.encode("cp1251").replace(b"\xcd", b"\x81")) is not None
    assert decoded(text.encode("utf-8")) == text


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("head", ["", "sep={}\n", "\ufeff", '\ufeff"sep={}"\n'])
def test_every_delimiter_line_end_and_head(between: str, end: str, head: str) -> None:
    text = head.format(between) + TEXT.replace("t,I", f"t{between}I").replace('",1', f'"{between}1').replace(
        "a,2", f"a{between}2"
    )
    assert rows_of(text.replace("\n", end)) == ROWS


def test_blanks_and_empty_rows_are_dropped() -> None:
    assert rows_of("a , b\n,\n\n 1, 2 \n") == [["a", "b"], ["1", "2"]]


def test_a_roster_that_is_a_link_or_no_text_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(TEXT)
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "junk.csv").write_bytes(b"a\x00\x00\x00b" * 50)
    for name, words in (("link.csv", "link"), ("none.csv", "no such file"), ("junk.csv", "no text")):
        with pytest.raises(UsageError, match=words):
            read_roster(tmp_path / name)


def test_a_cell_without_end_is_wrong_use() -> None:
    assert rows_of("a,b\n1," + "x" * 100_000) == [["a", "b"], ["1", "x" * 100_000]]
    with pytest.raises(UsageError, match="line 2"):
        rows_of("a,b\n1," + "x" * 300_000)

"""Tables that staff fill in (CSV): their rows with the place of each, and cells that say what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.errors import UsageError
from autograder.intake.rosters import numbered_rows, read_roster

T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """One row: its cells by column, in small letters, and where it stands."""

    place: str
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """A cell; "" where there is none."""
        return self.cells.get(column, "")

    def read(self, column: str, reader: Callable[[str], T]) -> T:
        """A cell as something else.

        Raises:
            UsageError: the reader says that it is none (ValueError).
        """
        try:
            return reader(self.get(column))
        except ValueError as error:
            raise self.fault(f"{column}: {error}", found=repr(self.get(column))) from None

    def fault(self, what: str, *, found: str = "", expected: str = "", fix: str = "") -> UsageError:
        """An error at this row."""
        return UsageError(what, where=self.place, found=found, expected=expected, fix=fix)


def read_table(path: Path, needed: Iterable[str], allowed: Iterable[str] = ()) -> list[Record]:
    """The rows of a CSV, whatever its delimiter and encoding.

    Args:
        needed: columns that must be there; `who|team` means one of the two.
        allowed: other columns; without any, every column is.

    Raises:
        UsageError: no such file, no table, or a column is missing or unknown; names the file, the line and the column.
    """
    rows = numbered_rows(read_roster(path))
    if not rows:
        raise UsageError("is empty", where=str(path), expected=f"columns {', '.join(needed)}")
    line, header = rows[0][0], [cell.strip().casefold() for cell in rows[0][1]]
    where = f"{path}, line {line}"
    for column in needed:
        if not set(column.split("|")) & set(header):
            words = column.replace("|", " or ")
            raise UsageError(f"there is no column `{words}`", where=where, found=", ".join(header),
                             fix="name the columns in the first line")  # fmt: skip
    known = {c for column in needed for c in column.split("|")} | set(allowed)
    if allowed and (odd := [c for c in header if c and c not in known]):
        raise UsageError(f"unknown column `{odd[0]}`", where=where, expected=f"of {', '.join(sorted(known))}",
                         fix="rename or remove it")  # fmt: skip
    return [
        Record(f"{path}, line {number}", dict(zip(header, row, strict=False))) for number, row in rows[1:]
    ]  # fmt: skip

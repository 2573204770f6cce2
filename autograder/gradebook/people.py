"""People: rosters as events, and who is meant by the name of a hand-in.

`who` is the name of a person in the book and never changes: by a roster's SIS id, number or login the same person is
known again, whatever else has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from autograder.errors import UsageError
from autograder.gradebook.events import Dropped, Enrolled, Event
from autograder.intake.matching import Finder
from autograder.intake.rosters import numbered_rows, rows_of

_COLUMNS = {
    "student": "name", "name": "name", "full name": "name", "id": "canvas_id", "sis user id": "sis_id", "sid": "sis_id",
    "sis_id": "sis_id", "student id": "sis_id", "sis login id": "login", "login": "login", "email": "email",
    "email address": "email", "section": "section", "sections": "section", "who": "who", "first name": "first",
    "last name": "last",
}  # fmt: skip
_NOBODY = ("points possible", "student, test")
_KEYS = ("who", "sis_id", "canvas_id", "login", "email", "name")
"""By which somebody is known again, the surest first."""
_FIELDS = ("name", "email", "sis_id", "login", "canvas_id", "section")

People = Mapping[str, Enrolled | None]


def roster_events(
    text: str, people: People, at: datetime, *, by: str = "", partial: bool = False, where: str = "roster"
) -> list[Event]:
    """Who is new, who has changed, who is gone, compared with those who are in the course.

    Args:
        text: Canvas' gradebook export, Gradescope's roster, or a table with columns of those names.
        partial: it holds some of the course only; nobody is dropped then.

    Raises:
        UsageError: it has no column by which people can be told, or two rows of one person.
    """
    found: dict[str, Enrolled] = {}
    for row in _rows(text, where):
        who = _known(row, people) or _named(row, {*people, *found})
        if who in found:
            raise UsageError(f"two rows are of {who}", where=where, found=f"{found[who].name}; {row.get('name', '')}",
                             fix="remove one")  # fmt: skip
        found[who] = Enrolled(at=at, by=by, who=who, **{k: row.get(k, "") for k in _FIELDS})
    changed = [e for who, e in found.items() if not _same(people.get(who), e)]
    gone = [] if partial else [who for who, known in people.items() if known is not None and who not in found]
    return [*changed, *(Dropped(at=at, by=by, who=who, reason="no longer in the roster") for who in sorted(gone))]


def rows_with_people(text: str, people: People, where: str = "roster") -> list[tuple[dict[str, str], str]]:
    """The rows of a roster by our own names of columns, each with who it is; "" for somebody who is not known.

    Raises:
        UsageError: it has no column by which people can be told.
    """
    return [(row, _known(row, people)) for row in _rows(text, where)]


@dataclass(frozen=True)
class Told:
    """A row of a course system's table: its line, its cells by the table's own heads, who it is of ("" for nobody)."""

    line: int
    cells: Mapping[str, str]
    who: str
    name: str


def told_rows(text: str, people: People, where: str) -> list[Told]:
    """The rows of a course system's export.

    Raises:
        UsageError: it has no column by which people can be told.
    """
    header = (rows_of(text) or [[]])[0]
    return [
        Told(line, dict(zip(header, row, strict=False)), _known(cells, people), cells.get("name", ""))
        for line, row, cells in _numbered(text, where)
    ]


def _rows(text: str, where: str) -> Iterable[dict[str, str]]:
    return (cells for _, _, cells in _numbered(text, where))


def _numbered(text: str, where: str) -> Iterable[tuple[int, list[str], dict[str, str]]]:
    """Line, cells as they are, and those of a person by our own names."""
    (_, header), *rows = numbered_rows(text) or [(1, [])]
    columns = [_COLUMNS.get(c.casefold(), "") for c in header]
    if not {"who", "sis_id", "login", "email", "canvas_id"} & set(columns):
        raise UsageError("is no roster", where=where, found=", ".join(header)[:200] or "nothing",
                         expected="a column SIS User ID, SIS Login ID, SID, Email, or who",
                         fix="export Canvas' gradebook, or name the columns in the first line")  # fmt: skip
    for line, row in rows:
        cells = {c: v for c, v in zip(columns, row, strict=False) if c}
        if "first" in cells or "last" in cells:
            cells["name"] = " ".join(filter(None, (cells.pop("first", ""), cells.pop("last", ""))))
        if cells.get("name", "").casefold() not in _NOBODY and any(cells.get(k) for k in _KEYS):
            yield line, row, cells


def _known(row: Mapping[str, str], people: People) -> str:
    if row.get("who") in people:
        return row["who"]
    for key in _KEYS[1:-1]:
        hits = [who for who, known in people.items() if known and row.get(key) and getattr(known, key) == row[key]]
        if len(hits) == 1:
            return hits[0]
    plain = [row.get(k, "") for k in ("login", "email", "sis_id", "canvas_id")]
    return next((n for text in plain for n in (text, text.split("@")[0]) if n and people.get(n, row) is None), "")


def _named(row: Mapping[str, str], taken: set[str]) -> str:
    """A name for somebody new: the login without its domain, or what else there is."""
    login = row.get("login", "") or row.get("email", "")
    names = [row.get("who", ""), login.split("@")[0], login, row.get("sis_id", ""), row.get("canvas_id", "")]
    return next((n for n in names if n and n not in taken), row.get("name", "") or login)


def _same(known: Enrolled | None, new: Enrolled) -> bool:
    return known is not None and replace(known, at=new.at, by=new.by, reason=new.reason) == new


@dataclass(frozen=True)
class Names:
    """Looks up who is meant by a name; `alias` says it for names that do not tell."""

    people: People
    alias: Mapping[str, str]

    def find(self, name: str) -> list[str]:
        """Everybody who may be meant: one, none, or several. Before there is a roster a name means itself."""
        name = self.alias.get(name, name).strip()
        if name in self.people:
            return [name]
        if not self._enrolled:
            return [name]
        return [self._enrolled[row].who for row in self._finder.rows(name)]

    @cached_property
    def _enrolled(self) -> list[Enrolled]:
        return [e for e in self.people.values() if e is not None]

    @cached_property
    def _finder(self) -> Finder:
        return Finder([(e.name, e.canvas_id, e.sis_id, e.login or e.email or e.who) for e in self._enrolled])

    def team(self, name: str) -> tuple[list[str], str]:
        """The people of a hand-in's name, `A + B` being two; and, where one cannot be told, what to say of it."""
        found: list[str] = []
        whole = self.alias.get(name, "")
        for part in [whole] if whole else name.split(" + "):
            hits = self.find(part)
            if len(hits) != 1:
                many = ", ".join(hits[:3])
                return [], f"`{part}` fits {f'{len(hits)} people ({many})' if hits else 'nobody in the roster'}"
            found.append(hits[0])
        return found, ""

"""The book on a terminal: a row for each person, a column for each part."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.gradebook.book import Book, Line, Row, State
from autograder.gradebook.totals import letter, shown
from autograder.report.text import harmless, points_text

_LEGEND = (
    "points of each part; +2d: two late days paid; late: what was handed in came too late; … not graded yet; "
    "– not handed in yet; ex excused; left: late days; (50) dropped as one of the lowest; [90] so far"
)


def book_view(book: Book) -> RenderableType:
    """All people, with days left and totals; a total in brackets is one so far."""
    course, clock = book.policy.course, book.policy.clock()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    longest = max((len(who) for who in book.rows), default=0)
    table.add_column("who", overflow="ellipsis", no_wrap=True, min_width=min(longest, 18))
    for part in book.policy.parts:
        table.add_column(f"{part.id}\n{points_text(book.policy.possible(part.id))}", justify="right", overflow="fold")
    for pool in course.late.pools:
        table.add_column(f"{pool}\nleft", justify="right", overflow="fold")
    table.add_column("total\n%", justify="right")
    if course.letters:
        table.add_column("")
    for row in book.rows.values():
        table.add_row(*_cells(book, row))
    if not book.rows:
        return Text(f"{course.title}: nobody is in the book yet (autograder gradebook import --roster FILE, or OUT)")
    people = "1 person" if len(book.rows) == 1 else f"{len(book.rows)} people"
    head = Text(f"{course.title}: {people}, as of {clock.shown(book.now)}", style="bold")
    return Group(head, table, Text(_LEGEND, style="dim"))


def _cells(book: Book, row: Row) -> list[Text]:
    course = book.policy.course
    cells = [Text(harmless(row.who, 40))]
    cells += [_line(row.lines[p.id]) for p in book.policy.parts]
    cells += [Text(str(row.days_left[p])) for p in course.late.pools]
    if row.total is not None:
        cells.append(Text(shown(row.total, course.decimals), style="bold"))
    elif row.so_far is not None:
        cells.append(Text(f"[{shown(row.so_far, course.decimals)}]"))
    else:
        cells.append(Text(""))
    if course.letters:
        cells.append(Text(letter(row.total, course) if row.total is not None else ""))
    return cells


def _line(line: Line) -> Text:
    if line.state is State.EXCUSED:
        return Text("ex", style="dim")
    if line.points is None:
        return Text("…" if line.state is State.WAITING else "–", style="cyan")
    text = Text(points_text(line.points))
    if line.state is State.DROPPED:
        return Text(f"({points_text(line.points)})", style="dim")
    if line.state in (State.LATE, State.NO_DAYS):
        text.append(" late", style="red")
    if line.days or line.over:
        text.append(f" +{line.days + line.over}d", style="yellow")
    return text

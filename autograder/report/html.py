"""HTML pages: one per student, and one for the class; autoescaped, self-contained, and readable without a script.

Each page carries its style sheet and its drawings, asks nothing of a network, and forbids itself to (Content-Security-
Policy `default-src 'none'`). A page for staff may have a script of ours, which its policy names by its hash: no other
runs. Nothing that a student wrote is ever marked safe.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files as resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder import __version__
from autograder.grading.totals import Grade, added
from autograder.grading.verdict import Verdict
from autograder.report import plots
from autograder.report.audience import flags, student_questions, total_out, unread
from autograder.report.first import HEADINGS
from autograder.report.standing import Standing, Standings
from autograder.report.statistics import ClassStatistics, class_statistics
from autograder.report.text import (
    STATUS_WORDS,
    harmless,
    located_text,
    numbers_of,
    percent_text,
    points_text,
    seconds_text,
    shortened,
    wait_text,
)
from autograder.spec.models import Assignment

_LONGEST = 120
_FEW = 6
_CODE = re.compile(r"`([^`\n]+)`")


def page_name(submission: str) -> str:
    """A file name for a submission's pages: letters, digits, `-`, `_`, `.`; everything else as ~XX; never hidden.

    Different submissions have different names; one that would be too long for a file system ends in a digest.
    """
    name = quote(submission, safe="-_.", errors="backslashreplace").replace("~", "%7E").replace("%", "~")
    if name.startswith(".") or not name:
        name = f"~2E{name[1:]}"
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def inline(text: str) -> Markup:
    """A line of text with `code` between backticks; all of it escaped first."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(harmless(text)))))


@lru_cache
def _script(name: str) -> str:
    text = resources("autograder.report").joinpath("templates", name).read_text(encoding="utf-8")
    return f"\n{text}"


def script_tag(name: str) -> Markup:
    """A script of ours, of the folder `templates`, as an element."""
    return Markup(f"<script>{_script(name)}</script>")


def script_hash(name: str) -> str:
    """What a Content-Security-Policy calls it by: nothing else runs on the page."""
    digest = hashlib.sha256(_script(name).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates with their filters."""
    found = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "points": points_text,
        "seconds": seconds_text,
        "wait": wait_text,
        "located": located_text,
        "harmless": harmless,
        "inline": inline,
        "shortened": shortened,
        "page": page_name,
        "status": STATUS_WORDS.__getitem__,
    }
    found.globals |= {"percent": percent_text, "donut": plots.donut, "version": __version__}
    found.globals |= {"script": script_tag, "script_hash": script_hash}
    return found


def student_page(
    grade: Grade, spec: Assignment, *, published: bool = True, standing: Standing | None = None, book: str = ""
) -> str:
    """The page that a student may have: texts of public cases, counts of hidden ones.

    Args:
        published: whether hidden results that wait for a date or for publication are shown.
        standing: late days and total of the book. Of a team's it is not shown: each member's is their own. The total
            counts hidden results: it is shown where `total_out` says so.
        book: address of the student's page of the book, beside this one.
    """
    questions = student_questions(grade, spec, published)
    return _render(
        "student.html.j2",
        grade=grade,
        title=spec.title,
        number=numbers_of(spec),
        questions=questions,
        first=_first_steps([v for q in questions for v in q.public]),
        points=added(q.points for q in questions),
        most=added(q.max_points for q in questions),
        waiting=added(q.waiting for q in questions),
        withheld=sum(q.withheld for q in questions),
        written=unread(grade, spec),
        open=added(q.points for q in unread(grade, spec)),
        order=_worst_first,
        standing=standing if standing is not None and standing.people == 1 else None,
        total_out=total_out(grade, spec, published),
        book=book,
    )


@dataclass(frozen=True)
class Around:
    """What a staff page leads to: the pages before and after it, and the source of what was graded.

    Attributes:
        before, after: names of submissions, "" at the ends.
        source: path and text of each file; `lost` says why there is none.
    """

    before: str = ""
    after: str = ""
    source: Sequence[tuple[str, str]] = ()
    lost: str = ""


def staff_page(grade: Grade, spec: Assignment, around: Around | None = None, standing: Standing | None = None) -> str:
    """The same submission for staff: every case with all its texts, flags, its source, the conditions of the run."""
    questions = [
        (question, [v for v in grade.verdicts if v.question == question.question]) for question in grade.questions
    ]
    return _render(
        "staff.html.j2",
        grade=grade,
        title=spec.title,
        number=numbers_of(spec),
        questions=questions,
        flags=flags(grade),
        open=added(q.points for q in unread(grade, spec)),
        order=_worst_first,
        around=around or Around(),
        standing=standing,
    )


def class_page(
    grades: Sequence[Grade],
    spec: Assignment,
    *,
    link: bool = True,
    stats: ClassStatistics | None = None,
    standing: Standings | None = None,
) -> str:
    """The class at a glance, for staff.

    Args:
        link: whether names link to `staff/<page>.html`.
        stats: of these grades, where they are known; the grades may then be brief ones.
        standing: late days and totals of the book, where there is one.
    """
    stats = stats or class_statistics(grades)
    return _render(
        "class.html.j2",
        title=spec.title,
        number=numbers_of(spec),
        stats=stats,
        grades=sorted(grades, key=lambda g: g.submission),
        histogram=plots.histogram(stats.points, stats.max_points, stats.mean, stats.median),
        scatter=_scatter(stats, numbers_of(spec), {q.question for g in grades for q in g.questions if q.max_points}),
        link=link,
        cell=_heat,
        looks=stats.looks(),
        headings=HEADINGS,
        few=_FEW,
        standing=standing,
    )


def _render(template: str, **values: Any) -> str:
    return environment().get_template(template).render(**values)


def _worst_first(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Cases that did not pass before those that did; each in the author's order."""
    return sorted(verdicts, key=lambda v: v.status.passed)


def _first_steps(verdicts: Sequence[Verdict], most: int = 3) -> list[Verdict]:
    """The cases to look at first: named mistakes before others, one per question."""
    found: dict[str, Verdict] = {}
    rank: Callable[[Verdict], int] = lambda v: 0 if v.feedback else (1 if v.diagnosis or v.located else 2)  # noqa: E731
    for verdict in verdicts:
        if verdict.status.passed or not verdict.status.scores or verdict.left_out:
            continue
        if verdict.question not in found or rank(verdict) < rank(found[verdict.question]):
            found[verdict.question] = verdict
    told = [v for v in found.values() if v.feedback or v.diagnosis or v.located or v.message]
    return sorted(told, key=rank)[:most]


def _scatter(stats: ClassStatistics, number: Mapping[str, int], worth: Collection[str]) -> Markup | None:
    """Only where every question that has points has a discrimination; otherwise the numbers would not be those of the
    table."""
    own = [q for q in stats.questions if q.id in worth]
    items = [
        (number.get(q.id, 0), q.title, q.difficulty, q.discrimination) for q in own if q.discrimination is not None
    ]
    return plots.scatter(items) if items and len(items) == len(own) else None


def _heat(part: Any, whole: Any) -> str:
    """A class for a table cell by the share of points."""
    share = float(part / whole) if whole else 0.0
    return "h5" if share >= 1 else f"h{int(share * 5)}" if share > 0 else "h0"

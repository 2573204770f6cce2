"""Results as a box of HTML for notebooks: light and dark, narrow, without a script, and readable by ear.

What is to be looked at first stands on top. Everything that a student's code made is escaped; colour never says
anything that a word does not say too.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from autograder.grading.explanation import asked, behind, rows
from autograder.grading.status import Status
from autograder.grading.verdict import Verdict
from autograder.home.heat import difference_html, first_pair
from autograder.home.results import CaseResult, QuestionResult, Total
from autograder.home.said import MOST_PRINTED, beyond, covers, headline, left_open, to_write
from autograder.report.text import STATUS_WORDS, harmless, points_text

_CODE = re.compile(r"`([^`\n]+)`")


@functools.cache
def style() -> str:
    """The style sheet; it touches nothing outside of a box."""
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def inline(text: str) -> str:
    """A line of text with `code` between backticks, escaped."""
    return _CODE.sub(r"<code>\1</code>", escape(harmless(text)))


def question_box(result: QuestionResult) -> str:
    """The box of one question."""
    kind, word = _state(result)
    label = f"Result of the question {result.facts.id}"
    parts = [f'<p class="top"><span class="tag {kind}">{word}</span><b>{escape(result.facts.title)}</b></p>']
    parts.append(f'<p class="quiet">{inline(covers(result))}</p>')
    parts += [f'<p class="quiet">! {inline(p)}</p>' for p in result.problems]
    if left_open(result) and result.passed == len(result.cases):
        parts.append(f'<p class="tell">{inline(left_open(result))}. Hidden cases will ask for it.</p>')
    parts += cases_html(result.cases)
    return boxed(kind, label, parts)


def case_box(case: CaseResult) -> str:
    """The box of one case."""
    verdict = case.verdict
    return boxed("good" if verdict.status.passed else "bad", f"Result of {verdict.case}", cases_html([case]))


def _state(result: QuestionResult) -> tuple[str, str]:
    if result.passed < len(result.facts.cases):
        return "bad", "not yet"
    return ("open", "not all written") if result.unwritten else ("good", "public cases pass")


def boxed(kind: str, label: str, parts: Sequence[str]) -> str:
    """Paragraphs in a box; `kind` is good, bad or open (or nothing), `label` what it is called by those who hear it."""
    inner = "\n".join(parts)
    return (
        f'<style>{style()}</style>\n<div class="ag {kind}" role="region" aria-label="{escape(label)}">\n{inner}\n</div>'
    )


def cases_html(cases: Sequence[CaseResult]) -> list[str]:
    """Cases that do not pass, the one to look at first open; then those that do, in one line each."""
    wrong = sorted((c for c in cases if not c.verdict.status.passed), key=_rank)
    parts: list[str] = []
    told: dict[str, str] = {}
    for number, case in enumerate(wrong):
        verdict = case.verdict
        before = told.get(verdict.message) if not verdict.got else None
        told.setdefault(verdict.message, verdict.case)
        parts.append(_wrong(case, number == 0, before))
    passed = [c.verdict for c in cases if c.verdict.status.passed]
    if passed:
        items = "".join(
            f'<p><span class="tag good">passed</span>{_name(v)}</p>{f"<p>{inline(v.message)}</p>" if v.message else ""}'
            for v in passed
        )
        parts.append(f"<details><summary>{len(passed)} passed</summary>{items}</details>")
    return parts


def _rank(case: CaseResult) -> tuple[bool, bool, bool]:
    """What is written before what is not; then named mistakes, then those of which something is known."""
    return to_write(case.verdict), not case.verdict.feedback, not behind(case.verdict)


def _name(verdict: Verdict) -> str:
    practice = ' <span class="quiet">for practice</span>' if verdict.for_practice else ""
    return f"{inline(asked(verdict) or verdict.case)}{practice}"


def _wrong(case: CaseResult, first: bool, before: str | None) -> str:
    verdict = case.verdict
    empty = to_write(verdict)
    word = "to write" if empty else STATUS_WORDS[verdict.status]
    tag = "open" if empty or verdict.status in (Status.TIMEOUT, Status.SKIPPED, Status.WAITING) else ""
    hint = '<b class="quiet">Look at this first.</b> ' if first and not empty else ""
    summary = f'<summary>{hint}<span class="tag {tag}">{word}</span>{_name(verdict)}</summary>'
    if before:
        inner = f'<p class="quiet">The same as in <code>{escape(before)}</code>: {inline(verdict.message)}</p>'
    else:
        inner = "\n".join(_explained(case))
    name = escape(verdict.case)
    foot = f'<p class="quiet"><code>{name}</code> · <code>grader.case("{name}")</code></p>'
    unfolded = "" if before or (empty and not first) else " open"
    return f'<details{unfolded}>{summary}<div class="inner">{inner}{foot}</div></details>'


def _explained(case: CaseResult) -> list[str]:
    verdict = case.verdict
    parts = []
    if behind(verdict):
        parts.append(f'<p class="tell">→ {inline(behind(verdict))}</p>')
    if verdict.message:
        parts += [f'<p class="said">{inline(line)}</p>' for line in verdict.message.split("\n") if line.strip()]
    pair = first_pair(case.got, case.expected, verdict.where, case.tolerance) if case.compared else None
    known = dict(rows(verdict))
    if known:
        parts.append(
            "<dl>" + "".join(f"<dt>{k}</dt><dd>{escape(harmless(v))}</dd>" for k, v in known.items()) + "</dl>"
        )
    if pair is not None:
        parts.append(difference_html(pair))
    if verdict.stdout.strip():
        lines = harmless(verdict.stdout).rstrip().splitlines()
        more = f"\n… {len(lines) - MOST_PRINTED} more lines" if len(lines) > MOST_PRINTED else ""
        shown = escape("\n".join(lines[:MOST_PRINTED]) + more)
        parts.append(f'<p class="quiet">Your code printed:</p><pre>{shown}</pre>')
    return parts


def total_box(results: Sequence[QuestionResult], total: Total, unread: Sequence[str] = ()) -> str:
    """The box of all questions: a row for each, and the total."""
    rows_html = "".join(
        f'<tr><td class="l"><span class="tag {kind}">{word}</span>{escape(r.facts.title)} '
        f"<code>{escape(r.facts.id)}</code></td><td>{r.passed} of {len(r.facts.cases)}</td>"
        f"<td>{points_text(r.points)} of {points_text(r.facts.public_points)}</td></tr>"
        for r in results
        for kind, word in [_state(r)]
    )
    table = (
        '<table><thead><tr><th class="l">question</th><th>public cases</th><th>points</th></tr></thead>'
        f"<tbody>{rows_html}</tbody></table>"
    )
    good = all(r.good for r in results)
    parts = [f'<p class="top"><b>{escape(headline(total))}</b></p>', f'<p class="quiet">{escape(beyond(total))}</p>']
    parts += [f'<p class="quiet">! {inline(line)}</p>' for line in unread]
    parts.append(table)
    parts += [
        f"<details><summary>{escape(r.facts.title)}: {len(r.cases) - r.passed} to look at</summary>"
        f"{''.join(cases_html(r.cases))}</details>"
        for r in results
        if r.passed < len(r.cases)
    ]
    return boxed("good" if good else "bad", "Results of all questions", parts)


def text_box(label: str, title: str, body: str, kind: str = "") -> str:
    """A box with a title and lines of text."""
    paragraphs = "".join(f"<p>{inline(line)}</p>" for line in body.split("\n") if line)
    return boxed(kind, label, [f'<p class="top"><b>{escape(title)}</b></p>', paragraphs])

"""The text of an assignment in parts: what stands before its questions, the theory of each, its hints, and the rest.

handout.md is the one source: the notebook, the page handout.html and `grader.hint` are made from these parts. A
question's part begins at a heading that names it, as in the notebook, and ends at the next heading of its level or
above. What follows `*Hint.*` in a paragraph is one step of help; behind `*Hints.*` each sentence is one. What follows
`*To think about:*` is no help, and stands open at the end of the theory.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.spec.models import Question

HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_HINT = re.compile(r"\*(Hints?|To think about)(?: \d+)?[.:]\*\s*")
_ENDS = re.compile(r"[.?!][)\"']*\s+(?=[A-Z`$(*])")


def has_id(heading: str, question: Question) -> bool:
    """Whether a heading's text has the question's id: in backquotes, in parentheses, before a colon."""
    name = re.escape(question.id)
    by_id = rf"`{name}`|\((?:question:\s*)?{name}\)|^(?:question\s+)?{name}\s*(?::|—|–|$)"
    return re.search(by_id, heading) is not None


def names_question(heading: str, question: Question) -> bool:
    """Whether a heading's text names the question: by its id, or by its title."""
    return has_id(heading, question) or question.title.casefold() in heading.casefold()


def named_by(headings: Sequence[str], questions: Sequence[Question]) -> tuple[Question | None, ...]:
    """The question that each heading of a text names: by its title only where no heading has its id."""
    by_title = [q for q in questions if not any(has_id(h, q) for h in headings)]
    return tuple(
        next((q for q in questions if has_id(h, q)), None) or next((q for q in by_title if names_question(h, q)), None)
        for h in headings
    )


@dataclass(frozen=True)
class Part:
    """The text of a question: its heading, its theory without hints, and the hints, all in Markdown."""

    heading: str
    theory: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A whole handout.md."""

    title: str = ""
    before: str = ""
    parts: dict[str, Part] = field(default_factory=dict)
    after: str = ""


def parsed(markdown: str, questions: Sequence[Question]) -> Text:
    """The parts of a handout.md; a question that no heading names has none."""
    title = ""
    before: list[str] = []
    after: list[str] = []
    own: dict[str, list[str]] = {}
    current: str | None = None
    level = 0
    for line, in_code in _lines(markdown):
        heading = None if in_code else HEADING.match(line)
        if heading and len(heading.group(1)) == 1 and not title and not own:
            title = heading.group(2)
            continue
        named = _named(heading.group(2), questions, own) if heading else None
        if heading and (named is not None or (current is not None and len(heading.group(1)) <= level)):
            current, level = named, len(heading.group(1))
            if named is not None:
                own[named] = []
        (own[current] if current is not None else after if own else before).append(line)
    return Text(title, _joined(before), {q: _part(lines) for q, lines in own.items()}, _joined(after))


def _named(heading: str, questions: Sequence[Question], own: dict[str, list[str]]) -> str | None:
    left = [q for q in questions if q.id not in own]
    by_id = [q.id for q in left if names_question(heading, q.model_copy(update={"title": "\0"}))]
    return next(iter([*by_id, *(q.id for q in left if names_question(heading, q))]), None)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a block of code."""
    fence = ""
    for line in text.splitlines():
        mark = line.lstrip()[:3]
        if fence:
            yield line, True
            fence = "" if mark == fence else fence
        else:
            fence = mark if mark in ("```", "~~~") else ""
            yield line, bool(fence)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip()


def _part(lines: Sequence[str]) -> Part:
    theory: list[str] = []
    hints: list[str] = []
    thoughts: list[str] = []
    for paragraph in paragraphs(lines[1:]):
        first, *rest = _HINT.split(paragraph) if not paragraph.startswith(("```", "~~~")) else [paragraph]
        if first.strip():
            theory.append(first.strip("\n") if not rest else first.strip())
        for kind, text in zip(rest[::2], rest[1::2], strict=True):
            told = " ".join(text.split())
            if kind == "To think about":
                thoughts.append(f"*To think about:* {told}")
            else:
                hints += sentences(text) if kind == "Hints" else [told]
    return Part(lines[0], "\n\n".join(theory + thoughts), tuple(h for h in hints if h))


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs; a block of code is one, whatever is in it."""
    block: list[str] = []
    for line, in_code in _lines("\n".join(lines)):
        if not line.strip() and not in_code:
            if block:
                yield "\n".join(block)
            block = []
        else:
            block.append(line)
    if block:
        yield "\n".join(block)


def sentences(text: str) -> list[str]:
    """The sentences of a text; a full stop inside of code or of mathematics ends none.

    >>> sentences("Draw $f. G$ first. What is `a. B`? Then count.")
    ['Draw $f. G$ first.', 'What is `a. B`?', 'Then count.']
    """
    text = " ".join(text.split())
    safe = re.sub(r"`[^`]*`|\$[^$]*\$", lambda m: m.group()[0] + "x" * (len(m.group()) - 2) + m.group()[-1], text)
    cuts = [0, *(m.end() for m in _ENDS.finditer(safe)), len(text)]
    return [text[a:b].strip() for a, b in itertools.pairwise(cuts) if text[a:b].strip()]


def folded(hints: Sequence[str]) -> str:
    """Hints in Markdown, each behind a line to click on."""
    blocks = [
        f"<details>\n<summary>Hint {n} of {len(hints)}</summary>\n\n{hint}\n\n</details>"
        for n, hint in enumerate(hints, 1)
    ]
    return "\n\n".join(blocks)

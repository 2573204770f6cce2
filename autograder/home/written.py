"""What a file holds, read without running it: functions still to be written, and how long the written answers are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.home.facts import Facts, QuestionFacts
from autograder.home.files import code_of

_ANSWER = re.compile(r"[*_]{0,2}your answer:?[*_]{0,2}:?", re.I)
_HEADING = re.compile(r"^#{1,6}\s", re.M)
_MARK = re.compile(r"^# ?%%.*$", re.M)


@dataclass(frozen=True)
class Content:
    """See the module.

    Attributes:
        functions: how many there are to write.
        unwritten: those that are not.
        words: question → words of its written answer.
    """

    functions: int
    unwritten: tuple[str, ...]
    words: dict[str, int]


def content_of(suffix: str, data: bytes, facts: Facts) -> Content:
    """The content of a .py or .ipynb.

    Raises:
        as `files.code_of`.
    """
    code = code_of(suffix, data)
    names = [name for q in facts.questions for name in q.functions]
    open_names = tuple(name for name in dict.fromkeys(names) if _is_open(name, code))
    texts = list(_markdown(suffix, data))
    words = {q.id: _words(q, texts) for q in facts.questions if q.kind == "written"}
    return Content(len(set(names)), open_names, words)


def _is_open(name: str, code: str) -> bool:
    if re.search(rf'^\s*raise NotImplementedError\(["\']write {re.escape(name)}["\']\)', code, re.M):
        return True
    last = re.escape(name.rpartition(".")[2])
    return re.search(rf"^\s*(?:async\s+)?def\s+{last}\b|^\s*{last}\s*(?::[^=]+)?=[^=]", code, re.M) is None


def _markdown(suffix: str, data: bytes) -> Iterator[str]:
    """The texts of markdown cells, in order; a percent-format script has them behind `# `."""
    if suffix == ".ipynb":
        for cell in json.loads(data.decode("utf-8-sig"))["cells"]:
            source = cell.get("source", "")
            if cell.get("cell_type") == "markdown":
                yield source if isinstance(source, str) else "".join(source)
        return
    text = code_of(suffix, data).replace("\r\n", "\n")
    marks = [*_MARK.finditer(text)]
    ends = [*(m.start() for m in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):
        if "[markdown]" in mark.group() or "[md]" in mark.group():
            yield re.sub(r"^# ?", "", text[mark.end() : end], flags=re.M).strip()


def _words(question: QuestionFacts, texts: list[str]) -> int:
    """Words that stand in a question's section and are none of the handout's."""
    given = {" ".join(line.split()) for line in question.prompt}
    found: list[str] = []
    inside = False
    for text in texts:
        if _HEADING.search(text):
            inside = re.search(rf"^#.*[`(]{re.escape(question.id)}[`)]", text, re.M) is not None
        if inside:
            found += [line for line in text.split("\n") if " ".join(line.split()) not in given]
    return len(re.findall(r"\w+", _ANSWER.sub(" ", "\n".join(found))))

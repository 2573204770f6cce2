"""The notebook of a handout, made from the stub by jupytext: it teaches, asks, and has a check cell per question.

A question begins at a markdown heading that names it: by its id in backquotes, in parentheses or before a colon
(`## Question 1: A single neuron (`perceptron`)`, `## perceptron: A single neuron`), or else by its title. It ends where
the next question begins, or at a heading of its own level or above. Its check cell stands after its last cell that is
not empty. The theory of handout.md stands where the question stands, its hints folded below; what handout.md says
before its first question follows the notebook's first cell, behind a note of what is otherwise here than in the `.py`.

A code cell that is one `if __name__ == "__main__":` only draws: here it stands without the `if`, tagged, and a grader
skips it by its tag. A semicolon keeps the value of its last line unshown, as the `if` did. Cell ids count from one and
nothing else varies, so the same stub gives the same notebook, byte for byte.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import jupytext
import nbformat

from autograder.errors import AuthorError
from autograder.release.teaching import HEADING, Part, Text, folded, names_question, paragraphs
from autograder.sandbox.worker.cells import DRAWING, IGNORED
from autograder.sandbox.worker.main_block import is_main_block
from autograder.spec.models import Question

GRADER_CELL = """\
# Run this cell first. It needs the files of the handout beside this notebook.
import os
import zipfile

if os.path.exists("handout.zip"):  # in Colab: upload it with the folder symbol at the left
    with zipfile.ZipFile("handout.zip") as handout:
        handout.extractall(members=[name for name in handout.namelist() if not os.path.exists(name)])
try:
    import selfcheck
except ModuleNotFoundError:
    print("The handout is not here: this notebook needs its folder `selfcheck` and its other files beside it.")
    print("On your computer: unzip handout.zip and open the notebook from that folder.")
    print("In Colab: upload handout.zip (folder symbol at the left, then the arrow), and run this cell again.")
else:
    grader = selfcheck.Notebook()"""
WOVEN = "*In this notebook the text of `handout.md` stands with the questions, its hints folded below."
UNGUARDED = ' Cells that are under `if __name__ == "__main__":` in the `.py` file stand here without that line.'
EXPORT_HEADING = """\
## Hand in

Restart the kernel, run all cells, save (Ctrl-S), then run the next cell: it writes a zip and says what is in it."""
EXPORT_CELL = "grader.export()"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def make_notebook(stub: str, questions: Sequence[Question], where: str, text: Text = Text()) -> str:  # noqa: B008  # frozen
    """The .ipynb text of a stub; `where` is its file name, for messages.

    Args:
        text: the handout's text, which is woven in.

    Raises:
        AuthorError: a question of kind code or theory that no heading names.
    """
    cells = list(jupytext.reads(stub, fmt="py:percent").cells)
    after = _check_positions(cells, questions, where)
    starts = {_heading_of(cells, q, where)[0]: (text.parts[q.id], q) for q in questions if q.id in text.parts}
    note = f"{WOVEN}{UNGUARDED if any(map(_is_drawing, cells)) else ''}*\n\n" if text.parts else ""
    out: list[Any] = []
    for index, cell in enumerate(cells):
        if cell.cell_type == "code" and not any(_ours(c) for c in out):
            out.append(_our_cell(GRADER_CELL))
        out.extend(_taught(cell, *starts[index]) if index in starts else [_clean(cell)])
        if index == 0 and (note or text.before):
            out.append(nbformat.v4.new_markdown_cell((note + text.before).strip()))
        out.extend(_our_cell(f'grader.check("{question}")') for question in after.get(index, ()))
    if text.after:
        out.append(nbformat.v4.new_markdown_cell(text.after))
    out.append(nbformat.v4.new_markdown_cell(EXPORT_HEADING))
    out.append(_our_cell(EXPORT_CELL))
    for number, cell in enumerate(out, 1):
        cell["id"] = f"cell-{number:03d}"
    notebook = nbformat.v4.new_notebook(cells=out, metadata=_METADATA)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def _taught(cell: Any, part: Part, question: Question) -> Iterator[Any]:
    """The cell of a question's heading: what stood above it, the heading with the theory, the hints, and the rest.

    What may not be used stands in stub and handout; here the theory's sentence is enough. A question that a person
    reads stands in both as well; here the stub's paragraphs are enough, which say where the answer goes.
    """
    lines = cell.source.split("\n")
    at = next(n for n, line in enumerate(lines) if HEADING.match(line))
    above, below = "\n".join(lines[:at]).strip(), "\n".join(lines[at + 1 :]).strip()
    level = HEADING.match(lines[at]).group(1)  # type: ignore[union-attr]  # that is how `at` was found
    heading = f"{level} {HEADING.match(part.heading).group(2)}"  # type: ignore[union-attr]  # a part begins with one
    if above:
        yield nbformat.v4.new_markdown_cell(above)
    theory = _not_in(below, part.theory) if question.kind == "written" else part.theory
    yield nbformat.v4.new_markdown_cell(f"{heading}\n\n{theory}".strip())
    if part.hints:
        yield nbformat.v4.new_markdown_cell(folded(part.hints))
    if question.forbidden_text and _has(part.theory, question.forbidden_text):
        below = _without(below, question.forbidden_text)
    if below:
        yield nbformat.v4.new_markdown_cell(below)


def _words(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _has(text: str, sentence: str) -> bool:
    return _words(sentence) in _words(text)


def _without(text: str, sentence: str) -> str:
    """The text without the paragraph that is this sentence."""
    return "\n\n".join(p for p in text.split("\n\n") if _words(p) != _words(sentence)).strip()


def _not_in(below: str, theory: str) -> str:
    """The theory without paragraphs that the stub has in nearly the same words: four of five."""
    told = [p.split() for p in paragraphs(below.split("\n"))]

    def again(paragraph: str) -> bool:
        words = paragraph.split()
        return any(SequenceMatcher(None, words, other, autojunk=False).ratio() >= 0.8 for other in told)

    return "\n\n".join(p for p in paragraphs(theory.split("\n")) if not again(p))


def _check_positions(cells: Sequence[Any], questions: Sequence[Question], where: str) -> dict[int, list[str]]:
    """index of a cell -> questions whose check follows it."""
    starts = [(_heading_of(cells, question, where), question) for question in questions if question.kind != "written"]
    every = {start[0] for start, _ in starts}
    after: dict[int, list[str]] = {}
    for (start, level), question in sorted(starts, key=lambda pair: pair[0]):
        end = start + 1
        while end < len(cells) and end not in every and not _leaves_section(cells[end], level):
            end += 1
        while end > start + 1 and not cells[end - 1].source.strip():
            end -= 1
        after.setdefault(end - 1, []).append(question.id)
    return after


def _heading_of(cells: Sequence[Any], question: Question, where: str) -> tuple[int, int]:
    """(index of the cell, level) of the heading that names the question; an id counts before a title."""
    found: list[tuple[bool, int, int]] = []
    for index, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        for hashes, heading in _headings(cell.source):
            if names_question(heading, question):
                by_title = not names_question(heading, question.model_copy(update={"title": "\0"}))
                found.append((by_title, index, len(hashes)))
    if not found:
        raise AuthorError(
            f"no heading names the question {question.id!r}",
            where=where,
            expected=f"a markdown cell with a heading such as `## {question.title} (`{question.id}`)`",
        )
    _, index, level = min(found)
    return index, level


def _leaves_section(cell: Any, level: int) -> bool:
    """Whether a cell starts a section at the level of the question's heading, or above."""
    if cell.cell_type != "markdown":
        return False
    first = HEADING.match(cell.source.lstrip().split("\n")[0])
    return first is not None and len(first.group(1)) <= level


def _headings(markdown: str) -> Iterator[tuple[str, str]]:
    """Marks and text of every heading."""
    found = (HEADING.match(line) for line in markdown.split("\n"))
    yield from ((m.group(1), m.group(2)) for m in found if m)


def _our_cell(source: str) -> Any:
    """A code cell for the student's machine only: Otter and our grader leave it out."""
    return nbformat.v4.new_code_cell(source, metadata={"deletable": False, "tags": [IGNORED]})


def _ours(cell: Any) -> bool:
    return IGNORED in cell.metadata.get("tags", [])


def _clean(cell: Any) -> Any:
    """The cell with nothing but its kind, its text and its tags."""
    tags = list(cell.metadata.get("tags") or [])
    if cell.cell_type != "code":
        return nbformat.v4.new_markdown_cell(cell.source, metadata={"tags": tags} if tags else {})
    drawing = _drawing(cell.source)
    tags += [DRAWING, "raises-exception"] if drawing else []  # "Run all" goes on where there is nothing to draw yet
    return nbformat.v4.new_code_cell(drawing or cell.source, metadata={"tags": tags} if tags else {})


def _is_drawing(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(_drawing(cell.source))


def _drawing(source: str) -> str:
    """The code under the one `if __name__ == "__main__":` that a cell consists of; "" for any other cell."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return ""
    if len(body) != 1 or not is_main_block(body[0]) or not isinstance(body[0], ast.If) or body[0].orelse:
        return ""
    lines = _quiet(source.split("\n"), body[0].body[-1])
    above = "\n".join(lines[: body[0].lineno - 1]).strip()
    return f"{above}\n{textwrap.dedent(chr(10).join(lines[body[0].lineno :])).strip()}".strip()


def _quiet(lines: list[str], last: ast.stmt) -> list[str]:
    """The lines with a semicolon behind the last statement, if that has a value: IPython then does not print it."""
    if not isinstance(last, ast.Expr) or last.end_lineno is None:
        return lines
    line = lines[last.end_lineno - 1].encode()
    done, rest = line[: last.end_col_offset].decode(), line[last.end_col_offset :].decode()
    if rest.lstrip().startswith(";"):
        return lines
    return [*lines[: last.end_lineno - 1], f"{done};{rest}", *lines[last.end_lineno :]]

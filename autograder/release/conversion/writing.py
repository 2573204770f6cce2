"""The files of an assignment from what was read of a notebook, and the report of what a person has to do."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.release.conversion.functions import Solutions, binds, called, solutions_of
from autograder.release.conversion.imports import without_idle_imports
from autograder.release.conversion.marks import SCOPES, for_reference
from autograder.release.conversion.parts import Cell, Notebook, Question, Test, distinct_titles
from autograder.release.conversion.probes import Names, Probe, apart, assertions, probe_of
from autograder.release.docstrings import docstring

_HEADING = re.compile(r"\A\s*#{1,6}\s+.*\n?")
_CASES = '''\
"""Cases of `{id}`, made of the notebook's tests."""

from autograder.authoring import case
from autograder.checks import {checks}{imports}
'''


@dataclass
class Converted:
    """An assignment as files.

    Attributes:
        files: path below the course folder → text.
        came: what came over, a line each.
        todo: what a person has to do, a line each.
    """

    files: dict[str, str] = field(default_factory=dict)
    came: list[str] = field(default_factory=list)
    todo: list[str] = field(default_factory=list)


def converted(book: Notebook, name: str) -> Converted:
    """The files of an assignment; the stub and the salt come with it when it is written."""
    for question in book.questions:
        question.title = " ".join(question.title.split())
    distinct_titles(book.questions)
    made = Converted(todo=list(book.notes))
    writer = _Writer(book, made)
    private, public = f"solutions/{name}", f"assignments/{name}"
    title = " ".join(book.title.split()) or _first_heading(book) or name.replace("_", " ").capitalize()
    made.files[f"{public}/assignment.toml"] = _toml(book, name, title)
    made.files[f"{public}/handout.md"] = _handout(book, title)
    made.files[f"{private}/{name}.py"] = writer.reference(title)
    for question in book.questions:
        if not question.written:
            made.files[f"{private}/cases/{question.id}.py"] = writer.cases(question)
        made.todo += [f"`{question.id}`: {note}" for note in question.notes]
    made.files[f"{private}/rubric.md"] = _rubric(book, title)
    if written := [q for q in book.questions if q.written and q.points > 0]:
        made.files[f"{private}/rubric.toml"] = _items(written)
        names = ", ".join(f"`{q.id}`" for q in written)
        made.todo.append(f"rubric.toml gives {names} all or nothing: write the levels between")
    return made


def _items(written: Iterable[Question]) -> str:
    """A rubric of one item a question; its levels are a person's to write."""
    return "\n".join(
        f'[[items]]\nid = "{q.id}"\nquestion = "{q.id}"\ntitle = {json.dumps(q.title, ensure_ascii=False)}\n'
        f"points = {_number(q.points)}\nlevels = [{{ points = 0 }}, {{ points = {_number(q.points)} }}]\n"
        for q in written
    )


def _first_heading(book: Notebook) -> str:
    texts = (p.source for p in book.pieces if isinstance(p, Cell) and p.kind == "markdown")
    found = next((m for text in texts if (m := re.match(r"\s*#\s+(.*)", text))), None)
    return found[1].strip() if found else ""


def _toml(book: Notebook, name: str, title: str) -> str:
    total = sum((q.points for q in book.questions), Fraction(0))
    lines = [f'id = "{name}"', f"title = {json.dumps(title, ensure_ascii=False)}", f"points = {_number(total)}", "",
             "[submission]", f'file = "{name}.py"', ""]  # fmt: skip
    for question in book.questions:
        kind = "written" if question.written else "code"
        shown = json.dumps(question.title, ensure_ascii=False)
        lines += ["[[questions]]", f'id = "{question.id}"', f"title = {shown}", f'kind = "{kind}"']
        lines += [f"points = {_number(question.points)}", ""]
    return "\n".join(lines)


def _number(points: Fraction) -> str:
    if points.denominator == 1:
        return str(points.numerator)
    return repr(float(points)) if Fraction(str(float(points))) == points else f'"{points}"'


def _handout(book: Notebook, title: str) -> str:
    parts, number = [f"# {title}"], 0
    for piece in book.pieces:
        if isinstance(piece, Question):
            number += 1
            parts.append(f"## {number}. {piece.title} (`{piece.id}`, {piece.points} points)")
            parts += [_HEADING.sub("", text).strip() for text in piece.text]
        elif piece.kind == "markdown" and _HEADING.sub("", piece.source).strip():
            parts.append(piece.source.strip() if number or not piece.source.lstrip().startswith("# ")
                         else _HEADING.sub("", piece.source).strip())  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _rubric(book: Notebook, title: str) -> str:
    parts = [f"# {title}: what a person looks for"]
    for question in book.questions:
        if question.written:
            answer = "\n\n".join(question.answer).strip() or "The notebook has no solution of it."
            parts.append(f"## {question.title} (`{question.id}`, {question.points} points)\n\n{answer}")
    return "\n\n".join(parts) + "\n"


class _Writer:
    """Writes reference and cases; what earlier cells define is known to later ones."""

    def __init__(self, book: Notebook, made: Converted) -> None:
        self.book, self.made = book, made
        self.functions: list[str] = []
        self.variables: list[str] = []
        self.given: list[str] = []
        self.imports: dict[str, str] = {}

    def reference(self, title: str) -> str:
        """The reference, with what its names are noted for the cases."""
        cells, number = [_markdown(f"# {title}")], 0
        for piece in self.book.pieces:
            if isinstance(piece, Question):
                number += 1
                cells.append(_markdown(f"## {number}. {piece.title} (`{piece.id}`)"))
                cells += [_code(text) for text in self._solutions(piece).code]
                cells += [_markdown("*Your answer:*")] if piece.written else []
            elif piece.kind == "code" and piece.source.strip():
                cells.append(_code(self._given(piece.source)))
        text, idle = without_idle_imports("\n\n".join(cells) + "\n")
        if idle:
            self.made.todo.append(f"imports that nothing uses were left out: {', '.join(idle)}")
        return text

    def _given(self, source: str) -> str:
        text = called(for_reference(source), self.variables)
        try:
            body = ast.parse(text).body
        except SyntaxError:
            self.made.todo.append(f"a given cell is no Python and was left out: {source.strip()[:60]!r}")
            return "# " + source.replace("\n", "\n# ")
        self._note_imports(body)
        self.given += [n for s in body for n in _defined(s) if n not in self.given]
        return text

    def _note_imports(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                for alias in statement.names:
                    one = ast.Import([alias]) if isinstance(statement, ast.Import) else None
                    text = ast.unparse(one or ast.ImportFrom(getattr(statement, "module", None), [alias], 0))
                    self.imports[alias.asname or alias.name.split(".")[0]] = text

    def _solutions(self, question: Question) -> Solutions:
        if question.written:
            return Solutions()
        tested = {w for test in question.tests for w in re.findall(r"[A-Za-z_]\w*", test.code)}
        made = solutions_of(question.code, tested, self.variables, question.title)
        for text in made.code:
            self._note_imports(ast.parse(text).body)
        self.functions += made.functions
        self.variables += made.variables
        question.notes += made.notes
        if made.variables:
            names = ", ".join(f"`{n}`" for n in made.variables)
            question.notes.append(f"variables became functions: {names}; say so in the text")
        if not made.code:
            question.notes.append("it has no solution: write one below its heading in the reference")
        return made

    def cases(self, question: Question) -> str:
        """The file of cases of a question."""
        names = Names(self.functions, self.variables, self.given, self.imports)
        probes = list(_probes(question, names))
        todo = [probe for _, probe in probes if probe.why]
        used = sorted({i for _, probe in probes for i in probe.imports})
        kinds = sorted({"exact" if probe.exact else "close" for _, probe in probes if not probe.why} or {"close"})
        imports = "".join(f"\n{self.imports[i]}" for i in used)
        head = _CASES.format(id=question.id, checks=", ".join(kinds), imports=imports)
        taken = {*self.functions, *self.variables, *self.imports}
        bodies = [_case(question, n, public, probe, taken) for n, (public, probe) in enumerate(probes, 1)]
        good = [public for public, probe in probes if not probe.why]
        self.made.came.append(
            f"`{question.id}`: {question.points} points, {sum(good)} public and {len(good) - sum(good)} hidden cases"
            + (f", {len(todo)} TODO" if todo else "")
        )
        self.made.todo += [f"`{question.id}`: write the probe yourself, a test {probe.why}" for probe in todo]
        if any(probe.whole for _, probe in probes):
            question.notes.append(
                "tests of a shape or a sum return the value itself now: is there only one that is right?"
            )
        question.notes.append("inputs are the notebook's: let hidden cases draw theirs from `world`, with worlds=3")
        return "\n\n".join([head, *bodies]).rstrip() + "\n"


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, SCOPES):
        return [statement.name]
    return binds(statement) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else []


def _probes(question: Question, names: Names) -> Iterable[tuple[bool, Probe]]:
    """(public, probe) of every test. Where none is hidden, the last one is, or its later assertions: they earn."""
    tests = [t for t in question.tests if assertions(t.code) or not t.hidden]
    tests = [Test(code, t.hidden) for t in tests for code in apart(t.code)]
    tests = tests or [Test("# the notebook has no test of it")]
    some_hidden = any(t.hidden for t in tests)
    if _of_values(question, names):
        question.notes.append("it asks for a value, which a public case would show: all its tests are hidden now")
        yield from ((False, probe_of(test.code, names)) for test in tests)
        return
    *before, last = tests
    yield from ((not test.hidden, probe_of(test.code, names)) for test in (tests if some_hidden else before))
    if some_hidden:
        return
    question.notes.append("no test was hidden, so nothing could be earned: the last one is hidden now")
    if not before and assertions(last.code) > 1:
        yield True, probe_of(last.code, names, slice(0, 1))
        yield False, probe_of(last.code, names, slice(1, None))
    else:
        yield False, probe_of(last.code, names)


def _of_values(question: Question, names: Names) -> bool:
    """Whether its tests look at variables: what a handout shows of them is the answer."""
    named = {w for test in question.tests for w in re.findall(r"[A-Za-z_]\w*", test.code)}
    return bool(named & set(names.variables))


def _case(question: Question, number: int, public: bool, probe: Probe, taken: set[str]) -> str:
    name = f"{question.id}_{number}"
    while name in taken:
        name += "_case"
    check = "" if probe.why else "check=exact(), " if probe.exact else "check=close(), "
    mark = f'@case("{question.id}", {"public=True, " if public else ""}{check}worlds=1)'
    if probe.why:
        quoted = "\n".join(f"    # {line}" for line in probe.body.strip().split("\n"))
        body = f"    # TODO: return what this looks at\n{quoted}\n    raise NotImplementedError"
    else:
        body = "\n".join(f"    {line}" if line else "" for line in probe.body.split("\n"))
    says = "    " + docstring(f"{question.title}, {'seen' if public else 'hidden'} test {number}.")
    return f"\n{mark}\ndef {name}(student, world):\n{says}\n{body}"


def _markdown(text: str) -> str:
    return "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def _code(text: str) -> str:
    return f"# %%\n{text.strip()}"

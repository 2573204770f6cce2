"""`grader` in a notebook: Otter's calls, answered by our own judge, light enough to be there at once.

    grader = selfcheck.Notebook()          # the arguments of otter.Notebook are taken
    grader.check("losses")                 # the public cases of a question
    grader.check_all()                     # of all questions, with a total
    grader.hint("losses")                  # the next step of help
    grader.case("softmax_of_one_row")      # inputs, expected value and a call of one case
    grader.export()                        # a zip to hand in, and its receipt

Your code runs as it is: no limit ends it. The other calls of otter.Notebook are there and say what to do instead.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.home.facts import Facts, QuestionFacts, installed_facts
from autograder.home.shown import Shown

if TYPE_CHECKING:
    from autograder.home.installed import Public
    from autograder.home.one_case import OneCase
    from autograder.home.results import QuestionResult
    from autograder.sandbox.wire.messages import Answer

T = TypeVar("T")
Env = Mapping[str, Any]


class Notebook:
    """See the module.

    Args:
        nb_path: the notebook's file, for `export`; found by itself where it is not given.
        tests_dir, tests_url_prefix: taken for Otter's sake, and not needed.
    """

    def __init__(
        self, nb_path: str | None = None, tests_dir: str = "./tests", tests_url_prefix: str | None = None, **_: Any
    ) -> None:
        self._path = nb_path
        self._tests = (tests_dir, tests_url_prefix)
        self._shown_hints: dict[str, int] = {}
        self._ids: Any = None
        self._listen()

    def _listen(self) -> None:
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython is not None else None
        if shell is not None:
            from autograder.home.live import CellIds

            self._ids = CellIds()
            self._ids.listen(shell)

    def check(self, question: str, global_env: dict[str, Any] | None = None) -> Shown:
        """The public cases of a question, on what was run so far.

        Args:
            global_env: the names to look in; those of the caller where it is not given.
        """
        env = _callers(global_env)
        return self._said(lambda: self._check(question, env))

    def check_all(self, global_env: dict[str, Any] | None = None) -> Shown:
        """The public cases of all questions, and the total."""
        env = _callers(global_env)
        return self._said(lambda: self._check_all(env))

    def case(self, name: str, global_env: dict[str, Any] | None = None) -> OneCase:
        """One public case: `.inputs`, `.expected`, `.run()`, `.check()`.

        Raises:
            ValueError: there is no public case of that name.
        """
        from autograder.home.one_case import OneCase, facts_of_case

        env = _callers(global_env)
        facts = installed_facts()
        found = facts_of_case(facts.questions, name)
        if found is None:
            known = [c.name for q in facts.questions for c in q.cases]
            raise ValueError(f"there is no public case `{name}`; {_nearest(name, known)}")
        question, case = found
        return OneCase(name, case.doc.split("\n")[0], self._public(), question, lambda: self._work(env))

    def hint(self, question: str) -> Shown:
        """The next step of help for a question; the first one again after the last."""
        from autograder.home.box import text_box

        facts = self._question(question)
        if isinstance(facts, Shown):
            return facts
        hints = facts.hints
        if not hints:
            return _sentence(
                f"there is no hint for `{question}`: the text above its first cell says what there is to know"
            )
        number = self._shown_hints.get(question, 0)
        self._shown_hints[question] = (number + 1) % len(hints)
        title = f"Hint {number + 1} of {len(hints)}"
        more = "" if number + 1 == len(hints) else f'\nFor the next one: `grader.hint("{question}")`'
        return Shown(f"{title}: {hints[number]}{more}", text_box(title, title, hints[number] + more))

    def export(
        self, nb_path: str | None = None, export_path: str | None = None, files: list[str] | None = None, **_: Any
    ) -> Shown:
        """Write a zip to hand in, and say what is in it. Save the notebook first (Ctrl-S).

        Args:
            nb_path: the notebook's file, where it cannot be found.
            export_path: the zip to write.
            files: further files to take along.
        """
        from autograder.home.handing_in import exported

        env = _callers(None)
        return self._said(lambda: exported(nb_path or self._path, export_path, files or (), env))

    def to_pdf(self, *_: Any, **__: Any) -> Shown:
        """Nothing is printed here."""
        return _sentence("a PDF is not needed: `grader.export()` writes what you hand in. To print: File, Print")

    def add_plugin_files(self, *_: Any, **__: Any) -> Shown:
        """There are no plugins."""
        return _sentence("there are no plugins in this handout: `grader.export(files=[...])` takes files along")

    run_plugin = add_plugin_files

    def _check(self, question: str, env: Env) -> Shown:
        from autograder.home.box import question_box
        from autograder.home.said import question_lines

        facts = self._question(question)
        if isinstance(facts, Shown):
            return facts
        result = self._examined(facts, env, {})
        return Shown("\n".join(question_lines(result)), question_box(result), result.good)

    def _check_all(self, env: Env) -> Shown:
        from autograder.home.box import total_box
        from autograder.home.results import Total
        from autograder.home.said import question_lines, total_lines

        facts = installed_facts()
        results = self._all(env)
        total = Total.of(results, facts.questions)
        lines = [line for r in results for line in question_lines(r)]
        lines += total_lines(total, results, len(results))
        return Shown("\n".join(lines), total_box(results, total), all(r.good for r in results))

    def _all(self, env: Env) -> list[QuestionResult]:
        known: dict[str, Answer] = {}
        return [self._examined(q, env, known) for q in installed_facts().checked]

    def _examined(self, facts: QuestionFacts, env: Env, known: dict[str, Answer]) -> QuestionResult:
        from autograder.home.examining import examined

        loaded, index = self._work(env)
        return examined(self._public(), facts, loaded, index, known)

    def _work(self, env: Env) -> Any:
        from autograder.home.live import from_names

        return from_names(env, installed_facts(), self._ids)

    def _public(self) -> Public:
        from autograder.home.installed import installed

        return installed()

    def _question(self, question: str) -> QuestionFacts | Shown:
        facts: Facts = installed_facts()
        known = [q.id for q in facts.checked]
        if question in known:
            return facts.question(question)
        if question in [q.id for q in facts.questions]:
            written = facts.question(question).kind == "written"
            why = "a person reads what you write there" if written else "all of its cases are run when it is graded"
            return _sentence(f"`{question}` has no cases to run here: {why}")
        return _sentence(f"there is no question `{question}`; {_nearest(question, known)}")

    def _said(self, work: Callable[[], Shown]) -> Shown:
        from autograder.home.installed import NotHere

        try:
            return work()
        except NotHere as error:
            return _sentence(str(error))

    def __repr__(self) -> str:
        return f"grader of {installed_facts().title}: check, check_all, hint, case, export"


def _callers(given: dict[str, Any] | None) -> Env:
    """The names that were given, or those of the cell that called a method of the grader."""
    if given is not None:
        return given
    frame = inspect.currentframe()
    for _ in range(2):
        frame = frame.f_back if frame is not None else None
    return frame.f_globals if frame is not None else {}


def _sentence(text: str) -> Shown:
    from autograder.home.box import text_box

    first, _, rest = text.partition("\n")
    return Shown(text, text_box("A word of the grader", first, rest, "open"))


def _nearest(name: str, known: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(known)}"

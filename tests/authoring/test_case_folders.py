"""cases/: a file per question, helper modules beside them, and what of them goes into the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.authoring.loading import CaseSet, load_cases
from autograder.errors import CasesError

HEAD = "from autograder.authoring import case\nfrom autograder.checks import close, satisfies, Measured\n"
ONE = f'''{HEAD}import numpy as np
from truth import secret
from shared import inputs, SIZE as size
import more

@case("one", public=True)
def first(student, world):
    """First."""
    return student.f(inputs(world), size, more.twice(3))

@case("one", check=satisfies(lambda outputs, world: Measured(abs(outputs - secret()))))
def second(student, world):
    """Second."""
    return student.g(np.ones(2))
'''
TWO = f'''{HEAD}from shared import inputs as draw

def second(world):
    return "a function that has the name of another question's case"


def inputs(world):
    return "another function of the same name, which no case of this file uses"

@case("two")
def third(student, world):
    """Third."""
    return student.h(draw(world))
'''
SHARED = '''"""Inputs."""
import numpy as np
from more import twice
from truth import secret

SIZE = 3

def inputs(world):
    return np.ones(twice(SIZE)) * world.normal()

def only_for_checks():
    return secret()
'''
MORE = "def twice(n):\n    return 2 * n\n\ndef unused():\n    return 0\n"
TRUSTED = {"truth": "def secret():\n    return 42.0\n"}
TEXTS = {"two": TWO, "shared": SHARED, "one": ONE, "more": MORE}


def load(texts: dict[str, str] | None = None, **changes: str) -> CaseSet:
    return load_cases({**(texts or TEXTS), **changes}, TRUSTED, "solutions/x/cases", questions=["one", "two"])


def fault(**changes: str) -> str:
    with pytest.raises(CasesError) as caught:
        load(**changes)
    return str(caught.value)


class World:
    def normal(self) -> float:
        return 1.0


class Student:
    """Gives back what it is called with."""

    def __getattr__(self, name: str) -> Any:
        return lambda *values: (name, *values)


def run(cases: CaseSet, name: str) -> Any:
    space: dict[str, Any] = {}
    exec(cases.probes([name]), space)
    return space[name](Student(), World())


def test_cases_come_in_the_order_of_the_questions_and_then_of_the_file() -> None:
    cases = load()
    assert [c.name for c in cases.cases] == ["first", "second", "third"]
    assert sorted(cases.texts) == ["cases/more.py", "cases/one.py", "cases/shared.py", "cases/two.py"]
    assert cases.place_of(cases.get("first")) == "solutions/x/cases/one.py:8"


def test_what_a_probe_names_of_helpers_goes_with_it_and_nothing_else() -> None:
    text = load().probes(["first"])
    for there in ("def inputs", "def twice", "SIZE = 3", "size = SIZE"):
        assert text.count(there) == 1
    for absent in ("secret", "truth", "only_for_checks", "unused", "def second", "close", "import shared", "from more"):
        assert absent not in text


def test_the_cut_text_does_what_the_files_do() -> None:
    cases = load()
    name, values, size, six = run(cases, "first")
    assert (name, list(values), size, six) == ("f", [1.0] * 6, 3, 6)
    assert list(run(cases, "third")[1]) == [1.0] * 6


def test_a_name_with_two_meanings_is_refused_with_both_places() -> None:
    clash = (
        ONE.replace("return student.g(np.ones(2))", "return student.g(twice(2))") + "\ndef twice(n):\n    return 0\n"
    )
    message = fault(one=clash)
    assert "`twice` means one thing here and another" in message
    assert "solutions/x/cases/one.py:18" in message
    assert "solutions/x/cases/more.py:1" in message


def test_the_same_name_in_files_that_never_meet_is_no_clash() -> None:
    assert "def inputs(world):\n    return np" in load().probes(["third"])


def test_the_same_import_in_two_files_is_no_clash() -> None:
    one = ONE.replace("return student.g(np.ones(2))", "return student.g(np.ones(2), inputs(world))")
    assert load(one=one).probes(["second"]).count("import numpy as np") == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"two": TWO.replace('@case("two")', '@case("one")')},
            ("cases/two.py:12", "belongs to another question", "move it to one.py"),
        ),
        ({"two": TWO.replace('@case("two")', '@case("twoo")')}, ("cases/two.py:12", "did you mean `two`?")),
        (
            {"two": TWO.replace('@case("two")', '@case("x")')},
            ("cases/two.py:12", "name one of the questions: one, two"),
        ),
        ({"two": TWO.replace("third", "first")}, ("cases/two.py:12", "`first` is taken", "cases/one.py:8")),
        ({"helper": f'{HEAD}@case("one")\ndef odd(s, w):\n    """Odd."""\n'}, ("cases/helper.py:3", "no question has")),
        ({"two": TWO.replace("import inputs as draw", "import *")}, ("cases/two.py:3", "takes everything of `shared`")),
        ({"two": TWO.replace("from shared", "from .shared")}, ("cases/two.py:3", "relative import")),
        ({"two": "import one\n" + TWO}, ("cases/two.py:1", "imports `one`, the file of a question")),
        ({"truth": "X = 1\n"}, ("cases/truth.py", "two modules `truth`", "beside cases/: truth.py")),
        ({"more": "1 / 0\n" + MORE}, ("cases/more.py:1", "raises ZeroDivisionError")),
        ({"two": TWO + "\nx = [][1]\n"}, ("cases/two.py:17", "raises IndexError")),
        ({"more": "def f(:\n"}, ("cases/more.py:1", "does not compile")),
        ({"one": ONE.replace("more.twice(3)", "more")}, ("cases/one.py:9", "uses the module `more` itself")),
        (
            {"shared": SHARED.replace("* world.normal()", "* secret()")},
            ("cases/shared.py:4", "uses `secret` of `truth`, which only checks may use"),
        ),
    ],
)
def test_faults_are_named_with_file_and_line(changes: dict[str, str], words: tuple[str, ...]) -> None:
    message = fault(**changes)
    for word in words:
        assert word in message, message


def test_a_fault_of_a_trusted_module_is_named_where_it_stands() -> None:
    with pytest.raises(CasesError, match=r"solutions/x/truth\.py:2: raises KeyError"):
        load_cases(TEXTS, {"truth": "def secret(): ...\n{}['a']\n"}, "solutions/x/cases", questions=["one", "two"])


def test_modules_leave_no_trace() -> None:
    import sys

    load()
    assert not {"shared", "more", "truth", "one", "two"} & set(sys.modules)

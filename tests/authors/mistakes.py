"""Mistakes that authors make, each as an edit of the small course, with where and how it must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.small_course import CASES, HANDOUT, MISCONCEPTIONS, REFERENCE, SPEC

TOML, CASE_FILE = "assignments/small/assignment.toml", "solutions/small/cases.py"
KNOWN, CODE, TEXT = "solutions/small/misconceptions.toml", "solutions/small/small.py", "assignments/small/handout.md"
LOOP = "def mean(x):\n    return sum(float(v) for v in x.ravel()) / x.size\n"


@dataclass(frozen=True)
class Mistake:
    """An edit of the course.

    Attributes:
        name: what the author did.
        texts: keyword of `write_course` → text.
        place: file and line (where there is one) that the message names.
        says: pieces that the message has.
        files: path → text of further files.
        never: pieces that it must not have.
    """

    name: str
    texts: Mapping[str, str]
    place: str
    says: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    never: tuple[str, ...] = ()


_WHOLE = {
    "spec": SPEC,
    "cases": CASES,
    "reference": REFERENCE,
    "misconceptions": MISCONCEPTIONS,
    "handout": HANDOUT,
}
_FILE = {"spec": TOML, "cases": CASE_FILE, "reference": CODE, "misconceptions": KNOWN, "handout": TEXT}
_SEPARATOR = {"spec": ", line "}


def at(part: str, old: str, new: str) -> tuple[dict[str, str], str]:
    """The edit, and file and line of it: the first line of `new` that differs."""
    text = _WHOLE[part]
    assert text.count(old) >= 1, old
    made = text.replace(old, new, 1)
    before, after = text.splitlines(), made.splitlines()
    line = next((n for n, (a, b) in enumerate(zip(before, after, strict=False), 1) if a != b), len(before) + 1)
    return {part: made}, f"{_FILE[part]}{_SEPARATOR.get(part, ':')}{line}"


def edit(
    name: str, part: str, old: str, new: str, *says: str, place: str = "", never: tuple[str, ...] = (), **files: str
) -> Mistake:
    """A mistake that is one edit of one text."""
    texts, here = at(part, old, new)
    return Mistake(name, texts, place or here, says, {}, never)


def line_of(part: str, text: str, whole: str = "") -> str:
    """File and line of a text."""
    lines = (whole or _WHOLE[part]).splitlines()
    return f"{_FILE[part]}{_SEPARATOR.get(part, ':')}{next(n for n, one in enumerate(lines, 1) if text in one)}"


WRITTEN = '[[questions]]\nid = "why"\ntitle = "Why"\nkind = "written"\npoints = 2\n'
MORE = "(and 1 more)"

IN_TOML = (
    edit("titel for title", "spec", 'title = "Small"', 'titel = "Small"', "titel: unknown key",
         "did you mean `title`?", never=(MORE,)),
    edit("pionts in a question", "spec", "points = 4", "pionts = 4", "questions[double].pionts: unknown key",
         "did you mean `points`?", never=(MORE,)),
    edit("no title in a question", "spec", 'title = "Doubling"\n', "", "questions[double].title: missing key",
         place=f"{TOML}, line 10", never=(MORE,)),
    edit("a kind that is none", "spec", 'kind = "code"', 'kind = "coding"', "kind", "'coding'", "did you mean `code`?"),
    edit("a dash in an id", "spec", 'id = "double"', 'id = "double-it"', "'double-it'", "write 'double_it'",
         never=("pattern", "^[")),
    edit("an umlaut in an id", "spec", 'id = "mean"', 'id = "größe"', "'größe'", "write 'groesse'", never=("pattern",)),
    edit("a number as text", "spec", "seconds = 2\n", 'seconds = "5"\n', "limits.seconds", "'5'", "a number"),
    edit("points in words", "spec", "points = 4", 'points = "four"', "questions[double].points", "'four'",
         'a number such as 10, 2.5 or "1/3"'),
    edit("points that do not add up", "spec", "points = 10", "points = 11", "points: found 11", "add up to 10"),
    edit("an id twice", "spec", 'id = "mean"', 'id = "double"', "'double' is used twice"),
    edit("[questions] for [[questions]]", "spec", '[[questions]]\nid = "double"', '[questions]\nid = "double"',
         "[[questions]]", place=TOML),
    edit("one text for a list", "spec", "points = 4", 'points = 4\nforbidden = "numpy.sum"',
         "questions[double].forbidden", 'write ["numpy.sum"]'),
    edit("memory_gb", "spec", "seconds = 2\n", "seconds = 2\nmemory_gb = 2\n", "limits.memory_gb: unknown key",
         "did you mean `memory_mb`?"),
    edit("memory_gb in a question", "spec", "points = 4", "points = 4\nlimits = { memory_gb = 2 }", "memory_gb",
         "did you mean `memory_mb`?"),
    edit("a visibility that is none", "spec", "points = 10", 'points = 10\nhidden_visibility = "never"',
         "hidden_visibility", "'never'", "'hidden'"),
    edit("a file without .py", "spec", 'file = "small.py"', 'file = "small"', "submission.file", "'small'", ".py",
         never=("pattern",)),
    edit("a group that is none", "spec", "points = 4", 'points = 4\nforbidden = ["group:softmaks"]',
         "questions[double].forbidden", "group:softmaks", "group:softmax"),
    edit("two faults at once", "spec", 'title = "Doubling"\nkind = "code"', 'titel = "Doubling"\nkind = "cod"',
         "titel", "kind", "'cod'", never=(MORE,)),
    edit("a quotation mark that is not closed", "spec", 'title = "Small"', 'title = "Small', "is not TOML", "line 3",
         place=TOML),
    edit("a support file that is not there", "spec", "points = 10", 'points = 10\nsupport = ["data.csv"]', "data.csv",
         "assignments/small/data.csv", "`support`", never=("every assignment has one",)),
    edit("a requirement that is not installed", "spec", "points = 10",
         'points = 10\nrequirements = ["nosuchlibrary>=1"]', "nosuchlibrary", "is not installed"),
    edit("a requirement that is none", "spec", "points = 10", 'points = 10\nrequirements = ["import numpy"]',
         "'import numpy'", "numpy>=1.26"),
    edit("case_points with a slip", "spec", "points = 4",
         "points = 4\ncase_points = { three_number = 2, a_matrix = 2 }", "case_points", "three_number",
         "did you mean `three_numbers`?"),
)  # fmt: skip

_PROBE = "    return student.double(world.normal((3, 5)))"
IN_CASES = (
    edit("a check that is not called", "cases", '"double", public=True, check=close()',
         '"double", public=True, check=close', "case `three_numbers`", "`close` is not called", "check=close()"),
    edit("a check as text", "cases", '"double", public=True, check=close()', '"double", public=True, check="close"',
         "case `three_numbers`", "'close'", "check=close()"),
    edit("a number for a check", "cases", '"double", public=True, check=close()',
         '"double", public=True, check=1e-3', "case `three_numbers`", "0.001", "check=close(0.001)"),
    edit("pubilc", "cases", '"double", public=True', '"double", pubilc=True', "pubilc", "did you mean `public`?",
         never=("run it with python",)),
    edit("@case without a question", "cases", '@case("double", public=True, check=close())', "@case",
         '@case("QUESTION")', "three_numbers"),
    edit("a question that is none", "cases", '@case("double", public=True', '@case("duoble", public=True',
         "case `three_numbers`", "duoble", "did you mean `double`?"),
    edit("a probe with one argument", "cases", "def a_matrix(student, world)", "def a_matrix(student)",
         "probe `a_matrix`", "(student, world)", place=line_of("cases", "def a_matrix")),
    edit("parameters the wrong way round", "cases", "def a_matrix(student, world)", "def a_matrix(world, student)",
         "probe `a_matrix`", "swapped", "def a_matrix(student, world)", place=line_of("cases", "def a_matrix")),
    edit("a helper that is not written", "cases", "from autograder.checks",
         "from inputs import x\nfrom autograder.checks", "`inputs`", "write inputs.py beside", never=("pip",)),
    edit("a library that is not installed", "cases", "from autograder.checks",
         "import skimage\nfrom autograder.checks", "`skimage`", "`requirements`"),
    edit("a probe that is random", "cases", _PROBE, "    import random\n    return random.random() + student.double(1)",
         "probe `a_matrix`", "`random.random`", "another value", "world.", never=("misconception",), place=CASE_FILE),
    edit("a probe that returns nothing", "cases", _PROBE, "    student.double(world.normal((3, 5)))",
         "a_matrix", "returns nothing", "return"),
    edit("a probe that asserts", "cases", _PROBE, "    assert student.double(2) == 4", "a_matrix", "asserts",
         "return what the assertion looks at"),
    edit("a probe that compares", "cases", _PROBE, "    return bool((student.double(world.normal((3, 5))) > 0).any())",
         "a_matrix", "True", place=CASE_FILE),
    edit("a probe that calls nothing", "cases", _PROBE, "    return world.normal((3, 5))", "a_matrix",
         "calls nothing of the student's", place=CASE_FILE),
    edit("no docstring", "cases", '    """Twice a matrix."""\n', "", "case `a_matrix` has no docstring",
         place=line_of("cases", "def a_matrix")),
    edit("a name twice", "cases", "def a_matrix", "def three_numbers", "`three_numbers` is defined twice"),
    edit("a slip in the function's name", "cases", _PROBE, "    return student.duoble(world.normal((3, 5)))",
         "a_matrix", "`duoble`", "did you mean `double`?"),
    edit("a slip in a world's method", "cases", _PROBE, "    return student.double(world.nromal((3, 5)))",
         "a_matrix", "`nromal`", "did you mean `normal`?"),
    edit("a module that is not there", "cases", '"""Cases of the small assignment."""', "import nosuchmodule",
         "nosuchmodule", "is not installed", never=("run it with python",)),
    edit("no Python", "cases", "def a_matrix(student, world):", "def a_matrix(student, world)", "does not compile",
         "expected ':'"),
    edit("worlds as text", "cases", '@case("mean", check=close())', '@case("mean", check=close(), worlds="3")',
         "mean_of_a_matrix", "worlds", "'3'", "a whole number"),
    edit("public as text", "cases", '"double", public=True', '"double", public="yes"', "three_numbers", "public",
         "'yes'"),
    edit("may_change as text", "cases", '@case("mean", check=close())',
         '@case("mean", check=close(), may_change="mean")', "may_change", '["mean"]'),
    edit("a slip in may_change", "cases", '@case("mean", check=close())',
         '@case("mean", check=close(), may_change=["maen"])', "may_change", "`maen`", "did you mean `mean`?",
         place=line_of("cases", "def mean_of_a_matrix")),
    edit("a slip in a check's argument", "cases", '@case("mean", check=close())',
         '@case("mean", check=close(tolerence=1e-3))', "`close` takes no `tolerence`", "did you mean `tolerance`?",
         never=("run it with python",)),
    edit("a slip in an import", "cases", "import close", "import closed", "`closed`", "did you mean `close`?"),
    edit("a name that is not defined", "cases", '@case("mean", check=close())', '@case("mean", check=exact())',
         "`exact` is not defined", "import it", never=("run it with python",)),
)  # fmt: skip

_FIRST_PATCH = line_of("misconceptions", "[[misconceptions.patch]]")
IN_MISCONCEPTIONS = (
    edit("a patch that does not apply", "misconceptions", 'find = "return 2 * x"', 'find = "return 2 *x"',
         "`square`", "is not in the reference", "return 2 * x", place=_FIRST_PATCH, never=("lengthen",)),
    edit("a patch with two places", "misconceptions", 'find = "return 2 * x"', 'find = "return "', "`square`",
         "2 places", "lengthen `find`", place=_FIRST_PATCH),
    edit("a patch that makes no Python", "misconceptions", 'replace = "return x**2"', 'replace = "return x**"',
         "the patch of `square` makes no Python", place=_FIRST_PATCH),
    edit("a case that is none in fails", "misconceptions", '["three_numbers", "a_matrix"]',
         '["three_number", "a_matrix"]', "`square`", "three_number", "did you mean `three_numbers`?",
         place=line_of("misconceptions", 'id = "square"')),
    edit("a question that is none", "misconceptions", 'question = "mean"', 'question = "maen"', "`sum_for_mean`",
         "maen", "did you mean `mean`?", place=line_of("misconceptions", 'id = "sum_for_mean"')),
    edit("no feedback", "misconceptions", 'feedback = "You square the number; twice x is x + x."\n', "",
         "misconceptions[square].feedback: missing key", place=f"{KNOWN}, line 2", never=(MORE,)),
    edit("no patch", "misconceptions", '[[misconceptions.patch]]\nfind = "return 2 * x"\nreplace = "return x**2"\n', "",
         "`square` changes nothing", "patch", place=line_of("misconceptions", 'id = "square"')),
    edit("a patch that changes nothing", "misconceptions", 'replace = "return x**2"', 'replace = "return x * 2"',
         "`square`", "loses nothing", place=line_of("misconceptions", 'id = "square"'), never=("margins",)),
    edit("a case that is missing in fails", "misconceptions", '["three_numbers", "a_matrix"]', '["a_matrix"]',
         "`square`", "fails `three_numbers` too", "add it to `fails`", place=line_of("misconceptions", 'id = "square"'),
         never=("recognised",)),
    Mistake("an alternate that is no Python", {}, "solutions/small/alternates/loop.py:2", ("not valid Python",),
            {"solutions/small/alternates/loop.py": "def mean(x):\n    return sum(x / x.size\n"}),
    Mistake("an alternate of a function that is none", {}, "solutions/small/alternates/loop.py:1",
            ("`maen`", "did you mean `mean`?"),
            {"solutions/small/alternates/loop.py": LOOP.replace("def mean", "def maen")}),
    Mistake("an alternate that is wrong", {}, "loop, case `mean_of_a_matrix`", ("failed",),
            {"solutions/small/alternates/loop.py": LOOP.replace("/ x.size", "/ len(x)")}),
)  # fmt: skip

_REGION = "    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n"
IN_TEXTS = (
    edit("# % for # %%", "reference", "\n\n# %%\ndef double", "\n\n# %\ndef double", "`# %`", "# %%"),
    edit("no END SOLUTION", "reference", "    return 2 * x\n    # END SOLUTION\n", "    return 2 * x\n",
         "`# BEGIN SOLUTION` without its `# END SOLUTION`", place=line_of("reference", "# BEGIN SOLUTION")),
    edit("no region", "reference", _REGION, "    return 2 * x\n", "`double` has nothing to write", "# BEGIN SOLUTION",
         place=line_of("reference", "def double")),
    edit("no Python in the reference", "reference", "return 2 * x", "return 2 * * x", "not valid Python"),
    edit("a heading without its question", "reference", "# ## 1. Doubling (`double`)", "# ## 1. Something else",
         "`double`", "## Doubling", place=CODE),
    edit("a heading without points", "handout", "(`double`, 4 points)", "(`double`)", "`double`", "4 points"),
    edit("a heading with other points", "handout", "(`double`, 4 points)", "(`double`, 5 points)", "says 5 points"),
    edit("no heading", "handout", "## 1. Doubling (`double`, 4 points)\n", "", "no heading", "`double`", place=TEXT),
    Mistake("no rubric beside a written question",
            {"spec": SPEC.replace("points = 10", "points = 12") + WRITTEN,
             "handout": HANDOUT + "\n## 3. Why (`why`, 2 points)\n",
             "reference": REFERENCE + "\n\n# %% [markdown]\n# ## 3. Why (`why`)\n"},
            "solutions/small/rubric.md", ("`why`", "written", "rubric.md")),
    Mistake("a rubric that does not add up",
            {"spec": SPEC.replace("points = 10", "points = 12") + WRITTEN,
             "handout": HANDOUT + "\n## 3. Why (`why`, 2 points)\n",
             "reference": REFERENCE + "\n\n# %% [markdown]\n# ## 3. Why (`why`)\n"},
            "solutions/small/rubric.toml", ("`why`", "add up to 1"),
            {"solutions/small/rubric.md": "# Why\n", "solutions/small/rubric.toml":
             '[[items]]\nid = "a"\ntitle = "A"\nquestion = "why"\npoints = 1\n'
             'levels = [{ points = 0 }, { points = 1 }]\n'}),
    Mistake("a tolerance that is too small", {"cases": CASES.replace(
        '@case("mean", check=close())', '@case("mean", check=close(1e-300))')}, "case `mean_of_a_matrix`",
        ("1e-300", "no factor 10"), {"solutions/small/alternates/loop.py": LOOP}, ("smallest factor 0",)),
)  # fmt: skip

_JUDGED = CASES.replace("import close", "import Measured, close, exact, satisfies").replace(
    '@case("mean", check=close())',
    """def labels(size):
    def judge(outputs, world):
        return Measured(0.0)
    return judge


def yes(outputs, world):
    return True


def spread(outputs, world):
    return Measured(outputs.sum())


def wide(outputs, world):
    return Measured(abs(outputs) * 0.0)


@case("mean", check=JUDGE)""",
)
_MEAN = line_of("cases", "check=JUDGE", _JUDGED)
_ELSEWHERE = ("[trivial", "[forms", "[float32", "[alternates", "[named", "[no later", "[margins")


def judged_by(name: str, judge: str, *says: str, place: str = _MEAN, never: tuple[str, ...] = _ELSEWHERE) -> Mistake:
    """A mistake in what judges the case `mean_of_a_matrix`."""
    text = _JUDGED.replace("JUDGE", judge)
    return Mistake(name, {"cases": text}, place, says, {"solutions/small/alternates/loop.py": LOOP}, never)


IN_CHECKS = (
    judged_by("a factory of judges that is not called", "satisfies(labels)", "labels() takes 1 positional argument",
              "satisfies(NAME(...))"),
    judged_by("a factory with two arguments that is not called", "satisfies(lambda a, b: yes)", "returned a function",
              "was not called", "satisfies(<lambda>(...))"),
    judged_by("a judge that returns True", "satisfies(yes)", "the judge `yes` returned True", "return Measured(0.0)"),
    judged_by("a judge that returns None", "satisfies(lambda outputs, world: None)", "returned None",
              "return Measured(0.0)"),
    judged_by("a measure that is no number", "satisfies(lambda outputs, world: Measured('no'))", "measured 'no'",
              "0.0 for right"),
    judged_by("a judge that raises", "satisfies(spread)", "AttributeError: 'float' object has no attribute 'sum'",
              f"(at {line_of('cases', 'outputs.sum()', _JUDGED)})", "mend the check"),
    judged_by("a judge that takes right values only", "satisfies(wide)", "the check raises TypeError",
              f"(at {line_of('cases', 'abs(outputs)', _JUDGED)})", "Measured(math.inf, why)", never=()),
    Mistake("exact for floats", {"cases": CASES.replace("import close", "import close, exact").replace(
        '@case("mean", check=close())', '@case("mean", check=exact())')}, "loop, case `mean_of_a_matrix`",
        ("exact() compares floats bit for bit", "close()"), {"solutions/small/alternates/loop.py": LOOP}),
    Mistake("an alternate of chance", {}, "solutions/small/alternates/loop.py",
            ("something else in another run", "`mean_of_a_matrix`", "default_rng(SEED)"),
            {"solutions/small/alternates/loop.py": "import time\n" + LOOP.replace(
                "/ x.size", "/ x.size * (1 + time.time_ns() % 1000003 / 1e6)")},
            ("[margins", "a case that asks too much")),
)  # fmt: skip

MISTAKES = (*IN_CHECKS, *IN_TOML, *IN_CASES, *IN_MISCONCEPTIONS, *IN_TEXTS)

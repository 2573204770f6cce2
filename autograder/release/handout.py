"""The handout: what a student unzips, complete enough to check the public cases at home without our package.

<name>.py, <name>.ipynb     the stub; the notebook has the text of the questions in it
handout.md, handout.html    the text, to read and rendered
README.md                   how to work with it
requirements.txt            what to install
check.py                    the public cases in a terminal, and the zip to hand in
tests/<question>.py         the public cases as Otter tests
selfcheck/                  the cases, what the reference returned in them, and the code that compares
...                         the assignment's support files
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files as resources

from autograder import __version__
from autograder.errors import AuthorError
from autograder.grading.bundle import FOLDER, Bundle, Expectation, MisconceptionRecord, to_files
from autograder.grading.drawing import NO_KEYS
from autograder.grading.source import AssignmentSource
from autograder.grading.terms import case_points, check_of, keeps_mistakes
from autograder.grading.worlds import HANDOUT
from autograder.home.facts import FILE as FACTS
from autograder.home.facts import to_json
from autograder.release.archive import zip_bytes
from autograder.release.docstrings import docstring
from autograder.release.facts import facts_of
from autograder.release.leaks import Secrets, refuse_leaks
from autograder.release.notebook import make_notebook
from autograder.release.page import make_page
from autograder.release.public_cases import loaded_alone, public_modules, public_part
from autograder.release.stub import make_stub, solution_lines
from autograder.release.teaching import parsed
from autograder.release.vendor import vendored
from autograder.spec.models import Assignment, Question
from autograder.values.codec import encode

PACKAGE = "selfcheck"
_ALWAYS = ("ipykernel>=6", "msgpack>=1.0", "numpy>=1.26", "pydantic>=2.7", "sympy>=1.13")
_WHEN_USED = {"torch": "torch>=2.4", "matplotlib": "matplotlib>=3.8", "scipy": "scipy>=1.11", "pandas": "pandas>=2"}
_TEST = """\
{doc}

import inspect
import os
import sys

from otter.test_files import test_case

OK_FORMAT = False
name = "{id}"

handout = os.path.dirname(os.path.dirname(os.path.abspath(inspect.currentframe().f_code.co_filename)))
if handout not in sys.path:
    sys.path.insert(0, handout)
from {package}.home.otter_tests import QuestionRun  # noqa: E402

run = QuestionRun("{id}")
"""
_TEST_CASE = """

@test_case(name="{name}", points={points})
def {name}(env):
    {doc}
    run.case("{name}", env)
"""
_CHECK = f'''\
"""The public cases of all questions on your file: python check.py FILE [QUESTION ...]"""

import sys

if __name__ == "__main__":
    try:
        from {PACKAGE}.home.command import main

        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("stopped while check.py was starting")
        sys.exit(130)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("{PACKAGE}"):
            print("The folder `{PACKAGE}` of the handout is not beside check.py: unzip handout.zip again.")
        else:
            print(f"{{error.name}} is not installed in this Python: pip install -r requirements.txt")
        sys.exit(2)
'''
_README = """\
# {title}

You need Python 3.11 or newer. In this folder:

    python -m venv .venv
    . .venv/bin/activate            # Windows: .venv\\Scripts\\activate
    pip install -r requirements.txt
{torch}
Read `handout.html` in a browser (`handout.md` is the same text). Then work in **one** of the two files, whichever you
like better, and hand in only that one:

* `{module}.ipynb`: open it in VS Code or Jupyter (`pip install jupyterlab`); the text of the questions is in it. Run
  its first code cell; the cells `grader.check("...")` run a question's public cases, `grader.hint("{question}")` gives
  a hint, `grader.case("...")` what a case calls your function with.
* `{module}.py`: `python check.py {module}.py` runs all public cases, `python check.py {module}.py {question}` those of
  one question.

{pack}

A case that fails says what was asked, what was called, what came back, and what was expected. `check.py` ends a case
that takes too long, as grading does; in the notebook your code runs as it is: interrupt the kernel if nothing comes.
Hidden cases test the same functions with other inputs.

`otter check {module}.py -q {question}` works as well where Otter is installed (`pip install "otter-grader>=7,<8"`).
{weights}The folders `tests` and `selfcheck` and the file `check.py` are no part of what you hand in. They belong to the
software `autograder` (BSD 3-Clause License, `selfcheck/LICENSE`).
"""
_PACK = {
    True: "To hand in: `python pack.py` writes the zip; `handout.html` says what goes before.",
    False: "To hand in: `python check.py --pack`, or `grader.export()` in the notebook. Either writes one zip and a "
    "receipt.",
}
"""How to hand in, by whether the assignment has a pack.py for what was trained."""
_TORCH = """
On Linux pip fetches PyTorch for NVIDIA cards, some 5 GB. Without one, call this first; the processor is enough for
full marks:

    pip install torch --index-url https://download.pytorch.org/whl/cpu
"""
_WEIGHTS = """
What you have trained is handed in with your code: a zip of `{module}.py` (or the notebook), `{weights}` and
`milestone.json`. Train in the last
block of your file, under `if __name__ == "__main__":`; it does not run when you are graded. Your code must be one file
then.{further}

"""
_FURTHER = " `{name}` goes along where it is there; nobody has to have it."


def _readme(spec: Assignment, torch: bool) -> str:
    """README.md of a handout. `torch`: whether PyTorch is to be installed."""
    form = spec.submission
    own = form.weights and "pack.py" in spec.support
    further = "".join(_FURTHER.format(name=name) for name in spec.further_weights)
    weights = _WEIGHTS.format(module=form.module, weights=form.weights, further=further) if form.weights else ""
    return _README.format(
        title=spec.title,
        module=form.module,
        question=spec.graded()[0].id,
        pack=_PACK[bool(own)],
        weights=weights,
        torch=_TORCH if torch else "",
    )


def handout_files(source: AssignmentSource, bundle: Bundle) -> dict[str, bytes]:
    """Relative path -> content of a handout. Nothing is scanned here; see `build_handout`."""
    spec = source.spec
    module = spec.submission.module
    where = str(source.private_folder / spec.submission.file)
    stub = make_stub(source.reference, where)
    loaded_alone(source.cases, source.support, [q.id for q in spec.questions])
    markdown = _handout_text(source)
    text = parsed(markdown.decode(), spec.questions)
    files = {
        spec.submission.file: stub.encode(),
        f"{module}.ipynb": make_notebook(stub, spec.questions, where, text).encode(),
        "handout.md": markdown,
        "handout.html": make_page(text, spec.title).encode(),
        "check.py": _CHECK.encode(),
        **{f"tests/{q.id}.py": _test_file(bundle, q).encode() for q in spec.graded() if bundle.cases.of(q.id, True)},
    }
    files["requirements.txt"] = _requirements(source, files).encode()
    torch = b"torch" in files["requirements.txt"]
    files["README.md"] = _readme(spec, torch).encode()
    taken = sorted(set(files) & set(source.support))
    if taken:
        raise AuthorError("a support file has a name that the handout needs", found=taken[0], fix="rename it")
    files |= dict(source.support)
    return files | _selfcheck(bundle, to_json(facts_of(source, bundle, stub, text, files, torch)))


def handout_secrets(source: AssignmentSource, bundle: Bundle) -> Secrets:
    """What must not be in the handout of this assignment."""
    where = str(source.private_folder / source.spec.submission.file)
    every, public = _outputs(bundle), _outputs(public_bundle(bundle))
    stub = make_stub(source.reference, where)
    ours = [text.decode() for text in vendored(_ROOTS, PACKAGE).values()]
    open_text = [stub, *ours, *public_modules(source.cases, PACKAGE).values(), *texts_of(source.support)]
    return Secrets(
        solution=solution_lines(source.reference, where),
        hidden=_private_lines((*source.cases.texts.values(), *source.cases.trusted.values()), open_text),
        outputs=tuple(sorted(every - public)),
        local=(str(source.root.resolve()),),
        known=(stub, *ours),
        by_hand=(*source.support, f"{PACKAGE}/{FOLDER}", f"{PACKAGE}/{FACTS}", "handout.html"),
        artifacts=source.artifacts,
        keys=(*source.keys.all(), bundle.key, bundle.draws.decks, bundle.draws.seeds),
    )


def texts_of(files: Mapping[str, bytes]) -> list[str]:
    """The Python files among `files`."""
    return [data.decode() for path, data in files.items() if path.endswith(".py")]


def _private_lines(texts: Iterable[str], open_text: Iterable[str]) -> tuple[str, ...]:
    """Lines of `texts` that are no part of `open_text`; a docstring's line without its quotes."""
    seen = re.sub(r"\s+", " ", " ".join(open_text))
    lines = {" ".join(line.split()).strip('"') for text in texts for line in text.splitlines()}
    return tuple(sorted(line for line in lines if line not in seen and not re.match(r"(from|import)\b|#", line)))


def _outputs(bundle: Bundle) -> set[bytes]:
    """All recorded outputs, of the reference and of misconceptions."""
    expected = {world.payload for worlds in bundle.expected.values() for world in worlds}
    forms = (form.outputs for m in bundle.misconceptions for form in m.forms())
    return expected | {o for outputs in forms for several in outputs.values() for _, o in several}


def build_handout(source: AssignmentSource, bundle: Bundle) -> bytes:
    """handout.zip, the same bytes for the same sources and recordings.

    Raises:
        AuthorError: bad markers, a question without a heading, no handout.md, a support file with a taken name, public
            cases that need something of hidden ones, a leak.
    """
    files = handout_files(source, bundle)
    refuse_leaks(files, handout_secrets(source, bundle), f"handout of {source.spec.id}")
    return zip_bytes(files)


_INIT = f"""\
\"\"\"The public cases of an assignment on your own machine. In a notebook: grader = {PACKAGE}.Notebook()\"\"\"

from {PACKAGE}.home.notebook import Notebook as Notebook

__version__ = "{__version__}"
"""
_ROOTS = ("autograder.authoring", "autograder.checks", "autograder.home.command", "autograder.home.child",
          "autograder.home.notebook", "autograder.home.otter_tests", "autograder.home.handing_in")  # fmt: skip
_DATA = ("home/style.css",)


def _selfcheck(bundle: Bundle, facts: str) -> dict[str, bytes]:
    """The folder `selfcheck`: our modules under that name, the public bundle, and the facts."""
    files = vendored(_ROOTS, PACKAGE)
    files |= {f"{PACKAGE}/{path}": (resources("autograder") / path).read_bytes() for path in _DATA}
    files |= {f"{PACKAGE}/{path}": data for path, data in to_files(public_bundle(bundle)).items()}
    return files | {f"{PACKAGE}/__init__.py": _INIT.encode(), f"{PACKAGE}/{FACTS}": facts.encode()}


def public_bundle(bundle: Bundle) -> Bundle:
    """The bundle without anything of hidden cases, in the handout's world, for the handout's package."""
    part = public_part(bundle.cases, PACKAGE)
    cases = part.cases
    told = [c.name for c in cases if not keeps_mistakes(c)]
    return replace(
        bundle,
        cases=part,
        support={},
        expected={c.name: (_needed(check_of(c).kind, bundle.expectation(c.name, HANDOUT)),) for c in cases},
        misconceptions=tuple(filter(None, (_public_part(m, told) for m in bundle.misconceptions))),
        tolerances={c.name: bundle.tolerances[c.name] for c in cases if c.name in bundle.tolerances},
        reach={c.name: bundle.reach[c.name] for c in cases if c.name in bundle.reach},
        signatures={f: n for f, n in bundle.signatures.items() if f in part.source},
        mutants=bundle.mutants.part(told, slice(HANDOUT.index, HANDOUT.index + 1)) if bundle.mutants else None,
        key=b"",
        draws=NO_KEYS,
    )


def _needed(kind: str, record: Expectation) -> Expectation:
    """What a check needs of the reference's outputs: nothing for a property or form, a derivation's first line, or all.

    The rest would be the answer itself: the weights asked for, or the derivation.
    """
    if kind in ("satisfies", "outline"):
        return replace(record, payload=b"", kind="nothing")
    if kind == "derivation":
        return replace(record, payload=encode(record.value()[:1]), kind="first line")
    return record


def _public_part(record: MisconceptionRecord, public: list[str]) -> MisconceptionRecord | None:
    """What a misconception returned in public cases, in the handout's world; None when it shows in none."""
    whole, *parts = (
        {c: (several[HANDOUT.index],) for c, several in form.outputs.items() if c in public} for form in record.forms()
    )
    return replace(record, outputs=whole, parts=tuple(filter(None, parts))) if whole else None


def _handout_text(source: AssignmentSource) -> bytes:
    path = source.public_folder / "handout.md"
    try:
        return path.read_bytes()
    except OSError:
        raise AuthorError(
            "the assignment has no handout.md", where=str(path), fix="write the text that students read"
        ) from None


def _test_file(bundle: Bundle, question: Question) -> str:
    """The public cases of a question as an Otter test of the exception format."""
    text = _TEST.format(
        id=question.id,
        doc=docstring(f"Public cases of the question `{question.id}`: {question.title.rstrip('.')}."),
        package=PACKAGE,
    )
    for case in bundle.cases.of(question.id, True):
        doc = docstring(case.doc, "    ")
        text += _TEST_CASE.format(name=case.name, points=float(case_points(bundle, case)), doc=doc)
    return text


def _requirements(source: AssignmentSource, files: dict[str, bytes]) -> str:
    """What the handout's code imports, that of its text included, and what the assignment asks for."""
    own = {p: d for p, d in (files | dict(source.support)).items() if p.endswith(".py") and not p.startswith(PACKAGE)}
    own["handout.md"] = files["handout.md"]  # code blocks that a student copies
    texts = [*(data.decode() for data in own.values()), *public_modules(source.cases, PACKAGE).values()]
    used = {m.group(1) for text in texts for m in re.finditer(r"^\s*(?:import|from) (\w+)", text, re.MULTILINE)}
    wanted = {*_ALWAYS, *(line for name, line in _WHEN_USED.items() if name in used)}
    lines = {_project(line): line for line in (*sorted(wanted), *source.spec.requirements)}
    return "".join(f"{lines[name]}\n" for name in sorted(lines))


def _project(requirement: str) -> str:
    """The name in a requirement line."""
    return re.split(r"[\[<>=!~;, ]", requirement, maxsplit=1)[0].lower()

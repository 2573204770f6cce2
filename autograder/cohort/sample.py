"""A sample cohort: submissions as they come in, made from an assignment's own reference.

Right work in every form, a stub, work that stops after each question, every misconception, and every way to break off:
what a demonstration, a benchmark or a rehearsal of the grading grades.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.grading.source import AssignmentSource
from autograder.release.notebook import make_notebook
from autograder.release.sections import names_by_question
from autograder.release.stub import make_stub

CRASH = "def {name}(*a, **k):\n    import ctypes\n    return ctypes.string_at(0)\n"
LOOP = "def {name}(*a, **k):\n    while True:\n        pass\n"
QUIT = "def {name}(*a, **k):\n    raise SystemExit(0)\n"
UNWRITTEN = 'def {name}(*a, **k):\n    raise NotImplementedError("write {name}")\n'
CHEAT = '''
class Agreeable:
    """Equal to everything, whatever it is asked."""
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __float__(self): return 1.0
    def __array__(self, *a, **k):
        import numpy
        return numpy.ones(1)

def {name}(*a, **k):
    return Agreeable()
'''


def sample_files(source: AssignmentSource) -> dict[str, bytes]:
    """File name → content of every submission; at least two dozen for an assignment with five questions."""
    reference = source.reference
    sections = names_by_question(reference, source.spec.questions)
    questions = [q.id for q in source.spec.graded() if sections[q.id]]
    stub = make_stub(reference, source.spec.submission.file)
    notebook = make_notebook(reference, source.spec.questions, source.spec.submission.file)
    module = source.spec.submission.module
    files = {
        "ada_reference.py": reference,
        "bela_notebook.ipynb": notebook,
        "dora_stub.py": stub,
        "emil_windows.py": "\ufeff" + reference.replace("\n", "\r\n"),
        "syntax_sam.py": reference + "\n\ndef unfinished(:\n",
        "empty_eva.py": "",
        "stops_stan.py": stub + "\n\n1 / 0\n",
    }
    files |= dict(_partial(reference, sections, questions))
    files |= {f"alt_{name}.py": source.alternate(name) for name in source.alternates}
    files |= {f"wrong_{m.id}.py": source.variant(m) for m in source.misconceptions}
    files |= dict(_breaking(reference, sections, questions))
    made = {name: text.encode() for name, text in files.items()}
    made["carl_package.zip"] = _package(module, reference)
    made["pdf_pia.py"] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    return dict(sorted(made.items()))


def write_sample(source: AssignmentSource, folder: Path, limit: int | None = None) -> tuple[Path, ...]:
    """Write the cohort into a folder; the paths, sorted by name.

    Args:
        limit: at most so many misconceptions, spread over the questions (all of them when None).
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = sample_files(source)
    wrong = [n for n in files if n.startswith("wrong_")]
    if limit is not None and len(wrong) > limit:
        keep = {wrong[i * len(wrong) // limit] for i in range(limit)}
        files = {n: d for n, d in files.items() if n not in wrong or n in keep}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return tuple(folder / name for name in files)


def _partial(reference: str, sections: dict[str, tuple[str, ...]], questions: list[str]) -> Iterator[tuple[str, str]]:
    """Work that stops after the first question, the second, and so on."""
    for done in range(1, len(questions)):
        rest = [name for q in questions[done:] for name in sections[q]]
        yield f"part_{done:02d}_done.py", _with(reference, UNWRITTEN, rest)


def _breaking(reference: str, sections: dict[str, tuple[str, ...]], questions: list[str]) -> Iterator[tuple[str, str]]:
    """Work that breaks off inside one question, and must keep the points of all others."""
    first, second = sections[questions[0]][0], sections[questions[-1]][0]
    yield "crash_cleo.py", _with(reference, CRASH, [first])
    yield "loop_lena.py", _with(reference, LOOP, [second])
    yield "crash_and_loop_max.py", _with(_with(reference, CRASH, [first]), LOOP, [second])
    yield "quits_quin.py", _with(reference, QUIT, [first])
    yield "cheat_chris.py", _with(reference, CHEAT, [first, second])
    yield "loop_at_import_lou.py", reference + "\n\nwhile True:\n    pass\n"


def _with(reference: str, template: str, names: list[str]) -> str:
    """The reference with some of its functions replaced."""
    return reference + "\n\n# %%\n" + "\n\n".join(template.replace("{name}", name) for name in names)


def _package(module: str, reference: str) -> bytes:
    """The reference as a zip of a package and a main file that imports from it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{module}.py", "from mywork.answers import *\n")
        archive.writestr("mywork/__init__.py", "")
        archive.writestr("mywork/answers.py", reference)
    return buffer.getvalue()

"""Handing in: one zip and a receipt that says what is in it. It refuses nothing and hides nothing.

`python check.py --pack` and `grader.export()` come here. The public cases are run once more, on the file that is in the
zip and in fresh processes: what a notebook still remembers and the file does not have shows there.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from autograder.grading.trained import MANIFEST
from autograder.home.box import boxed, inline
from autograder.home.facts import Facts, handout, installed_facts
from autograder.home.files import wrong_file
from autograder.home.in_turn import run_questions
from autograder.home.live import running_shell
from autograder.home.packing import Packed, chosen, packed
from autograder.home.results import QuestionResult, Total
from autograder.home.said import headline
from autograder.home.shown import Shown
from autograder.home.written import content_of

NO_FILE = (
    "the file of this notebook was not found. Save it (Ctrl-S) in the folder of the handout, then run this again, or "
    'name it: grader.export("backprop.ipynb"). You can hand in the notebook itself as well: File, Download'
)


def packed_here(facts: Facts, file: Path | None) -> str:
    """Write the zip of a file, or of the one in the handout's folder that counts; what the receipt says."""
    main, notes = (file, ()) if file is not None else chosen(handout(), facts)
    if main is None:
        return f"there is no {facts.module}.py and no {facts.module}.ipynb in {handout()}: name your file after --pack"
    return _written(facts, main, main.with_name(f"{facts.module}-hand-in.zip"), (), notes)[1]


def exported(nb_path: str | None, export_path: str | None, files: Sequence[str], env: Mapping[str, Any]) -> Shown:
    """Write the zip of a running notebook."""
    facts = installed_facts()
    main = _notebook_file(nb_path, facts, env)
    if main is None:
        return Shown(NO_FILE, boxed("open", "Nothing was written", [f"<p>{inline(NO_FILE)}</p>"]))
    target = Path(export_path) if export_path else main.with_name(f"{facts.module}-hand-in.zip")
    notes = _unsaved(main, facts)
    path, text = _written(facts, main, target, [Path(f) for f in files], notes)
    link = os.path.relpath(path)
    title, *lines = text.split("\n")
    body = "".join(f"<p>{inline(line.strip())}</p>" for line in lines)
    head = f'<p class="top"><a href="{escape(link)}" download><b>{escape(title)}</b></a></p>'
    return Shown(text, boxed("open" if notes else "good", "Receipt", [head, body]))


def _written(facts: Facts, main: Path, target: Path, extra: Sequence[Path], notes: Sequence[str]) -> tuple[Path, str]:
    one = packed(main, facts, extra)
    target.write_bytes(one.data)
    results, why = _results(facts, main)
    text = receipt(facts, one, target, results, why, notes)
    target.with_suffix(".txt").write_text(text + "\n", encoding="utf-8")
    return target, text


def _results(facts: Facts, main: Path) -> tuple[list[QuestionResult], str]:
    """The public cases on the file, quietly; why there are none."""
    wrong = wrong_file(main)
    if wrong:
        return [], wrong
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        results, stopped = run_questions(main.resolve(), facts.checked)
    last = said.getvalue().strip().split("\n")[-1]
    return results, stopped or ("" if results else last)


def receipt(
    facts: Facts, one: Packed, target: Path, results: Sequence[QuestionResult], why: str, notes: Sequence[str] = ()
) -> str:
    """What is in a zip, line by line.

    Args:
        results: of the public cases, as far as they were run; `why` they were not.
    """
    lines = [f"{target.name}  ({max(1, len(one.data) // 1024)} kB)", f"  files: {', '.join(sorted(one.files))}"]
    digest = f"{one.digest[:12]}  (the report that comes back names it as your file)"
    lines.append(f"  digest: {digest}" if one.digest else f"  a grader cannot read it: {one.problem}")
    lines += _content_lines(facts, one)
    lines += _result_lines(facts, results, why)
    lines += _weight_lines(facts, one)
    return "\n".join([*lines, *(f"  ! {note}" for note in (*notes, *one.notes))])


def _content_lines(facts: Facts, one: Packed) -> list[str]:
    if wrong_file(one.main):
        return []
    found = content_of(one.main.suffix, one.main.read_bytes(), facts)
    done = found.functions - len(found.unwritten)
    names = ", ".join(f"`{name}`" for name in found.unwritten)
    lines = [f"  functions: {done} of {found.functions} written" + (f"; still to be written: {names}" if names else "")]
    told = [f"`{q}` " + (f"{n} words" if n else "is EMPTY") for q, n in found.words.items()]
    return lines + ([f"  written answers: {', '.join(told)}"] if told else [])


def _result_lines(facts: Facts, results: Sequence[QuestionResult], why: str) -> list[str]:
    lines = []
    if results:
        lines.append(f"  {headline(Total.of(results, facts.questions))}")
        failing = [f"`{v.case}` ({r.facts.id})" for r in results for v in r.verdicts if not v.status.passed]
        lines += [f"  failing: {', '.join(failing)}"] if failing else []
    return lines + ([f"  public cases were not all run: {why}"] if why else [])


def _weight_lines(facts: Facts, one: Packed) -> list[str]:
    """Whether the files that an assignment of trained work asks for are there."""
    weights = facts.submission.get("weights")
    if not weights:
        return []
    lines = [f"  {name}: {'in the zip' if name in one.files else 'MISSING'}" for name in (str(weights), MANIFEST)]
    may = "not there; nobody has to"
    return lines + [f"  {name}: {'in the zip' if name in one.files else may}" for name in facts.further_weights]


def _notebook_file(given: str | None, facts: Facts, env: Mapping[str, Any]) -> Path | None:
    """The file of the running notebook, as far as anybody says where it is."""
    names = [given, env.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")]
    names += [str(handout() / f"{facts.module}.ipynb")]
    found = _from_colab(facts) if "google.colab" in sys.modules and given is None else None
    if found is not None:
        return found
    for name in names:
        if isinstance(name, str) and name.endswith(".ipynb") and Path(name).is_file():
            return Path(name)
    loose = sorted(Path.cwd().glob("*.ipynb"))
    return loose[0] if len(loose) == 1 and given is None else None


def _from_colab(facts: Facts) -> Path | None:
    """The notebook as Colab has it in the browser, written to a file here."""
    try:
        from google.colab import _message  # type: ignore[import-not-found]  # there only

        table = _message.blocking_request("get_ipynb", timeout_sec=20)["ipynb"]
    except Exception:  # whatever a browser does not answer
        return None
    path = handout() / f"{facts.module}.ipynb"
    path.write_text(json.dumps(table), encoding="utf-8")
    return path


def _unsaved(main: Path, facts: Facts) -> tuple[str, ...]:
    """Cells that define what is asked for, were run, and are not in the file like that."""
    shell = running_shell()
    manager = getattr(shell, "history_manager", None)
    if manager is None or wrong_file(main):
        return ()
    saved = json.loads(main.read_text(encoding="utf-8-sig"))["cells"]
    texts = {(s if isinstance(s := c.get("source", ""), str) else "".join(s)).strip() for c in saved}
    wanted = {name.partition(".")[0] for q in facts.questions for name in q.functions}
    latest: dict[str, tuple[int, str]] = {}
    for number, text in enumerate(manager.input_hist_raw):
        for name in wanted:
            if f"def {name}(" in text or f"class {name}" in text:
                latest[name] = number, text.strip()
    lost = sorted({number for number, text in latest.values() if text not in texts})
    cells = ", ".join(f"In[{n}]" for n in lost)
    return (
        (f"{main.name} on disk lacks what you ran in {cells}: save it (Ctrl-S) and run this cell again",)
        if lost
        else ()
    )

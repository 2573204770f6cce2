"""`python check.py FILE [QUESTION ...]`: the public cases in a terminal, each question's result as it comes.

Each question runs in a process of its own with the limits of grading (processor time; what is printed), so a loop or a
crash costs that question alone. Ctrl-C ends the run; what was done stays on the screen, with its total.
Not covered: hidden cases, and memory. `python check.py --pack [FILE]` writes the zip to hand in.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.home.facts import Facts, installed_facts, missing
from autograder.home.in_turn import run_questions

CHECK = "check.py"
USAGE = f"""\
Usage: python {CHECK} FILE [QUESTION ...]     run the public cases
       python {CHECK} --pack [FILE]           write the zip to hand in, and its receipt
       python {CHECK} --hint QUESTION [N]     the N-th step of help"""


def main(arguments: Sequence[str]) -> int:
    """Run; 0 when all public cases pass, 1 when not, 2 for wrong use, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a redirected output on Windows has few letters
    facts = installed_facts()
    known = [q.id for q in facts.checked]
    usage = f"{USAGE}\nFILE is your .py or .ipynb; questions with public cases: {', '.join(known)}"
    if {"-h", "--help"} & set(arguments):
        print(usage)
        return 0
    if arguments and arguments[0] == "--hint":
        return _hint(facts, arguments[1:], usage)
    lacking = missing(facts)
    if lacking:
        print(lacking)
        return 2
    if arguments and arguments[0] == "--pack":
        return _pack(facts, arguments[1:], usage)
    wrong = what_is_wrong(arguments, known)
    if wrong is not None:
        print(f"{wrong}\n{usage}" if wrong else usage)
        return 2
    return _check(facts, Path(arguments[0]).resolve(), list(arguments[1:]) or known)


def what_is_wrong(arguments: Sequence[str], known: Sequence[str]) -> str | None:
    """A sentence about a command line that cannot be followed, "" for an empty one; None where there is nothing."""
    from autograder.home.files import wrong_file

    if not arguments:
        return ""
    unknown = [q for q in arguments[1:] if q not in known]
    return wrong_file(Path(arguments[0])) or (
        f"there is no question `{unknown[0]}`; questions: {', '.join(known)}" if unknown else None
    )


def _check(facts: Facts, file: Path, names: list[str]) -> int:
    print(f"loading {file.name} ...", flush=True)
    questions = [facts.question(name) for name in names]
    results, stopped = run_questions(file, questions)
    from autograder.home.results import Total
    from autograder.home.said import total_lines

    if results and (len(questions) > 1 or stopped):
        whole = facts.questions if len(questions) == len(facts.checked) else questions
        print("\n" + "\n".join(total_lines(Total.of(results, whole), results, len(questions))), flush=True)
    if stopped:
        return 130
    return 0 if len(results) == len(questions) and all(r.passed == len(r.facts.cases) for r in results) else 1


def _hint(facts: Facts, arguments: Sequence[str], usage: str) -> int:
    known = [q.id for q in facts.questions]
    if not arguments or arguments[0] not in known or not all(a.isdecimal() for a in arguments[1:2]):
        print(f"--hint takes a question, and a number: {', '.join(known)}\n{usage}")
        return 2
    hints = facts.question(arguments[0]).hints
    number = int(arguments[1]) if len(arguments) > 1 else 1
    if not 0 < number <= len(hints):
        print(f"`{arguments[0]}` has {len(hints)} hints" if hints else f"there is no hint for `{arguments[0]}`")
        return 2
    print(f"Hint {number} of {len(hints)}: {hints[number - 1]}")
    return 0


def _pack(facts: Facts, arguments: Sequence[str], usage: str) -> int:
    from autograder.home.files import wrong_file
    from autograder.home.handing_in import packed_here

    if len(arguments) > 1:
        print(f"--pack takes one file, or none\n{usage}")
        return 2
    file = Path(arguments[0]).resolve() if arguments else None
    wrong = wrong_file(file) if file is not None else None
    if wrong:
        print(f"{wrong}\n{usage}")
        return 2
    print(packed_here(facts, file), flush=True)
    return 0

"""A grader in a process of its own: it grades what it is asked to, whole, and tells what a student would see of it.

    python -m tests.hostile.grader --mode standard --without seccomp,landlock

Every request and every answer is a line of JSON. The course is graded through the real path: bundle, sandbox, verdicts,
every form of output.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder.errors import MachineError
from autograder.grading.bundle import Bundle, from_files, to_files
from autograder.grading.grade import Settings, grade_path
from autograder.grading.grade_form import dumps, grade_from_table, grade_json, grade_table, without_times
from autograder.grading.record import build_bundle
from autograder.grading.source import load_source
from autograder.grading.totals import Grade
from autograder.intake.reading import read_submission
from autograder.report.audience import student_questions
from autograder.report.csv_form import final_grades_csv
from autograder.report.gradescope import results
from autograder.report.html import staff_page, student_page
from autograder.report.terminal import grade_view
from autograder.sandbox.grader.box import Sandbox
from autograder.sandbox.grader.effort import Brake
from autograder.sandbox.wire.messages import Submission
from tests.hostile.den import Den, Surroundings, memory_kb

HERE = Path(__file__).parent
BRAKE = Brake(least=6.0)  # who sleeps is waited for so long, in place of ten seconds
HONEST = "course/solutions/trial/trial.py"


class Grader:
    """A sandbox, a bundle and a den; `repository` is where attacks are told that the grader's code lies."""

    def __init__(self, mode: Any, without: tuple[str, ...], repository: str) -> None:
        self.den, self.repository = Den(), repository
        self.mode, self.without = mode, without
        self.told = self.start()
        source = load_source(HERE / "course", "trial")
        self.bundle: Bundle = from_files(to_files(build_bundle(self.sandbox, source)), "the trial's bundle")

    def start(self) -> dict[str, Any]:
        """A new sandbox; the old one is closed."""
        if hasattr(self, "sandbox"):
            self.sandbox.close()
        self.sandbox = Sandbox.start(self.mode, without=self.without, brake=BRAKE)
        with self.sandbox.session(Submission.of_text("first", "trial", "")):
            (zygote,) = self.sandbox.zygotes()
        self.zygote = zygote.process.pid
        self.around = Surroundings(self.zygote, zygote.folder)
        return {
            "zygote": self.zygote,
            "folder": zygote.folder,
            "layers": self.sandbox.layers,
            "missing": self.sandbox.missing,
        }

    def submission(self, name: str) -> Path:
        """What is handed in: the file itself, or what its `build` makes, with the den's places filled in."""
        source = HERE / name
        file, data = "trial.py", source.read_bytes().replace(b"hostile-", self.den.mark.encode())
        if b"\ndef build(" in data:
            built: dict[str, Any] = {"__name__": "built"}
            exec(compile(data, str(source), "exec"), built)
            file, data = built["build"]((HERE / HONEST).read_text())
        places = {
            "@DEN@": self.den.folder,
            "@REPO@": self.repository,
            "@PORT@": self.den.port,
            "@GRADER@": os.getpid(),
            "@ZYGOTE@": self.zygote,
        }
        for word, value in places.items():
            data = data.replace(word.encode(), str(value).encode())
        folder = self.den.folder.parent / (self.den.folder.name + "-in")
        folder.mkdir(exist_ok=True)
        path = folder / file
        path.write_bytes(data)
        return path

    def grade(self, name: str, limit: float = 1.0) -> dict[str, Any]:
        """Grade one file and look at everything that it may have done. `limit` is the time of a case in seconds."""
        path = self.submission(name)
        limits = self.bundle.spec.limits.model_copy(update={"seconds": limit})
        bundle = replace(self.bundle, spec=self.bundle.spec.model_copy(update={"limits": limits}))
        started = time.monotonic()
        try:
            grade, evidence = grade_path(self.sandbox, bundle, path, Path(name).stem, Settings("somebody"))
        except MachineError as error:
            self.told = self.start()
            return {
                "machine": str(error),
                "told": self.told,
                "seconds": time.monotonic() - started,
                "left": self.den.changes(),
            }
        seconds = time.monotonic() - started
        path.unlink()
        path.parent.rmdir()
        evidence.to_bytes()
        left = self.around.left()
        if left:
            self.told = self.start()
        return record(grade, self.bundle) | {"seconds": seconds, "left": left + self.den.changes(), "told": self.told}

    def soak(self, names: list[str], count: int) -> dict[str, Any]:
        """Grade so many times, in turn; what is there before (after a first round) and after."""
        for name in names:
            self.grade(name)
        points: dict[str, set[str]] = {name: set() for name in names}
        before, started = self.inventory(), time.monotonic()
        for number in range(count):
            name = names[number % len(names)]
            points[name].add(json.dumps(self.grade(name).get("points")))
        seconds = time.monotonic() - started
        return {
            "before": before,
            "after": self.inventory(),
            "seconds": seconds,
            "points": {n: sorted(p) for n, p in points.items()},
        }

    def inventory(self) -> dict[str, Any]:
        """What there is, in figures."""
        self.around.left()
        now = self.around.now()
        table = {k: len(v) if isinstance(v, list) else v for k, v in now.items()}
        return table | {
            "KiB of the grader": memory_kb([os.getpid()]),
            "KiB of the sandbox": memory_kb(list(now["processes"])),
        }

    def cost(self, count: int) -> dict[str, Any]:
        """Median milliseconds of an honest grading, and of one more question, by way of a bundle with one question."""
        from autograder.grading.plan import planned
        from autograder.sandbox.grader.plan import plan_of

        path = self.submission(HONEST)
        submission = read_submission(path, self.bundle.spec.submission)
        seeds = {c.name: (self.bundle.expected[c.name][0].seed,) for c in self.bundle.cases.cases}
        work = [visit.job for visit in planned(self.bundle.spec, self.bundle.cases, seeds).visits()]
        one = [job for job in work if job.question == work[0].question]
        plans = {n: plan_of(jobs) for n, jobs in ((0, []), (1, one), (4, work))}
        times: dict[int, list[float]] = {n: [] for n in plans}
        for _ in range(count):
            for size, found in times.items():
                started = time.perf_counter()
                with self.sandbox.session(submission) as session:
                    session.run_plan(plans[size])
                found.append(1000 * (time.perf_counter() - started))
        empty, one, four = (statistics.median(times[n]) for n in plans)
        return {
            "empty session": empty,
            "one question": one,
            "four questions": four,
            "each further question": (four - one) / 3,
        }

    def repeat(self, names: list[str]) -> dict[str, Any]:
        """The JSON of two gradings of each file, and of a third in a new sandbox."""
        texts: dict[str, list[str]] = {name: [] for name in names}
        for turn in range(3):
            if turn == 2:
                self.start()
            for name in names:
                grade, _ = grade_path(self.sandbox, self.bundle, self.submission(name), "same", Settings("somebody"))
                texts[name].append(grade_json(grade).decode())
        return texts

    def close(self) -> None:
        """End the sandbox; what of it remains is told."""
        self.sandbox.close()
        self.den.close()


def record(grade: Grade, bundle: Bundle) -> dict[str, Any]:
    """A grade and all its forms, as far as the tests need them."""
    assert without_times(grade) == grade_from_table(json.loads(grade_json(grade)))
    gradescope = json.loads(dumps(results(grade, bundle.spec)))
    rows = list(csv.reader(io.StringIO(final_grades_csv([grade]))))
    if grade.graded:
        assert gradescope["score"] == float(grade.points) == float(rows[2][-3])
    gradescope["tests"] = [t for t in gradescope["tests"] if t["visibility"] != "hidden"]
    terminal = printed(grade, hidden_text=False)
    printed(grade, hidden_text=True)
    page = student_page(grade, bundle.spec)
    staff_page(grade, bundle.spec)
    shown = [json.dumps(gradescope, ensure_ascii=False), terminal, page, repr(student_questions(grade, bundle.spec))]
    return {
        "graded": grade.graded,
        "points": {q.question: [str(q.points), str(q.max_points)] for q in grade.questions},
        "verdicts": [[v.question, v.public, v.status, v.message, list(v.evidence)] for v in grade.verdicts],
        "shown": "\n".join(shown),
        "terminal": terminal,
        "page": page,
        "stdout": "\n".join(v.stdout for v in grade.verdicts),
        "expected": [repr(value) for value in secrets_of(bundle)],
        "table": grade_table(grade)["points"],
    }


def secrets_of(bundle: Bundle) -> list[float]:
    """Numbers that only hidden cases know, in all their worlds."""
    return [known.value()["out"] for known in bundle.expected["energy_of_many"]]


def printed(grade: Grade, hidden_text: bool) -> str:
    """What the terminal would show."""
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    console.print(grade_view(grade, hidden_text=hidden_text))
    return console.file.getvalue()  # type: ignore[attr-defined]


def serve(grader: Grader) -> None:
    """Answer requests until the other end hangs up."""
    say({"ready": True, **grader.told})
    for line in sys.stdin:
        request = json.loads(line)
        say(getattr(grader, request.pop("do"))(**request))
    grader.close()


def say(answer: dict[str, Any]) -> None:
    """One line."""
    print(json.dumps(answer), flush=True)


def main() -> None:
    """Start and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", default="standard")
    parser.add_argument("--without", default="")
    parser.add_argument("--repository", default=str(HERE.parent.parent))
    given = parser.parse_args()
    try:
        grader = Grader(given.mode, tuple(w for w in given.without.split(",") if w), given.repository)
    except MachineError as error:
        say({"ready": False, "refused": str(error)})
        return
    serve(grader)


if __name__ == "__main__":
    main()

"""How `out/` and `submissions/` were made, once, by version 0.1.0: python make_out.py FOLDER, with 0.1.0 on the path.

A course with a wrong check graded seven hand-ins, one of which no worker could grade; one hand-in came a second time,
changed; then the check was mended and everything rejudged. The mended course is the small course of the tests.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from autograder.sandbox.box import Sandbox

from autograder.cohort.engine import grade_cohort
from autograder.cohort.executor import Report
from autograder.cohort.local import LocalPool
from autograder.cohort.store import Store
from autograder.cohort.tasks import collect
from autograder.grading.cache import cached_bundle
from autograder.grading.source import load_source
from tests.small_course import CASES, REFERENCE, write_course

WRONG_CHECK = CASES.replace('@case("double", check=close())', '@case("double", check=close(-1.0))')
CELLS = [{"cell_type": "code", "source": REFERENCE, "metadata": {}, "outputs": [], "execution_count": None}]


def package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("small.py"), "from mine.answers import *\n")
        archive.writestr(zipfile.ZipInfo("mine/__init__.py"), "")
        archive.writestr(zipfile.ZipInfo("mine/answers.py"), REFERENCE)
    return buffer.getvalue()


HAND_INS = {
    "ada.py": REFERENCE.encode(),
    "bela.ipynb": json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode(),
    "carl.zip": package(),
    "dora_square.py": REFERENCE.replace("return 2 * x", "return x**2").encode(),
    "emil_sum.py": REFERENCE.replace("np.mean(x)", "np.sum(x)").encode(),
    "fay_damaged.ipynb": b'{"cells": [',
    "gil_lost.py": REFERENCE.encode() + b"\n# his worker dies\n",
}


class LosesGil:
    """A pool whose worker for one hand-in dies."""

    def __init__(self, order, jobs):
        self.pool, self.lost = LocalPool(order, jobs), []

    def submit(self, shard):
        if shard.tasks[0].name == "gil_lost":
            self.lost += shard.tasks
        else:
            self.pool.submit(shard)

    def poll(self, seconds):
        lost, self.lost = self.lost, []
        return [Report(t.key, "lost", "the worker ended: exit status 137") for t in lost] or self.pool.poll(seconds)

    def cancel(self):
        self.pool.cancel()


def main(folder: Path) -> None:
    course, out, submissions = folder / "course", folder / "out", folder / "submissions"
    submissions.mkdir(parents=True)
    for name, data in HAND_INS.items():
        (submissions / name).write_bytes(data)
    source = load_source(write_course(course, cases=WRONG_CHECK), "small")
    with Sandbox.start(mode="standard") as sandbox:
        bundle = cached_bundle(sandbox, source)
    for text in (REFERENCE.replace("2 * x", "3 * x"), REFERENCE):
        (submissions / "ada.py").write_text(text)
        with Store(out) as store:
            found = collect([submissions], bundle.spec.submission)
            grade_cohort(store, bundle, found, jobs=2, source=source, executor=LosesGil, who="instructor")
    write_course(course)
    for command in (["rejudge", str(out), "--root", str(course)], ["report", str(out)]):
        subprocess.run([sys.executable, "-m", "autograder", *command], check=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

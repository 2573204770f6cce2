"""Exports of course systems, made after their public formats, for the small course: right work, other work, litter.

Each maker fills a folder and says what is expected: who → points of 10, and what is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.intake.inputs import HALF, HELPER, RIGHT, WITH_HELPER, notebook, put, tarred, zipped


@dataclass(frozen=True)
class Export:
    """What to give to `grade`, and what should come of it.

    Attributes:
        points: who → points of 10.
        skipped: part of a path → part of the reason.
        times: who → when, for those of whom it is known.
    """

    path: Path
    points: dict[str, float]
    skipped: dict[str, str]
    times: dict[str, str]


GRADESCOPE = """\
---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '4711'
    :email: ada@uni.edu
  :created_at: 2026-02-01 10:00:00.000000000 Z
  :score: 3.0
  :status: processed
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: []
submission_102:
  :submitters:
  - :name: Bela Bartók
    :sid: ''
    :email: bela@uni.edu
  - :name: Chen Wei
    :sid: '4713'
    :email: chen@uni.edu
  :created_at: 2026-02-01 11:30:00.000000000 +0100
submission_103:
  :submitters:
  - :name: Ada Lovelace
    :sid: '4711'
    :email: ada@uni.edu
  :created_at: 2026-02-02 10:00:00.000000000 Z
submission_104:
  :submitters:
  - :name: Gone Gustav
    :sid: '4714'
    :email: gone@uni.edu
  :created_at: 2026-02-02 10:00:00.000000000 Z
"""
_GRADESCOPE = {
    "submission_metadata.yml": GRADESCOPE,
    "submission_101/small.py": HALF,
    "submission_103/small.py": RIGHT,
    "submission_102/small.ipynb": notebook("%matplotlib inline\nimport numpy as np", RIGHT),
    "submission_102/helper.py": HELPER,
    "submission_105/small.py": HALF,
}
_GRADESCOPE_EXPECTED = (
    {"Ada Lovelace (4711)": 10.0, "Bela Bartók (bela@uni.edu) + Chen Wei (4713)": 10.0, "submission_105": 4.0},
    {"submission_104": "no such folder"},
    {"Ada Lovelace (4711)": "2026-02-02T10:00:00+00:00"},
)


def gradescope_folder(base: Path) -> Export:
    put(base / "assignment_77_export", dict(_GRADESCOPE))
    return Export(base / "assignment_77_export", *_GRADESCOPE_EXPECTED)


def gradescope_zip(base: Path) -> Export:
    data = zipped({f"assignment_77_export/{n}": d for n, d in _GRADESCOPE.items()})
    return Export(put(base, {"export.zip": data}) / "export.zip", *_GRADESCOPE_EXPECTED)


_CANVAS: dict[str, str | bytes] = {
    "lovelaceada_12345_901_small-2.py": RIGHT,
    "bartokbela_LATE_12346_902_small.ipynb": notebook(RIGHT),
    "weichen_12347_903_helper-1.py": HELPER,
    "weichen_12347_904_small-1.py": WITH_HELPER,
    "duffdora_12348_905_hw.zip": zipped({"small.py": HALF, ".git/HEAD": ""}),
    "emilemil_12349_906_small.pdf": b"%PDF-1.7",
    "frankfred_12350_text.html": "<p>see my mail</p>",
}
_CANVAS_EXPECTED = (
    {"lovelaceada (12345)": 10.0, "bartokbela (12346)": 10.0, "weichen (12347)": 10.0, "duffdora (12348)": 4.0,
     "emilemil (12349)": 0.0},
    {"frankfred_12350_text.html": "typed into Canvas"},
    {},
)  # fmt: skip


def canvas_folder(base: Path) -> Export:
    return Export(put(base / "submissions", dict(_CANVAS)), *_CANVAS_EXPECTED)


def canvas_zip(base: Path) -> Export:
    return Export(put(base, {"submissions.zip": zipped(_CANVAS)}) / "submissions.zip", *_CANVAS_EXPECTED)


_MOODLE: dict[str, str | bytes] = {
    "Ada Lovelace_501_assignsubmission_file_/small.py": RIGHT,
    "Béla Bartók_502_assignsubmission_file_/small.ipynb": notebook(RIGHT),
    "Chen Wei_503_assignsubmission_file_/small.py": WITH_HELPER,
    "Chen Wei_503_assignsubmission_file_/helper.py": HELPER,
    "Dora Duff_504_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
}
_MOODLE_EXPECTED = (
    {"Ada Lovelace (501)": 10.0, "Béla Bartók (502)": 10.0, "Chen Wei (503)": 10.0},
    {"onlinetext.html": "typed into Moodle"},
    {},
)


def moodle_folder(base: Path) -> Export:
    return Export(put(base / "course-HW1-77", dict(_MOODLE)), *_MOODLE_EXPECTED)


def moodle_flat_zip(base: Path) -> Export:
    flat = {name.replace("_/", "_"): data for name, data in _MOODLE.items()}
    return Export(put(base, {"course-HW1-77.zip": zipped(flat)}) / "course-HW1-77.zip", *_MOODLE_EXPECTED)


def nbgrader(base: Path) -> Export:
    put(base, {
        "submitted/ada/hw1/small.ipynb": notebook(RIGHT),
        "submitted/ada/hw1/timestamp.txt": "2026-02-02 15:58:23.948203 America/New_York",
        "submitted/ada/hw0/other.ipynb": notebook("x = 1"),
        "submitted/bela/hw1/small.ipynb": notebook(HALF),
        "submitted/bela/hw1/timestamp.txt": "2026-02-02 15:58:23.948203 UTC",
        "source/hw1/small.ipynb": notebook(RIGHT),
    })  # fmt: skip
    times = {"ada": "2026-02-02T15:58:23.948203-05:00", "bela": "2026-02-02T15:58:23.948203+00:00"}
    return Export(base, {"ada": 10.0, "bela": 4.0}, {"submitted/ada/hw0": "another assignment"}, times)


def clones(base: Path) -> Export:
    put(base / "hw1-submissions", {
        "hw1-ada/small.py": RIGHT, "hw1-ada/.git/HEAD": "", "hw1-ada/README.md": "#", "hw1-ada/.github/x.yml": "",
        "hw1-bela/small.py": WITH_HELPER, "hw1-bela/helper.py": HELPER, "hw1-bela/.git/HEAD": "",
        "hw1-chen/.git/HEAD": "", "grades.csv": "",
    })  # fmt: skip
    left = {"hw1-chen": "no file in it", "grades.csv": "belongs to none"}
    return Export(base / "hw1-submissions", {"ada": 10.0, "bela": 10.0}, left, {})


def otter_exports(base: Path) -> Export:
    put(base / "zips", {
        "ada_2026_02_01T10_00_00_000001.zip": zipped({"ada.ipynb": notebook(HALF), ".OTTER_LOG": ""}),
        "ada_2026_02_03T10_00_00_000001.zip": zipped({"ada.ipynb": notebook(RIGHT), "__zip_filename__": "x"}),
        "small_2026_02_01T10_00_00_000002.zip": zipped({"small.ipynb": notebook(RIGHT), "small.pdf": b"%PDF"}),
        "small_2026_02_01T10_00_00_000003.zip": zipped({"small.ipynb": notebook(HALF)}),
    })  # fmt: skip
    points = {"ada": 10.0, "small_2026_02_01T10_00_00_000002": 10.0, "small_2026_02_01T10_00_00_000003": 4.0}
    return Export(base / "zips", points, {}, {})


def versions(base: Path) -> Export:
    put(base / "subs", {
        "ada_v1.py": RIGHT, "ada_v2.py": HALF, "ada_v10.py": RIGHT,
        "bela/attempt_1/small.py": RIGHT, "bela/attempt_2/small.py": HALF,
    })  # fmt: skip
    return Export(base / "subs", {"ada": 10.0, "bela": 4.0}, {}, {})


def plain(base: Path) -> Export:
    put(base / "subs", {
        "ada.py": RIGHT, "bela.ipynb": notebook(RIGHT), "chen.zip": zipped({"hw/small.py": RIGHT}),
        "dora/small.py": WITH_HELPER, "dora/helper.py": HELPER, "dora/venv/pyvenv.cfg": "",
        "emil.tar.gz": tarred({"emil/small.py": RIGHT}), "fred.rar": b"Rar!\x1a", "notes.txt": "grade these",
        "gina.ipynb.json": notebook(RIGHT), "empty/.DS_Store": b"",
    })  # fmt: skip
    points = {"ada": 10.0, "bela": 10.0, "chen": 10.0, "dora": 10.0, "emil": 10.0, "fred": 0.0, "gina": 10.0}
    return Export(base / "subs", points, {"notes.txt": "no hand-in", "empty": "no file in it"}, {})


EXPORTS: dict[str, Callable[[Path], Export]] = {
    f.__name__: f
    for f in (gradescope_folder, gradescope_zip, canvas_folder, canvas_zip, moodle_folder, moodle_flat_zip, nbgrader,
              clones, otter_exports, versions, plain)
}  # fmt: skip

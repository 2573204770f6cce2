"""Which file of several is the one to grade: by its name, and where names leave a choice, by what is written in it.

backprop.py beside backprop.ipynb           the one with fewer functions still to be written
both written, and different                 the form that `[submission] prefer` names; never the newer: clocks lie
Backprop.py, backprop (1).ipynb,
backprop-Copy1.ipynb, ada_backprop.py       as if they had the name that was asked for, and it is said
one file of another name                    that one
several of other names                      the one that imports the others, or that has the functions asked for
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.errors import SubmissionError, UnreachableError
from autograder.intake.folder import shown
from autograder.intake.kinds import ending, without_extra_ending
from autograder.intake.members import Member
from autograder.spec.models import SubmissionForm

EXACT, NEAR, NAMED, OTHER = range(4)
_COPY = re.compile(
    r"^(copy of|kopie von|copie de|copia de|kopia)[\s_-]*|[\s_-]*(\(\d+\)|\bcopy\s?\d*|copy\d+|kopie\d*)$|[-_\s]\d+$",
    re.I,
)
_TODO = re.compile(r"^[ \t]*raise NotImplementedError", re.M)
_DEF = re.compile(r"^([ \t]*)def[ \t]+(\w+)", re.M)
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+\.?([\w.]+)|import[ \t]+([\w., \t]+))", re.M)
_NOT_WORK = frozenset({"setup.py", "conftest.py", "__init__.py", "run_otter.py"})


@dataclass(frozen=True)
class Candidate:
    """A file that may be the one to grade.

    Attributes:
        code: its Python, whatever form it has.
        rank: how near its name is to the one that is asked for: EXACT, NEAR, NAMED or OTHER.
        todo: functions whose body still raises NotImplementedError.
        defines: all functions at its top level.
    """

    path: str
    kind: str
    rank: int
    code: str
    todo: frozenset[str]
    defines: frozenset[str]

    @property
    def essence(self) -> str:
        """The code without comments and blank lines: what two forms of one piece of work share."""
        lines = (line.strip() for line in self.code.splitlines())
        return "\n".join(line for line in lines if line and not line.startswith(("#", "%", "!")))


def rank_of(name: str, form: SubmissionForm) -> int:
    """How near a file's name is to the one that is asked for.

    >>> form = SubmissionForm(file="hw.py")
    >>> [rank_of(n, form) for n in ("hw.ipynb", "HW (1).py", "hw.py.txt", "ada_hw.py", "main.py")]
    [0, 1, 1, 2, 3]
    """
    if name in (form.file, f"{form.module}.ipynb"):
        return EXACT
    stem = PurePosixPath(without_extra_ending(name)).stem.strip()
    for _ in range(3):
        stem = _COPY.sub("", stem).strip()
    if stem.lower() == form.module.lower():
        return NEAR
    return NAMED if re.search(rf"(?<![a-z]){re.escape(form.module.lower())}(?![a-z])", stem.lower()) else OTHER


def candidate(path: str, kind: str, code: str, form: SubmissionForm) -> Candidate:
    """A candidate from its text."""
    marks = [(m.start(), m.group(2), m.group(1)) for m in _DEF.finditer(code)]
    todo = set()
    for hit in _TODO.finditer(code):
        before = [name for start, name, _ in marks if start < hit.start()]
        todo |= {before[-1]} if before else set()
    top = frozenset(name for _, name, indent in marks if not indent)
    return Candidate(path, kind, rank_of(PurePosixPath(path).name, form), code, frozenset(todo), top)


def may_be_main(member: Member) -> bool:
    """Whether a member could be the work itself, by its name."""
    name = member.name
    helper = name in _NOT_WORK or name.startswith("test_")
    return ending(name) in ("py", "ipynb") and not helper


def chosen(
    members: Sequence[Member], form: SubmissionForm, look: Callable[[Member], Candidate], where: str
) -> tuple[Candidate, tuple[str, ...]]:
    """The candidate to grade, and what is to be said about it.

    Args:
        members: those that may be it.
        look: reads one; called only where names alone do not decide.

    Raises:
        SubmissionError: there is none, or no way to tell.
    """
    if len(members) == 1:
        return _said(look(members[0]), form)
    close = [m for m in members if rank_of(m.name, form) < OTHER]
    found, damaged = _readable(close, look)
    if not found or all(c.todo for c in found):
        others, more = _readable([m for m in members if m not in close], look)
        damaged += more
        found += _able(others, found) if found else _entry(others)
    if not found and damaged:
        raise damaged[0]
    if not found:
        raise _none(members, form, where)
    winner, notes = _best(found, form, where)
    notes += tuple(f"a file beside it cannot be read: {error.sentence()}"[:300] for error in damaged)
    return winner, notes


def _best(found: Sequence[Candidate], form: SubmissionForm, where: str) -> tuple[Candidate, tuple[str, ...]]:
    best = min(len(c.todo) for c in found)
    done = [c for c in found if len(c.todo) == best]
    winner, *rest = sorted(done, key=lambda c: (c.kind != form.prefer, c.rank, c.path.count("/"), c.path))
    different = [c for c in rest if c.essence != winner.essence]
    equal = [c for c in different if _place(c) == _place(winner)]
    if equal and winner.rank <= NAMED:
        names = ", ".join(shown(c.path) for c in (winner, *equal)[:5])
        raise SubmissionError(f"there is more than one {PurePosixPath(winner.path).name}, and they differ",
                              where=where, found=names, fix="keep one of them")  # fmt: skip
    winner, notes = _said(winner, form)
    for other in (c for c in found if c not in done):
        notes += (f"`{shown(other.path)}` was not graded: {len(other.todo)} of its functions are still to be written",)
    return winner, notes + tuple(_both(winner, other) for other in different)


def _readable(
    members: Sequence[Member], look: Callable[[Member], Candidate]
) -> tuple[list[Candidate], list[SubmissionError]]:
    """Those that can be read, and why others cannot: a damaged file does no harm to a sound one."""
    found, damaged = [], []
    for member in members:
        try:
            found.append(look(member))
        except UnreachableError:
            raise  # it may be the very one that counts
        except SubmissionError as error:
            damaged.append(error)
    return found, damaged


def _place(one: Candidate) -> tuple[str, int, int]:
    return one.kind, one.rank, one.path.count("/")


def _both(winner: Candidate, other: Candidate) -> str:
    taken = f"`{shown(winner.path)}` was graded"
    if winner.kind != other.kind:
        why = f"where both are there and differ, the .{winner.kind} counts ([submission] prefer)"
    else:
        why = "its name is nearer to the one that was asked for, or it lies less deep"
    return f"{taken} and `{shown(other.path)}` was not: {why}"


def _said(winner: Candidate, form: SubmissionForm) -> tuple[Candidate, tuple[str, ...]]:
    if winner.rank == EXACT:
        return winner, ()
    return winner, (f"`{shown(winner.path)}` was taken as {form.module}.{winner.kind}",)


def _able(others: Sequence[Candidate], stubs: Sequence[Candidate]) -> list[Candidate]:
    """Files of another name in which most of what the stubs leave open is written."""
    wanted = frozenset().union(*(c.todo for c in stubs))
    return [c for c in others if len((c.defines - c.todo) & wanted) * 2 > len(wanted)]


def _entry(others: Sequence[Candidate]) -> list[Candidate]:
    """The one file that no other imports, where there is just one and it imports some; or the only one."""
    stems = {PurePosixPath(c.path).stem: c for c in others}
    used = {c.path: imported_by(c.code) & set(stems) - {PurePosixPath(c.path).stem} for c in others}
    free = [c for c in others if all(PurePosixPath(c.path).stem not in names for names in used.values())]
    if len(others) == 1 or (len(free) == 1 and used[free[0].path]):
        return free
    return []


def imported_by(code: str) -> set[str]:
    """Top-level names of the modules that a text imports."""
    found: set[str] = set()
    for from_, plain in _IMPORT.findall(code):
        names = [from_] if from_ else [name.split()[0] for name in plain.split(",") if name.split()]
        found |= {name.split(".")[0] for name in names}
    return found


def _none(members: Sequence[Member], form: SubmissionForm, where: str) -> SubmissionError:
    names = sorted(shown(m.path) for m in members)
    return SubmissionError(
        f"there is no {form.file}", where=where, found=", ".join(names[:5]) + (", …" if len(names) > 5 else ""),
        expected=f"{form.file} or {form.module}.ipynb", fix="name your file so",
    )  # fmt: skip

"""Hand-ins of a class whose code, or whose mistakes, are more alike than those of others: for a person to look at.

Code that the handout has says nothing, and neither does what many have written: of a fingerprint that more than a tenth
of the class shares nobody has it from somebody. Of mistakes those say something that nobody has listed and that few
made: two who return the same wrong values in several questions did not find them each alone.
Nothing is deducted, and nothing of this stands on a student's page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.cohort.mistakes import grouped
from autograder.cohort.sources import Source, code_of
from autograder.cohort.store import Store
from autograder.cohort.winnowing import Lines, Token, fingerprints, marks_of, tokens_of
from autograder.spec.models import SubmissionForm

LEAST_SHARED = 8
"""Fingerprints that two must share: about 60 tokens that hardly anybody else has."""
LEAST_SHARE = 0.3
FEW = 4
MOST_CODE = 500_000
"""Characters of one hand-in that are compared; that there is more is told."""
TOLD = 3


def few_of(size: int) -> int:
    """So many at most may share what tells two of them from the others."""
    return max(FEW, size // 10)


@dataclass(frozen=True)
class Work:
    """Somebody's code: its text, and its fingerprints that the handout has not.

    Attributes:
        lost: which parts of it could not be compared, and why.
    """

    who: str
    text: str
    prints: Mapping[int, Sequence[Lines]]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two hand-ins.

    Attributes:
        share: of the smaller one's code that few others have, how much the other has too; 0 where too little.
        shared: the fingerprints, counted.
        lines: for both, the parts that are alike.
        mistakes: questions in which both returned the same wrong values, as few others did.
    """

    first: str
    second: str
    share: float
    shared: int
    lines: tuple[tuple[Lines, ...], tuple[Lines, ...]]
    mistakes: tuple[str, ...] = ()

    def text(self) -> str:
        """For staff."""
        said = []
        if self.share:
            said.append(f"{100 * self.share:.0f} % of the code that few others have ({self.shared} places)")
        if self.mistakes:
            said.append(f"the same rare wrong answers in {', '.join(self.mistakes)}")
        return f"{self.first} and {self.second}: {'; '.join(said)}"


def work_of(who: str, source: Source, stub: Iterable[int]) -> Work:
    """Somebody's code without what the handout has; each part is read by itself, and what is no Python is told.

    Args:
        source: name and text of each part: a file, or a notebook's cell.
        stub: fingerprints of the handout's script.
    """
    known, lines, tokens, lost, room = frozenset(stub), list[str](), list[Token](), list[str](), MOST_CODE
    for name, text in source:
        if len(text) > room:
            lost.append(f"{name}: what comes after {MOST_CODE:,} characters")
            text = text[:room].rpartition("\n")[0]
        room -= len(text)
        lines += [f"# {name}"] if len(source) > 1 else []
        found, broken = tokens_of(text)
        tokens += [Token(one.text, one.line + len(lines)) for one in found]
        lost += [f"{name}, {_place(*span)}: no Python" for span in broken]
        lines += text.split("\n")
    more = [f"{len(lost) - TOLD} more places"] if len(lost) > TOLD else []
    prints = {mark: places for mark, places in marks_of(tokens).items() if mark not in known}
    return Work(who, "\n".join(lines), prints, (*lost[:TOLD], *more))


def _place(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"


def works_in(store: Store, form: SubmissionForm, stub: str) -> tuple[list[Work], list[str]]:
    """Everybody's code as it was graded; and of whose, or what of it, nothing could be compared, with the reason."""
    known, found, lost = fingerprints(stub), [], []
    for event in store.current():
        source, why = code_of(event, form) if store.sound(event) else ((), "its entry is damaged")
        work = work_of(event.who, source, known)
        lost += [f"{event.who}: {one}" for one in ((why,) if why else work.lost)]
        found.append(work)
    return found, lost


def pairs_of(works: Sequence[Work], mistakes: Mapping[tuple[str, str], Sequence[str]] | None = None) -> list[Pair]:
    """The pairs that a person should look at, those who share most first.

    Args:
        mistakes: two people, sorted → questions in which both made a rare mistake; see `shared_mistakes`.
    """
    mistakes, few = mistakes or {}, few_of(len(works))
    holders: dict[int, list[int]] = defaultdict(list)
    for number, work in enumerate(works):
        for mark in work.prints:
            holders[mark].append(number)
    rare = [sum(len(holders[mark]) <= few for mark in work.prints) for work in works]
    shared: Counter[tuple[int, int]] = Counter()
    for several in holders.values():
        if 1 < len(several) <= few:
            shared.update(combinations(several, 2))
    numbers = {work.who: i for i, work in enumerate(works)}
    for names in mistakes:
        first, second = sorted(numbers[name] for name in names)
        shared.setdefault((first, second), 0)
    found = []
    for (one, other), count in shared.items():
        mine, theirs = works[one], works[other]
        share = count / max(1, min(rare[one], rare[other]))
        alike = count >= LEAST_SHARED and share >= LEAST_SHARE
        wrong = tuple(mistakes.get((min(mine.who, theirs.who), max(mine.who, theirs.who)), ()))
        if alike or len(wrong) > 1:
            found.append(_pair(mine, theirs, share if alike else 0.0, count, holders, few, wrong))
    return sorted(found, key=lambda pair: (-pair.share, -len(pair.mistakes), -pair.shared, pair.first, pair.second))


def _pair(
    a: Work, b: Work, share: float, count: int, holders: Mapping[int, Sequence[int]], few: int, wrong: tuple[str, ...]
) -> Pair:
    both = [mark for mark in a.prints if mark in b.prints and len(holders[mark]) <= few]
    lines = [tuple(sorted({place for mark in both for place in work.prints[mark]})) for work in (a, b)]
    return Pair(a.who, b.who, share, count, (lines[0], lines[1]), wrong)


def shared_mistakes(store: Store) -> dict[tuple[str, str], list[str]]:
    """Two people → questions in which both, and few others, returned the same wrong values."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    few = few_of(len(store.current()))
    for group in grouped(store)[0]:
        if 1 < len(group.students) <= few and group.marks:
            for a, b in combinations(sorted(group.students), 2):
                found[a, b].append(group.question)
    return found

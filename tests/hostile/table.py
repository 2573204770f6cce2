"""The table of docs/security.md, measured: context × outcome, and what a session costs.

python -m tests.hostile.table [root] [plain] [docker]
"""

from __future__ import annotations

import sys
from typing import Any

from tests.hostile.contexts import CONTEXTS, GraderProcess, Hang, Stage, Unavailable
from tests.hostile.expectation import HERE, attack_files, read_expectation
from tests.hostile.test_hostile import HONEST, LONGEST, gained, leaked, lost, wrong_verdicts

HEADS = (
    "context",
    "layers missing",
    "files",
    "honest",
    "right verdict",
    "points gained",
    "leaks",
    "hangs",
    "points of others lost",
    "left behind",
)
COSTS = ("empty session", "one question", "four questions", "each further question")


def outcome(grader: GraderProcess) -> dict[str, int]:
    """Counts over all files."""
    counts = dict.fromkeys(("right", "gained", "leaked", "hung", "lost", "left"), 0)
    for file in attack_files():
        expectation = read_expectation(HERE / file)
        record: dict[str, Any] = grader.ask("grade", name=file, limit=expectation.limit, seconds=120)
        bad = {
            "gained": gained(record, expectation), "leaked": leaked(record), "hung": record["seconds"] >= LONGEST,
            "lost": lost(record, expectation), "left": record["left"],
        }  # fmt: skip
        for name, found in bad.items():
            counts[name] += bool(found)
        wrong = wrong_verdicts(record, expectation)
        counts["right"] += not wrong
        if wrong or any(bad.values()):
            print(f"  {file}: {wrong} { {k: v for k, v in bad.items() if v} }", file=sys.stderr)
    return counts


def row(context: str, stage: Stage) -> tuple[str, str]:
    """A line of the outcome table and one of the cost table."""
    grader = GraderProcess(stage.way(context))
    try:
        honest = grader.ask("grade", name=HONEST)
        percent = round(100 * sum(int(p) for p, _ in honest["points"].values()) / 40)
        cost = grader.ask("cost", count=40, seconds=300)
        counts = outcome(grader)
    finally:
        grader.close()
    missing = ", ".join(grader.hello["missing"]) or "none"
    total = len(attack_files())
    cells = [
        context,
        missing,
        total,
        f"{percent} %",
        f"{counts['right']} of {total}",
        *(counts[k] for k in ("gained", "leaked", "hung", "lost", "left")),
    ]
    return "| " + " | ".join(map(str, cells)) + " |", "| " + " | ".join(
        [context, *(f"{cost[c]:.1f} ms" for c in COSTS)]
    ) + " |"


def main() -> None:
    """Measure and print."""
    stage = Stage()
    outcomes, costs = [], []
    for context in sys.argv[1:] or CONTEXTS:
        try:
            first, second = row(context, stage)
        except (Unavailable, Hang) as reason:
            first = second = f"| {context} | {reason} |"
        outcomes.append(first)
        costs.append(second)
    stage.close()
    for heads, lines in ((HEADS, outcomes), (("context", *COSTS), costs)):
        print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        print("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

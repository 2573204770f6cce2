"""The figures as a page: bench/results.json to bench/RESULTS.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

HEAD = """# Results of the benchmarks

Written by `python -m bench` from `bench/results.json`; do not edit by hand. Each part says when, on what machine and
how busy that machine was (`load` is the one-minute load average when the part began: above the number of processors,
wall times are longer than they would be on a quiet machine, while processor times hold).
"""


def page(table: dict[str, Any]) -> str:
    """All parts that have been measured."""
    parts = [HEAD]
    for name, title, render in _PARTS:
        for key in sorted(table):
            if key.startswith(name):
                parts += [f"## {title}, {key.partition(': ')[2]}\n", render(table[key]), _where(table[key])]
    return "\n".join(parts)


def _where(part: dict[str, Any]) -> str:
    m = part["machine"]
    versions = ", ".join(f"{k} {v}" for k, v in m["versions"].items())
    return (
        f"*{m['at']}, commit {m['commit']}, {m['processor']}, {m['processors']} processors, {m['memory_gib']} GiB, "
        f"{m['system']}, Python {m['python']}, {versions}; load {m['load']}.*\n\n    {part['command']}\n"
    )


def _line(*cells: object) -> str:
    return "| " + " | ".join(str(c) for c in cells) + " |"


def _parts(part: dict[str, Any]) -> str:
    rows = [_line("part", "wall ms", "processor ms of the grader"), "|---|---:|---:|"]
    for name, (wall, processor) in part["parts"].items():
        rows.append(_line(name, f"{wall:.1f}", f"{processor:.1f}" if processor else "–"))
    rows.append(
        f"\nMedians of {part['rounds']} submissions. Starting the sandbox, until a first session is open: "
        + ", ".join(f"{seconds:.1f} s {name}" for name, seconds in part["sandbox_start_seconds"].items())
        + f". Layers in force: {', '.join(part['layers'])}.\n"
    )
    return "\n".join(rows)


def _compare(part: dict[str, Any]) -> str:
    run = part["otter_run"]
    rows = [
        _line(
            "what",
            "submissions",
            "wall s each",
            "processor s each",
            "peak MiB",
            "ratio to `otter run`",
            "ratio to `otter grade`",
            "ratio in processor time",
        )
    ]
    rows.append("|---|---:|---:|---:|---:|---:|---:|---:|")
    good = [r for r in run["rows"] if not r["status"]]
    if not good:
        return "Every `otter run` ended with an error: nothing to compare.\n"
    base = [sum(r[k] for r in good) / len(good) for k in ("wall", "processor")]
    peak = max(r["peak_mib"] for r in good)
    rows.append(_line("`otter run`", len(good), f"{base[0]:.2f}", f"{base[1]:.2f}", f"{peak:.0f}", 1, "–", 1))
    docker = part["otter_grade"]
    containers = None if "skipped" in docker or docker["status"] else docker["wall"] / docker["count"]
    if containers:
        ratio = f"{base[0] / containers:.1f}"
        rows.append(_line("`otter grade`, 2 containers", docker["count"], f"{containers:.2f}", "–", "–", ratio, 1, "–"))
    for row in part["grade"]:
        wall, processor = row["wall"] / row["count"], row["processor"] / row["count"]
        ratios = f"{base[0] / wall:.1f}", f"{containers / wall:.1f}" if containers else "–"
        figures = f"{wall:.3f}", f"{processor:.3f}", f"{row['peak_mib']:.0f}"
        name = f"`autograder grade -j {row['jobs']}`"
        rows.append(_line(name, row["count"], *figures, *ratios, f"{base[1] / processor:.1f}"))
    shares = [sum(r.get("stolen", 0) for r in good) / len(good), *(r.get("stolen", 0) for r in part["grade"])]
    rows.append("\nProcessor time is what the whole machine was busy." + _stolen(shares))
    rows.append("Every figure includes the start of the program and of the sandbox, and the report that it writes.")
    if "skipped" in docker or docker["status"]:
        rows.append(f"`otter grade` was not measured: {docker.get('skipped') or docker['tail']}.")
    failed = [r["name"] for r in run["rows"] if r["status"]]
    if failed:
        rows.append(f"`otter run` ended with an error for {', '.join(failed)}, which counts in no figure.")
    return "\n".join(rows) + "\n"


def _stolen(shares: Sequence[float]) -> str:
    """A virtual machine is not alone on its host; wall times grow with what others take."""
    if not any(shares):
        return ""
    return (
        f" The host gave {', '.join(f'{100 * s:.0f} %' for s in shares)} of the processors' time to others meanwhile."
    )


def _scaling(part: dict[str, Any]) -> str:
    names = "submissions", "wall s", "ms each", "ms of each further one", "processor ms each"
    rows = [_line(*names, "median ms of one grading", "peak MiB"), "|---:|---:|---:|---:|---:|---:|---:|"]
    before: dict[str, Any] | None = None
    for row in part["rows"]:
        each, processor = 1000 * row["wall"] / row["count"], 1000 * row["processor"] / row["count"]
        further = f"{1000 * (row['wall'] - before['wall']) / (row['count'] - before['count']):.0f}" if before else "–"
        median = f"{row['median_ms']:.0f}" if row["median_ms"] else "–"
        figures = f"{each:.0f}", further, f"{processor:.0f}", median, f"{row['peak_mib']:.0f}"
        rows.append(_line(row["count"], f"{row['wall']:.1f}", *figures))
        before = row
    rows.append(
        f"\n`autograder grade -j {part['rows'][0]['jobs']}`; start and reports included, which weigh on small cohorts. "
        "A further one is one more than in the row above: reports included, starting left out."
        + _stolen([row.get("stolen", 0) for row in part["rows"]])
    )
    if part.get("left_out"):
        rows.append(f"Not measured: {', '.join(map(str, part['left_out']))} submissions (time).")
    return "\n".join(rows) + "\n"


def _rejudge(part: dict[str, Any]) -> str:
    return (
        f"{part['count']} submissions in {part['wall']:.1f} s ({1000 * part['wall'] / part['count']:.1f} ms each; "
        f"{part['processor']:.1f} s of processor time); {part['changed']} changed. The cohort has "
        f"{part['kinds']} different kinds of work (their evidence is repeated under other names); the same answer "
        "in the same world is judged once, and the same answers to all cases are explained once.\n"
    )


def _floor(part: dict[str, Any]) -> str:
    said = "within" if part["ours_ms"] <= part["aim_ms"] else "over"
    return (
        f"The same submissions and cases in one warm process without isolation: {part['floor_ms']:.0f} ms each; in "
        f"the sandbox {part['ours_ms']:.0f} ms, **{part['ratio']:.2f}** times as much and {said} the aim of 1.5 times "
        f"and 10 ms ({part['aim_ms']:.0f} ms). Medians of {part['rounds']} submissions that took turns; loading, cases "
        f"and judging on both sides, nothing kept. Layers in force: {', '.join(part['layers'])}.\n"
    )


def _pages(part: dict[str, Any]) -> str:
    rows = [_line("what", "ms for each student"), "|---|---:|"]
    rows.append(_line("a student's page", f"{part['student_ms']:.1f}"))
    rows.append(_line("a page for staff", f"{part['staff_ms']:.1f}"))
    rows.append(_line("all files of a report, written", f"{part['all_ms']:.1f}"))
    return "\n".join(rows) + (
        f"\n\n{part['count']} students, {part['kinds']} different kinds of work; all files take "
        f"{part['processor_ms']:.1f} ms of processor time for each.\n"
    )


def _book(part: dict[str, Any]) -> str:
    return (
        f"{part['of']} ({part['events']:,} events; the lowest part dropped, two pools of days): {part['wall']:.2f} s, "
        f"{part['processor']:.2f} s of processor time for the whole book; median of {part['rounds']}.\n"
    )


_PARTS = (
    ("parts", "Milliseconds per submission by part", _parts),
    ("floor", "The floor: no isolation", _floor),
    ("compare", "Whole processes on the same zip", _compare),
    ("scaling", "Growing cohorts", _scaling),
    ("rejudge", "Rejudging", _rejudge),
    ("pages", "Pages of a class", _pages),
    ("book", "A big gradebook", _book),
)

"""No file speaks of the machine it was written on, how the work on it is organised, or papers that are not here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = "tests/project/test_prose.py"  # names what it forbids
STARTS_AN_ENGINE = {"Makefile"}  # looks beside the checkout for a script that brings up a Docker engine
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.*])/work/|/root/\.pyenv\b",
    "a folder beside the checkout": r"\.\./shared\b",
    "a paper that is not here": r"\b(DESIGN|REVIEW|STYLE|PAINS|THEORY|OTTER|MILESTONES|CURRICULUM2?)\.md\b",
    "how the work is organised": r"(?i:\b(issue #?\d+|worktree|sub-?agent|ai assistant|coding assistant)\b)"
    r"|\b([Ee]ngineer [A-H]|the brief says|COMMON\.md)\b",
    "a tool that wrote it": r"(?i)\b(claude|anthropic|chatgpt|openai|copilot|gemini|codex)\b",
}


def texts() -> dict[str, str]:
    """Path → text of every file that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    found = {}
    for name in filter(None, listed.stdout.split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in data:
            found[name] = data.decode(errors="replace")
    return found


def faults(name: str, text: str) -> list[str]:
    """What a text must not say, with its line."""
    kinds = {k: p for k, p in FORBIDDEN.items() if not (name in STARTS_AN_ENGINE and "beside the checkout" in k)}
    lines = enumerate(text.splitlines(), 1)
    return [
        f"{name}:{n}: {kind}: {line.strip()[:100]}"
        for n, line in lines
        for kind, p in kinds.items()
        if re.search(p, line)
    ]


def test_files_speak_of_the_project_only() -> None:
    found = texts()
    assert len(found) > 100
    assert [fault for name, text in found.items() if name != HERE for fault in faults(name, text)] == []


@pytest.mark.parametrize(
    "line",
    [
        "cd /work/main", "in /root/.pyenv/versions", "../shared/docker", "see DESIGN.md, section 3",
        "as issue 14 asks", "Engineer B does that", "in a worktree", "written by ChatGPT",
    ],
)  # fmt: skip
def test_what_is_forbidden_is_found(line: str) -> None:
    assert len(faults("docs/x.md", f"first\n{line}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "see SECURITY.md",
        "the framework/ folder",
        "an issue with 14 rows",
        "https://example.org/work/",
        "a reverse engineer",
    ],
)
def test_ordinary_sentences_are_not(line: str) -> None:
    assert faults("docs/x.md", line) == []

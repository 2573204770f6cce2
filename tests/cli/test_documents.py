"""README and the other documents agree with the commands and the files that they speak of."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from autograder.cli.main import main
from autograder.cli.reference import with_table
from autograder.grading.source import assignment_names, load_source

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
DOCUMENTS = sorted([README, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")])


def test_the_table_of_commands_is_fresh() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_table(text), "stale: python -m autograder.cli.reference README.md"


def test_readme_opens_with_the_two_commands() -> None:
    first = README.read_text(encoding="utf-8").split("```")[1]
    assert [line.split("#")[0].strip() for line in first.strip().splitlines()] == ["make demo", "make test"]


CONTEXT = click.Context(main)
COMMANDS = {name: main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_sentence_and_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    assert command.name == name
    assert command.help
    assert command.epilog
    assert f"autograder {name}" in command.epilog


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere_and_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (path.parent / target).exists(), f"{path.name}: {target}"
    for name, rest in re.findall(r"^autograder ([a-z]+)(.*)$", text, re.MULTILINE):
        assert name in COMMANDS, f"{path.name}: autograder {name}"
        called = [COMMANDS[name]]
        if isinstance(called[0], click.Group) and (word := next(iter(rest.split()), "")) in called[0].commands:
            called.append(called[0].commands[word])
        parameters = [p for command in called for p in command.params]
        known = {o for p in parameters if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)}
        for option in re.findall(r"(?<=\s)--[a-z-]+", rest.split("#")[0]):
            assert option in {*known, "--help"}, f"{path.name}: autograder {name} {option}"


def test_messages_that_the_page_for_trouble_quotes_are_ours() -> None:
    """Each between backticks in a row's first cell; what stands for a number or a name is left out."""
    ours = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "autograder").rglob("*.py"))
    ours = re.sub(r'"\s*\n\s*f?"', "", ours).replace("\\", "")
    rows = re.findall(r"^\| (.*?) \|", (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8"), re.MULTILINE)
    quoted = [text for row in rows for text in re.findall(r"`{1,2}(.+?)`{1,2}", row)]
    pieces = [p.strip() for text in quoted for p in re.split(r"[…;()\d:]", text)]
    pieces = [p for p in pieces if len(p) > 8 and not p.startswith(("name '", "check.py"))]  # Python's, a file's
    assert len(pieces) > 8
    assert [p for p in pieces if p not in ours] == []


@pytest.mark.parametrize("name", ["student.md", "student-walkthrough.md"])
def test_pages_for_students_speak_only_of_what_a_handout_has(name: str) -> None:
    """Neither of our commands, which students have not, nor of what a grader or an author has."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert re.findall(r"(?:^|`)autograder [a-z]+", text, re.MULTILINE) == []
    assert not re.search(r"course\.toml|solutions/|--root|rejudge", text)
    assert "check.py" in text


@pytest.mark.parametrize("name", assignment_names(ROOT))
def test_readme_describes_every_assignment_in_true_numbers(name: str) -> None:
    source = load_source(ROOT, name)
    counts = len(source.spec.questions), len(source.cases.cases), len(source.misconceptions)
    assert f"| `{name}` | {' | '.join(map(str, counts))} |" in README.read_text(encoding="utf-8")

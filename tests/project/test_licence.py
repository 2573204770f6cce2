"""Licence, notice and how to report a hole: there, the same everywhere, and true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_licence_is_bsd_3_clause_and_the_package_carries_the_same_bytes() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("BSD 3-Clause License\n\nCopyright (c) 2026, The autograder authors\n")
    assert [line[:2] for line in text.splitlines() if re.match(r"\d\.", line)] == ["1.", "2.", "3."]
    assert (ROOT / "autograder" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert PROJECT["license"] == "BSD-3-Clause"
    assert PROJECT["license-files"] == ["LICENSE", "NOTICE"]


def test_the_notice_says_that_nothing_foreign_is_carried_and_no_file_says_otherwise() -> None:
    assert "carry no third-party code" in (ROOT / "NOTICE").read_text(encoding="utf-8").replace("\n", " ")
    foreign = re.compile(r"SPDX-License-Identifier|Licensed under|Permission is hereby granted|@license|\(c\) \d{4}")
    carried = [p for p in (ROOT / "autograder").rglob("*") if p.suffix in {".py", ".css", ".js", ".j2", ".sh", ".svg"}]
    assert len(carried) > 100
    assert [p.name for p in carried if foreign.search(p.read_text(encoding="utf-8"))] == []


def test_the_extra_for_development_names_the_distribution_as_it_is() -> None:
    extras = PROJECT["optional-dependencies"]
    assert f"{PROJECT['name']}[music,otter,slurm]" in extras["dev"]
    assert PROJECT["name"] != "autograder"  # another project's, on the package index
    assert PROJECT["scripts"] == {"autograder": "autograder.cli.main:main"}
    assert f"pip install {PROJECT['name']}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_who_finds_a_hole_is_told_where_to_report_it() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for words in ("private security advisory", "In scope", "Out of scope", "Supported versions"):
        assert words in text
    assert not re.search(r"\S@\S+\.\w", text)
    assert "SECURITY.md" in (ROOT / "README.md").read_text(encoding="utf-8")

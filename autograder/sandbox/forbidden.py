"""Forbidden names in a submission's text."""

from __future__ import annotations

from autograder.sandbox.cells import Cell


def find_forbidden(scratch: str, main: str, cells: list[Cell], probes: str, forbidden: tuple[str, ...]) -> list[str]:
    """Uses of forbidden names."""
    return []

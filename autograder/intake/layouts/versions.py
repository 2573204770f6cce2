"""Names that say which version of somebody's work this is: `ada_v2`, `ada_attempt 3`, `ada_2026_02_01T10_00_00_000000`.

The last is what Otter's `export` writes. A time in a name has no zone, so it is a version and no time of handing in.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"^(?P<who>.+?)[ _-]+(?P<version>(?:v|ver|version|attempt|try|rev|resubmission|submission)[ _-]?\d+)$", re.I
)
_TIME = re.compile(
    r"^(?P<who>.+?)[ _-]+(?P<version>\d{4}[-_]\d\d[-_]\d\d(?:[T _-]+\d\d[-_:.h]?\d\d(?:[-_:.m]?\d\d(?:[-_.]\d+)?)?)?)$"
)
_FOLDER = re.compile(
    r"^(?:(?:v|ver|version|attempt|try|rev|resubmission|submission)[ _-]?\d+|"
    r"\d{4}[-_]\d\d[-_]\d\d[T _\d:.-]*|\d{1,3})$",
    re.I,
)


def split(name: str) -> tuple[str, str]:
    """Who, and which version; "" where the name says none.

    >>> split("ada_v2"), split("ada_2026_02_01T10_00_00_000000"), split("ada")
    (('ada', 'v2'), ('ada', '2026_02_01T10_00_00_000000'), ('ada', ''))
    """
    match = _NUMBER.match(name) or _TIME.match(name)
    return (match["who"], match["version"]) if match else (name, "")


def is_version(folder: str) -> bool:
    """Whether a folder's name is that of a version: `v1`, `attempt_2`, `2026-02-01`, `3`."""
    return bool(_FOLDER.match(folder))


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """For sorting: `v9` before `v10`, nothing before anything."""
    parts = re.findall(r"\d+|\D+", version)
    numbers = [p.lstrip("0") if p.isdecimal() else "" for p in parts]  # of any length: compared as digits
    return tuple((1, len(n), n) if p.isdecimal() else (0, 0, p) for p, n in zip(parts, numbers, strict=True))

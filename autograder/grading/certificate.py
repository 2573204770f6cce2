"""The certificate of an assignment: what `autograder verify --write` measured, and whether it is still true.

solutions/<name>/certificate.json holds, per case, D_ok, the tolerance, D_bad and the misconceptions that it catches,
and a digest of everything that went into them. It is written only after all gates passed; so a certificate with the
digest of the files as they are is the proof that `release` asks for.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

from autograder.errors import AuthorError
from autograder.grading.source import AssignmentSource

FORMAT = 1
FILE = "certificate.json"
EQUIVALENT = "equivalent.toml"
ALLOWED = "allowed.toml"
State = Literal["fresh", "stale", "missing"]


def certificate_path(source: AssignmentSource) -> Path:
    """Where an assignment's certificate lies."""
    return source.private_folder / FILE


def inputs_digest(source: AssignmentSource) -> str:
    """sha256 over all that a certificate speaks of: spec, cases, reference, alternates, misconceptions, support files,
    recorded equivalents, allowed findings, the headings of the handout (its prose may change without a new exam)."""
    parts: list[tuple[str, bytes]] = [
        ("format", str(FORMAT).encode()),
        ("assignment.toml", source.spec_text.encode()),
        ("reference", source.reference.encode()),
        ("cases.py", source.cases.source.encode()),
        ("headings", _headings(source.public_folder / "handout.md")),
        (EQUIVALENT, _bytes(source.private_folder / EQUIVALENT)),
    ]
    allowed = _bytes(source.private_folder / ALLOWED)
    parts += [(ALLOWED, allowed)] if allowed else []
    parts += [(f"trusted {n}", t.encode()) for n, t in sorted(source.cases.trusted.items())]
    parts += [(f"support {n}", data) for n, data in sorted(source.support.items())]
    parts += [(f"alternate {n}", t.encode()) for n, t in sorted(source.alternates.items())]
    parts += [(f"misconception {m.id}", m.model_dump_json().encode()) for m in source.misconceptions]
    whole = hashlib.sha256()
    for name, data in parts:
        whole.update(f"{name}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _headings(path: Path) -> bytes:
    return b"\n".join(re.findall(rb"^#{1,6} .*$", _bytes(path), re.MULTILINE))


def read_certificate(source: AssignmentSource) -> dict[str, Any] | None:
    """The certificate's table, or None where there is none.

    Raises:
        AuthorError: the file is not a certificate.
    """
    path = certificate_path(source)
    if not path.is_file():
        return None
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        str(table["digest"])
        return dict(table)
    except (ValueError, KeyError, TypeError):
        fix = f"write it anew: autograder verify {source.spec.id} --write"
        raise AuthorError("is not a certificate", where=str(path), fix=fix) from None


def certificate_state(source: AssignmentSource) -> State:
    """Whether there is a certificate, and whether it speaks of the files as they are."""
    table = read_certificate(source)
    if table is None:
        return "missing"
    return "fresh" if table["digest"] == inputs_digest(source) and table.get("format") == FORMAT else "stale"


def require_certificate(source: AssignmentSource) -> None:
    """Nothing, when the assignment passed its exam as it is.

    Raises:
        AuthorError: it did not, or has changed since.
    """
    state = certificate_state(source)
    if state == "fresh":
        return
    what = "has no certificate" if state == "missing" else "has changed since its certificate was written"
    raise AuthorError(
        f"assignment `{source.spec.id}` {what}",
        where=str(certificate_path(source)),
        expected="a certificate: proof that right work passes and wrong work fails",
        fix=f"autograder verify {source.spec.id} --write",
    )

"""The certificate of an assignment: what `autograder verify --write` measured, and whether it is still true.

solutions/<name>/certificate.json holds, per case, D_ok, the tolerance, D_bad and the misconceptions that it catches; of
every part that went into them a digest (each case is a part of its own); and the versions that it was measured with. It
is written only after all gates passed; so a certificate of the files as they are is the proof that `release` asks for.
Where only the versions are others it has aged: a warning, no refusal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.authoring.closure import closure
from autograder.errors import AuthorError
from autograder.grading.environment import Environment, environment
from autograder.grading.source import AssignmentSource, Misconception
from autograder.spec.models import Question

FORMAT = 2
FILE = "certificate.json"
EQUIVALENT = "equivalent.toml"
ALLOWED = "allowed.toml"
CALIBRATION = "calibration.json"
RUBRIC = ("rubric.toml", "rubric.md")
State = Literal["fresh", "aged", "stale", "missing"]
_CASE = "case "
_MOST_NAMED = 5


@dataclass(frozen=True)
class Standing:
    """How a certificate stands to the files and to this environment.

    Attributes:
        changed: names of the parts that are not as they were, "case NAME" for a case.
        aged: what has another version now.
        cases: cases whose row speaks of them no more.
    """

    state: State
    changed: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    def text(self) -> str:
        """What is wrong with it, as half a sentence; "" where nothing is."""
        if self.state == "missing":
            return "has no certificate"
        if self.state == "stale":
            more = f" and {len(self.changed) - _MOST_NAMED} more" if len(self.changed) > _MOST_NAMED else ""
            return f"has changed since its certificate was written: {', '.join(self.changed[:_MOST_NAMED])}{more}"
        return f"was measured with other versions: {'; '.join(self.aged)}" if self.state == "aged" else ""


def certificate_path(source: AssignmentSource) -> Path:
    """Where an assignment's certificate lies."""
    return source.private_folder / FILE


def inputs(source: AssignmentSource) -> dict[str, str]:
    """Part -> sha256 of all that a certificate speaks of: spec, reference, salt, each case, trusted modules, support
    files, artifacts, alternates, shortcuts, misconceptions, recorded equivalents, allowed findings, calibration,
    rubric, the handout's headings with the sentences below them that say what is forbidden."""
    parts: dict[str, bytes] = {
        "assignment.toml": source.spec_text.encode(),
        "reference": source.reference.encode(),
        "salt": source.keys.salt,
        "headings": _headings(source.public_folder / "handout.md", source.spec.questions),
        EQUIVALENT: _bytes(source.private_folder / EQUIVALENT),
    }
    some = {name: _bytes(source.private_folder / name) for name in (ALLOWED, CALIBRATION, *RUBRIC)}
    parts |= {name: data for name, data in some.items() if data}
    parts |= {f"trusted {n}": t.encode() for n, t in source.cases.trusted.items()}
    parts |= {f"support {n}": data for n, data in source.support.items()}
    parts |= {f"artifact {n}": data for n, data in source.artifacts.items()}
    parts |= {f"alternate {n}": t.encode() for n, t in source.alternates.items()}
    shortcuts = sorted((source.private_folder / "shortcuts").glob("*.py"))
    parts |= {f"shortcut {path.stem}": path.read_bytes() for path in shortcuts}
    parts |= {f"weights {n}": data for n, data in source.weights.items()}
    parts |= {f"misconception {m.id}": _entry(m) for m in source.misconceptions}
    parts |= {f"{_CASE}{c.name}": closure(source.cases, c.name).encode() for c in source.cases.cases}
    return {name: hashlib.sha256(parts[name]).hexdigest() for name in sorted(parts)}


def _entry(misconception: Misconception) -> bytes:
    """An entry as text; what came later and is not used is left out, so that older certificates stay true."""
    unused = {name for name in ("function", "deck") if not getattr(misconception, name)}
    return misconception.model_dump_json(exclude=unused).encode()


def inputs_digest(source: AssignmentSource) -> str:
    """One sha256 over all of `inputs`."""
    return hashlib.sha256(json.dumps([FORMAT, inputs(source)], sort_keys=True).encode()).hexdigest()


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _headings(path: Path, questions: Iterable[Question]) -> bytes:
    """The headings of a text and the questions' sentences about what is forbidden, in their order."""
    words = [[re.escape(word) for word in q.forbidden_text.split()] for q in questions if q.forbidden_text]
    wanted = "|".join([r"^#{1,6} .*$", *(r"[\s>]+".join(several) for several in words)])
    return b"\n".join(b" ".join(m.split()) for m in re.findall(wanted.encode(), _bytes(path), re.MULTILINE))


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
        if table.get("format") == FORMAT:
            dict(table["inputs"]), dict(table["environment"])
        return dict(table)
    except (ValueError, KeyError, TypeError):
        fix = f"write it anew: autograder verify {source.spec.id} --write"
        raise AuthorError("is not a certificate", where=str(path), fix=fix) from None


def standing(source: AssignmentSource, now: Environment | None = None) -> Standing:
    """Whether there is a certificate, whether it speaks of the files as they are, and was measured with these versions.

    Args:
        now: the environment; this process's by default.
    """
    table = read_certificate(source)
    if table is None:
        return Standing("missing", cases=tuple(c.name for c in source.cases.cases))
    every = tuple(c.name for c in source.cases.cases)
    if table.get("format") != FORMAT:
        return Standing("stale", ("the form of certificates",), cases=every)
    then, here = table["inputs"], inputs(source)
    changed = tuple(name for name in sorted({*then, *here}) if then.get(name) != here.get(name))
    if changed:
        alone = all(name.startswith(_CASE) for name in changed)
        return Standing("stale", changed, cases=tuple(c for c in every if f"{_CASE}{c}" in changed) if alone else every)
    aged = Environment.of(table["environment"]).differences(now or environment())
    return Standing("aged" if aged else "fresh", aged=aged)


def measured_alike(source: AssignmentSource) -> dict[str, float]:
    """Case → the tolerance that was measured on the programs and the case as they are, with these versions."""
    now = standing(source)
    return {} if now.state == "aged" else {c: t for c, t in source.tolerances.items() if c not in now.cases}


def certificate_state(source: AssignmentSource) -> State:
    """The state alone."""
    return standing(source).state


def require_certificate(source: AssignmentSource) -> Standing:
    """How the certificate stands, when the assignment passed its exam as it is (be it with other versions).

    Raises:
        AuthorError: it did not, or has changed since.
    """
    found = standing(source)
    if found.state in ("fresh", "aged"):
        return found
    raise AuthorError(
        f"assignment `{source.spec.id}` {found.text()}",
        where=str(certificate_path(source)),
        expected="a certificate: proof that right work passes and wrong work fails",
        fix=f"autograder verify {source.spec.id} --write",
    )

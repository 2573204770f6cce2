"""Tasks: hand-ins to grade, and the key under which each one's result is kept.

key = sha256(who, digest, bundle, settings, sandbox mode, device): whatever could change the grade. The same key is
never graded twice unless somebody asks for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from autograder.cohort.tables import Handed
from autograder.grading.grade import Settings
from autograder.intake.hand_in import HandIn, Skipped
from autograder.intake.opening import identity
from autograder.spec.models import SubmissionForm


@dataclass(frozen=True)
class Task:
    """One hand-in to grade. `digest` is what it was when the run began; the worker checks it before it grades."""

    key: str
    hand_in: HandIn
    digest: str

    @property
    def who(self) -> str:
        """Name in every report."""
        return self.hand_in.who

    def handed(self, files: tuple[tuple[str, str], ...] = ()) -> Handed:
        """What it is, for the store; `files` are those that counted, with their digests."""
        own = self.hand_in
        place = str(own.path.parent.resolve() / own.path.name)  # what lies there may be a link, which is not followed
        return Handed(own.who, own.version, own.at, place, _inside(own), files, self.digest)

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self) | {"hand_in": asdict(self.hand_in) | {"path": str(self.hand_in.path)}}) + "\n"

    @staticmethod
    def from_line(line: str) -> Task:
        """The reverse."""
        table = json.loads(line)
        own = table["hand_in"]
        own |= {"path": Path(own["path"]), "files": tuple(own["files"]), "names": tuple(own["names"])}
        own |= {"skipped": tuple(Skipped(**s) for s in own["skipped"])}
        return Task(table["key"], HandIn(**own), table["digest"])


_STORED_APART = ("who", "path", "at", "version", "skipped")


def _inside(hand_in: HandIn) -> str:
    """The rest of a hand-in as JSON: which of the files at its path it is, as a folder or a class's zip holds them."""
    rest = {f.name: getattr(hand_in, f.name) for f in fields(HandIn) if f.name not in _STORED_APART}
    return json.dumps({name: value for name, value in rest.items() if value}, sort_keys=True)


def hand_in_of(handed: Handed) -> HandIn:
    """The hand-in once more, as it was collected; what was left out is not kept."""
    kept = json.loads(handed.inside).items()
    rest: dict[str, Any] = {name: value if isinstance(value, str) else tuple(value) for name, value in kept}
    return HandIn(handed.who, Path(handed.file), handed.handed_in, handed.version, **rest)


def settings_table(settings: Settings) -> dict[str, object]:
    """Settings as JSON."""
    return asdict(settings)


def task_of(
    hand_in: HandIn, form: SubmissionForm, bundle: str, settings: Settings, mode: str, device: str = "cpu"
) -> Task:
    """The task of a hand-in: read for its digest, its key computed.

    Args:
        form: what may be handed in.
        bundle: digest of the bundle.
        mode: of the sandbox.
        device: hardware class.
    """
    digest = identity(hand_in, form)
    said = settings_table(settings) | {"team": hand_in.team, "unjudged": hand_in.unjudged}
    return Task(key_of(hand_in.who, digest, bundle, said, mode, device), hand_in, digest)


def task_key(who: str, digest: str, bundle: str, settings: Settings, mode: str, device: str = "cpu") -> str:
    """See the module."""
    return key_of(who, digest, bundle, settings_table(settings), mode, device)


def key_of(who: str, digest: str, bundle: str, settings: Mapping[str, object], mode: str, device: str = "cpu") -> str:
    """The key for settings as the store keeps them. Those that say nothing are left out: a new one changes no key.

    Whether replays are run, where, and for which questions changes none either: what waits is added to, and what was
    judged stays (adding.py).
    """
    said = {name: value for name, value in settings.items() if value and name not in ("replay", "device", "only")}
    return hashlib.sha256(json.dumps([who, digest, bundle, said, mode, device], sort_keys=True).encode()).hexdigest()

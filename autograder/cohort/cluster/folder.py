"""The shared folder of a run: what the head lays down for jobs, and what jobs lay down for the head.

    SPOOL/<id>/<order>/          one run of one OUT: <id> stands in OUT/cluster.json, <order> is a digest
        order.json, bundle/      written by the head before the first job
        shards/<shard>.json      the tasks of a job; a job whose shard is gone ends at once
        logs/<shard>.jsonl       what a job says: its node, what it began, why it ended
        results/<key>.json       as in any spool; blobs/ beside it
        sent/<job>.json          the head's own note of what it has sent
        jobs/                    submitit's scripts, logs and pickles

All is written by temporary name and rename, but for logs, to which lines are added. A line that is none is passed over.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.cohort.tasks import Task
from autograder.cohort.worker import Order
from autograder.grading.blobs import BlobStore
from autograder.grading.private import make_folder, not_written, write_file

NOTE = "cluster.json"
MOST_LOG = 4_000_000
_HEX = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True)
class Sent:
    """A job that was sent: its number at the batch system, its shard, and the keys of the shard's tasks."""

    job: str
    shard: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """What a job has said.

    Attributes:
        node: where it ran; "" when it has not said anything.
        begun: key of the last task that it began.
        refused: why no sandbox started there.
        stopped: what ended it: the name of a signal, or "memory".
        failed: the sentence of the error that ended it.
        lost: key → why this task cannot be graded as it lies there.
    """

    node: str = ""
    begun: str = ""
    refused: str = ""
    stopped: str = ""
    failed: str = ""
    lost: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shared:
    """See the module."""

    folder: Path

    @property
    def results(self) -> Path:
        """Where jobs put results."""
        return self.folder / "results"

    @property
    def jobs(self) -> Path:
        """The batch system's own files."""
        return self.folder / "jobs"

    @property
    def blobs(self) -> BlobStore:
        """Where jobs put blobs."""
        return BlobStore(self.folder / "blobs")

    def open(self, order: Order) -> None:
        """Lay down order and bundle, if they are not there.

        Raises:
            MachineError: the folder cannot be written.
        """
        for part in (self.results, self.jobs, self.folder / "shards", self.folder / "logs", self.folder / "sent"):
            make_folder(part)
        if not (self.folder / "order.json").exists():
            source = Path(order.bundle)
            for path in sorted(p for p in source.rglob("*") if p.is_file()):
                write_file(self.folder / "bundle" / path.relative_to(source), path.read_bytes())
            write_file(self.folder / "order.json", order.to_line().encode())

    def order(self) -> Order:
        """What a job works with: the head's order, with the places of this folder."""
        own = Order.from_line((self.folder / "order.json").read_text(encoding="utf-8"))
        places = {"bundle": "bundle", "spool": "results", "blobs": "blobs"}
        return Order(**{**vars(own), **{name: str(self.folder / part) for name, part in places.items()}})

    def lay(self, tasks: Sequence[Task]) -> str:
        """Lay down a shard; its name."""
        name = secrets.token_hex(8)
        write_file(self.folder / "shards" / f"{name}.json", "".join(t.to_line() for t in tasks).encode())
        return name

    def tasks(self, shard: str) -> list[Task]:
        """The tasks of a shard; none when the head has taken it back."""
        try:
            text = (self.folder / "shards" / f"{shard}.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [Task.from_line(line) for line in text.splitlines()]

    def take_back(self, shard: str) -> None:
        """Forget a shard: a job that has not begun it finds nothing to do."""
        for path in (self.folder / "shards" / f"{shard}.json", self.folder / "logs" / f"{shard}.jsonl"):
            path.unlink(missing_ok=True)

    def say(self, shard: str, **row: str) -> None:
        """Add a line to the log of a shard; a full disk is no reason to grade less."""
        path = self.folder / "logs" / f"{shard}.jsonl"
        with contextlib.suppress(OSError):
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(json.dumps(row).encode() + b"\n")

    def story(self, shard: str) -> Story:
        """What the jobs of a shard have said so far."""
        told: dict[str, Any] = {"lost": {}}
        for row in self._lines(shard):
            if "lost" in row and "key" in row:
                told["lost"][row["key"]] = row["lost"]
            else:
                told |= {name: row[name] for name in ("node", "begun", "refused", "stopped", "failed") if name in row}
        return Story(**told)

    def _lines(self, shard: str) -> Iterator[dict[str, str]]:
        try:
            with (self.folder / "logs" / f"{shard}.jsonl").open("rb") as file:
                lines = file.read(MOST_LOG).splitlines()
        except OSError:
            return
        for line in lines:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict) and all(type(x) is str for x in row.values()):
                yield row

    def note(self, sent: Sequence[Sent]) -> None:
        """Note what has been sent, so that the next head finds it."""
        for one in sent:
            write_file(self.folder / "sent" / f"{one.job}.json", json.dumps(asdict(one)).encode())

    def noted(self) -> list[Sent]:
        """What earlier heads have sent and not yet closed."""
        found = []
        for path in sorted((self.folder / "sent").glob("*.json")):
            try:
                row = json.loads(path.read_bytes())
                found.append(Sent(str(row["job"]), str(row["shard"]), tuple(map(str, row["keys"]))))
            except (OSError, ValueError, KeyError, TypeError):
                path.unlink(missing_ok=True)  # half a note of a killed head: its job is found by name, and cancelled
        return found

    def close(self, sent: Sent) -> None:
        """Nothing more is expected of a job."""
        (self.folder / "sent" / f"{sent.job}.json").unlink(missing_ok=True)
        self.take_back(sent.shard)

    def waiting_results(self) -> list[str]:
        """Keys of results that lie there."""
        try:
            with os.scandir(self.results) as entries:
                names = [e.name for e in entries if e.name.endswith(".json")]
        except OSError as error:
            raise not_written(self.results, error) from None
        return sorted(n.removesuffix(".json") for n in names if _HEX.fullmatch(n.removesuffix(".json")))

    def drop(self, key: str, digests: Sequence[str] = ()) -> None:
        """Delete a result that was taken over, with its blobs."""
        (self.results / f"{key}.json").unlink(missing_ok=True)
        for digest in digests:
            self.blobs.remove(digest)

    def room(self) -> int:
        """Bytes that are free here.

        Raises:
            MachineError: nobody can say so.
        """
        try:
            found = os.statvfs(self.folder)
        except OSError as error:
            raise not_written(self.folder, error) from None
        return found.f_bavail * found.f_frsize

    def remove(self, *, but_logs: bool = False) -> None:
        """Delete the folder, and the one above it if nothing is left there.

        Args:
            but_logs: the batch system's own files stay, for a person to read, until the next run.
        """
        if but_logs:
            for part in self.folder.iterdir():
                if part != self.jobs:
                    shutil.rmtree(part, ignore_errors=True) if part.is_dir() else part.unlink(missing_ok=True)
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.parent.rmdir()

    @property
    def name(self) -> str:
        """What all jobs of this run are called."""
        return f"autograder-{self.folder.parent.name[:8]}-{self.folder.name[:8]}"


def shared_of(out: Path, spool: Path, order: Order) -> Shared:
    """The shared folder of an order of an OUT.

    Raises:
        MachineError: OUT or the spool cannot be written.
    """
    said = json.dumps([Path(order.bundle).name, asdict(order.settings), order.mode], sort_keys=True)
    return Shared(own_place(out, spool) / hashlib.sha256(said.encode()).hexdigest()[:16])


def own_place(out: Path, spool: Path) -> Path:
    """The folder in the spool that belongs to an OUT; its name is made once and stands in OUT."""
    note, own = out / NOTE, ""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        own = str(json.loads(note.read_bytes())["id"])
    if not _HEX.fullmatch(own):
        own = secrets.token_hex(8)
        write_file(note, json.dumps({"id": own, "spool": str(spool)}).encode())
    try:
        return make_folder(spool.resolve() / own)
    except OSError as error:
        raise not_written(spool, error) from None

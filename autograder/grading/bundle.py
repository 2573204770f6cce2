"""A bundle: all that a grader carries, without the reference.

Spec, cases with their checks, public support files, and what was recorded when the reference and the misconceptions
ran: encoded outputs per case and world. It can be kept in memory, or as files in an autograder zip:

bundle/manifest.json             format 2, tool, assignment, environment of the recording, and the parts: file -> sha256
bundle/assignment.toml           part spec
bundle/cases.py, bundle/cases/   part cases
bundle/trusted/, bundle/support/ parts trusted, support
bundle/expected.msgpack, bundle/misconceptions.msgpack, bundle/tolerances.json, bundle/reach.json,
bundle/signatures.json, bundle/mutants.msgpack, bundle/key       parts of their names

A part that this version does not know is left alone. Format 1 (of 0.1.0) is read too (recorded.msgpack, no manifest),
and a bundle that was read in it is written in it again: its digest stays, and what it graded counts as graded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

import msgpack

from autograder import __version__
from autograder.authoring.loading import SINGLE, CaseSet, load_cases
from autograder.authoring.milestone import Material
from autograder.authoring.world import World
from autograder.errors import AutograderError, BundleError
from autograder.grading.drawing import NO_KEYS, DrawKeys, drawn
from autograder.grading.environment import Environment
from autograder.grading.readings import MachineMade
from autograder.grading.recorded import Expectation as Expectation  # named so that other files may import it from here
from autograder.grading.recorded import MisconceptionRecord as MisconceptionRecord
from autograder.grading.recorded import in_order, recordings_from, recordings_table
from autograder.grading.worlds import Drawn, Recorded, WorldRef, chosen
from autograder.spec.loading import parse_model
from autograder.spec.models import Assignment
from autograder.values.codec import BadValue

FORMAT = 2
FOLDER = "bundle/"
MANIFEST = f"{FOLDER}manifest.json"
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Bundle:
    """See the module.

    Attributes:
        expected: per case, of world 0, 1, and so on.
        tolerances: from the certificate.
        reach: case → numbers of the functions that it hangs on in the reference, directly or through others; which
            function has which number is told nowhere. Empty where it is not known.
        signatures: function → the names of its parameters, for those that cases call.
        mutants: what machine-made mistakes returned, as fingerprints; None where nobody has made them.
        key: chooses students' worlds; empty in a handout.
        draws: what milestones are drawn with; empty in a handout, and where there are none.
        recorded: the environment of the recording; empty where it is not known.
        stream: digest of what that environment's NumPy draws; "" where it is not known.
        form: the format that it is written in.
    """

    spec: Assignment
    spec_text: str
    cases: CaseSet
    support: Mapping[str, bytes]
    expected: Mapping[str, tuple[Expectation, ...]]
    misconceptions: tuple[MisconceptionRecord, ...] = ()
    tolerances: Mapping[str, float] = field(default_factory=dict)
    reach: Mapping[str, frozenset[int]] = field(default_factory=dict)
    signatures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mutants: MachineMade | None = None
    key: bytes = field(default=b"", repr=False)
    draws: DrawKeys = NO_KEYS
    recorded: Environment = field(default_factory=Environment)
    stream: str = ""
    form: int = FORMAT

    @cached_property
    def digest(self) -> str:
        """sha256 over all that a grade hangs on, computed once; the environment of the recording is not in it."""
        return digest_of(to_files(self))

    @cached_property
    def forms(self) -> Mapping[str, MisconceptionRecord]:
        """Every form of every misconception: its id for the whole of it, "id:1" for it in its first function alone."""
        return {f"{m.id}:{i}" if i else m.id: form for m in self.misconceptions for i, form in enumerate(m.forms())}

    def chosen(self, case: str, student: str) -> Recorded:
        """The world that a student is graded in; see `worlds.chosen`."""
        return chosen(self.key, self.cases.get(case), student, len(self.expected[case]))

    def expectation(self, case: str, world: WorldRef) -> Expectation:
        """What is known of a case in a world (IndexError where it is not recorded)."""
        return Expectation(world.seed, kind="nothing") if isinstance(world, Drawn) else self.expected[case][world.index]

    def expected_value(self, case: str, world: WorldRef) -> Any:
        """What is known of the reference's outputs of a case in a world, decoded anew; of a milestone, what is kept."""
        if self.cases.get(case).kind != "case":
            return self.material(case, world).kept
        return self.expectation(case, world).value()

    def material(self, case: str, world: WorldRef) -> Material:
        """What is drawn for a milestone or a replay; see `drawing.drawn`."""
        deck = world.deck if isinstance(world, Drawn) else 0
        return drawn(self.draws, self.cases.get(case), self.expectation(case, world).seed, deck)

    def world(self, case: str, world: WorldRef) -> World:
        """A fresh world of that seed."""
        return World(self.expectation(case, world).seed)


def digest_of(files: Files) -> str:
    """The digest of the bundle in these files; files that are none of a bundle do not count, nor does the manifest."""
    own = sorted(path for path in files if path.startswith(FOLDER) and path != MANIFEST)
    return hashlib.sha256(b"".join(path.encode() + b"\0" + files[path] + b"\0" for path in own)).hexdigest()


def to_files(bundle: Bundle) -> dict[str, bytes]:
    """The bundle as files, by path inside the autograder zip; the same bundle gives the same bytes."""
    if bundle.form == 1:
        return _format_1(bundle)
    parts = _parts(bundle)
    manifest = {
        "format": FORMAT,
        "tool": __version__,
        "assignment": bundle.spec.id,
        "environment": bundle.recorded.table(),
        "stream": bundle.stream,
        "parts": {
            name: {path.removeprefix(FOLDER): hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}
            for name, files in parts.items()
            if files
        },
    }
    files = {path: data for part in parts.values() for path, data in part.items()}
    return files | {MANIFEST: (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode()}


def _parts(bundle: Bundle) -> dict[str, dict[str, bytes]]:
    """Part -> its files."""
    tolerances = json.dumps(dict(sorted(bundle.tolerances.items())), indent=1) + "\n"
    parts = {
        "spec": {"assignment.toml": bundle.spec_text.encode()},
        "cases": {path: text.encode() for path, text in bundle.cases.texts.items()},
        "trusted": {f"trusted/{n}.py": t.encode() for n, t in bundle.cases.trusted.items()},
        "support": {f"support/{n}": data for n, data in bundle.support.items()},
        "expected": {"expected.msgpack": _packed({c: _rows(ws) for c, ws in sorted(bundle.expected.items())})},
        "misconceptions": {"misconceptions.msgpack": _packed([_misconception(m) for m in bundle.misconceptions])},
        "tolerances": {"tolerances.json": tolerances.encode()},
        "reach": {"reach.json": _lines({c: sorted(r) for c, r in sorted(bundle.reach.items())})}
        if bundle.reach
        else {},
        "signatures": {"signatures.json": _lines(dict(sorted(bundle.signatures.items())))} if bundle.signatures else {},
        "mutants": {"mutants.msgpack": bundle.mutants.to_bytes()} if bundle.mutants else {},
        "key": {"key": (bundle.key.hex() + "\n").encode()} if bundle.key else {},
        "draws": {"draws": (draws.hex() + "\n").encode()} if (draws := bundle.draws.to_bytes()) else {},
    }
    return {name: {f"{FOLDER}{path}": data for path, data in files.items()} for name, files in parts.items()}


def _lines(table: Mapping[str, Any]) -> bytes:
    """JSON, a line for each key."""
    return ("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items()) + "\n}\n").encode()


def _packed(value: Any) -> bytes:
    return bytes(msgpack.packb(value))


def _rows(worlds: tuple[Expectation, ...]) -> list[dict[str, Any]]:
    return [
        {"world": i, "seed": w.seed, "kind": w.kind, "payload": w.payload, "draws": list(w.draws)}
        for i, w in enumerate(worlds)
    ]


def _misconception(record: MisconceptionRecord) -> dict[str, Any]:
    table = {"id": record.id, "question": record.question, "feedback": record.feedback, "hint": record.hint}
    parts = {"parts": [recordings_table(part) for part in record.parts]} if record.parts else {}
    return {**table, "outputs": recordings_table(record.outputs), **parts}


def from_files(files: Files, where: str) -> Bundle:
    """The bundle in the files of an autograder zip (or folder); other files are left alone.

    Raises:
        BundleError: a part is missing or damaged, or the format is none that this version reads.
    """
    try:
        if MANIFEST in files:
            return _from_format_2(files, where)
        return _from_format_1(files, where)
    except KeyError as error:
        fix = "make one with: autograder release NAME"
        raise BundleError(f"is not an autograder zip of ours: no {error}", where=where, fix=fix) from None
    except AutograderError:
        raise
    except (ValueError, TypeError, AttributeError, BadValue, msgpack.UnpackException) as error:
        raise BundleError(f"is damaged: {error}", where=where, fix="build the release again") from None


def _from_format_2(files: Files, where: str) -> Bundle:
    manifest = json.loads(files[MANIFEST])
    if manifest["format"] != FORMAT:
        _refuse_format(manifest["format"], where)
    parts = {name: _part(files, listing, where) for name, listing in manifest["parts"].items()}
    spec_text = parts["spec"]["assignment.toml"].decode()
    spec = parse_model(spec_text, f"{where}: assignment.toml", Assignment)
    support = {path.removeprefix("support/"): data for path, data in parts.get("support", {}).items()}
    return Bundle(
        spec=spec,
        spec_text=spec_text,
        cases=_cases(parts["cases"], parts.get("trusted", {}), spec, support, where),
        support=support,
        expected={
            case: in_order(rows, lambda r: Expectation(r["seed"], r["payload"], r["kind"], tuple(r["draws"])))
            for case, rows in _unpacked(parts["expected"]["expected.msgpack"]).items()
        },
        misconceptions=tuple(
            MisconceptionRecord(
                m["id"], m["question"], m["feedback"], m["hint"],
                recordings_from(m["outputs"]), tuple(map(recordings_from, m.get("parts", ()))),
            )
            for m in _unpacked(parts["misconceptions"]["misconceptions.msgpack"])
        ),
        tolerances={c: float(t) for c, t in json.loads(parts["tolerances"]["tolerances.json"]).items()},
        reach={c: frozenset(r) for c, r in _table(parts, "reach").items()},
        signatures={f: tuple(n) for f, n in _table(parts, "signatures").items()},
        mutants=MachineMade.from_bytes(parts["mutants"]["mutants.msgpack"]) if "mutants" in parts else None,
        key=bytes.fromhex(parts["key"]["key"].decode().strip()) if "key" in parts else b"",
        draws=DrawKeys.from_bytes(bytes.fromhex(parts.get("draws", {}).get("draws", b"").decode().strip())),
        recorded=Environment.of(manifest["environment"]),
        stream=str(manifest["stream"]),
    )  # fmt: skip


def _table(parts: Mapping[str, Mapping[str, bytes]], name: str) -> dict[str, Any]:
    """The JSON of a part that older bundles lack."""
    return dict(json.loads(parts.get(name, {}).get(f"{name}.json", b"{}")))


def _part(files: Files, listing: Mapping[str, str], where: str) -> dict[str, bytes]:
    """The files of a part, by path below `bundle/`, each with the digest that the manifest gives it."""
    found = {path: files[f"{FOLDER}{path}"] for path in listing}
    for path, data in found.items():
        if hashlib.sha256(data).hexdigest() != listing[path]:
            raise BundleError(f"is damaged: {path} is not what was built", where=where, fix="build the release again")
    return found


def _unpacked(data: bytes) -> Any:
    return msgpack.unpackb(data, strict_map_key=False)


def _from_format_1(files: Files, where: str) -> Bundle:
    """As 0.1.0 wrote it: positional lists in one file. The key was empty there unless a grader named a secret."""
    spec_text = files[f"{FOLDER}assignment.toml"].decode()
    recorded = _unpacked(files[f"{FOLDER}recorded.msgpack"])
    if recorded["format"] != 1:
        _refuse_format(recorded["format"], where)
    spec = parse_model(spec_text, f"{where}: assignment.toml", Assignment)
    below = {path.removeprefix(FOLDER): data for path, data in files.items() if path.startswith(FOLDER)}
    trusted = {p: d for p, d in below.items() if p.startswith("trusted/")}
    support = {p.removeprefix("support/"): d for p, d in below.items() if p.startswith("support/")}
    return Bundle(
        spec=spec,
        spec_text=spec_text,
        cases=_cases({SINGLE: below[SINGLE]}, trusted, spec, support, where),
        support=support,
        expected={c: tuple(Expectation(s, p) for s, p in ws) for c, ws in recorded["expected"].items()},
        misconceptions=tuple(
            MisconceptionRecord(i, q, f, h, {c: tuple((s, p) for s, p in os) for c, os in outputs.items()})
            for i, q, f, h, outputs in recorded["misconceptions"]
        ),
        tolerances=recorded["tolerances"],
        form=1,
    )


def _format_1(bundle: Bundle) -> dict[str, bytes]:
    recorded = {
        "format": 1,
        "expected": {c: [[w.seed, w.payload] for w in ws] for c, ws in sorted(bundle.expected.items())},
        "tolerances": dict(sorted(bundle.tolerances.items())),
        "misconceptions": [
            [m.id, m.question, m.feedback, m.hint, {c: [list(o) for o in os] for c, os in sorted(m.outputs.items())}]
            for m in bundle.misconceptions
        ],
    }
    parts = _parts(bundle)
    files = {path: data for name in ("spec", "cases", "trusted", "support") for path, data in parts[name].items()}
    return files | {f"{FOLDER}recorded.msgpack": _packed(recorded)}


def _refuse_format(found: object, where: str) -> NoReturn:
    fix = "use the version of the tool that made it, or a newer one"
    raise BundleError(f"has format {found}; this version reads 1 and {FORMAT}", where=where, fix=fix)


def _cases(cases: Files, trusted: Files, spec: Assignment, support: Files, where: str) -> CaseSet:
    single = cases.get(SINGLE)
    texts = single.decode() if single is not None else {_stem(p): d.decode() for p, d in cases.items()}
    place = f"{where}: {SINGLE if single is not None else 'cases'}"
    judges = {_stem(p): d.decode() for p, d in trusted.items()}
    return load_cases(texts, judges, place, support, [q.id for q in spec.questions])


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[1].removesuffix(".py")

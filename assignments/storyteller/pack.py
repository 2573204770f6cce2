"""Checks your work as the grader will, says what it would give, and packs it: python pack.py [storyteller.py]

    python pack.py                       looks at storyteller.py and weights.safetensors, writes storyteller.zip
    python pack.py storyteller.ipynb     the same for the notebook
    python pack.py --predict FILE        commits you to the prediction in FILE, before you run it (for the report)
    python pack.py --reveal FILE         whether FILE is the prediction that you committed to

The zip holds your code, weights.safetensors and milestone.json, and large.safetensors where you have trained one for the
large world: it is looked at in the same way. Whatever stands in milestone.json is kept, and nothing of
it is believed: the grader loads your weights and asks your model. Exit status 0: packed; 1: something is wrong, and nothing
was packed; 2: the command cannot be carried out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
import time
import traceback
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import story_checks as checks
import story_data
import story_weights

MIDWAY, FINAL, LARGE = (0.15, 1.0), (0.007, 0.25), (0.02, 0.5)
"""Excess up to which all points are given, and from which there are none."""
MIDWAY_POINTS, FINAL_POINTS = 3, 8
MARKS = (("midway", MIDWAY_POINTS, MIDWAY), ("final", FINAL_POINTS, FINAL))
LARGE_MARKS = (("final", FINAL_POINTS, LARGE),)
SPORT = 50
MANIFEST = "milestone.json"
NEEDED = ("build", "train", "next_log_probs", "tell")


class Wrong(Exception):
    """Something that the grader would refuse; the text says what, and what to do."""


def main(arguments: list[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="pack.py", description="Checks and packs storyteller.")
    parser.add_argument("code", nargs="?", default="storyteller.py", help="your file or notebook")
    parser.add_argument("--deck", default="", help="the deck's name, such as d07, where several lie here")
    parser.add_argument("--weights", default=story_weights.FILE)
    parser.add_argument("--predict", metavar="FILE")
    parser.add_argument("--reveal", metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="measure on 200 validation stories instead of 2,000")
    given = parser.parse_args(arguments)
    try:
        if given.predict or given.reveal:
            return _commit(Path(given.predict)) if given.predict else _reveal(Path(given.reveal))
        return _pack(Path(given.code), given.weights, given.deck, 200 if given.quick else 2_000)
    except (Wrong, story_weights.BadWeights) as wrong:
        print(f"\nNot packed: {wrong}")
        return 1
    except OSError as error:
        print(f"\n{error}")
        return 2


def _pack(code: Path, weights: str, deck_name: str, stories: int) -> int:
    deck = story_data.load_deck(".", deck_name)
    text = _text_of(code)
    _check_code(text)
    student = load(text, code.name)
    model = story_weights.load(_called("build", student.build, deck.vocabulary), weights)
    _check_parameters(model, checks.PARAMETERS)
    say(f"deck {deck.name}: {deck.vocabulary} words, floor {deck.floor:.4f} nats/token "
        f"(perplexity {math.exp(deck.floor):.3f})")  # fmt: skip
    found = check_model(student, model, deck, stories)
    _look_at_stories(student, model, deck)
    large = Path(story_weights.LARGE)
    if large.is_file():
        _check_large(student, deck.name, max(50, stories // 4))
    target = write_zip(code, weights, deck.name, found, [large] if large.is_file() else [])
    say(f"\npacked: {target} ({target.stat().st_size / 1e6:.2f} MB). Hand in this file.")
    return 0


def _check_large(student: Any, deck_name: str, stories: int) -> None:
    try:
        deck = story_data.load_deck(".", deck_name, large=True)
    except FileNotFoundError as error:
        raise Wrong(f"{story_weights.LARGE} is here, and the deck of the large world is not ({error}); unzip it here, or put "
                    f"{story_weights.LARGE} away: without it nothing is lost") from None  # fmt: skip
    say(f"\n{story_weights.LARGE}, in place of `final`; the better one counts. The large world: {deck.vocabulary} words, "
        f"floor {deck.floor:.4f} nats/token")  # fmt: skip
    model = story_weights.load(_called("build", student.build, deck.vocabulary), story_weights.LARGE)
    _check_parameters(model, checks.LARGE_PARAMETERS)
    check_model(student, model, deck, stories, LARGE_MARKS)


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)


def _text_of(code: Path) -> str:
    if not code.is_file():
        raise FileNotFoundError(f"there is no {code}; name your file: python pack.py FILE")
    try:
        return checks.code_of(code)
    except (ValueError, KeyError, UnicodeDecodeError):
        raise Wrong(f"{code} cannot be read: is it a Python file or a notebook?") from None


def _check_code(text: str) -> None:
    try:
        size = checks.size_of(text)
    except SyntaxError as error:
        raise Wrong(f"line {error.lineno} of your code is no Python: {error.msg}") from None
    sport = "under fifty: well done" if size.statements < SPORT else "under fifty is the sport, and no condition"
    say(f"your code: {size.statements} statements ({sport}), {size.nodes:,} nodes of {checks.NODES:,}, "
        f"{size.constants} characters of constants of {checks.CONSTANTS}, {size.names:,} of names of {checks.NAMES:,}")  # fmt: skip
    if size.refused:
        raise Wrong(f"`{size.refused[0]}` may not be used in what the grader loads; at home put it into the block "
                    'if __name__ == "__main__":')  # fmt: skip
    if size.nodes > checks.NODES:
        raise Wrong(f"the code has {size.nodes:,} nodes; {checks.NODES:,} are allowed: leave out what is not needed")
    if size.constants > checks.CONSTANTS:
        raise Wrong(f"numbers and texts in the code take {size.constants:,} characters; {checks.CONSTANTS} are allowed: "
                    "what a model knows belongs into its weights")  # fmt: skip
    if size.names > checks.NAMES:
        raise Wrong(f"the names in the code take {size.names:,} characters; {checks.NAMES:,} are allowed: shorten them")


def load(text: str, name: str) -> Any:
    """The student's code as a module, without what only runs at home.

    Raises:
        Wrong: it raises, or a function that is asked for is missing.
    """
    module = types.ModuleType("storyteller")
    sys.modules["storyteller"] = module
    try:
        exec(compile(text, name, "exec"), module.__dict__)
    except Exception as error:
        raise Wrong(f"your code raises when it is loaded{_place(error, name)}") from None
    if missing := [n for n in NEEDED if not callable(getattr(module, n, None))]:
        raise Wrong(f"the function `{missing[0]}` is missing")
    return module


def _called(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """A call of the student's function; what it raises is told with its line."""
    try:
        return function(*arguments)
    except NotImplementedError:
        raise Wrong(f"`{name}` is not written yet") from None
    except Exception as error:
        raise Wrong(f"`{name}` raises{_place(error)}") from None


def _place(error: Exception, name: str = "") -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not name or f.filename == name]
    own = [f for f in frames if Path(f.filename).parent == Path()] or frames[-1:]
    at = f", line {own[-1].lineno}" if own else ""
    return f"{at}: {type(error).__name__}: {error}"


def _check_parameters(model: Any, most: int) -> None:
    count = story_weights.count(model)
    say(f"your model: {count:,} parameters of {most:,}")
    if count > most:
        raise Wrong(f"the model has {count:,} parameters; {most:,} are allowed (a tied weight counts once)")


def check_model(
    student: Any, model: Any, deck: story_data.Deck, stories: int, marks: tuple[Any, ...] = MARKS
) -> checks.Excess:
    """Predictions, causality and excess.

    Raises:
        Wrong: the grader would refuse the predictions, or the model sees what it should predict.
    """
    if fault := _called("next_log_probs", checks.faults_of_prediction, student, model, deck):
        raise Wrong(fault)
    ahead = checks.sees_ahead(model, deck)
    if ahead == "unknown":
        say("causality was not checked: `model(tokens)` does not return logits (n, t, vocabulary)")
    elif ahead:
        raise Wrong(ahead)
    began = time.time()
    found = checks.excess(student, model, deck, stories)
    _tripwire(found, checks.forced_excess(model, deck, stories))
    say(f"\nexcess on {stories:,} validation stories: {found} nats/token ({time.time() - began:.0f} s)")
    for kind, (share, mean) in sorted(found.kinds.items(), key=lambda item: -item[1][0] * item[1][1]):
        say(f"  {kind:<16} {share:4.0%} of the words   {mean:8.4f} each   {share * mean:8.4f} of the excess")
    say(advice(found))
    for name, points, (full, none) in marks:
        say(f"this would give {points_for(found.mean, points, full, none):.2f} of {points} points of `{name}` "
            f"(all up to {full}, none from {none})")  # fmt: skip
    return found


def _tripwire(found: checks.Excess, forced: checks.Excess | None) -> None:
    for measured in filter(None, (found, forced)):
        if measured.mean < -checks.TRIPWIRE * measured.error:
            raise Wrong(
                f"your model's loss is {-measured.mean:.3f} nats/token *below* the floor. That is impossible for a model "
                "that predicts, so it sees what it should predict: is the mask causal, are targets shifted by one?"
            )


ADVICE = {
    "copied word": "names and things come back later in a story: the model does not look back far enough. More steps, and "
                   "attention that can find an earlier word by what it is",
    "verb": "each pet has its own verbs: the model must find the pet again. More steps",
    "pronoun": "he or she hangs on the hero's name, many words ago",
    "mood": "whether all is well hangs on what was lost and who helped",
    "fixed word": "the order of words is not learned yet: the rate may be too high or too low",
    "fresh word": "how often names and things occur: this comes last, with a small learning rate at the end",
    "what comes next": "how often each kind of sentence follows: this comes last, with a small learning rate at the end",
}  # fmt: skip


def advice(found: checks.Excess) -> str:
    """A sentence about the kind of word that costs most."""
    worst = max(found.kinds, key=lambda kind: found.kinds[kind][0] * found.kinds[kind][1])
    return f"most of it lies in `{worst}`: {ADVICE.get(worst, '')}"


def points_for(excess: float, points: float, full: float, none: float) -> float:
    """All points up to `full`, none from `none`, linear in log excess between."""
    if excess <= full:
        return points
    return points * max(0.0, math.log(none / excess) / math.log(none / full))


def _look_at_stories(student: Any, model: Any, deck: story_data.Deck) -> None:
    try:
        rows = _called("tell", checks.told_stories, student, model, deck)
    except Wrong as wrong:
        if "not written yet" not in str(wrong):
            raise
        say(f"\n{wrong}: `told` gets no points")
        return
    ended = (rows[:, 1:] == story_data.EOS).any(1).mean()
    corpus = {_key(row) for row in deck.stories}
    told = [_key(row) for row in rows]
    known = np.mean([key in corpus for key in told])
    say(f"\n100 stories told: {ended:.0%} end, {len(set(told))} are different, {known:.0%} stand in the corpus")
    for row in rows[:3]:
        say(f"  {deck.text(_cut(row))}")


def _cut(row: Any) -> Any:
    ends = np.flatnonzero(row == story_data.EOS)
    return row[: ends[0] + 1] if len(ends) else row


def _key(row: Any) -> bytes:
    cut = _cut(row)
    return bytes(cut[cut != story_data.PAD].astype("<u2").tobytes())


def manifest() -> dict[str, Any]:
    """What stands in milestone.json already."""
    try:
        held = json.loads(Path(MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def write_zip(code: Path, weights: str, deck: str, found: checks.Excess, more: list[Path]) -> Path:
    """Write milestone.json and the zip; the zip's path."""
    data = Path(weights).read_bytes()
    held = {k: v for k, v in manifest().items() if k == "prediction"}
    held = {"format": 1, "deck": deck, "sha256": hashlib.sha256(data).hexdigest(), "claimed": round(found.mean, 6)} | held
    held |= {"more": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in more}} if more else {}
    Path(MANIFEST).write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    target = Path("storyteller.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(code, f"storyteller{code.suffix}")
        packed.writestr(story_weights.FILE, data)
        for path in more:
            packed.write(path, path.name)
        packed.write(MANIFEST, MANIFEST)
    return target


def commitment(text: str) -> str:
    """sha256 of a prediction; line ends and blanks at the ends of lines do not count."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _commit(path: Path) -> int:
    mark, held = commitment(path.read_text(encoding="utf-8")), manifest()
    if held.get("prediction") not in (None, mark):
        say("milestone.json holds another commitment. The one that counts is in what you hand in *before* you run it.")
    Path(MANIFEST).write_text(json.dumps({"format": 1} | held | {"prediction": mark}, indent=1) + "\n", encoding="utf-8")
    say(f"committed to {path}: {mark}\nIt stands in {MANIFEST} and goes into the next zip. Keep {path} as it is.")
    return 0


def _reveal(path: Path) -> int:
    same = manifest().get("prediction") == commitment(path.read_text(encoding="utf-8"))
    say(f"{path} is the prediction of {MANIFEST}" if same else f"{path} is not the prediction of {MANIFEST}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

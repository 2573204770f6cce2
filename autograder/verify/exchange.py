"""Exchange: probes that run a submission with some of its functions replaced by the reference's.

What the reference's function calls of what a student has to write is the student's own: so one mistake is taken out
at a time. Parameters that a student has named otherwise, or put in another order by name, are passed on by their place.
The reference lies beside student code while such a probe runs. That is for those who have `solutions/`, in a run of its
own after everything else, of which nothing is kept but which cases pass.
Not covered: functions that student code has put away under another name before a case begins.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from autograder.sandbox.grader.plan import Plan
from autograder.sandbox.wire.messages import Job


def exchanged(plan: Plan, reference: str, asked: Collection[str], functions: Collection[str]) -> Plan:
    """The plan with probes that exchange `functions` first.

    Args:
        reference: its text.
        asked: all names that a student has to write; those that are not exchanged stay the student's.
    """
    head = f"_TEXT = {reference!r}\n_ASKED = {sorted(asked)!r}\n_FUNCTIONS = {sorted(functions)!r}\n{_EXCHANGE}"

    def changed(job: Job) -> Job:
        cases = sorted({call.case for call in job.calls})
        wrapped = "".join(f"{case} = _with_exchange({case})\n" for case in cases)
        return replace(job, source=f"{job.source}\n{head}{wrapped}")

    return plan.changed(changed)


_EXCHANGE = """
import functools as _functools
import inspect as _inspect

_GROUND, _OWN = {}, {}


def _with_exchange(probe):
    @_functools.wraps(probe)
    def run(student, world):
        _exchange(student._Student__loaded.module.__dict__)
        return probe(student, world)

    return run


def _exchange(module):
    if not _GROUND:
        _GROUND["__name__"] = module["__name__"]
        exec(compile(_TEXT, "<reference>", "exec"), _GROUND)
        _OWN.update({name: module.get(name) for name in _FUNCTIONS})
        for name in _FUNCTIONS:
            _OWN[name, "made"] = _fitted(_GROUND[name], _OWN[name])
    for name in _ASKED:
        if name not in _FUNCTIONS and name in module:
            _GROUND[name] = _through(module, name)
    for name in _FUNCTIONS:
        module[name] = _OWN[name, "made"]


def _through(module, name):
    value = module[name]
    if not _inspect.isfunction(value):
        return value
    return _functools.wraps(value)(lambda *args, **kwargs: module[name](*args, **kwargs))


def _fitted(made, own):
    if not _inspect.isfunction(made) or not _inspect.isfunction(own):
        return made
    mine, theirs = _inspect.signature(made), _inspect.signature(own)
    if list(mine.parameters) == list(theirs.parameters):
        return made

    @_functools.wraps(made)
    def call(*args, **kwargs):
        try:
            mine.bind(*args, **kwargs)
        except TypeError:
            bound = theirs.bind(*args, **kwargs)
            return made(*bound.args, *bound.kwargs.values())
        return made(*args, **kwargs)

    return call


"""

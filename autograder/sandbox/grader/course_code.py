"""The course's own code, compiled once by the grader: every worker runs it, and compiling takes longest."""

from __future__ import annotations

import importlib.util
import marshal
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from autograder.sandbox.wire.messages import PROBES

_UNCHECKED = (1).to_bytes(4, "little")  # PEP 552: found by a hash of the source that nobody compares


def with_code(support: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and beside every module that compiles its cached code as the import system looks for it."""
    files = dict(support)
    for name, data in support.items():
        path = PurePosixPath(name)
        if path.suffix == ".py" and (code := _code(path.name, data)):
            files[importlib.util.cache_from_source(name)] = code
    return files


def without_stand_ins(files: Mapping[str, bytes], support: Mapping[str, bytes], beside: str) -> dict[str, bytes]:
    """A student's files, but for those that Python would import in place of a file of the course.

    A file of the same name is replaced by the course's anyway; a folder `graph/` beside `graph.py` would win.

    Args:
        beside: the folder that the support files lie in.
    """
    modules = {PurePosixPath(name).stem for name in support if "/" not in name and name.endswith(".py")}

    def stands_in(path: str) -> bool:
        pure = PurePosixPath(path)
        if not pure.is_relative_to(beside):
            return False
        top, *inner = pure.relative_to(beside).parts
        return top.split(".")[0] in modules and (bool(inner) or not top.endswith(".py"))

    return {path: data for path, data in files.items() if not stands_in(path)}


@lru_cache(maxsize=256)
def compiled_probes(source: str) -> bytes:
    """The probes of a job for `marshal.loads`.

    Where they do not compile, the code is one that raises what the compiler said: the worker reports it as the
    grader's own fault.
    """
    try:
        code = compile(source, PROBES, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        code = compile(f"raise SyntaxError({str(error)!r})", PROBES, "exec")
    return marshal.dumps(code)


@lru_cache(maxsize=64)
def _code(name: str, data: bytes) -> bytes:
    try:
        code = compile(data, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return b""  # the import says what is wrong
    return importlib.util.MAGIC_NUMBER + _UNCHECKED + importlib.util.source_hash(data) + marshal.dumps(code)

"""Names in a hand-in that Python would import in place of a library, where anybody imports that library.

The worker puts a hand-in's folder last on the import path, so that no file of it hides anything there; at home the
folder comes first, and a `random.py` beside the work breaks whatever imports `random`. A file with the name of a module
that nobody asks for (`code.py`, `test.py`) does no harm anywhere and stays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.intake.folder import shown

ALWAYS = frozenset({
    "autograder", "conftest", "sitecustomize", "usercustomize", "torch", "torchvision", "torchaudio", "numpy", "sympy",
    "scipy", "mpmath", "msgpack", "pandas", "matplotlib", "pydantic", "pydantic_core", "otter", "IPython", "pytest",
    "typing_extensions", "functorch", "torchgen", "site", "builtins", "importlib", "io", "json", "marshal", "mmap",
    "os", "pickle", "signal", "socket", "struct", "sys", "types",
})  # fmt: skip
"""Libraries that grading stands on, and modules that Python or pytest import by themselves."""


def refuse_shadows(paths: Iterable[str], main: str, imported: frozenset[str], where: str) -> None:
    """Refuse top-level names that would be imported in place of a library.

    Args:
        main: the file to grade; names count beside it and at the top of all.
        imported: top-level names that the hand-in's own code imports.

    Raises:
        SubmissionError: names the file and says what to do.
    """
    for path in sorted(paths):
        pure = PurePosixPath(path)
        if path == main or pure.suffix != ".py":
            continue
        for folder in {PurePosixPath("."), PurePosixPath(main).parent}:
            if not pure.is_relative_to(folder):
                continue
            top = pure.relative_to(folder).parts[0]
            name = top.removesuffix(".py")
            if name in ALWAYS or (name in sys.stdlib_module_names and name in imported):
                raise SubmissionError(
                    "there is a file with the name of a library, which Python would import in its place", where=where,
                    found=shown(path), expected="names of your own", fix=f"rename or remove {shown(top)}",
                )  # fmt: skip

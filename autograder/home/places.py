"""Where student code lies on a student's machine, as its owner calls it; nothing of ours and of libraries is theirs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.home.facts import root
from autograder.sandbox.worker.explaining import Origin

_OURS = (str(root()) + os.sep, *(p + os.sep for p in {sys.prefix, sys.base_prefix, sys.exec_prefix}))


@dataclass(frozen=True)
class HomeOrigin(Origin):
    """An origin that has names of its own for the pseudo files of a notebook's cells.

    Attributes:
        labels: file name under which a cell was compiled → what a person calls it ("cell In[12]").
        course: base names of the handout's own modules beside the work.
    """

    labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    course: frozenset[str] = frozenset()

    def label(self, filename: str) -> str:
        """`filename` as a student knows it, empty when it is none of the student's."""
        if filename in self.labels:
            return self.labels[filename]
        if filename.startswith(_OURS) or "site-packages" in filename or "dist-packages" in filename:
            return ""
        found = super().label(filename)
        return "" if found in self.course or found.startswith("tests" + os.sep) else found

"""python -m autograder.cli.manual docs/reference.md"""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.cli.manual.page import reference_page

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference_page(), encoding="utf-8")

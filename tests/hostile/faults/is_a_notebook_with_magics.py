"""Magics, shell lines, help, another language, and a cell that fails: the rest counts.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

import json


def notebook(*cells, **extra):
    made = [{"cell_type": kind, "source": source, "metadata": {}, "outputs": [], "execution_count": None} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}).encode()


def build(honest):
    return "trial.ipynb", notebook(
        ("code", "%matplotlib inline\n!pip install torch\n?print\nfiles = !ls\n"), ("code", "%%bash\nrm -rf /"), ("code", "raise RuntimeError('a cell that fails')"),
        ("code", "%%time\n" + honest), ("code", "this is not python"), ("code", "get_ipython().run_line_magic('who', '')"),
    )

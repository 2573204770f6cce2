"""Cells that are numbers, lists and null; sources that are no text.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

import json


def notebook(*cells, **extra):
    made = [{"cell_type": kind, "source": source, "metadata": {}, "outputs": [], "execution_count": None} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}).encode()


def build(honest):
    return "trial.ipynb", json.dumps({"cells": [1, None, {"cell_type": "code", "source": {"a": 1}}, []], "nbformat": 4}).encode()

"""Outputs and metadata that say full marks; the code is wrong.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: energy=failed
"""

import json


def notebook(*cells, **extra):
    made = [{"cell_type": kind, "source": source, "metadata": {}, "outputs": [], "execution_count": None} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}).encode()


def build(honest):
    text = honest + "\n\ndef energy(x):\n    return 0.0\n"
    return "trial.ipynb", notebook(("code", text), metadata={"otter": {"score": 40, "tests": {"energy": "passed"}}, "grade": 100})

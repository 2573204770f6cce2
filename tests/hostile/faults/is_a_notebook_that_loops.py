"""A cell that never ends, after all is defined: loading has its limit.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=timeout
"""

import json


def notebook(*cells, **extra):
    made = [{"cell_type": kind, "source": source, "metadata": {}, "outputs": [], "execution_count": None} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}).encode()


def build(honest):
    return "trial.ipynb", notebook(("code", honest), ("code", "while True:\n    pass"))

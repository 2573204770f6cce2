"""Format 3, with worksheets.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

import json


def notebook(*cells, **extra):
    made = [{"cell_type": kind, "source": source, "metadata": {}, "outputs": [], "execution_count": None} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}).encode()


def build(honest):
    return "trial.ipynb", json.dumps({"worksheets": [{"metadata": {}, "cells": [{"cell_type": "code", "input": honest, "language": "python"}]}], "metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}).encode()

"""Brackets in brackets, deeper than the parser goes.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

def build(honest):
    return "trial.py", b"x = " + b"(" * 5000 + b")" * 5000 + b"\n"

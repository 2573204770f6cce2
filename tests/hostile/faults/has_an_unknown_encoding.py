"""A cookie for an encoding that does not exist.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

def build(honest):
    return "trial.py", b"# coding: hostile-8\n" + honest.encode()

"""A file of no bytes.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

def build(honest):
    return "trial.py", b""

"""NUL bytes in the middle.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

def build(honest):
    return "trial.py", honest.encode() + b"\0\0\0"

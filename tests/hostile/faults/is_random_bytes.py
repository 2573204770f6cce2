"""No text at all.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

def build(honest):
    return "trial.py", bytes((n * 167 + 13) % 256 for n in range(4096))

"""UTF-16, as a text editor of the last century saves.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

def build(honest):
    return "trial.py", honest.encode("utf-16")

"""UTF-16, as a text editor of the last century saves: it is read, and said.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

def build(honest):
    return "trial.py", honest.encode("utf-16")

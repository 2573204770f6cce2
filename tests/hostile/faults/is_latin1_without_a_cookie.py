"""Latin-1 that pretends to be UTF-8: it is read, and said.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

def build(honest):
    return "trial.py", ("# \xe4\xf6\xfc\n" + honest).encode("latin-1")

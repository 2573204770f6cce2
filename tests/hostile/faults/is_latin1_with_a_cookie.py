"""Latin-1, and says so in its first line.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

def build(honest):
    return "trial.py", ("# -*- coding: latin-1 -*-\n# \xe4\xf6\xfc\n" + honest).encode("latin-1")

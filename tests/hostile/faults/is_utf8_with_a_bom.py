"""As some editors save: a byte-order mark first.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

def build(honest):
    return "trial.py", b"\xef\xbb\xbf" + honest.encode()

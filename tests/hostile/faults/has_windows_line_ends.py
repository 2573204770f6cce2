"""CR LF at every line, and a form feed.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
"""

def build(honest):
    return "trial.py", honest.replace("\n", "\r\n").encode() + b"\x0c\r\n"

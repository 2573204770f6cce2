"""A file above the limit of the assignment.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=error
"""

import io
import zipfile


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def build(honest):
    return "trial.py", honest.encode() + b"#" * (3 * 2**20)

"""A zip whose entries say that they are encrypted.

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
    data = bytearray(packed({"trial.py": honest}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return "trial.zip", bytes(data)

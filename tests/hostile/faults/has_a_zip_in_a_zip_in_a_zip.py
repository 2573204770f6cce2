"""The solution two zips deeper: nobody looks for it there.

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
    return "trial.zip", packed({"trial.zip": packed({"trial.zip": packed({"trial.py": honest})})})

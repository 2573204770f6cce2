"""A pickle/ package whose loads says that all is well.

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
    return "trial.zip", packed({"trial.py": honest, "pickle/__init__.py": "def loads(*args): return 'passed'"})

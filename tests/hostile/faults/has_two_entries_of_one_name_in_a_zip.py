"""Two solutions under one name: which one counts?

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
    import warnings

    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("trial.py", "energy = 0")
        archive.writestr("trial.py", honest)
    return "trial.zip", buffer.getvalue()

"""A link to /etc/passwd as the solution, and one to a folder that a later entry goes through.

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
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, target in (("trial.py", "/etc/passwd"), ("out", "/tmp")):
            link = zipfile.ZipInfo(name)
            link.external_attr = 0o120777 << 16
            archive.writestr(link, target)
        archive.writestr("out/hostile-through-link", "1")
    return "trial.zip", buffer.getvalue()

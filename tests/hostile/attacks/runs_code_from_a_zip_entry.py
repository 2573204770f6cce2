"""A pickle, a torch file and a .pth beside an honest solution; nobody may load them.

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



import pickle


class Bomb:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/hostile-zip",)


def build(honest):
    return "trial.zip", packed({"trial.py": honest, "weights.pkl": pickle.dumps(Bomb()), "run.pth": "import os; os.system('touch /tmp/hostile-pth')"})

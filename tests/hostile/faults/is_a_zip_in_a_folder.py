"""An honest zip: a folder, an operating system's litter, a helper module, a data file.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: *=passed
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
    helper = "import numpy as np\n\n\ndef mean(v):\n    return np.mean(v)\n"
    text = "from helper import mean\n" + honest.replace("np.mean(", "mean(")
    return "trial.zip", packed({"work/trial.py": text, "work/helper.py": helper, "work/data.csv": "1,2", "__MACOSX/work/._trial.py": b"\xff", "work/.DS_Store": b"\0"})

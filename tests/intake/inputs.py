"""What people really hand in, for the small course: one sentence, how it is made, what it must come to.

Needs nothing of this project, so that the same inputs can be given to an older version (see `table.py`).
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RIGHT = "import numpy as np\n\n\ndef double(x):\n    return 2 * x\n\n\ndef mean(x):\n    return float(np.mean(x))\n"
OTHER = "import numpy as np\n\n\ndef double(x):\n    return x + x\n\n\ndef mean(x):\n    return float(x.mean())\n"
WRONG = "import numpy as np\n\n\ndef double(x):\n    return 3 * x\n\n\ndef mean(x):\n    return float(np.mean(x))\n"
HALF = "import numpy as np\n\n\ndef double(x):\n    return 2 * x\n\n\ndef mean(x):\n    raise NotImplementedError\n"
STUB = "import numpy as np\n\n\ndef double(x):\n    raise NotImplementedError\n\n\ndef mean(x):\n    raise NotImplementedError\n"
WITH_HELPER = (
    "from helper import twice\nimport numpy as np\n\ndouble = twice\n\n\ndef mean(x):\n    return float(np.mean(x))\n"
)
HELPER = "def twice(x):\n    return x + x\n"
TORCH = "import torch\n"
MB = 2**20

Files = dict[str, "str | bytes"]


@dataclass(frozen=True)
class Input:
    """One hand-in.

    Attributes:
        make: writes it into a folder; the path that is given to `grade`.
        points: of 10.
        first: words of the first line that the report must say; "" where there is nothing to be said.
    """

    name: str
    sentence: str
    make: Callable[[Path], Path]
    points: float
    first: str


INPUTS: list[Input] = []


def add(name: str, sentence: str, make: Callable[[Path], Path], points: float = 10, first: str = "") -> None:
    INPUTS.append(Input(name, sentence, make, points, first))


def cell(source: str, kind: str = "code", **more: object) -> dict[str, object]:
    made: dict[str, object] = {"cell_type": kind, "source": source, "metadata": {}}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {}) | more


def notebook(*cells: str | dict[str, object], **more: object) -> str:
    made = [cell(c) if isinstance(c, str) else c for c in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more)


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(files: dict[str, str], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def put(folder: Path, files: Files) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def file(name: str, data: str | bytes) -> Callable[[Path], Path]:
    return lambda base: put(base, {name: data}) / name


def folder(files: Files) -> Callable[[Path], Path]:
    """A folder of the class, with a student's own folder in it and a neighbour's beside."""

    def make(base: Path) -> Path:
        put(base / "subs" / "ada", files)
        return put(base / "subs" / "zoe", {"small.py": OTHER}).parent

    return make


def link_in_zip(files: Files, *links: tuple[str, str]) -> bytes:
    buffer = io.BytesIO(zipped(files))
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, target in links:
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, target)
    return buffer.getvalue()


def with_link(files: Files, name: str, target: str) -> Callable[[Path], Path]:
    def make(base: Path) -> Path:
        path = folder(files)(base) / "ada" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
        return base / "subs"

    return make


def linked(base: Path) -> Path:
    put(base, {"secret.py": RIGHT})
    (base / "ada.py").symlink_to(base / "secret.py")
    return base / "ada.py"


def odd_bytes(base: Path) -> Path:
    path = base / os.fsdecode(b"bad\xff.py")
    path.write_text(RIGHT)
    return path


# ---- names -----------------------------------------------------------------------------------------------------------
add("plain", "A .py of a student's name.", file("ada.py", RIGHT))
for made, sentence in {
    "Small.py": "The name in another case.", "small (1).py": "A browser's second download.",
    "small - Copy.py": "Windows' copy.", "small.py.txt": "An editor's ending behind the right one.",
    "small-1.py": "A course system's number behind the name.", "small.txt": "Python saved as text.",
    "small": "The ending lost.",
}.items():  # fmt: skip
    add(f"name {made}", sentence, file(made, RIGHT), first="was taken as small.py")
for made, sentence in {
    "small (1).ipynb": "A browser's second download of a notebook.", "small.ipynb.json": "What a browser makes of it.",
    "small.ipynb.txt": "What another browser makes of it.", "Copy of small.ipynb": "Colab's copy.",
    "small-Copy1.ipynb": "Jupyter's copy.", "small.json": "A notebook saved as JSON.",
}.items():  # fmt: skip
    add(f"name {made}", sentence, file(made, notebook(RIGHT)), first="was taken as small.ipynb")
add("name .PY", "An ending in capitals.", file("ada.PY", RIGHT))
add("name .IPYNB", "A notebook's ending in capitals.", file("ada.IPYNB", notebook(RIGHT)))
add("name umlauts", "Letters that are no ASCII.", file("Größe résumé 中.py", RIGHT))
add("name bytes", "A name that is no text.", odd_bytes)
add(
    "notebook as .py",
    "A notebook with the other ending.",
    file("ada.py", notebook(RIGHT)),
    first="taken as small.ipynb",
)
add("python as .ipynb", "Python with the other ending.", file("ada.ipynb", RIGHT), first="taken as small.py")
add("zip as .py", "A zip with the other ending.", file("ada.py", zipped({"small.py": RIGHT})))
add("rar as .zip", "An ending that promises a zip.", file("ada.zip", b"Rar!\x1a\x07"), 0, "a RAR archive")

# ---- encodings -------------------------------------------------------------------------------------------------------
UMLAUT = "# Grüße\n" + RIGHT
add("utf-8 mark", "UTF-8 with a mark.", file("ada.py", b"\xef\xbb\xbf" + UMLAUT.encode()))
add("utf-16", 'Notepad\'s "Unicode".', file("ada.py", UMLAUT.encode("utf-16")), first="read as UTF-16")
add("utf-16 be", "The same from another machine.", file("ada.py", b"\xfe\xff" + UMLAUT.encode("utf-16-be")),
    first="read as UTF-16")  # fmt: skip
add("utf-32", "A mark of four bytes.", file("ada.py", UMLAUT.encode("utf-32")), first="read as UTF-32")
add("cp1252", "An umlaut of Windows.", file("ada.py", UMLAUT.encode("cp1252")), first="read as Windows-1252")
add("latin-1 cookie", "Latin-1 that says so.", file("ada.py", ("# coding: latin-1\n" + UMLAUT).encode("latin-1")))
add("crlf", "Windows' line ends.", file("ada.py", RIGHT.replace("\n", "\r\n")))
add("cr", "An old Mac's line ends.", file("ada.py", RIGHT.replace("\n", "\r")))
add("no last line end", "The last line has no end.", file("ada.py", RIGHT.rstrip("\n")))
add("tabs", "Tabs in place of blanks.", file("ada.py", RIGHT.replace("    ", "\t")))
add("notebook utf-8 mark", "A notebook with a mark.", file("ada.ipynb", b"\xef\xbb\xbf" + notebook(RIGHT).encode()))
add("notebook utf-16", "A notebook in UTF-16.", file("ada.ipynb", notebook(RIGHT).encode("utf-16")))

# ---- notebooks -------------------------------------------------------------------------------------------------------
NUMPY, REST = RIGHT.split("\n", 1)
for made, sentence, cells in [
    ("plain", "A notebook.", (RIGHT,)),
    ("inline", "Magics above the work.", ("%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\n" + RIGHT,)),
    ("pip continued", "A shell line over three lines.", ("!pip install \\\n  torch \\\n  numpy\n" + RIGHT,)),
    ("pip magic", "Installing by magic.", ("%pip install -q numpy\n%conda install numpy\n" + RIGHT,)),
    ("modulo", "A `%` at the start of a line, in brackets.", ("k = (12\n     % 10)\n" + RIGHT.replace("2 *", "k *"),)),
    ("time binds", "`%time` binds a name.", ("%time k = 2\n" + RIGHT.replace("2 *", "k *"),)),
    ("time in a loop", "`%time` in a loop.", ("for i in (1, 2):\n    %time k = i\n" + RIGHT.replace("2 *", "k *"),)),
    ("shell output", "A shell's output bound.", ("files = !ls\nn = len(files)\n" + RIGHT,)),
    ("timeit bound", "What `%timeit -o` gives.", (RIGHT, "t = %timeit -o double(2)\nbest = t.best")),
    ("writefile", "A cell that writes a helper.", ("%%writefile helper.py\n" + HELPER, WITH_HELPER)),
    ("capture", "A captured cell.", ("%%capture out\n" + RIGHT, "text = out.stdout if hasattr(out, 'stdout') else ''")),
    ("time cell", "A timed cell.", ("%%time\n" + RIGHT,)),
    ("capture and time", "A magic below a magic.", ("%%capture\n%%time\n" + RIGHT,)),
    ("timeit cell", "A cell that is timed many times.", ("%%timeit -n 1 -r 1\n" + RIGHT,)),
    ("await", "`await` at the top.", ("async def two():\n    return 2\nk = await two()\n" + RIGHT.replace("2 *", "k *"),)),
    ("asyncio", "A loop's own sleep.", ("import asyncio\nawait asyncio.sleep(0.01)\n" + RIGHT,)),
    ("display", "`display` of a value.", (RIGHT, "display(double(2))\nfrom IPython.display import clear_output, HTML")),
    ("shell object", "Questions to the shell.", (
        "if get_ipython() is not None:\n    get_ipython().run_line_magic('matplotlib', 'inline')\n" + RIGHT,)),
    ("colab asked", "Colab is asked for.", (
        "if 'google.colab' in str(get_ipython()):\n    import google.colab\n    1 / 0\n" + RIGHT,)),
    ("imported shell", "The shell as an import.", (
        "from IPython import get_ipython\nget_ipython().magic('matplotlib inline')\n" + RIGHT,)),
    ("autoreload", "Autoreload.", ("%load_ext autoreload\n%autoreload 2\n" + RIGHT,)),
    ("help", "Questions with `?`.", ("import numpy as np\nnp.mean?\n?np.sum\nnp.mean??\n" + RIGHT,)),
    ("html cell", "A cell of HTML.", ("%%html\n<b>hi</b>", RIGHT)),
    ("prompts", "Pasted with its prompts.", ("\n".join(">>> " + ln if ln[:1].strip() else "... " + ln
                                                       for ln in NUMPY.splitlines()) + "\n", RIGHT)),
    ("indented", "A cell that is indented as a whole.", ("    k = 2\n    %time j = k\n", RIGHT.replace("2 *", "j *"))),
    ("otter", "Otter's own calls, without tags.", (
        "import otter\ngrader = otter.Notebook('small.ipynb')", RIGHT, "grader.check('double')\ngrader.check_all()")),
    ("exit", "The last cell exits.", (RIGHT, "exit()")),
    ("comment cells", "Empty cells and comments.", ("", "# nothing", RIGHT, "   ")),
    ("many cells", "A thousand cells.", (*["x = 1"] * 1000, RIGHT)),
    ("cd and env", "Folders and variables by magic.", ("%cd /content/drive/MyDrive\n%env A=1\n" + RIGHT,)),
    ("who", "Magics that ask.", (RIGHT, "%whos\n%history\n%lsmagic")),
]:  # fmt: skip
    said = "stopped at `exit()`" if made == "exit" else ""
    add(f"notebook {made}", sentence, file("ada.ipynb", notebook(*cells)), first=said)
add("notebook bash", "A cell of bash.", file("ada.ipynb", notebook("%%bash\nls", RIGHT)), first="is written in bash")
add("notebook lists", "Sources as lists of lines.",
    file("ada.ipynb", notebook({"cell_type": "code", "source": RIGHT.splitlines(keepends=True)})))  # fmt: skip
add("notebook bare", "No metadata, no version.",
    file("ada.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": RIGHT}]})))  # fmt: skip
add("notebook 40 MB", "40 MB of outputs.", file("ada.ipynb", notebook(
    cell(RIGHT, outputs=[{"output_type": "display_data", "data": {"image/png": "A" * (40 * MB)}}]))))  # fmt: skip
add("notebook picture", "A picture inside of Markdown.", file("ada.ipynb", notebook(
    cell("![](data:image/png;base64," + "A" * (35 * MB) + ")", "markdown"), RIGHT)))  # fmt: skip
add("notebook attachment", "A picture as an attachment.", file("ada.ipynb", notebook(
    cell("![](attachment:a.png)", "markdown", attachments={"a.png": {"image/png": "A" * (35 * MB)}}), RIGHT)))  # fmt: skip
add("notebook format 3", "A notebook of 2014.", file("ada.ipynb", json.dumps({
    "metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"metadata": {}, "cells": [
        {"cell_type": "code", "input": RIGHT, "language": "python", "metadata": {}, "outputs": [], "collapsed": False}]}],
})), first="old format")  # fmt: skip
add("notebook drive", "Colab's drive in the cell of the imports.", file("ada.ipynb", notebook(
    "from google.colab import drive\ndrive.mount('/content/drive')\n" + NUMPY, REST)),
    first="cell 1 stopped at `from google.colab import drive`")  # fmt: skip
add("notebook missing file", "Data that is not here, above the work.", file("ada.ipynb", notebook(
    "data = open('/content/data.csv').read()\n" + RIGHT)), first="cell 1 stopped at `data = open(")  # fmt: skip
add("notebook bad cell", "A cell that is no Python beside the work.", file("ada.ipynb", notebook(
    RIGHT, "this is no python")), first="cell 2 was not run: SyntaxError")  # fmt: skip
add("notebook failing plot", "A plot that fails at the end.", file("ada.ipynb", notebook(
    RIGHT + "\nplot(double(2))\n")), first="cell 1 stopped at `plot(double(2))`")  # fmt: skip
add("notebook truncated", "Half a notebook.", file("ada.ipynb", notebook(RIGHT)[:200]), 0, "the notebook is damaged")
add("notebook empty", "A file of no bytes.", file("ada.ipynb", b""), 0, "the notebook is empty")

# ---- scripts from elsewhere ------------------------------------------------------------------------------------------
for made, sentence, text, said in [
    (
        "nbconvert",
        "nbconvert's line magics.",
        "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
        + RIGHT,
        "",
    ),
    (
        "nbconvert cell",
        "nbconvert's cell magic around the work.",
        f"# In[1]:\n\nget_ipython().run_cell_magic('time', '', {RIGHT!r})\n",
        "",
    ),
    (
        "nbconvert capture",
        "nbconvert's captured cell.",
        f"get_ipython().run_cell_magic('capture', 'out', {RIGHT!r})\n",
        "",
    ),
    ("nbconvert system", "nbconvert's shell line.", "get_ipython().system('pip install numpy')\n" + RIGHT, ""),
    (
        "colab",
        "Colab's download as .py.",
        '# -*- coding: utf-8 -*-\n"""small.ipynb"""\n\n!pip install otter-grader\n' + RIGHT,
        "",
    ),
    (
        "colab drive",
        "Colab's download with a drive.",
        "from google.colab import drive\ndrive.mount('/content/drive')\n" + RIGHT,
        "from google.colab import drive",
    ),
    ("percent", "VS Code's cells.", "# %% [markdown]\n# hi\n\n# %%\n" + RIGHT, ""),
    ("percent magics", "VS Code's cells with magics.", "# %%\n%matplotlib inline\n\n# %%\n" + RIGHT, ""),
    ("percent time", "VS Code's timed cell.", "# %%\n%%time\n" + RIGHT + "\n# %%\n!ls\n", ""),
    ("percent bash", "VS Code's cell of bash.", "# %%\n%%bash\nls\n\n# %%\n" + RIGHT, "is written in bash"),
    (
        "await",
        "`await` in a script.",
        "async def two():\n    return 2\nk = await two()\n" + RIGHT.replace("2 *", "k *"),
        "",
    ),
    (
        "main block",
        "A main block that never ends.",
        RIGHT + "\nif __name__ == '__main__':\n    while True:\n        pass\n",
        "",
    ),
    ("exit", "An exit in the middle.", NUMPY + "\nimport sys\nsys.exit(0)\n" + REST, "stopped at `sys.exit(0)`"),
    ("input", "A question to the keyboard.", "name = input('name? ')\n" + RIGHT, "stopped at `name = input('name? ')`"),
    (
        "package",
        "A package that is not here.",
        "import seaborn_x as sns\n" + RIGHT,
        "stopped at `import seaborn_x as sns`",
    ),
    ("data", "Data that is not here.", "data = open('data.csv').read()\n" + RIGHT, "stopped at `data = open("),
    (
        "assert",
        "A test of their own that fails.",
        NUMPY + "\nassert np.pi == 3\n" + REST,
        "stopped at `assert np.pi == 3`",
    ),
    ("syntax", "A line that is no Python.", RIGHT + "\ndef unfinished(:\n", "was not run: SyntaxError"),
    ("empty", "Nothing in it.", "", ""),
]:
    points = 0 if made in ("syntax", "empty") else 10
    add(
        f"script {made}", sentence, file("ada.py", text), points, said or ("does not define" if made == "empty" else "")
    )

# ---- zips and folders ------------------------------------------------------------------------------------------------
GIT: Files = {f".git/objects/{i:03}": b"x" for i in range(600)}
HANDOUT: Files = {
    "selfcheck/at_home.py": "x = 1", "tests/double.py": "x = 1", "check.py": "from selfcheck.at_home import main\n",
    "requirements.txt": "numpy", "handout.md": "# Small", "README.md": "# Small",
}  # fmt: skip
for made, sentence, files, said in [
    ("file", "The file.", {"small.py": RIGHT}, ""),
    ("folder", "A folder around it.", {"hw/small.py": RIGHT}, ""),
    ("folders", "Folders around folders.", {"a/b/c/d/small.py": RIGHT}, ""),
    ("backslashes", "Made on Windows: `\\` between folders.", {"hw\\small.py": WITH_HELPER, "hw\\helper.py": HELPER}, ""),
    ("mac", "Made on a Mac.", {"small.py": RIGHT, "__MACOSX/._small.py": b"\0\5", ".DS_Store": b"\0", "Icon\r": b""}, ""),
    ("git", "With the repository.", {"small.py": RIGHT, **GIT}, ""),
    ("venv", "With the environment.", {"small.py": RIGHT, **{f"venv/lib/m{i}.py": "" for i in range(600)}}, ""),
    ("env", "With an environment of another name.", {
        "small.py": RIGHT, "my/pyvenv.cfg": "", **{f"my/lib/m{i}.py": "" for i in range(600)}}, ""),
    ("node", "With node_modules.", {"small.py": RIGHT, **{f"node_modules/a{i}.js": "" for i in range(600)}}, ""),
    ("checkpoints", "With an old copy of Jupyter's.", {
        "small.ipynb": notebook(RIGHT), ".ipynb_checkpoints/small-checkpoint.ipynb": notebook(WRONG)}, ""),
    ("caches", "With Python's caches.", {"small.py": RIGHT, "__pycache__/small.cpython-311.pyc": b"\0"}, ""),
    ("handout", "The whole handout.", {"small.py": RIGHT, **HANDOUT}, ""),
    ("handout notebook", "The whole handout, worked on in the notebook.", {
        "small.py": STUB, "small.ipynb": notebook(RIGHT), **HANDOUT}, "`small.py` was not graded"),
    ("handout script", "The whole handout, worked on in the script.", {
        "small.py": RIGHT, "small.ipynb": notebook(STUB), **HANDOUT}, "`small.ipynb` was not graded"),
    ("colon", "A name that Windows cannot have.", {"small.py": RIGHT, "a:b.txt": "x"}, "`a:b.txt` was left out"),
    ("library name", "A file with a module's name that nobody imports.", {"small.py": RIGHT, "code.py": "x = 1"}, ""),
    ("helper", "A helper beside it.", {"hw/small.py": WITH_HELPER, "hw/helper.py": HELPER}, ""),
    ("package", "A package of helpers.", {
        "small.py": WITH_HELPER.replace("helper", "lib.helper"), "lib/__init__.py": "", "lib/helper.py": HELPER}, ""),
    ("data", "Data beside it.", {
        "small.py": "k = int(open('k.txt').read())\n" + RIGHT.replace("2 *", "k *"), "k.txt": "2"}, ""),
    ("run", "A file that a notebook runs.", {"small.ipynb": notebook("%run helper.py", WITH_HELPER.split("\n", 1)[1]),
                                             "helper.py": HELPER}, ""),
    ("two solved", "Both forms, both solved, different.", {"small.py": WRONG, "small.ipynb": notebook(RIGHT)},
     "`small.ipynb` was graded and `small.py` was not"),
    ("two same", "Both forms of one work.", {"small.py": "# %%\n" + RIGHT, "small.ipynb": notebook(RIGHT)}, ""),
    ("damaged form", "One of two forms is damaged.", {"small.py": RIGHT, "small.ipynb": "{"}, "cannot be read"),
    ("download copy", "A stub and a second download.", {"small.py": STUB, "small (1).py": RIGHT}, "was taken as small.py"),
    ("stub in a folder", "A stub above, the work below.", {"small.py": STUB, "mine/small.py": RIGHT}, "was not graded"),
    ("other name", "The work under another name beside the stub.", {"small.py": STUB, "solution.py": RIGHT},
     "`solution.py` was taken as small.py"),
    ("only file", "One file of another name.", {"homework one.py": RIGHT}, "was taken as small.py"),
    ("main and utils", "A main file that imports the other.", {"main.py": WITH_HELPER, "helper.py": HELPER},
     "`main.py` was taken as small.py"),
    ("student's name", "The student's name in front.", {"ada_small.py": RIGHT, "notes.md": ""}, "was taken as small.py"),
    ("text ending", "An editor's ending.", {"small.py.txt": RIGHT, "notes.md": ""}, "was taken as small.py"),
    ("with a PDF", "A PDF beside it.", {"small.ipynb": notebook(RIGHT), "small.pdf": b"%PDF-1.7"}, ""),
    ("otter", "Otter's export.", {"small.ipynb": notebook(RIGHT), "small.pdf": b"%PDF", ".OTTER_LOG": b"x",
                                  "__zip_filename__": "x"}, ""),
    ("in a zip", "A zip in a zip.", {"ada.zip": zipped({"small.py": RIGHT})}, ""),
    ("large data", "10 MB of data.", {"small.py": RIGHT, "data.bin": bytes(10 * MB)}, ""),
]:  # fmt: skip
    add(f"zip {made}", sentence, file("ada.zip", zipped(files)), first=said)
    if made in ("helper", "data", "handout notebook", "venv", "env", "git", "two solved", "package", "student's name"):
        add(f"folder {made}", f"{sentence} As a folder.", folder(files), first=said)
add("zip bzip2", "Packed in another way.", file("ada.zip", zipped({"small.py": RIGHT}, zipfile.ZIP_BZIP2)))
add("zip lzma", "Packed in a third way.", file("ada.zip", zipped({"small.py": RIGHT}, zipfile.ZIP_LZMA)))
add("zip folder entries", "With entries for folders.", file("ada.zip", zipped({"hw/": "", "hw/small.py": RIGHT})))
add(
    "zip link beside",
    "A link that nobody needs.",
    file("ada.zip", link_in_zip({"small.py": RIGHT}, ("data.csv", "/etc/passwd"))),
    first="`data.csv` was left out",
)
add("zip link in venv", "Links in an environment.",
    file("ada.zip", link_in_zip({"small.py": RIGHT}, ("venv/bin/python.py", "/usr/bin/python3"))))  # fmt: skip
for ending, mode in ((".tar.gz", "w:gz"), (".tgz", "w:gz"), (".tar", "w"), (".tar.bz2", "w:bz2"), (".tar.xz", "w:xz")):
    add(f"tar {ending}", f"A {ending}.", file(f"ada{ending}", tarred({"hw/small.py": RIGHT, "hw/.git/HEAD": ""}, mode)))
add("folder around", "A folder in a folder.", folder({"hw/small.py": WITH_HELPER, "hw/helper.py": HELPER}))
add(
    "folder zip",
    "A folder with a zip and a PDF.",
    folder({"all.zip": zipped({"small.py": RIGHT}), "small.pdf": b"%PDF"}),
)
add("folder other name", "A folder with one file of another name.", folder({"solution.ipynb": notebook(RIGHT)}))
add(
    "folder venv links",
    "Links in an environment on disk.",
    with_link({"small.py": RIGHT}, "venv/bin/python3.py", "/usr"),
)
add("folder link beside", "A link that nobody needs.", with_link({"small.py": RIGHT}, "data.csv", "/etc/passwd"),
    first="`data.csv` was left out")  # fmt: skip

# ---- refused, in clear words -----------------------------------------------------------------------------------------
for made, sentence, data, said in [
    ("small.pdf", "A PDF.", b"%PDF-1.7", "a PDF"),
    ("small.rar", "A RAR.", b"Rar!\x1a\x07", "a RAR archive"),
    ("small.7z", "A 7-Zip.", b"7z\xbc\xaf\x27", "a 7-Zip archive"),
    ("small.docx", "A document.", zipped({"word/document.xml": "<w/>"}), "a document of a word processor"),
    ("small.html", "A web page.", b"<!DOCTYPE html><html></html>", "a web page"),
    ("small.pyc", "Compiled Python.", b"\xa7\r\r\n", "compiled Python"),
    ("small.png", "A picture of it.", b"\x89PNG\r\n", "a picture"),
]:
    add(f"refused {made}", sentence, file(made, data), 0, said)
add(
    "refused zipped PDF",
    "A PDF in a zip.",
    file("ada.zip", zipped({"small.pdf": b"%PDF-1.7"})),
    0,
    "there is no small.py",
)
add("refused damaged zip", "Half a zip.", file("ada.zip", zipped({"small.py": RIGHT * 50})[:200]), 0, "cannot be read")
add("refused empty zip", "A zip of nothing.", file("ada.zip", zipped({})), 0, "nothing was handed in")
add("refused two", "Two different solutions in two folders.",
    file("ada.zip", zipped({"a/small.py": RIGHT, "b/small.py": OTHER})), 0, "more than one small.py")  # fmt: skip
add("refused so", "Compiled code beside it.", file("ada.zip", zipped({"small.py": RIGHT, "fast.so": b"\x7fELF"})), 0,
    "compiled code")  # fmt: skip
add("refused slip", "A path that leaves the folder.", file("ada.zip", zipped({"small.py": RIGHT, "../x.py": ""})), 0,
    "leaves the folder")  # fmt: skip
add("refused link", "A link at the file.", linked, 0, "a link")
add("refused link in zip", "A link in a zip at the file.", file("ada.zip", link_in_zip({}, ("small.py", "/etc/passwd"))), 0,
    "a link")  # fmt: skip
add("refused link in folder", "A link in a folder at a helper.", with_link({"small.py": RIGHT}, "helper.py", "/etc/passwd"),
    0, "a link")  # fmt: skip

# ---- PyTorch for another machine -------------------------------------------------------------------------------------
LOADER = (
    "from torch.utils.data import DataLoader, TensorDataset\n"
    "n = sum(len(b[0]) for b in DataLoader(TensorDataset(torch.arange(8.0)), batch_size=4, num_workers=2))\n"
)
for made, sentence, text, said in [
    (
        "threads",
        "16 threads.",
        "torch.set_num_threads(16)\nb = torch.ones(500, 500) @ torch.ones(500, 500)\n",
        "16 threads",
    ),
    ("compile", "A compiled function.", "two = torch.compile(lambda x: 2 * x)\nn = two(torch.ones(2))\n", ""),
    ("mps", "A Mac's device.", "torch.set_default_device('mps')\nn = torch.ones(2).sum().item()\n", "no `mps` here"),
    ("cuda", "A graphics card.", "n = torch.ones(2).cuda().sum().item()\n", "no `cuda` here"),
    ("device", "A network on a device.", "net = torch.nn.Linear(2, 2).to(torch.device('cuda:0'))\n", "no `cuda` here"),
    ("loader", "Loaders with processes.", LOADER, "a DataLoader asked for worker processes"),
]:
    add(f"torch {made}", sentence, file("ada.py", TORCH + text + RIGHT), first=said)

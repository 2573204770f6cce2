"""Writes torch.py and a .pth into the scratch, and puts the scratch first on the import path.

Made by `build`: honest source in, name and bytes of what is handed in out.

expect: energy=failed|error|crashed
"""

def build(honest):
    return "trial.py", (honest + """

def energy(x):
    import os, sys

    sys.path.insert(0, os.getcwd())
    for name in ("torch.py", "numpy.py", "msgpack.py", "hostile.pth", "sitecustomize.py"):
        with open(name, "w") as file:
            file.write("import os; os.system('touch @DEN@/hostile-import')")
    for name in ("torch", "numpy", "msgpack"):
        sys.modules.pop(name, None)
    return 0.0
""").encode()

"""Forbidden names in disguise: each spelling has a test, and beside them honest work that looks alike."""

# ruff: noqa: E501 (programs are easier to read on one line)

from __future__ import annotations

import pytest

from autograder.sandbox.grader.forbidden import find_forbidden, suspicions
from autograder.sandbox.wire.index import Index
from autograder.sandbox.worker.uses import Text, index_of, mentions_of

PROBES = "def case(student, world):\n    x = world.normal((3,))\n    return student.tanh(x)\n"
NUMPY = ("numpy.tanh",)
TORCH = ("torch.softmax",)
HONEST = "import numpy as np\ndef tanh(z):\n    a = np.exp(-2 * abs(z))\n    return np.sign(z) * (1 - a) / (1 + a)\n"
OTHER = HONEST + "def _h(z):\n    return np.tanh(z)\n"


def index(text: str, *more: Text) -> Index:
    return Index.from_bytes(index_of([Text("hw.py", text), *more]).to_bytes())


def scan(text: str, *more: Text, forbidden: tuple[str, ...] = NUMPY, probes: str = PROBES) -> list[str]:
    return find_forbidden(index(text, *more), mentions_of(probes), forbidden)


def told(text: str) -> list[str]:
    return suspicions(index(text), mentions_of(PROBES), NUMPY)


RUN_AT_LOADING = [
    "tanh.__code__ = _h.__code__",
    "globals()['tanh'] = _h",
    "globals()['ta' + 'nh'] = _h",
    "globals().update(tanh=_h)",
    "globals().update({'tanh': _h})",
    "globals().__setitem__('tanh', _h)",
    "dict.update(globals(), tanh=_h)",
    "globals().setdefault('tanh', _h)",
    "g = globals()\ng['tanh'] = _h",
    "vars()['tanh'] = _h",
    "locals()['tanh'] = _h",
    "import sys\nsetattr(sys.modules[tanh.__module__], 'tanh', _h)",
    "import sys\nsys.modules[__name__].tanh = _h",
    "import sys\nsys.modules[__name__].__dict__['tanh'] = _h",
    "import sys\nvars(sys.modules['hw'])['tanh'] = _h",
    "import hw\nhw.tanh = _h",
    "import importlib\nimportlib.import_module(__name__).tanh = _h",
    "tanh.__globals__['tanh'] = _h",
    "from operator import setitem\nsetitem(globals(), 'tanh', _h)",
    "object.__setattr__(__import__(__name__), 'tanh', _h)",
    "def install():\n    global tanh\n    tanh = _h\ninstall()",
    "def install():\n    tanh.__code__ = _h.__code__\ninstall()",
    "def install(f):\n    tanh.__code__ = f.__code__\ninstall(_h)",
    "def install(name, f):\n    globals()[name] = f\ninstall('tanh', _h)",
    "def install(name, f):\n    globals()[name] = f\ndef inner():\n    install('tanh', _h)\nx = inner()",
    "def install(f):\n    globals()['tanh'] = f\n    return f\n@install\ndef mine(z):\n    return _h(z)",
    "class Box:\n    def __init__(self, f):\n        globals()['tanh'] = f\nBox(_h)",
    "[globals().update(tanh=f) for f in [_h]]",
    "for name, f in {'tanh': _h}.items():\n    globals()[name] = f",
    "exec('tanh = _h')",
    "exec('def tanh(z):\\n    return np.tanh(z)')",
    "code = 'tanh = ' + '_h'\nexec(code)",
    "def run():\n    exec('tanh = _h', globals())\nrun()",
    "tanh = type(tanh)(_h.__code__, globals())",
    "match _h:\n    case tanh:\n        pass",
    "try:\n    tanh = _h\nexcept Exception:\n    pass",
    "if True:\n    from numpy import tanh",
    "try:\n    from numpy import tanh\nexcept ImportError:\n    pass",
    "with open('x') as f, open('y') as tanh:\n    tanh = _h",
    "(tanh := _h)",
    "from numpy import *",
    "exec('from numpy import *')",
    "import numpy\nglobals().update(vars(numpy))\nfrom numpy import tanh as tanh",
    "__name__ = '__main__'\nif __name__ == '__main__':\n    tanh = _h",
    "if __name__ == '__main__':\n    tanh = _h\nglobals()['__name__'] = 3",
    "if __name__ != '__main__':\n    tanh = _h",
    "if '__main__' == __name__:\n    pass\nelse:\n    tanh = _h",
    "import runpy\nglobals().update(runpy.run_path(__file__))\nif __name__ == '__main__':\n    tanh = _h",
    "import sys\nsetattr(sys.modules['hw'], '__na' + 'me__', '__main__')\nif __name__ == '__main__':\n    tanh = _h",
    "def early():\n    global __name__\n    __name__ = '__' + 'main__'\nearly()\nif __name__ == '__main__':\n    tanh = _h",
    "import hw as __name__\nif __name__ == '__main__':\n    tanh = _h",
    "import sys\nsys._getframe().f_globals['tanh'] = _h",
    "import gc\ngc.get_referrers(tanh)[0]['tanh'] = _h",
]


@pytest.mark.parametrize("end", RUN_AT_LOADING)
def test_a_function_that_is_exchanged_is_found(end: str) -> None:
    assert scan(OTHER + end + "\n"), end


CALLED = [
    "np.__dict__.get('tanh')(z)",
    "np.__dict__['tanh'](z)",
    "vars(np).get('tanh')(z)",
    "vars(np)['ta' 'nh'](z)",
    "np.__getattribute__('tanh')(z)",
    "object.__getattribute__(np, 'tanh')(z)",
    "np._core.umath.tanh(z)",
    "np.core.umath.tanh(z)",
    "np.emath.tanh(z)",
    "np.ma.tanh(z)",
    "np.lib.scimath.tanh(z)",
    "getattr(np, ''.join(['ta', 'nh']))(z)",
    "getattr(np, 'hnat'[::-1])(z)",
    "getattr(np, 'TANH'.lower())(z)",
    "getattr(np, b'tanh'.decode())(z)",
    "getattr(np, bytes([116, 97, 110, 104]).decode())(z)",
    "getattr(np, ''.join(map(chr, [116, 97, 110, 104])))(z)",
    "getattr(np, ''.join(chr(c) for c in (116, 97, 110, 104)))(z)",
    "getattr(np, '%s%s' % ('ta', 'nh'))(z)",
    "getattr(np, '{}{}'.format('ta', 'nh'))(z)",
    "getattr(np, f'{\"ta\"}nh')(z)",
    "getattr(np, 'arctanh'[3:])(z)",
    "getattr(np, 'tanh sinh'.split()[0])(z)",
    "getattr(np, dict(a='tanh')['a'])(z)",
    "[getattr(np, n) for n in ['tanh']][0](z)",
    "operator.attrgetter('tanh')(np)(z)",
    "operator.methodcaller('tanh', z)(np)",
    "attrgetter('_core.umath.tanh')(np)(z)",
    "functools.partial(getattr, np)('tanh')(z)",
    "functools.partial(np.tanh)(z)",
    "functools.reduce(getattr, ['_core', 'umath', 'tanh'], np)(z)",
    "__import__('numpy').tanh(z)",
    "importlib.import_module('numpy').tanh(z)",
    "importlib.import_module('num' + 'py').tanh(z)",
    "__builtins__['__import__']('numpy').tanh(z)",
    "sys.modules['numpy'].tanh(z)",
    "sys.modules.get('numpy').tanh(z)",
    "pkgutil.resolve_name('numpy:tanh')(z)",
    "plt.np.tanh(z)",
    "eval('np.tanh')(z)",
    "eval('np.' + 'tanh(z)')",
    "eval(compile('np.tanh(z)', 'x', 'eval'))",
    "(lambda m: m.tanh)(np)(z)",
    "next(iter([np])).tanh(z)",
    "[np][0].tanh(z)",
    "{'m': np}['m'].tanh(z)",
    "copy.copy(np).tanh(z)",
    "SimpleNamespace(m=np).m.tanh(z)",
    "(np if len(z) else z).tanh(z)",
    "(np or z).tanh(z)",
    "np.linalg.norm.__globals__['tanh'](z)",
    "globals()['np'].tanh(z)",
    "globals()['_h'](z)",
    "globals().get('_' + 'h')(z)",
    "getattr(sys.modules[__name__], '_h')(z)",
    "np.vectorize(np.tanh)(z)",
    "next(v for k, v in vars(np).items() if k == 'tanh')(z)",
    "[v for v in np.__dict__.values() if getattr(v, '__name__', '') == 'tanh'][0](z)",
    "dict(inspect.getmembers(np))['tanh'](z)",
    "getattr(np, tanh.__name__)(z)",
    "sys.modules[type(z).__module__].tanh(z)",
    "sys.modules[np.exp.__module__].tanh(z)",
    "importlib.import_module(np.__name__).tanh(z)",
    "inspect.getmodule(np.exp).tanh(z)",
    "np.tanh.__call__(z)",
    "list(map(np.tanh, [z]))[0]",
    "sympy.lambdify(x, sympy.tanh(x), 'numpy')(z)",
    "sympy.lambdify('x', 'tanh(x)', 'numpy')(z)",
    "sympy.lambdify(x, sympy.Function('tanh')(x), 'numpy')(z)",
    "sympy.utilities.lambdify.lambdify(x, sympy.tanh(x))(z)",
]  # fmt: skip
IMPORTS = """import numpy as np
import copy, functools, importlib, inspect, operator, pkgutil, sys, sympy
import matplotlib.pyplot as plt
from operator import attrgetter
from types import SimpleNamespace
def _h(z):
    return np.tanh(z)
"""


@pytest.mark.parametrize("call", CALLED)
def test_a_call_in_disguise_is_found(call: str) -> None:
    assert scan(f"{IMPORTS}def tanh(z):\n    x = sympy.Symbol('x')\n    return {call}\n"), call


TEXTS = [
    "import numpy as np\nt = 'tanh'\ndef tanh(z):\n    return getattr(np, t)(z)",
    "import numpy as np\nparts = ['ta', 'nh']\ndef tanh(z):\n    return getattr(np, ''.join(parts))(z)",
    "import numpy as np\ndef pick(m, n):\n    return getattr(m, n)\ndef tanh(z):\n    return pick(np, 'tanh')(z)",
    "import numpy as np\ndef lib():\n    return np\ndef tanh(z):\n    return lib().tanh(z)",
    "import numpy as np\ndef tanh(z, m=np):\n    return m.tanh(z)",
    "import numpy as np\ndef tanh(z, f=np.tanh):\n    return f(z)",
    "import numpy as np\nclass L:\n    m = np\ndef tanh(z):\n    return L.m.tanh(z)",
    "import numpy as np\nclass L:\n    def __init__(self):\n        self.m = np\ndef tanh(z):\n    return L().m.tanh(z)",
    "import numpy as np\nclass L:\n    @property\n    def m(self):\n        return np.tanh\ntanh = L().m",
    "import numpy as np\nclass L:\n    __call__ = staticmethod(np.tanh)\ntanh = L()",
    "import numpy as np\nclass L:\n    def __call__(self, z):\n        return np.tanh(z)\ntanh = L()",
    "import numpy as np\ntanh = type('T', (), {'f': staticmethod(np.tanh)}).f",
    "import numpy as np\ntable = {}\ndef tanh(z):\n    return table['f'](z)\ntable['f'] = np.tanh",
    "import numpy as np\ntable = []\ndef tanh(z):\n    return table[0](z)\ntable.append(np.tanh)",
    "import numpy as np\ndef _h(z):\n    return np.tanh(z)\ntable = {}\ndef tanh(z):\n    return table['f'](z)\ntable.update(f=_h)",
    "import numpy as np\ndef _h(z):\n    return np.tanh(z)\nt = {}\nu = t\ndef tanh(z):\n    return t['f'](z)\nu['f'] = _h",
    "import numpy as np\ndef _h(z):\n    return np.tanh(z)\nt = {}\ndef put(u, f):\n    u['f'] = f\nput(t, _h)\n"
    "def tanh(z):\n    return t['f'](z)",
    "import numpy as np\ndef _h(z):\n    return np.tanh(z)\nnp.mine = _h\ndef tanh(z):\n    return np.mine(z)",
    "import numpy as np\ndef _h(z):\n    return np.tanh(z)\nclass B: pass\nb = B()\nb.f = _h\ndef tanh(z):\n    return b.f(z)",
    "import numpy as np\ndef wrap(f):\n    return lambda z: np.tanh(z)\n@wrap\ndef tanh(z):\n    return z",
    "def lib():\n    import numpy\n    return numpy\ndef tanh(z):\n    return lib().tanh(z)",
    "d = c\nc = b\nb = a\na = __import__('numpy')\ndef tanh(z):\n    return d.tanh(z)",
    "import math as m\ndef decoy():\n    import math as m\n    return m\nimport numpy as m\ndef tanh(z):\n    return m.tanh(z)",
    "from numpy import *\ndef other(z):\n    return z",
    "from numpy import *\nclass A:\n    def tanh(self): pass\nf = tanh",
    "import torch\nclass Decoy:\n    def tanh(self): pass\ndef tanh(z):\n    return torch.tensor(z).tanh()",
    "def tanh(z):\n    return getattr(z, 'tanh')()",
    "import operator\ndef tanh(z):\n    return operator.methodcaller('tanh')(z)",
    "def tanh(z):\n    return z.tanh_()",
    "d = {}\nexec('from numpy import tanh', d)\ntanh = d['tanh']",
    "class T:\n    def __getattr__(self, n):\n        import numpy\n        return getattr(numpy, n)\ndef tanh(z):\n    return T().tanh(z)",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_name_that_took_another_way_is_found(text: str) -> None:
    assert scan(text, forbidden=(*NUMPY, "torch.tanh")), text


def test_a_long_chain_of_aliases_in_any_order_is_followed() -> None:
    backward = "\n".join(f"a{i} = a{i + 1}" for i in range(300))
    mixed = "\n".join(f"b{i} = b{i + 1}" for i in [*range(0, 40, 2), *range(1, 40, 2)])
    text = f"import numpy as np\n{backward}\na300 = np\n{mixed}\nb40 = a0\ndef tanh(z):\n    return b0.tanh(z)\n"
    assert scan(text)


@pytest.mark.parametrize(
    "more",
    [
        ("from helpers import inner as tanh", "def inner(z):\n    return np.tanh(z)"),
        ("import helpers\ntanh = helpers.inner", "def inner(z):\n    return np.tanh(z)"),
        ("import helpers\ndef tanh(z):\n    return helpers.np.tanh(z)", ""),
        ("from helpers import np as lib\ndef tanh(z):\n    return lib.tanh(z)", ""),
        (HONEST + "from helpers import *", "from numpy import *"),
        (HONEST + "from helpers import *", "def tanh(z):\n    return np.tanh(z)"),
        (HONEST + "import helpers", "import hw\nhw.tanh = np.tanh"),
        (HONEST + "import helpers", "import sys\nsys.modules['hw'].tanh = np.tanh"),
    ],
)
def test_other_files_are_followed_as_well(more: tuple[str, str]) -> None:
    assert scan(more[0], Text("helpers.py", "import numpy as np\n" + more[1]))


HONEST_ENDS = [
    "print(tanh(np.zeros(3)), np.tanh(0.0))",
    "assert np.allclose(tanh(np.ones(3)), np.tanh(np.ones(3)))",
    "def check(f, g):\n    print(f(1.0) - g(1.0))\ncheck(tanh, np.tanh)",
    "x = np.tanh(np.ones(3))\nprint(x)",
    "for x in (0.1, 2.0):\n    print(tanh(x), np.tanh(x))",
    "results = {}\nresults['mine'] = tanh(1.0)\nresults['numpy'] = np.tanh(1.0)",
    "if __name__ == '__main__':\n    for x in (0.1, 2.0):\n        print(tanh(x) - np.tanh(x))",
    "if __name__ == '__main__':\n    tanh_ = np.tanh\n    import logging\n    logging.getLogger(__name__)",
    "def main():\n    print(np.tanh(1.0))\nif __name__ == '__main__':\n    main()",
    "print(tanh.__name__)\nif __name__ == '__main__':\n    print(np.tanh(1.0))",
    "def other_question(z):\n    return np.tanh(z)\nprint(other_question(1.0) + tanh(1.0))",
    "import sympy\ndef slope(x):\n    return 1 - sympy.tanh(x) ** 2\nprint(slope(sympy.Symbol('x')))",
    "import matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 100\nplt.plot(np.tanh(np.ones(3)))",
    "class Net:\n    def __init__(self):\n        self.act = np.tanh\nnet = Net()\nnet.act(0.0)",
    "import functools\ncached = functools.lru_cache(tanh)",
    "name = 'np.tanh'\nprint(f'{name} is not allowed', 'np.tanh(z)')",
    "def set_all(o, **kw):\n    for k, v in kw.items():\n        setattr(o, k, v)",
    "model = eval\nclass M:\n    def eval(self): return self\nM().eval()",
    "if 'np' in globals():\n    print(np.tanh(1.0))",
    "import sys\nprint(sys.modules['numpy'].tanh(1.0))",
]


@pytest.mark.parametrize("end", HONEST_ENDS)
def test_honest_work_beside_it_is_not_accused(end: str) -> None:
    assert scan(HONEST + end + "\n") == []
    assert told(HONEST + end + "\n") == []


HONEST_TEXTS = [
    "from numpy import *\ndef tanh(z):\n    return (exp(z) - exp(-z)) / (exp(z) + exp(-z))",
    "import numpy as np\ndef tanh(z):\n    '''Like np.tanh; eval('np.tanh')'''\n    return z  # np.tanh",
    "import sympy\ndef tanh(z):\n    return 1 - 2 / (sympy.exp(2 * z) + 1)\ndef d(z):\n    return sympy.tanh(z)",
    "import numpy as np\nexp = np.exp\ndef tanh(z):\n    e = exp(2 * z)\n    return (e - 1) / (e + 1)",
    "class Act:\n    def tanh(self, z):\n        return z\nclass Net:\n    def __init__(self):\n        self.layers = [Act()]\n"
    "    def run(self, z):\n        for layer in self.layers:\n            z = layer.tanh(z)\n        return z\n"
    "def tanh(z):\n    return Net().run(z)",
    "class Act:\n    def tanh(self, z):\n        return z\ndef use(a, z):\n    return a.tanh(z)\ndef tanh(z):\n"
    "    return use(Act(), z)",
    "class Base:\n    def tanh(self, z):\n        return z\nclass Act(Base):\n    pass\nact = Act()\ndef tanh(z):\n"
    "    return act.tanh(z)",
    "import numpy as np\nx = np.tanh(1.0)\ndef tanh(x):\n    e = np.exp(2 * x)\n    return (e - 1) / (e + 1)",
    "import math\ndef tanh(z):\n    return 1 - 2 / (math.exp(2 * z) + 1)",
    "import numpy as np\ndef tanh(z):\n    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))\n"
    "def tanh_prime(z):\n    return 1 - tanh(z) ** 2\nclass Tanh:\n    def forward(self, z):\n        return tanh(z)",
]


@pytest.mark.parametrize("text", HONEST_TEXTS)
def test_honest_work_of_other_forms_is_not_accused(text: str) -> None:
    index_ = index(text)
    assert find_forbidden(index_, mentions_of(PROBES), (*NUMPY, "torch.tanh")) == []
    assert suspicions(index_, mentions_of(PROBES), NUMPY) == []


@pytest.mark.parametrize(
    "body",
    [
        "getattr(np, input())(z)",
        "getattr(np, str(z)[:4])(z)",
        "eval(open('notes.txt').read())",
        "exec(''.join(chr(ord(c) - 1) for c in tanh.__doc__))",
        "__import__(open('x').read()).f(z)",
        "operator.attrgetter(open('x').read())(np)(z)",
        "pickle.loads(b'cnumpy\\ntanh\\n.')(z)",
        "getattr(np, NAMES[len(z)])(z)",
    ],
)
def test_what_the_text_does_not_show_is_told_to_a_person(body: str) -> None:
    names = "NAMES = " + repr([f"f{i}" for i in range(60)])
    text = f"import operator, pickle; {names}\nimport numpy as np\ndef tanh(z):\n    return {body}\n"
    assert scan(text) == []
    (note,) = told(text)
    assert "hw.py, line 4" in note


def test_code_whose_names_are_exchanged_is_told_to_a_person() -> None:
    text = (
        HONEST + "def _h(z):\n    return np.exp(z)\ntanh.__code__ = _h.__code__.replace(co_names=('np', 'ta' + 'nh'))\n"
    )
    assert told(text)


def test_code_in_code_in_code_is_told_where_it_is_not_read() -> None:
    code = "np.tanh"
    for _ in range(3):
        code = f"eval({code!r})"
    assert scan(f"import numpy as np\ndef tanh(z):\n    return {code}(z)")
    code = f"eval({code!r})"
    assert told(f"import numpy as np\ndef tanh(z):\n    return eval({code!r})(z)")
    assert told("import numpy as np\nexec('#' * 19000)\n" * 4 + HONEST)


def test_files_in_a_folder_are_known_by_their_own_names() -> None:
    main = Text("work/hw.py", "import helpers\ndef tanh(z):\n    return helpers.q.tanh(z)")
    helper = Text("work/helpers.py", "import numpy as q")
    read = Index.from_bytes(index_of([main, helper]).to_bytes())
    assert find_forbidden(read, mentions_of(PROBES), NUMPY)


def test_names_of_one_object_of_numpy_are_one_name() -> None:
    text = "import numpy as np\ndef tanh(z):\n    return np.absolute(z)\n"
    assert scan(text, forbidden=("numpy.abs",))
    assert not scan(text, forbidden=("numpy.fabs",))


@pytest.mark.parametrize("path", ["torch.nn.modules.activation.Softmax", "torch.ao.nn.Softmax"])
def test_private_paths_of_a_library_lead_to_the_same_name(path: str) -> None:
    assert scan(f"import torch\ntanh = {path}(0)", forbidden=("torch.nn.Softmax",))
    assert not scan(f"import torch\ntanh = {path}(0)", forbidden=("torch.nn.Softmin",))


def test_a_text_that_cannot_be_read_to_its_end_is_told() -> None:
    lines = [f"a{i} = np if a{(i * 7) % 300} else a{(i * 11) % 300}" for i in range(300)]
    many = "\n".join(f"import m{i} as n" for i in range(100))
    text = HONEST + "\n".join(lines) + "\n" + many
    assert any("not all of it" in note for note in told(text))


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 80 + "1" + ")" * 80,
        "x = np" + ".T" * 4_000,
        "x = " + " + ".join(["'a'"] * 4_000),
        "x = " + " + ".join(["np"] * 4_000),
        "".join(f"a{i} = a{(i * 7919) % 1500}\n" for i in range(1500)),
        "".join(f"def f{i}(x):\n    return f{(i * 7919) % 500}(x, np, 'tanh')\n" for i in range(500)),
        "x = '" + "a" * 19_000 + "'\n" + "y = [" + "x + x, " * 1000 + "]",
        "x = " + "[" * 90 + "]" * 90 + "\n" + "f(" * 90 + ")" * 90,
        "x = [" + "np.tanh, " * 4_000 + "]",
        "d = {" + ", ".join(f"'k{i}': {i}" for i in range(4_000)) + "}",
        "exec('exec(\"exec(1)\")')\n" * 300,
        "".join(f"exec('a{i} = {i}')\n" for i in range(500)),
        "def tanh(z):\n" + "".join(f"{' ' * i}if z:\n" for i in range(1, 90)) + " " * 90 + "pass",
        "x = " + "lambda: " * 900 + "1",
        "x = f()" + "()" * 400,
        "a, b = " * 500 + "np, np",
    ],
    ids=range(16),
)  # fmt: skip
def test_reading_is_bounded(text: str) -> None:
    import time

    started = time.process_time()
    scan(HONEST + text + "\n")
    assert time.process_time() - started < 4

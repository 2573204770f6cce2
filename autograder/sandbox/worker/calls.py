"""What calls give and what they change: getattr, globals, imports by name, attrgetter, partial, own functions.

`called` says what the result may be, `effects` what flows into variables meanwhile, `changes` which things get other
contents, so that `globals()["f"] = g` and `setattr(module, "f", g)` count as giving `f` a value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache

from autograder.sandbox.worker.meaning import (
    ATTRIBUTE,
    BUILTINS,
    NOTHING,
    OWN,
    RETURNED,
    Known,
    Meaning,
    instance_of,
    is_library,
    own_name,
    path,
    union,
)

LOOKUPS = frozenset({"get", "pop", "setdefault", "getitem", "getattr", "__getitem__", "__getattribute__",
                     "__getattr__"})  # fmt: skip
FILLED = frozenset({"update", "setdefault", "__setitem__", "__setattr__", "append", "add", "insert", "extend", "push",
                    "put", "register", "__ior__"})  # fmt: skip
GETATTR = frozenset({"builtins.getattr", "inspect.getattr_static", "operator.getitem", "object.__getattribute__",
                     "builtins.object.__getattribute__", "builtins.type.__getattribute__"})  # fmt: skip
HANDED_ON = GETATTR - {"operator.getitem"}
"""What looks up attributes when it is an argument of map, starmap, submit and their like."""
SETATTR = frozenset({"builtins.setattr", "builtins.delattr", "operator.setitem", "builtins.object.__setattr__",
                     "builtins.type.__setattr__"})  # fmt: skip
IMPORTS = frozenset({"importlib.import_module", "builtins.__import__", "importlib.__import__", "importlib.reload",
                     "pkgutil.resolve_name", "pydoc.locate", "importlib.util.find_spec"})  # fmt: skip
HERE = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "sys._getframe", "inspect.currentframe"})
GETTERS = frozenset({"operator.attrgetter", "operator.methodcaller", "operator.itemgetter"})
RUN = frozenset({"builtins.eval", "builtins.exec", "builtins.compile", "ast.parse", "torch.jit.CompilationUnit"})
FORMULAS = frozenset(["lambdify", "sympify", "S", "parse_expr", "Function", "ufuncify", "autowrap"])
"""Functions of sympy that read names out of a text."""
PASSING = frozenset({"functools.partial", "functools.partialmethod", "functools.reduce", "builtins.staticmethod",
                     "builtins.classmethod", "builtins.property", "types.MethodType", "numpy.vectorize",
                     "builtins.next", "builtins.iter", "builtins.list", "builtins.tuple", "builtins.dict",
                     "builtins.filter", "builtins.reversed", "builtins.zip", "builtins.enumerate"})  # fmt: skip
"""Calls whose result leads to whatever was put in."""
MODULES = frozenset({"torch.nn", "torch.nn.functional", "torch.special", "torch.linalg", "torch.autograd", "torch.fft",
                     "torch.func", "numpy.linalg", "numpy.fft", "numpy.random", "scipy.special",
                     "scipy.linalg"})  # fmt: skip
GETTER = "<getter>."


def called(names: Known, node: ast.Call, depth: int) -> Meaning:
    """What a call may give."""

    def of(part: ast.expr) -> Meaning:
        return names.meaning(part, depth)

    function = of(node.func)
    if function.paths and all(map(_computes, function.paths)):
        return NOTHING
    found = _looked_up(names, node, function, of)
    for dotted in function.paths:
        if dotted.startswith(GETTER):
            found = found.plus(_got(names, dotted.removeprefix(GETTER), [of(a) for a in node.args]))
        elif dotted.startswith(OWN):
            found = found.plus(_own(names, dotted))
        elif dotted in GETTERS:
            found = found.plus(path(*(GETTER + text for a in node.args for text in of(a).texts)))
        elif dotted in HERE:
            found = found.plus(of(node.args[0]) if node.args and dotted.endswith("vars") else path(OWN))
        elif dotted == "inspect.getmodule":
            found = found.plus(path(*(p.partition(".")[0] for a in node.args for p in of(a).paths if is_library(p))))
        elif dotted in IMPORTS:
            found = found.plus(_imported(names, node, of))
        elif is_formula(dotted):
            found = found.plus(path(*(f"sympy.{t}" for a in node.args for t in of(a).texts if t.isidentifier())))
    return found if looks_up(function, node.func) else found.plus(_passed(node, function, of))


@lru_cache(maxsize=4096)
def _computes(dotted: str) -> bool:
    """Whether a path is an ordinary function of a library for numbers: nothing but numbers comes out of it."""
    root, _, rest = dotted.partition(".")
    last = rest.rpartition(".")[2]
    special = dotted in PASSING or is_formula(dotted) or last in LOOKUPS or rest.startswith(("nn.", "jit.")) or not rest
    return root in ("numpy", "torch", "sympy", "math", "fractions", "scipy") and not special


def is_formula(dotted: str) -> bool:
    """Whether a path is a function of sympy that reads texts."""
    return dotted.startswith("sympy.") and dotted.rpartition(".")[2] in FORMULAS


def _looked_up(names: Known, node: ast.Call, function: Meaning, of: Callable[[ast.expr], Meaning]) -> Meaning:
    """`getattr(x, "name")` and its many spellings; also `d.get("name")`."""
    found, arguments = NOTHING, node.args
    if isinstance(node.func, ast.Attribute) and node.func.attr in LOOKUPS and arguments:
        base = of(node.func.value)
        found = names.item(base, of(arguments[0]).texts).plus(union(of(a) for a in arguments[1:]))
    if function.paths & GETATTR and len(arguments) == 1:  # partial(getattr, np)("tanh")
        base = Meaning(function.paths - GETATTR, frozenset())
        found = found.plus(names.item(base, of(arguments[0]).texts))
    if "functools.reduce" in function.paths and len(arguments) == 3 and of(arguments[0]).paths & GETATTR:
        keys = of(arguments[1]).texts
        base = of(arguments[2])
        for _ in range(3):  # the order of a set of texts is not known: private paths are as good as public ones
            base = union([base, *(names.attribute(base, key) for key in keys)])
        found = found.plus(base)
    if handed := handed_on(names, node, of):  # map(getattr, [np], ["tanh"])
        found = found.plus(union(names.attribute(handed, key) for key in handed.texts))
    if len(arguments) >= 2 and looks_up(function, node.func):
        found = found.plus(union(of(a) for a in arguments[2:]))
        base, keys = of(arguments[0]), of(arguments[1]).texts
        found = found.plus(union(names.attribute(base, key) for key in keys)).plus(names.item(NOTHING, keys))
        if "sys.modules" in base.paths:
            found = found.plus(names.item(base, keys))
    return found


def handed_on(names: Known, node: ast.Call, of: Callable[[ast.expr], Meaning] | None = None) -> Meaning | None:
    """Things, and names in them, that a call is given together with getattr itself; None where it is given none."""
    of = of or names.meaning
    for number, argument in enumerate(node.args[:-1]):
        if of(argument).paths & HANDED_ON:
            return union(of(a) for a in (*node.args[:number], *node.args[number + 1 :]))
    return None


def looks_up(function: Meaning, node: ast.expr) -> bool:
    """Whether a function takes a thing and the name of something in it."""
    spelled = isinstance(node, ast.Attribute) and node.attr in ("__getattribute__", "__getitem__", "__getattr__")
    return spelled or bool(function.paths & GETATTR)


def _got(names: Known, dotted: str, arguments: list[Meaning]) -> Meaning:
    found = union(arguments[:1])
    for part in dotted.split("."):
        found = names.attribute(found, part)
    return found


def _own(names: Known, dotted: str) -> Meaning:
    one = own_name(dotted)
    if instance_of(dotted):
        return names.known((RETURNED, "__call__"))
    if one in names.members:
        return path(f"{OWN}.{one}()")
    return names.known((RETURNED, one))


def _imported(names: Known, node: ast.Call, of: Callable[[ast.expr], Meaning]) -> Meaning:
    given = union(of(a) for a in node.args[:1])
    found = [names.module(text.replace(":", ".")) for text in given.texts]
    found += [names.module(text.partition(".")[0]) for text in given.texts]
    return union([*found, Meaning(given.paths, frozenset())])


def _passed(node: ast.Call, function: Meaning, of: Callable[[ast.expr], Meaning]) -> Meaning:
    """Modules and own things come out of most calls that they are put into; functions out of some."""
    whole = bool(function.paths & PASSING)
    found = union([*map(of, node.args), *(of(k.value) for k in node.keywords)])
    if whole:
        return found
    if not found.paths:
        return NOTHING
    return Meaning(frozenset(p for p in found.paths if p.startswith(OWN) or _is_module(p)), frozenset())


def _is_module(dotted: str) -> bool:
    """Whether a path looks like a module's: `copy.copy(np)` is np, but `f(np.float64)` is no type."""
    return is_library(dotted) and ("." not in dotted or dotted in MODULES)


def has_effects(names: Known, act: ast.Call) -> bool:
    """Whether a call may let anything flow; most calls are of library functions that do not."""
    function = names.meaning(act.func).paths
    quiet = names.sure(act.func) and not (isinstance(act.func, ast.Attribute) and act.func.attr in FILLED)
    return not quiet or not function.isdisjoint(PASSING | SETATTR)


def effects(names: Known, act: ast.Call | tuple[ast.expr, ast.expr]) -> None:
    """Let values flow: into the parameters of own functions, into attributes, containers and the namespace."""
    if isinstance(act, tuple):
        target, value = act
        _put(names, target, names.meaning(value))
        return
    function = names.meaning(act.func)
    for dotted in function.paths:
        one = instance_of(dotted) or own_name(dotted)
        if one:
            _give(names, act, "__call__" if instance_of(dotted) else "__init__" if one in names.members else one)
    if function.paths & PASSING and act.args:  # partial(f, module), reduce(f, [module])
        for dotted in names.meaning(act.args[0]).paths:
            _give(names, act, own_name(dotted), skip=1)
    if function.paths & SETATTR and len(act.args) >= 3:
        _fill(names, act.args[0], names.meaning(act.args[1]).texts, names.meaning(act.args[2]))
    elif isinstance(act.func, ast.Attribute) and act.func.attr in FILLED:
        values = union(names.meaning(a) for a in act.args)
        _fill(names, act.func.value, names.meaning(act.args[0]).texts if act.args else (), values)
        for keyword in act.keywords:
            _fill(names, act.func.value, (keyword.arg,) if keyword.arg else (), names.meaning(keyword.value))
    elif any(k.arg for k in act.keywords) and not any(is_library(p) for p in function.paths):
        for keyword in act.keywords:  # SimpleNamespace(m=np), or a dataclass
            names.add((ATTRIBUTE, str(keyword.arg)), names.meaning(keyword.value))


def _give(names: Known, act: ast.Call, function: str, skip: int = 0) -> None:
    for signature in names.functions.get(function, ()):
        arguments = [names.meaning(a) for a in act.args[skip:]]
        spread = any(isinstance(a, ast.Starred) for a in act.args) or skip
        for number, meaning in enumerate(arguments):
            everywhere = spread or number >= len(signature.places)
            for key in (*signature.places, *signature.rest) if everywhere else (signature.places[number],):
                names.add(key, meaning)
        for keyword in act.keywords:
            named = signature.named.get(keyword.arg or "")
            for key in (named,) if named is not None else (*signature.rest, *signature.places):
                names.add(key, names.meaning(keyword.value))


def _put(names: Known, target: ast.expr, value: Meaning) -> None:
    if isinstance(target, ast.Attribute):
        _fill(names, target.value, (target.attr,), value)
    elif isinstance(target, ast.Subscript):
        _fill(names, target.value, names.meaning(target.slice).texts, value)


def _fill(names: Known, base: ast.expr, keys: frozenset[str] | tuple[str, ...], value: Meaning) -> None:
    """`value` goes into `base`, under some of the keys."""
    meaning = names.meaning(base)
    for dotted in meaning.paths:
        if instance_of(dotted):
            names.members.setdefault(instance_of(dotted), set()).update(keys)
    for key in keys:
        names.add((ATTRIBUTE, key), value)
        if OWN in meaning.paths:
            names.add((0, key), value)
    for dotted in meaning.paths:
        if own_name(dotted):
            names.add((0, own_name(dotted)), value)
    if isinstance(base, ast.Name):
        names.add(names.keys.get(id(base), (0, base.id)), value)


def changes(names: Known, node: ast.AST) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """Pairs (whose contents a node changes, under which keys; none where the text does not say)."""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
        keys = frozenset({node.attr}) if isinstance(node, ast.Attribute) else names.meaning(node.slice).texts
        yield node.value, keys
    elif isinstance(node, ast.Call):
        function = names.meaning(node.func)
        if function.paths & SETATTR and node.args:
            yield node.args[0], names.meaning(node.args[1]).texts if len(node.args) > 1 else frozenset()
        elif isinstance(node.func, ast.Attribute) and node.func.attr in FILLED:
            unbound = any(p.startswith(BUILTINS) for p in names.meaning(node.func.value).paths)  # dict.update(d, …)
            whose, *rest = [*node.args] if unbound and node.args else [node.func.value, *node.args]
            named = frozenset(k.arg for k in node.keywords if k.arg)
            yield whose, named or (names.meaning(rest[0]).texts if rest else frozenset())
    elif isinstance(node, ast.AugAssign):
        yield node.target, frozenset()

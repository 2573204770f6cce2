"""Questions 8 to 10 of "backprop": graphs against sympy, checkers and their faults, training and the population."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy
import torch

from autograder.authoring.world import World

ROOT = Path(__file__).parents[3]
PUBLIC, PRIVATE = ROOT / "assignments" / "backprop", ROOT / "solutions" / "backprop"
sys.path.insert(0, str(PRIVATE / "cases"))
import courses as invented  # noqa: E402
import graphs  # noqa: E402

sys.path.pop(0)
ALTERNATES = sorted((PRIVATE / "alternates").glob("*.py"))
HELPERS = (
    "backprop_plots",
    "backprop_graph",
    "backprop_checkers",
    "backprop_course",
    "backprop_judges",
    "course_judges",
    "graph_judges",
)


@pytest.fixture(scope="module", autouse=True)
def helpers() -> Iterator[None]:
    """Support files and judges can be imported, and leave no trace."""
    sys.path[:0] = [str(PUBLIC), str(PRIVATE)]
    yield
    sys.path[:] = [p for p in sys.path if p not in (str(PUBLIC), str(PRIVATE))]
    for name in HELPERS:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module", params=["reference", *(p.stem for p in ALTERNATES)])
def solution(request: pytest.FixtureRequest) -> ModuleType:
    """The reference, and the reference with each alternate on top."""
    more = "" if request.param == "reference" else (PRIVATE / "alternates" / f"{request.param}.py").read_text()
    module = ModuleType("backprop_solution")
    exec(compile((PRIVATE / "backprop.py").read_text() + "\n" + more, "backprop.py", "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def judges() -> ModuleType:
    import backprop_judges

    return backprop_judges


@pytest.fixture(scope="module")
def truth() -> ModuleType:
    import course_judges

    return course_judges


@pytest.mark.parametrize("seed", range(6))
def test_gradients_on_random_graphs_are_sympys(solution: ModuleType, seed: int) -> None:
    from backprop_graph import Node

    rng = np.random.default_rng(seed)
    symbols = sympy.symbols("a b c")
    values = [Fraction(int(rng.integers(1, 9)), int(rng.integers(1, 5))) for _ in symbols]
    nodes, formulas = [Node(v) for v in values], list(symbols)
    leaves = list(nodes)
    for _ in range(8):
        i, j = int(rng.integers(len(nodes))), int(rng.integers(3))
        kind = int(rng.integers(5))
        operations: list[Any] = [lambda p, q: p + q, lambda p, q: p - q, lambda p, q: p * q, lambda p, q: p / q]
        if kind == 4:
            nodes.append(-nodes[i])
            formulas.append(-formulas[i])
        else:
            nodes.append(operations[kind](nodes[i], nodes[j]))
            formulas.append(operations[kind](formulas[i], formulas[j]))
    root, formula = sum(nodes[4:], nodes[3]), sum(formulas[4:], formulas[3])
    solution.backward(root, Fraction(2, 3))
    point = dict(zip(symbols, (sympy.Rational(v.numerator, v.denominator) for v in values), strict=True))
    for leaf, symbol in zip(leaves, symbols, strict=True):
        expected = sympy.Rational(2, 3) * sympy.diff(formula, symbol).subs(point)
        found = Fraction(leaf.grad) if leaf.grad is not None else Fraction(0)
        assert sympy.Rational(found.numerator, found.denominator) == expected


def test_sixty_doublings_take_sixty_calls(solution: ModuleType) -> None:
    from backprop_graph import Node

    calls: list[int] = []
    y = x = Node(Fraction(1))
    for _ in range(60):
        y = y + y
        y.vjp = lambda g: calls.append(1) or (g, g)
    solution.backward(y)
    assert (x.grad, len(calls)) == (2**60, 60)


def left_by(backward: Any, seed: int = 1) -> Any:
    """What a `backward` leaves in one random graph."""
    from backprop_graph import Node

    student = ModuleType("student")
    student.backward = backward  # type: ignore[attr-defined]
    return graphs.walked(student, *graphs.random_graph(World(seed), Node))


def message_of(outputs: Any, seed: int = 1) -> str:
    import graph_judges

    return graph_judges.walks([outputs], World(seed), graphs.random_graph, 1).message


@pytest.mark.parametrize("seed", range(4))
def test_a_right_walk_through_a_random_graph_is_accepted(solution: ModuleType, seed: int) -> None:
    found = left_by(solution.backward, seed)
    assert message_of(found, seed) == ""
    gradients = {one["grad"] for one in found.values()}
    assert {0, None} <= gradients, "one is 0, and one node is not needed"


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("vjp_called_with", [], "was not called; each is called exactly once"),
        ("vjp_called_with", [1, 1, 1], "was called 3 times; each is called exactly once"),
        ("vjp_called_with", [Fraction(1, 7)], "was called with 1/7; it takes the gradient"),
        ("vjp_called_with", [0], "was called with 0, before its gradient"),
        ("grad", None, "is None, and the root depends on it"),
        ("grad", Fraction(1, 7), "is 1/7, not"),
        ("grad", 0, "is 0, not"),
    ],
)
def test_what_is_wrong_with_a_node_is_told_of_that_node(
    solution: ModuleType, part: str, value: Any, words: str
) -> None:
    found = left_by(solution.backward)
    name = next(name for name in found if name.startswith("v9 "))
    found[name][part] = value
    assert name in message_of(found)
    assert words in message_of(found)


def test_the_judge_of_graphs_tells_zero_unneeded_partial_and_rounded_gradients(solution: ModuleType) -> None:
    right = left_by(solution.backward)
    unneeded = next(name for name, one in right.items() if one["grad"] is None)
    zero = next(name for name, one in right.items() if one["grad"] == 0 and one["vjp_called_with"])
    often = next(name for name in right if name.startswith("v13 "))
    grad = right[often]["grad"]
    said = {
        "it is to be left alone; its grad is 0": {unneeded: {"grad": Fraction(0), "vjp_called_with": []}},
        "exactly once, also where the gradient is 0": {zero: {"grad": Fraction(0), "vjp_called_with": []}},
        "that is the rounding of floats": {often: {"grad": grad + Fraction(1, 2**60), "vjp_called_with": [grad]}},
        "it is used by": {often: {"grad": grad + 5, "vjp_called_with": [grad + 5]}},
        "from v": {often: {"grad": Fraction(1), "vjp_called_with": [Fraction(1)]}},
        "nothing is known of": {often: {}},
    }
    for words, change in said.items():
        assert words.replace("it is to", "so it is to") in message_of(right | change), words


@pytest.mark.parametrize("outputs", [None, True, [], {}, {"x1": 3}, "x"])
def test_the_judge_of_graphs_refuses_what_is_no_answer(outputs: Any) -> None:
    assert message_of(outputs)


@pytest.mark.parametrize("value", ["x", 1.5, np.ones(3), [1], {}, 1j, float("nan")])
def test_the_judge_of_graphs_refuses_what_is_no_exact_number(solution: ModuleType, value: Any) -> None:
    for change in ({"grad": value, "vjp_called_with": [1]}, {"grad": Fraction(1), "vjp_called_with": [value]}):
        found = left_by(solution.backward)
        for name in found:
            assert message_of(found | {name: change}).endswith("something else than exact numbers")


def test_the_reference_checker_measures_the_error(solution: ModuleType) -> None:
    rng = np.random.default_rng(3)
    x, g = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))

    def vjp(x: Any, g: Any) -> Any:
        leaf = torch.tensor(x, requires_grad=True)
        return torch.autograd.grad(torch.softmax(leaf, 1), leaf, torch.tensor(g))[0].numpy()

    def softmax(x: Any) -> Any:
        return torch.softmax(torch.tensor(x), 1).numpy()

    assert solution.gradient_error(softmax, vjp, x, g) < 1e-8
    assert solution.gradient_error(softmax, lambda x, g: 3 * vjp(x, g), x, g) == pytest.approx(2, rel=1e-6)


def test_each_faulty_checker_accepts_the_right_gradient_and_the_fooling_one(
    solution: ModuleType, judges: ModuleType
) -> None:
    import backprop_checkers as checkers

    x = np.array([0.5, -1.0, 2.0])
    assert checkers.first_checker(x, judges.softmax_jacobian(x))
    assert checkers.second_checker(x, x)
    assert checkers.third_checker(x, x)
    for fool, judge in (
        ("fool_first", judges.fools_first),
        ("fool_second", judges.fools_second),
        ("fool_third", judges.fools_third),
    ):
        point, claimed = (np.array(v, dtype=float) for v in getattr(solution, fool)())
        assert judge({"x": point, "claimed": claimed}, None).deviation == 0


BAD_PAIRS = [
    None, True, [], {}, "x", {"x": 1.0, "claimed": 2.0}, {"x": np.zeros(3), "claimed": np.zeros(3)},
    {"x": np.ones(3), "claimed": np.ones(3)}, {"x": np.full(3, np.nan), "claimed": np.zeros(3)},
    {"x": np.full(3, 1e200), "claimed": np.full(3, -1e200)}, {"x": np.ones((3, 3)), "claimed": np.ones((3, 3))},
    {"x": np.ones(3), "claimed": np.full((3, 3), np.inf)}, {"x": np.zeros(0), "claimed": np.zeros((0, 0))},
    {"x": np.zeros(3), "claimed": np.zeros((3, 3))}, {"x": np.ones(3, dtype=np.float32), "claimed": np.ones(3)},
]  # fmt: skip


FOOLED = {"x": np.zeros(2), "claimed": np.array([[1.0, 1.0], [-1.0, -1.0]])}


@pytest.mark.parametrize(
    "judge",
    [
        "fools_first",
        "fools_second",
        "fools_third",
        "wrong_enough",
        "crossing",
        "all_different",
        "agreeing",
        "first_corners",
        "exclusive_or",
    ],
)
@pytest.mark.parametrize("bad", BAD_PAIRS, ids=range(len(BAD_PAIRS)))
def test_judges_refuse_what_is_no_answer(judges: ModuleType, judge: str, bad: Any) -> None:
    measured = getattr(judges, judge)(bad, None)
    assert measured.deviation == np.inf
    assert measured.message


@pytest.mark.parametrize(
    ("x", "claimed", "words"),
    [
        ([1.0, 2.0, 1.0], [1.0, 2.0, 1.0], "exactly the right derivative"),
        ([1.0, 2.0, 1.0], [1.0, 2.0 + 1e-14, 1.0], "the right derivative at your x up to rounding"),
        ([1.0, 2.0, 1.0], [1.0, 2.0 + 1e-7, 1.0], "nearly right: its largest error is 5e-08 of"),
        ([1.0, 2.0, 1.0], [1.0, 2.1, 1.0], "nearly right: its largest error is 0.05 of"),
    ],
)
def test_a_claim_that_is_not_wrong_is_told_how_right_it_is(
    judges: ModuleType, x: list[float], claimed: list[float], words: str
) -> None:
    claim = {"x": np.array(x), "claimed": np.array(claimed)}
    for judge in (judges.fools_second, judges.fools_third):
        assert words in judge(claim, None).message
    assert f"fool_second: your claim is {words}" in judges.wrong_enough([FOOLED, claim, claim], None).message


def points(*pairs: tuple[int, int]) -> list[list[Fraction]]:
    return [[Fraction(v) for v in pair] for pair in pairs]


@pytest.mark.parametrize(
    ("plus", "minus", "inseparable"),
    [
        (points((0, 0), (2, 2)), points((0, 2), (2, 0)), True),
        (points((0, 0), (4, 0)), points((2, 0), (2, 5)), True),  # one end touches
        (points((0, 0), (4, 0)), points((1, 0), (6, 0)), True),  # all on a line, overlapping
        (points((0, 0), (1, 0)), points((2, 0), (3, 0)), False),  # all on a line, apart
        (points((0, 0), (1, 0)), points((0, 1), (1, 1)), False),
        (
            points((0, 0), (1, 0)),
            points((2, -1), (2, 1)),
            False,
        ),  # the line of one cuts the other segment, beyond its end
        (points((0, 0), (0, 0)), points((0, 1), (1, 1)), False),  # not four points
    ],
)
def test_crossing_segments_are_found_exactly(judges: ModuleType, plus: Any, minus: Any, inseparable: bool) -> None:
    assert (judges.crossing([plus, minus], None).deviation == 0) is inseparable
    assert (judges.crossing([minus, plus], None).deviation == 0) is inseparable


def test_no_predictor_beats_the_bayes_error_that_the_handout_names(truth: ModuleType) -> None:
    course = truth.OF_THE_HANDOUT
    X, p = truth.population(course)
    bayes = np.mean(np.minimum(p, 1 - p))
    assert f"{bayes:.1%}" == "16.2%"
    perfect = {"w": np.array(course[:2]), "b": course[2]}
    assert truth.excess([perfect], [course]).deviation == pytest.approx(0, abs=1e-12)
    slopes = np.stack([X[:, 0], X[:, 1], np.ones(len(X))], axis=1)
    for direction in np.eye(3) * 1e-2:
        moved = slopes @ (np.array(course) + direction)
        assert np.mean(np.where(moved > 0, 1 - p, p)) >= bayes


NO_TRAINING = [
    None, {}, {"w": np.zeros(2)}, {"w": np.zeros(3), "b": 0.0, "losses": [0.0] * 200},
    {"w": np.full(2, np.nan), "b": 0.0, "losses": [0.0] * 200}, {"w": [0.0, 0.0], "b": 0.0, "losses": [0.0] * 201},
]  # fmt: skip


@pytest.mark.parametrize("bad", NO_TRAINING, ids=range(len(NO_TRAINING)))
def test_the_judges_of_training_refuse_what_is_no_answer(truth: ModuleType, bad: Any) -> None:
    X, y, course = np.ones((4, 2)), np.array([0.0, 1.0, 1.0, 0.0]), truth.OF_THE_HANDOUT
    judged = [truth.excess(bad, [course]), truth.excess([bad], [course])]
    judged += [truth.descended(outputs, (1, 2, 200), X, y) for outputs in (bad, [bad] * 3)]
    for measured in judged:
        assert measured.deviation == np.inf
        assert measured.message


def test_the_records_are_those_of_the_true_course(truth: ModuleType) -> None:
    """2,000 draws: the number of passes among each fifth of the predicted chances is within four deviations."""
    from backprop_course import course

    X, y = course()
    alpha_beta, gamma = np.array(truth.OF_THE_HANDOUT[:2]), truth.OF_THE_HANDOUT[2]
    p = 1 / (1 + np.exp(-(X @ alpha_beta + gamma)))
    assert X.shape == (2000, 2)
    for part in np.array_split(np.argsort(p), 5):
        assert abs(y[part].sum() - p[part].sum()) < 4 * np.sqrt(np.sum(p[part] * (1 - p[part])))


def test_training_stays_far_below_the_threshold_on_any_course(solution: ModuleType, truth: ModuleType) -> None:
    for seed in range(4):
        world = World(seed)
        courses = invented.several(world)
        runs = [plain(solution.train(*invented.everybody(world, course), 200)) for course in courses]
        assert truth.excess(runs, courses).deviation < 0.0004
        hard_coded = [plain({"w": [0.25, 0.12], "b": -5.8, "losses": [0.5] * 200})] * 3
        assert truth.excess(hard_coded, courses).deviation > 0.03


def plain(found: Any) -> dict[str, Any]:
    """What `train` returned, as the probe hands it on."""
    return {
        "w": np.asarray(found["w"], dtype=float),
        "b": float(found["b"]),
        "losses": [float(v) for v in found["losses"]],
    }


def test_an_invented_course_has_the_chances_that_it_says() -> None:
    world = World(2)
    (course, *_) = invented.several(world)
    X, y = invented.everybody(world, course)
    p = invented.chances(X, course)
    assert sorted(map(tuple, X)) == sorted(map(tuple, invented.pairs()))
    for part in np.array_split(np.argsort(p), 20):
        assert abs(y[part].mean() - p[part].mean()) < 0.02


def test_every_picture_is_drawn_without_a_display_and_says_when_there_is_nothing_to_draw(
    solution: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    import backprop_plots as plots
    from backprop_course import course

    figures = [
        plots.show_decision_line(solution.decision_line, solution.by_hand),
        plots.show_activations({"sigmoid": solution.sigmoid}),
        plots.show_loss_landscape(),
        plots.show_training(solution.train, *course(np.arange(50)), steps=5),
    ]
    assert all(len(figure.axes) >= 1 for figure in figures)

    def unwritten(*_: Any) -> Any:
        raise NotImplementedError("write f")

    assert plots.show_decision_line(unwritten, unwritten) is None
    assert plots.show_training(unwritten, None, None) is None
    assert capsys.readouterr().out.count("write f") == 2


def by_hand(**changes: Any) -> dict[str, Any]:
    return {
        "line": [Fraction(3, 2), Fraction(1, 2)],
        "z": -6,
        "side": "negative",
        "sigma": 1 / (1 + np.exp(6)),
    } | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"side": "positive"}, "your z is -6.0, and you say that the point lies on the positive side"),
        ({"side": "left"}, 'side is "positive" or "negative"'),
        ({"sigma": 1 / (1 + np.exp(-6))}, "σ of your own z, -6.0, is another number"),
        ({"z": 0}, "your z is 0.0"),
        ({"z": "six"}, "z and sigma are a number and an exact expression"),
    ],
)
def test_answers_by_hand_that_do_not_agree_are_told(judges: ModuleType, changes: dict[str, Any], words: str) -> None:
    assert judges.agreeing(by_hand(), None).deviation == 0
    assert judges.agreeing(by_hand(z=-7, sigma=1 / (1 + np.exp(7))), None).deviation == 0
    assert words in judges.agreeing(by_hand(**changes), None).message

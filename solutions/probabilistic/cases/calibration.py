"""The cases of `calibration`: what is called, and how the values that come back are judged."""

from fractions import Fraction

import probabilistic_judges as judges
from cooling import has_a_temperature
from tables_of import number_of

from autograder.authoring import case
from autograder.checks import exact, satisfies

TENTHS = [Fraction(k, 10) for k in range(11)]


def forecasts(world, n, parts=20):
    """n forecasts, some of them equal, one of them 1, one on an edge of a bin, and what happened; of two equal ones both happened."""
    p = [Fraction(world.integers(1, high=parts), parts) for _ in range(n - 3)]
    p += [Fraction(1), Fraction(world.integers(1, high=5), 5), p[0]]
    y = [1, *world.integers(2, (n - 4,)).tolist(), 0, world.integers(2), 0]
    order = [int(i) for i in world.permutation(n)]
    return [p[i] for i in order], [int(y[i]) for i in order]


def on_edges(world, n):
    """n forecasts, each exactly on an edge of the fifths, and what happened: never what was forecast last."""
    p = [Fraction(1 + i % 5, 5) for i in range(n)]
    return p, [int(v) for v in world.integers(2, (n - 1,))] + [1]


@case("calibration", public=True, check=exact())
def error_of_eight_forecasts(student, world):
    """The calibration error of eight forecasts with five bins."""
    return student.calibration_error(*forecasts(world, 8), TENTHS[::2])


@case("calibration", public=True, check=exact())
def parts_of_eight_forecasts(student, world):
    """Reliability, resolution and uncertainty of eight forecasts, some of which are equal."""
    return list(student.brier_parts(*forecasts(world, 8, 4)))


@case("calibration", public=True, check=exact())
def gap_of_a_small_bin(student, world):
    """What a perfectly calibrated bin with five examples shows."""
    return student.gap_by_chance(5, Fraction(world.integers(1, high=101), 101))


def disguised_at_home(outputs, world):
    """The truths 4/5 and 3/5 in the bin (1/2, 1]."""
    return judges.disguised(outputs, [(Fraction(1, 2), Fraction(1), [Fraction(4, 5), Fraction(3, 5)])])


@case("calibration", public=True, check=satisfies(disguised_at_home), worlds=1)
def disguise_at_home(student, world):
    """Forecasts for the truths 4/5 and 3/5 in the bin (1/2, 1]."""
    return [list(student.disguise(Fraction(1, 2), Fraction(1), [Fraction(4, 5), Fraction(3, 5)]))]


RULES = ("absolute", "squared", "log")


@case("calibration", public=True, check=exact())
def reports_of_a_truth(student, world):
    """The best report of one truth above 1/2, for the three rules."""
    truth = Fraction(world.integers(51, high=101), 101)
    return {rule: student.best_report(truth, rule) for rule in RULES}


def classes(world, n, k):
    """Logits and labels for which there is one best temperature: neither all right nor worse than chance; the logits are large or small."""
    while True:
        logits = world.normal((n, k))
        logits *= world.uniform(0.4, 8)
        labels = (logits + world.normal((n, k), scale=world.uniform(0.5, 3))).argmax(axis=1)
        if has_a_temperature(logits, labels):
            return logits, labels


def cooled_at_home(outputs, world):
    """Thirty examples with three classes."""
    return judges.cooled(outputs, [classes(world, 30, 3)])


@case("calibration", public=True, check=satisfies(cooled_at_home))
def temperature_of_thirty_examples(student, world):
    """The best temperature for thirty examples with three classes: its loss is compared with that of temperatures a thousandth beside it."""
    return [number_of(student.best_temperature(*classes(world, 30, 3)))]


@case("calibration", check=exact())
def errors_with_other_bins(student, world):
    """The calibration error of twenty forecasts with ten bins, with three uneven ones, with one, and of forecasts that all lie on edges."""
    p, y = forecasts(world, 20)
    uneven = [Fraction(0), Fraction(1, 5), Fraction(world.integers(6, high=19), 20), Fraction(1)]
    found = [student.calibration_error(list(p), list(y), list(edges)) for edges in (TENTHS, uneven, [Fraction(0), Fraction(1)])]
    return [*found, student.calibration_error(*on_edges(world, 7), TENTHS[::2])]


@case("calibration", check=exact())
def parts_of_other_forecasts(student, world):
    """The three parts for twenty forecasts, for forecasts that are all equal, and where only one class happened."""
    same = [Fraction(world.integers(1, high=9), 10)] * 5
    p, _ = forecasts(world, 9, 4)
    inputs = [forecasts(world, 20, 6), (same, [1, 0, *world.integers(2, (3,)).tolist()]), (p, [1] * 9)]
    return [list(student.brier_parts(list(a), list(b))) for a, b in inputs]


@case("calibration", check=exact())
def gaps_of_other_bins(student, world):
    """What perfectly calibrated bins with 1, 12 and 40 examples show."""
    return [student.gap_by_chance(n, Fraction(world.integers(1, high=97), 97)) for n in (1, 12, 40)]


def bins(world):
    """Three bins with two truths each."""
    found = []
    for _ in range(3):
        low, step = Fraction(world.integers(1, high=5), 10), Fraction(world.integers(3, high=6), 60)
        a, b = world.sample(range(1, 7), 2)
        found.append((low, low + 6 * step, [low + a * step, low + b * step]))
    return found


def disguised(outputs, world):
    """In the bins of the world."""
    return judges.disguised(outputs, bins(world))


@case("calibration", check=satisfies(disguised))
def disguises_in_other_bins(student, world):
    """Forecasts for two truths in three other bins; sometimes a truth is the upper edge."""
    return [list(student.disguise(low, high, list(truths))) for low, high, truths in bins(world)]


@case("calibration", check=exact())
def reports_of_other_truths(student, world):
    """The best reports of three truths, below and above 1/2, for the three rules."""
    truths = [Fraction(world.integers(1, high=51), 101), Fraction(world.integers(51, high=101), 101), Fraction(26, 51)]
    return [{rule: student.best_report(truth, rule) for rule in RULES} for truth in truths]


def problems(world):
    """Two, five and ten classes."""
    return [classes(world, n, k) for n, k in ((40, 2), (25, 5), (60, 10))]


def cooled(outputs, world):
    """For the examples of the world."""
    return judges.cooled(outputs, problems(world))


@case("calibration", check=satisfies(cooled))
def temperatures_of_other_examples(student, world):
    """The best temperatures for two, five and ten classes."""
    return [number_of(student.best_temperature(logits, labels)) for logits, labels in problems(world)]

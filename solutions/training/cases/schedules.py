"""The cases of `schedules`: what is called, and how the values that come back are judged."""

import training_judges as judges
from numbers_of import several_positive

from autograder.authoring import case
from autograder.checks import close, exact, satisfies


@case("schedules", public=True, check=close(elementwise=True))
def a_short_schedule(student, world):
    """Warm-up over 2 of 6 steps, then cosine: the rates at steps 0 to 7. And a rate that is halved after every 2 steps."""
    peak = world.uniform(0.1, 1)
    return {
        "cosine": [student.warmup_cosine(step, 2, 6, peak, peak / 10) for step in range(8)],
        "steps": [student.step_decay(step, peak, 0.5, 2) for step in range(5)],
    }


@case("schedules", public=True, check=close())
def factor_of_two_rates(student, world):
    """The worst factor of two rates on [1, 5], to 10⁻⁶."""
    return student.worst_factor([world.uniform(0.7, 0.95), world.uniform(0.2, 0.22)], 1.0, 5.0)


@case("schedules", public=True, check=exact())
def least_factor_of_two_rates(student, world):
    """The least worst factor that two rates can have, as a fraction."""
    return student.two_rate_factor(*sorted(several_positive(world, 2)))


def least_at_home(outputs, world):
    """On [1, 9]."""
    return judges.least_factor(outputs, [(1.0, 9.0, 1), (1.0, 9.0, 2)])


@case("schedules", public=True, check=satisfies(least_at_home), worlds=1)
def best_rates_at_home(student, world):
    """One rate and two rates for [1, 9]: their worst factors must be the least possible, 4/5 and 8/17."""
    return [list(student.best_rates(1.0, 9.0, steps)) for steps in (1, 2)]


@case("schedules", check=close(elementwise=True))
def a_long_schedule(student, world):
    """A warm-up over 10 of 50 steps: the first step, the last of the warm-up, the first after it, the middle, the last, and beyond."""
    peak, final = world.uniform(0.1, 1), world.uniform(0.01, 0.05)
    return [student.warmup_cosine(step, 10, 50, peak, final) for step in (0, 3, 9, 10, 11, 30, 43, 49, 50, 70)]


@case("schedules", check=close(elementwise=True))
def a_schedule_without_warmup(student, world):
    """No warm-up at all: steps 0, 1, 6 and 7 of 7."""
    peak = world.uniform(1, 2)
    return [student.warmup_cosine(step, 0, 7, peak, peak / 5) for step in (0, 1, 6, 7)]


@case("schedules", check=close(elementwise=True))
def rates_in_stairs(student, world):
    """A rate that is multiplied by a random factor after every 3 steps: steps 0 to 9, and 100."""
    peak, factor = world.uniform(0.1, 1), world.uniform(0.3, 0.9)
    return [student.step_decay(step, peak, factor, 3) for step in (*range(10), 100)]


@case("schedules", check=close())
def worst_factors(student, world):
    """The worst factor of three, of five and of a single rate; the place is sometimes inside the interval and sometimes at an end."""
    low, high = world.uniform(0.5, 1), world.uniform(4, 6)
    return [
        student.worst_factor(world.uniform(0.15, 1.0, (3,)).tolist(), low, high),
        student.worst_factor([1 / low, 1 / high, world.uniform(0.3, 0.6)], low, high),
        student.worst_factor(world.uniform(0.05, 0.2, (5,)).tolist(), low, high),
        student.worst_factor([world.uniform(0.5, 0.7)], low, high),
        student.worst_factor([0.9 / low], low, 1.5 * low),
        student.worst_factor([0.05, 0.06, world.uniform(0.008, 0.012)], low, high),
    ]


@case("schedules", check=exact())
def least_factors_of_two_rates(student, world):
    """The least worst factor of two rates on three intervals."""
    return [student.two_rate_factor(*sorted(several_positive(world, 2, 20))) for _ in range(3)]


def intervals(world):
    """Three intervals and numbers of rates."""
    lows = world.uniform(0.2, 3, (4,)).tolist()
    return [(low, low * world.uniform(3, 20), steps) for low, steps in zip(lows, (1, 3, 4, 7))]


def least(outputs, world):
    """On the intervals of the world."""
    return judges.least_factor(outputs, intervals(world))


@case("schedules", check=satisfies(least))
def best_rates_of_other_intervals(student, world):
    """One, three, four and seven rates, each for another interval; the order of the rates does not matter."""
    return [list(student.best_rates(*interval)) for interval in intervals(world)]

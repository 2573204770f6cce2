"""The cases of `scaling`: a run is predicted that nobody has made."""

import scaling_judges as judges
from runs import LARGEST, ODD_SIZES, lawful_runs

from autograder.authoring import case
from autograder.checks import satisfies


@case("scaling", public=True)
def exact_law(student, world):
    """Twelve runs whose excess is exactly c · N^−a · D^−b: the excess of a run with 110,000 parameters and 1,200 batches."""
    runs, floor, _ = lawful_runs(world, 0.0)
    return student.predict_excess(runs, floor, *LARGEST)


@case("scaling", check=satisfies(judges.predicts_noisy_law))
def noisy_law(student, world):
    """The same with runs that scatter by 10 %: within a factor of 1.5."""
    runs, floor, _ = lawful_runs(world, 0.1)
    return student.predict_excess(runs, floor, *LARGEST)


@case("scaling")
def other_sizes(student, world):
    """Eight runs of odd sizes, which form no grid, on another exact law."""
    runs, floor, _ = lawful_runs(world.fork("odd"), 0.0, ODD_SIZES)
    return student.predict_excess(runs, floor, *LARGEST)

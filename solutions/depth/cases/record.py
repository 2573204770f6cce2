"""The cases of `record`: what is called, and how the values that come back are judged."""

import judges

from autograder.authoring import case
from autograder.checks import satisfies


def _record(budgets, floors):
    return satisfies(lambda outputs, world: judges.record(outputs, budgets, floors))


@case("record", public=True, check=_record((4,), (7,)), worlds=1)
def four_units(student, world):
    """Four units, as 2 + 2 or otherwise: 7 pieces are known, and 7 is the proven cap. One hidden layer has 5."""
    return [student.record_network(4)]


@case("record", check=_record((5, 6, 8), (12, 16, 48)), worlds=1)
def five_six_and_eight_units(student, world):
    """5, 6 and 8 units: 12, 16 and 48 pieces; the proven caps are 12, 19 and 48."""
    return [student.record_network(n) for n in (5, 6, 8)]


@case("record", check=_record((9, 10), (64, 97)), worlds=1)
def ten_units_for_the_board(student, world):
    """9 and 10 units: 64 and 97 pieces for full marks; the caps are 76 and 123, and the pieces for 10 units go on the board."""
    return [student.record_network(n) for n in (9, 10)]

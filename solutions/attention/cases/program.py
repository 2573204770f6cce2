"""The cases of `program`: what is called, and how the values that come back are judged."""

import attention_judges as judges
import attention_oracle as oracle

from autograder.authoring import case
from autograder.checks import satisfies

SHORT, ALL = range(1, 4), range(1, 7)

@case("program", public=True, check=satisfies(judges.programmed(oracle.previous_targets, SHORT, True)), worlds=1)
def previous_symbol_of_short_strings(student, world):
    """The previous-symbol weights on all strings of up to three symbols."""
    return student.previous_token_weights()


@case("program", public=True, check=satisfies(judges.programmed(oracle.induction_targets, SHORT, True)), worlds=1)
def induction_on_short_strings(student, world):
    """The induction weights on all strings of up to three symbols."""
    return student.induction_weights()


@case("program", public=True, check=satisfies(judges.programmed(oracle.sorted_targets, SHORT, False)), worlds=1)
def sorting_short_strings(student, world):
    """The sorting weights on all strings of up to three symbols."""
    return student.sort_weights()


@case("program", check=satisfies(judges.programmed(oracle.previous_targets, ALL, True)), worlds=1)
def previous_symbol_of_all_strings(student, world):
    """The previous-symbol weights on all 5,460 strings of up to six symbols."""
    return student.previous_token_weights()


@case("program", check=satisfies(judges.programmed(oracle.induction_targets, ALL, True)), worlds=1)
def induction_on_all_strings(student, world):
    """The induction weights on all 5,460 strings of up to six symbols, repeats included."""
    return student.induction_weights()


@case("program", check=satisfies(judges.programmed(oracle.sorted_targets, ALL, False)), worlds=1)
def sorting_all_strings(student, world):
    """The sorting weights on all 5,460 strings of up to six symbols."""
    return student.sort_weights()

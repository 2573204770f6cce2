"""Checks: pure functions from (outputs, expected) to a judgement."""

from autograder.checks.derivations import derivation as derivation
from autograder.checks.domains import integer as integer
from autograder.checks.domains import positive as positive
from autograder.checks.domains import real as real
from autograder.checks.domains import vector as vector
from autograder.checks.excess import excess as excess
from autograder.checks.excess import kept_rows as kept_rows
from autograder.checks.forms import array_of as array_of
from autograder.checks.formulas import equivalent as equivalent
from autograder.checks.judgement import Measured as Measured
from autograder.checks.outline import outline as outline
from autograder.checks.plain import close as close
from autograder.checks.plain import exact as exact
from autograder.checks.plain import satisfies as satisfies
from autograder.checks.reading import Malformed as Malformed
from autograder.checks.reading import entries as entries
from autograder.checks.reading import fields as fields
from autograder.checks.reading import never_raises as never_raises
from autograder.checks.reading import rational as rational
from autograder.checks.reading import rationals as rationals

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

"""Every confinement layer, in the order in which they are put on."""

from autograder.sandbox.layers.base import Confinement as Confinement
from autograder.sandbox.layers.base import Layer as Layer
from autograder.sandbox.layers.descriptors import Descriptors
from autograder.sandbox.layers.environment import Environment
from autograder.sandbox.layers.identity import Identity
from autograder.sandbox.layers.landlock import Landlock
from autograder.sandbox.layers.namespaces import Namespaces
from autograder.sandbox.layers.privileges import Privileges
from autograder.sandbox.layers.rlimits import Rlimits
from autograder.sandbox.layers.scratch import ScratchLayer
from autograder.sandbox.layers.seccomp import Seccomp

LAYERS: tuple[Layer, ...] = (
    Namespaces(), ScratchLayer(), Descriptors(), Environment(), Rlimits(), Identity(), Privileges(), Landlock(),
    Seccomp(),
)  # fmt: skip

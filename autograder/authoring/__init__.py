"""What an author of cases writes with: `@case` and `world`; `@milestone`, `@replay` and `@fixture` for trained work."""

from autograder.authoring.case import case as case
from autograder.authoring.milestone import Material as Material
from autograder.authoring.milestone import fixture as fixture
from autograder.authoring.milestone import milestone as milestone
from autograder.authoring.milestone import replay as replay
from autograder.authoring.world import World as World

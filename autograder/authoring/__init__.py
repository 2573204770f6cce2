"""What an author of cases writes with: `@case` and `world`."""

from autograder.authoring.case import case as case
from autograder.authoring.world import World as World

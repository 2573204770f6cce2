"""Notebooks of Otter assign and nbgrader made into assignments of ours: `autograder convert`."""

"""Stub, notebook, handout and autograder zip."""

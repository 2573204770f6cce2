"""docs/reference.md, made from the code: checks, worlds, marks, keys of the files, what a handout holds, errors."""

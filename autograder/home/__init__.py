"""A student's own machine: the public cases in a notebook and in a terminal, and what is handed in."""

"""Pictures for the notebook, one or two for each question."""

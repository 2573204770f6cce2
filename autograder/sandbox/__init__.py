"""Student code behind walls, by process: grader/ → zygote/ → worker/ (beside student code) → layers/, wire/."""

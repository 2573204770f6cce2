"""What runs beside student code, in the process of a worker; the grader believes nothing of it."""

"""The grader's own exam."""

"""assignment.toml and course.toml as frozen models."""

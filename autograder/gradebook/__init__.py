"""The book of a course: events that are only added, and what follows from them, as pure functions."""

"""The gates of the exam, grouped by what they look at."""

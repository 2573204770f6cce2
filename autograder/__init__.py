"""A course in deep learning and the autograder that grades it: probe, judge, evidence."""

__version__ = "0.2.0"

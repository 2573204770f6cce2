"""Checks: pure functions from (outputs, expected) to a judgement."""

"""One submission: session, outputs, verdicts, grade, evidence."""

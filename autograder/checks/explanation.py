"""What a student reads about one case: the same words in the terminal, in the notebook and on Gradescope."""

from __future__ import annotations


def explanation(doc: str, message: str, where: str = "", got: str = "", expected: str = "") -> str:
    """What was asked, what is wrong, where, and both values; one line each.

    >>> print(explanation("Two and two.", "the result is wrong", "[0]", "5", "4"))
    Two and two.
    the result is wrong
      at:       [0]
      got:      5
      expected: 4
    """
    lines = [doc.strip(), message.strip()]
    shown = (("at:", where), ("got:", got), ("expected:", expected))
    lines += [f"  {label:<9} {value}" for label, value in shown if value]
    return "\n".join(line for line in lines if line)

"""Text of an author's as a docstring of code that is written out."""

from __future__ import annotations


def docstring(text: str, indent: str = "") -> str:
    r"""The literal, with its quotes, whose value is the text: backslashes stay, `\"""` becomes `'''`.

    Args:
        indent: what stands before further lines.
    """
    plain = text.replace("\\", "\\\\").replace('"""', "'''").replace("\n", f"\n{indent}")
    return f'"""{plain} """' if plain.endswith('"') else f'"""{plain}"""'

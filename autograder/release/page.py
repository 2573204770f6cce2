"""handout.html: the text of an assignment as a page, rendered, complete in one file, without a script.

Mathematics becomes MathML, which browsers draw by themselves (Chromium 109, Firefox, Safari, or newer). Hints are
folded. What cannot be turned into MathML stands as its LaTeX.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.release.teaching import HEADING, Text, folded

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{nav}
{body}
</main>
</body>
</html>
"""


def make_page(text: Text, title: str) -> str:
    """The page of a handout's text."""
    chapters: list[tuple[str, str, Sequence[str]]] = [("", text.before, ())]
    chapters += [(part.heading, part.theory, part.hints) for part in text.parts.values()]
    body = [rendered("\n\n".join(filter(None, (h, t, folded(hints))))) for h, t, hints in chapters]
    body.append(rendered(text.after))
    entries = "".join(
        f'<li><a href="#{escape(question)}">{_inline(_heading(part.heading))}</a></li>'
        for question, part in text.parts.items()
    )
    marked = [body[0]]
    for question, chapter in zip(text.parts, body[1:-1], strict=True):
        marked.append(f'<section id="{escape(question)}">\n{chapter}</section>')
    nav = f'<nav aria-label="Questions"><ol>{entries}</ol></nav>' if entries else ""
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8").strip()
    return _PAGE.format(title=escape(text.title or title), style=style, nav=nav, body="\n".join([*marked, body[-1]]))


def rendered(markdown: str) -> str:
    """Markdown with $…$ and $$…$$ as HTML."""
    return str(_renderer().render(markdown))


def _inline(text: str) -> str:
    return str(_renderer().renderInline(text))


def _heading(line: str) -> str:
    """A heading's text without its number: the list of questions has its own."""
    found = HEADING.match(line)
    return re.sub(r"^\d+\.\s+", "", found.group(2) if found else line)


def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True}).enable("table")
    made.use(dollarmath_plugin, renderer=mathml, allow_space=False, allow_digits=True, double_inline=True)
    return made


def mathml(latex: str, options: dict[str, Any]) -> str:
    """MathML for a formula; its LaTeX where that cannot be had."""
    block = options.get("display_mode", False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(convert(_simple(latex), display="block" if block else "inline"))
    except Exception:  # whatever a macro that it does not know makes it raise
        return f"<code>{escape(latex)}</code>"


def _simple(latex: str) -> str:
    r"""LaTeX in the words that the converter knows: sizes that it misreads go."""
    latex = re.sub(r"\\[bB]ig[lrm]?(?![a-zA-Z])|\\[bB]igg[lrm]?(?![a-zA-Z])", "", latex)
    latex = re.sub(r"\\([dt])frac", r"\\frac", latex)
    return latex.strip()

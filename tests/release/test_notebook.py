"""The handout's notebook: clean, the same every time, and a check cell after each question."""

import json
from fractions import Fraction
from typing import Any

import pytest

from autograder.errors import AuthorError
from autograder.release.notebook import make_notebook
from autograder.release.teaching import parsed
from autograder.spec.models import Question

STUB = """\
# %% [markdown]
# # Neurons
# Some text.

# %%
import numpy as np

# %% [markdown]
# ## Question 1: A single neuron (`perceptron`)

# %%
def perceptron(x):
    raise NotImplementedError("write perceptron")

# %% [markdown]
# ### A hint below the question

# %%

# %% [markdown]
# ## losses: How wrong

# %%
def loss(x):
    raise NotImplementedError("write loss")

# %% [markdown]
# ## The chain rule by hand

# %%
def chain(x):
    raise NotImplementedError("write chain")

# %% [markdown]
# # Appendix

# %%
print("nothing to do here")
"""


def question(name: str, title: str, kind: Any = "code") -> Question:
    return Question(id=name, title=title, kind=kind, points=Fraction(1))


QUESTIONS = [
    question("perceptron", "A single neuron"),
    question("losses", "Losses"),
    question("chain", "The chain rule by hand", "theory"),
    question("essay", "Say it in words", "written"),
]


def sources(text: str) -> list[str]:
    return [str("".join(cell["source"])) for cell in json.loads(text)["cells"]]


def test_each_check_stands_after_the_last_cell_of_its_question() -> None:
    cells = sources(make_notebook(STUB, QUESTIONS, "n.py"))
    before = {cell: cells[i - 1] for i, cell in enumerate(cells) if cell.startswith("grader.check")}
    assert before == {
        'grader.check("perceptron")': "### A hint below the question",
        'grader.check("losses")': 'def loss(x):\n    raise NotImplementedError("write loss")',
        'grader.check("chain")': 'def chain(x):\n    raise NotImplementedError("write chain")',
    }


def test_the_grader_cell_is_the_first_code_cell() -> None:
    cells = [c for c in json.loads(make_notebook(STUB, QUESTIONS, "n.py"))["cells"] if c["cell_type"] == "code"]
    assert "selfcheck.Notebook()" in "".join(cells[0]["source"])
    assert "otter_ignore" in cells[0]["metadata"]["tags"]


def test_the_notebook_is_the_same_every_time_and_carries_no_output() -> None:
    first, second = make_notebook(STUB, QUESTIONS, "n.py"), make_notebook(STUB, QUESTIONS, "n.py")
    assert first == second
    cells = json.loads(first)["cells"]
    assert [c["id"] for c in cells] == [f"cell-{n:03d}" for n in range(1, len(cells) + 1)]
    assert all(not c.get("outputs") and c.get("execution_count") is None for c in cells)


def test_a_question_that_no_heading_names_is_refused() -> None:
    with pytest.raises(AuthorError, match="no heading names the question 'dropout'"):
        make_notebook(STUB, [*QUESTIONS, question("dropout", "Dropout")], "n.py")


def test_an_id_in_a_heading_counts_before_a_title_elsewhere() -> None:
    stub = "# %% [markdown]\n# # Losses and more\n\n# %%\na = 1\n\n" + STUB
    cells = sources(make_notebook(stub, QUESTIONS, "n.py"))
    assert cells[cells.index('grader.check("losses")') - 1].startswith("def loss")


def test_what_may_not_be_used_is_said_once() -> None:
    own = question("loss", "Losses").model_copy(update={"forbidden": ("torch.nn.CrossEntropyLoss", "torch.softmax")})
    said = own.forbidden_text
    first, last = said.rsplit(" ", 1)
    stub = f"# %% [markdown]\n# ## 1. Losses (`loss`)\n#\n# Mind the sign.\n#\n# {first}\n# {last}\n\n# %%\nx = 1\n"
    told = parsed(f"# N\n\n## 1. Losses (`loss`, 3 points)\n\nTheory. {said}\n", [own])
    notebook = "\n".join(sources(make_notebook(stub, [own], "n.py", told)))
    assert " ".join(notebook.split()).count(said) == 1
    assert "Mind the sign." in notebook
    silent = parsed("# N\n\n## 1. Losses (`loss`, 3 points)\n\nTheory.\n", [own])
    assert said in " ".join("\n".join(sources(make_notebook(stub, [own], "n.py", silent))).split()), "the control"


GUARDED = """
# %%
if __name__ == "__main__":
    lines = [1, 2]
    draw("¾")  # all of it

# %%
if __name__ == "__main__":
    found = draw("b")

# %%
if __name__ == "__main__":
    draw("c");
"""


def test_a_cell_that_draws_stands_without_its_if_and_shows_no_value_of_its_last_line() -> None:
    cells = json.loads(make_notebook(STUB + GUARDED, QUESTIONS, "n.py"))["cells"]
    drawing = [c for c in cells if "drawing" in c["metadata"].get("tags", [])]
    assert ["".join(c["source"]) for c in drawing] == [
        'lines = [1, 2]\ndraw("¾");  # all of it',
        'found = draw("b")',
        'draw("c");',
    ]


@pytest.mark.parametrize(("more", "said"), [("", False), (GUARDED, True)])
def test_a_note_says_what_is_otherwise_in_the_notebook(more: str, said: bool) -> None:
    markdown = "# Neurons\n\nBefore.\n\n## A single neuron (`perceptron`)\n\nTheory."
    cells = sources(make_notebook(STUB + more, QUESTIONS, "n.py", parsed(markdown, QUESTIONS)))
    note, rest = cells[1].split("\n\n", 1)
    assert note.startswith("*In this notebook the text of `handout.md` stands with the questions")
    assert note.endswith("*")
    assert ("__main__" in note) is said
    assert rest == "Before."
    assert not any("In this notebook" in cell for cell in sources(make_notebook(STUB + more, QUESTIONS, "n.py")))


def test_a_question_that_a_person_reads_is_said_once_in_the_words_of_the_stub() -> None:
    ask = "Say in your own words, and in two sentences at most, why a neuron draws a line"
    stub = STUB + f"\n# %% [markdown]\n# ## Say it in words (`essay`)\n#\n# {ask}, in the next cell.\n"
    markdown = f"## Say it in words (`essay`)\n\n{ask}.\n\nA point for each."
    cells = sources(make_notebook(stub, QUESTIONS, "n.py", parsed(markdown, QUESTIONS)))
    assert [cell for cell in cells if "your own words" in cell] == [f"{ask}, in the next cell."]
    assert "## Say it in words (`essay`)\n\nA point for each." in cells


def test_what_is_to_think_about_is_no_hint() -> None:
    markdown = (
        "## losses: How wrong\n\nTheory.\n\n*Hints.* Draw it. Then count. *To think about:* is 0 a loss? Whose?\n\n"
        "*Hint.* Look up.\n*To think about:* what else?\n"
    )
    part = parsed(markdown, QUESTIONS).parts["losses"]
    assert part.hints == ("Draw it.", "Then count.", "Look up.")
    assert part.theory == "Theory.\n\n*To think about:* is 0 a loss? Whose?\n\n*To think about:* what else?"

"""What leaves the private folder in a handout: told in the reference, and by `release` for the assignment at hand."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.authoring.loading import CaseSet
from autograder.authoring.statements import known
from autograder.release.public_cases import public_part

SHIPPED = {
    "the stub, as `.py` and `.ipynb`": "the reference without its solution regions; what stands outside them ships",
    "`handout.md`, also as a page": "the text",
    "support files": "`support` of assignment.toml names them",
    "public cases, letter for letter": "their probes, checks and docstrings run at home",
    "helpers, constants and judges that a public case names, whole": "a `satisfies` predicate runs at home: students "
    "can read what it asks for. What they must not read goes into a hidden case with a judge of its own",
    "what the reference returned in the first world of a public case": "it is compared with; `satisfies` and `outline` "
    "ship no value, `derivation` its first line",
    "what misconceptions returned there, and their `hint` or `feedback`": "mistakes are named at home; not those of "
    "`satisfies`, `derivation` and `outline`, where what a mistake returns would be a part of the answer",
}
STAYS = {
    "the reference, alternates, shortcuts, patches": "only what they returned in public cases is handed out",
    "hidden cases with their helpers, judges and recorded outputs": "they are in autograder.zip, which is yours",
    "`artifacts/`": "the leak scan looks for them; autograder.zip has them where a check imports `artifacts`",
    "salt, secret, certificate, rubric": "the leak scan looks for salt and secret",
}


def shipped_judges(cases: CaseSet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, names) of everything beside the public cases themselves that goes into the handout with them."""
    part = public_part(cases, "selfcheck")
    public = {case.name for case in part.cases}
    texts = {file.name: file.text for file in (*part.files, *part.helpers)} | dict(part.trusted)
    for module, text in texts.items():
        own = known(text)
        names = tuple(n for n in own.owners if n not in public and not _imported(own.body[own.owners[n]]))
        if names:
            yield module, names


def _imported(statement: object) -> bool:
    return type(statement).__name__ in ("Import", "ImportFrom")

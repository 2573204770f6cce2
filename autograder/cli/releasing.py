"""The command release: handout.zip and autograder.zip, or the reason why not."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import root_of, root_option, sandbox_option, secret_option, steps, writable_folder
from autograder.errors import UsageError
from autograder.grading.cache import cached_bundle
from autograder.grading.certificate import require_certificate
from autograder.grading.keys import SECRET
from autograder.grading.source import AssignmentSource, load_source
from autograder.release.bundle_zip import build_autograder
from autograder.release.decks import MODULE
from autograder.release.handout import build_handout
from autograder.release.ships import shipped_judges
from autograder.report.text import points_text
from autograder.sandbox.grader.box import Sandbox
from autograder.spec.models import Assignment

HANDOUT, AUTOGRADER = "handout.zip", "autograder.zip"
NO_SECRET = (
    "worlds       there is no course secret: who can read solutions/ can foretell students' worlds "
    "(autograder secret init)"
)


@click.command(epilog="Example: autograder release backprop -o dist")
@click.argument("name")
@click.option("-o", "--output-dir", "dist", required=True, type=click.Path(path_type=Path), help="Output folder.")
@secret_option
@sandbox_option()
@root_option
def release(name: str, dist: Path, secret: Path | None, mode: str, root: Path | None) -> None:
    """Build DIST/NAME/handout.zip and DIST/NAME/autograder.zip.

    Refused without a certificate of the assignment as it is (autograder verify NAME --write), and when a zip would
    contain a solution line, a hidden case, a recorded hidden output or a path of this machine. The same sources give
    the same bytes.
    """
    if mode == "off":
        raise UsageError("a release is recorded in a sandbox", where="--sandbox off", expected="standard or strict")
    source = load_source(root_of(root), name, secret)
    with Sandbox.start(mode=mode) as sandbox:  # type: ignore[arg-type]  # click holds it to the modes
        folder = write_release(sandbox, source, dist)
    click.echo(f"\nwrote {folder / HANDOUT}\nwrote {folder / AUTOGRADER}\n")
    for module, names in shipped_judges(source.cases):
        click.echo(f"handed out   {', '.join(names)} of {module}.py, whole: public cases use it")
    click.echo(where_to(source, folder))
    if MODULE in source.cases.trusted or source.spec.decks:
        click.echo(f"decks        autograder deck {name} -o {dist}: the data that students get beside the handout")
    click.echo(worlds_hang_on(source, secret))


def write_release(sandbox: Sandbox, source: AssignmentSource, dist: Path) -> Path:
    """Both zips of an assignment, in DIST/NAME; that folder. Neither is written unless both can be built."""
    certificate = require_certificate(source)
    if certificate.state == "aged":
        click.echo(f"certificate  {certificate.text()} (autograder verify {source.spec.id} --write measures anew)")
    bar, tell = steps(f"recording {source.spec.id}")
    with bar:
        bundle = cached_bundle(sandbox, source, tell)
    made = {HANDOUT: build_handout(source, bundle), AUTOGRADER: build_autograder(source, bundle)}
    folder = writable_folder(dist / source.spec.id)
    for name, data in made.items():
        temporary = folder / f".{name}.tmp"
        temporary.write_bytes(data)
        temporary.replace(folder / name)
    return folder


def worlds_hang_on(source: AssignmentSource, secret: Path | None) -> str:
    """What chooses students' worlds, in one line."""
    if source.keys.secret is None:
        return NO_SECRET
    return (
        f"worlds       students' worlds hang on {secret or source.root / SECRET}: an {AUTOGRADER} released before that "
        "secret was made chooses other worlds"
    )


def read_by_a_person(spec: Assignment) -> str:
    """What comes on top of the points that a machine gives; "" for nothing."""
    rest = spec.points - spec.machine_points()
    return f" there; {points_text(rest)} more are a person's: autograder rubric" if rest else ""


def where_to(source: AssignmentSource, folder: Path) -> str:
    """What goes where."""
    spec = source.spec
    forms = " or ".join(f".{form}" for form in spec.submission.forms)
    weights = spec.submission.weights
    ext = "zip" if weights else "py"
    further = "".join(f", with {name} for who wants" for name in spec.further_weights)
    asked = (
        f"a zip of {spec.submission.file} and {weights}{further}" if weights else f"{spec.submission.file} ({forms})"
    )
    return (
        f"students     give them {HANDOUT}; they hand in {asked}\n"
        f"Gradescope   upload {AUTOGRADER} under “Configure Autograder”; the assignment has "
        f"{points_text(spec.machine_points())} points{read_by_a_person(spec)}\n"
        f"Otter        otter grade -n {spec.id} -a {folder / AUTOGRADER} --ext {ext} -o OUT SUBMISSIONS\n"
        f"here         autograder grade {folder / AUTOGRADER} SUBMISSIONS -o OUT\n"
        f"keep         {AUTOGRADER} to yourselves: it holds the hidden cases"
    )

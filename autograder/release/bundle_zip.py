"""autograder.zip: what graders run, upload to Gradescope, or give to our own engine; and reading one back."""

from __future__ import annotations

import zipfile
from pathlib import Path

from autograder.authoring.loading import CaseSet
from autograder.errors import BundleError, UsageError
from autograder.grading.bundle import FOLDER, Bundle, from_files
from autograder.grading.source import AssignmentSource
from autograder.otter_bridge.zip_files import EXECUTABLE, GRADER_FOLDER, ROOTS, autograder_files
from autograder.release.archive import zip_bytes
from autograder.release.leaks import Secrets, refuse_leaks
from autograder.release.stub import make_stub, solution_lines
from autograder.release.vendor import vendored


def build_autograder(source: AssignmentSource, bundle: Bundle) -> bytes:
    """autograder.zip, the same bytes for the same sources and recordings.

    Raises:
        AuthorError: it would contain a line of the reference's solutions, or another leak.
    """
    package = vendored(ROOTS)
    files = autograder_files(bundle, package)
    refuse_leaks(files, grader_secrets(source, bundle.cases, package), f"autograder.zip of {source.spec.id}")
    return zip_bytes(files, EXECUTABLE)


def grader_secrets(source: AssignmentSource, cases: CaseSet, package: dict[str, bytes]) -> Secrets:
    """What must not be in an autograder.zip: the reference. Lines that cases share with it are theirs to tell."""
    where = str(source.private_folder / source.spec.submission.file)
    shared = [cases.source, *cases.trusted.values(), *(data.decode() for data in package.values())]
    return Secrets(
        solution=solution_lines(source.reference, where),
        local=(str(source.root.resolve()),),
        known=(make_stub(source.reference, where), *shared),
        by_hand=(f"{GRADER_FOLDER}{FOLDER}support/",),
        keys=source.keys.all(),
    )


def read_autograder(path: Path) -> Bundle:
    """The bundle in an autograder.zip.

    Raises:
        UsageError: no such file.
        BundleError: no zip, not one of ours, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = {
                name.removeprefix(GRADER_FOLDER): archive.read(name)
                for name in archive.namelist()
                if name.startswith(GRADER_FOLDER)
            }
    except FileNotFoundError:
        raise UsageError("there is no such file", where=str(path)) from None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        fix = "make one with: autograder release NAME"
        raise BundleError(f"is not a zip that can be read: {error}", where=str(path), fix=fix) from None
    return from_files(files, str(path))

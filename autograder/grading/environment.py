"""The environment of a recording: the versions that recorded outputs and measured tolerances hang on."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache


@dataclass(frozen=True)
class Environment:
    """Versions as texts; "" where a package is not installed, or not known."""

    python: str = ""
    numpy: str = ""
    torch: str = ""
    sympy: str = ""

    @staticmethod
    def of(table: Mapping[str, str]) -> Environment:
        """From a table of a file; keys that are not known are left alone."""
        return Environment(**{name: str(table.get(name, "")) for name in asdict(Environment())})

    def table(self) -> dict[str, str]:
        """As a file holds it."""
        return asdict(self)

    def differences(self, now: Environment) -> tuple[str, ...]:
        """What has another version now: "numpy 2.4.6, now 2.5.0"."""
        pairs = zip(self.table().items(), now.table().values(), strict=True)
        return tuple(
            f"{name} {then or 'unknown'}, now {here or 'none'}" for (name, then), here in pairs if then != here
        )


@cache
def environment() -> Environment:
    """The versions of this process."""
    return Environment(platform.python_version(), _version("numpy"), _version("torch"), _version("sympy"))


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package).split("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return ""

"""Commands about this machine: doctor and demo."""

from __future__ import annotations

COMMANDS = ()

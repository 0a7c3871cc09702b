"""`mujaz`: the entry point."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Runs the command line and exits."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale: Arabic must come out whole
    # Failures are told in one line, which the notes of gRPC's core would surround with others.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    from mujaz.cli.commands import group  # noqa: PLC0415  # gRPC reads it when it is imported

    group(prog_name="mujaz")

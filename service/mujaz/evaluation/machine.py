"""What a measurement was made on."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def processor_name(cpu_facts: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's own name where the system tells, else its architecture."""
    try:
        lines = cpu_facts.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.machine()


def installed_versions(packages: Sequence[str]) -> dict[str, str]:
    """The versions of Python and of installed packages."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}

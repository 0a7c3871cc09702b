"""What a measurement was made on is told from the system itself."""

from __future__ import annotations

import platform
from pathlib import Path

from mujaz.evaluation.machine import installed_versions, processor_name


def test_the_processor_is_called_as_the_system_calls_it(tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text("processor\t: 0\nmodel name\t: Fast 3000\nmodel name\t: Fast 3000\n")
    assert processor_name(facts) == "Fast 3000"


def test_without_a_name_the_architecture_is_told(tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    assert processor_name(facts) == platform.machine()
    facts.write_text("CPU implementer\t: 0x41\n")
    assert processor_name(facts) == platform.machine()


def test_versions_are_those_installed() -> None:
    versions = installed_versions(["ctranslate2"])
    assert versions["python"] == platform.python_version()
    assert versions["ctranslate2"][0].isdigit()

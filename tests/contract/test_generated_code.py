from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "service" / "mujaz" / "v1"


def floors() -> dict[str, str]:
    """The lowest version that pyproject.toml allows, by distribution."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    matches = (re.match(r"([\w-]+)>=([\d.]+)", line) for line in project["dependencies"])
    return {match[1]: match[2] for match in matches if match}


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_the_checked_in_code_is_what_the_contract_generates() -> None:
    result = subprocess.run(
        ["scripts/generate", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_contract_passes_the_linter() -> None:
    buf = Path(sys.executable).with_name("buf")
    result = subprocess.run([buf, "lint"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("module", sorted(GENERATED.glob("*_pb2.py")), ids=lambda path: path.stem)
def test_the_floor_of_protobuf_is_what_the_code_was_generated_with(module: Path) -> None:
    [stamp] = re.findall(r"^# Protobuf Python Version: ([\d.]+)$", module.read_text(), re.MULTILINE)
    assert numbers(floors()["protobuf"]) == numbers(stamp)


@pytest.mark.parametrize(
    "module", sorted(GENERATED.glob("*_pb2_grpc.py")), ids=lambda path: path.stem
)
def test_the_floor_of_grpcio_is_what_the_code_was_generated_with(module: Path) -> None:
    [stamp] = re.findall(r"^GRPC_GENERATED_VERSION = '([\d.]+)'$", module.read_text(), re.MULTILINE)
    for distribution in ("grpcio", "grpcio-health-checking", "grpcio-reflection", "grpcio-status"):
        assert numbers(stamp)[:2] == numbers(floors()[distribution])
        assert not any(numbers(stamp)[2:])

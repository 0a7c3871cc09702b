"""What a stranger's client is built from: code generated from proto/, apart from the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import google.rpc

CLIENT: Final = Path(__file__).with_name("client.py")
_ROOT: Final = Path(__file__).resolve().parents[2]


def generate_client_code(directory: Path) -> Path:
    """Fill `directory` with a package that hides the installed one; returns it."""
    googleapis = Path(next(iter(google.rpc.__path__))).parents[1]
    protos = sorted((_ROOT / "proto").glob("mujaz/v1/*.proto"))
    outputs = [f"--{kind}_out={directory}" for kind in ("python", "grpc_python")]
    includes = [f"-I{_ROOT / 'proto'}", f"-I{googleapis}"]
    command = [sys.executable, "-m", "grpc_tools.protoc", *includes, *outputs, *map(str, protos)]
    subprocess.run(command, check=True)
    for package in (directory / "mujaz", directory / "mujaz" / "v1"):
        (package / "__init__.py").touch()
    return directory

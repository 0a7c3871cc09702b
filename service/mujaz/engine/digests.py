"""SHA-256 digests of the files of a model directory."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from mujaz.errors import ModelDamaged

# What CTranslate2 looks for beside model.bin, in any of its format versions.
_ENGINE_FILES = ("*.bin", "*.json", "*vocabulary*", "vmap.txt")


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What one file must be: its SHA-256 in lower-case hexadecimal, and its size."""

    sha256: str
    size_bytes: int

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueError("sha256 must be 64 lower-case hexadecimal digits")
        if self.size_bytes < 1:
            raise ValueError("size_bytes must be over 0")


def file_digest(path: Path) -> FileDigest:
    """The digest of `path`, read in pieces."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return FileDigest(sha256=sha256, size_bytes=path.stat().st_size)


def describe_files(directory: Path, names: Iterable[str]) -> dict[str, FileDigest]:
    """The digests of the named files of `directory`, sorted by name."""
    return {name: file_digest(directory / name) for name in sorted(names)}


def verify_directory(directory: Path, expected: Mapping[str, FileDigest], *, manifest: str) -> None:
    """Checks that `directory` holds exactly the files the engine was meant to read.

    Sizes are compared before any digest, so that a truncated download fails at once. Files that
    CTranslate2 never reads may stand beside. Raises ModelDamaged.
    """
    for path in sorted(directory.iterdir()):
        listed = path.name in expected or path.name == manifest
        if not listed and any(fnmatch(path.name, pattern) for pattern in _ENGINE_FILES):
            raise _damaged(
                "A file the manifest does not list could be read as part of the model; remove it.",
                path,
            )
    for name, digest in expected.items():
        _check_size(directory, name, digest)
    for name, digest in expected.items():
        _check_digest(directory / name, digest)


def _check_digest(path: Path, expected: FileDigest) -> None:
    try:
        actual = file_digest(path)
    except OSError as error:
        raise ModelDamaged(
            "A file of the model cannot be read; check its permissions and the disk.",
            file=str(path),
            cause=error.strerror or type(error).__name__,
        ) from error
    if actual.sha256 != expected.sha256:
        raise _damaged(
            "A file does not match its digest in the manifest; restore the model directory.", path
        )


def _check_size(directory: Path, name: str, digest: FileDigest) -> None:
    path = directory / name
    if not path.resolve().is_relative_to(directory.resolve()):
        raise _damaged("A file of the model lies outside its directory; copy it there.", path)
    if not path.is_file():
        raise _damaged("A file of the model is missing; restore the model directory.", path)
    size_bytes = path.stat().st_size
    if size_bytes != digest.size_bytes:
        raise ModelDamaged(
            "A file of the model has another size than its manifest says; "
            "restore the model directory.",
            file=str(path),
            size_bytes=size_bytes,
            expected_size_bytes=digest.size_bytes,
        )


def _damaged(message: str, path: Path) -> ModelDamaged:
    return ModelDamaged(message, file=str(path))

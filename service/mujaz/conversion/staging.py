"""A directory that appears whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mujaz.engine.manifest import MANIFEST_NAME
from mujaz.errors import ConversionFailed, FieldInvalid


@contextlib.contextmanager
def staged(output: Path, *, force: bool) -> Iterator[Path]:
    """An empty directory beside `output`, which becomes `output` when the block ends well.

    However the block ends, nothing else is left. It stands one level down, where a server that
    reads its directory of models does not look. Raises FieldInvalid where `output` exists and may
    not be replaced, ConversionFailed where the disk refuses.
    """
    check_output(output, force=force)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    except OSError as error:
        raise disk_refused(error, output) from error
    try:
        directory = workplace / "model"
        directory.mkdir()
        yield directory
        _publish(directory, output, workplace=workplace, force=force)
    except OSError as error:
        raise disk_refused(error, output) from error
    finally:
        _remove(workplace)


def check_output(output: Path, *, force: bool) -> None:
    """Refuses an output that exists, unless it is a model to be replaced by force."""
    if not os.path.lexists(output):
        return
    is_model = (output / MANIFEST_NAME).is_file() and not output.is_symlink()
    if not is_model:
        raise FieldInvalid(f"{output} exists and is no model; name another output", field="output")
    if not force:
        raise FieldInvalid(
            f"{output} exists; name another output, or replace it with --force", field="output"
        )


def disk_refused(error: OSError, output: Path) -> ConversionFailed:
    """What a person is told when files cannot be written."""
    return ConversionFailed(
        "The model cannot be written; check the space on the disk and the permissions.",
        directory=str(output),
        cause=error.strerror or type(error).__name__,
    )


def _publish(directory: Path, output: Path, *, workplace: Path, force: bool) -> None:
    for path in directory.iterdir():
        _flush(path)
    _flush(directory)
    check_output(output, force=force)
    replaced = workplace / "replaced"
    if output.exists():
        os.rename(output, replaced)
    try:
        os.rename(directory, output)
    except BaseException:
        if replaced.exists():
            os.rename(replaced, output)
        raise
    _flush(output.parent)


def _remove(directory: Path) -> None:
    try:
        shutil.rmtree(directory, ignore_errors=True)
    except BaseException:  # stopped once more, while clearing away
        shutil.rmtree(directory, ignore_errors=True)
        raise


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

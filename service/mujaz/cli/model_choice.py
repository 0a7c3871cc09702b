"""Which of several models is taken where a caller names none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mujaz.cli.model_facts import model_directories
from mujaz.engine.manifest import Manifest, read_manifest
from mujaz.engine.selection import PREFIX, taken_instead_of
from mujaz.errors import ModelDamaged


def chosen_instead(directory: Path, *, defaults: Sequence[str] = ()) -> str | None:
    """The name of the model beside that in `directory` which is taken for the same work; None where
    the one in `directory` is. `defaults` come before the others. Raises ModelDamaged."""
    own = read_manifest(directory)
    first = taken_instead_of(own, [own, *_readable(directory.parent)], defaults)
    return None if first is None else first.name


def default_names(models: Path, *, defaults: Sequence[str] = ()) -> frozenset[str]:
    """The resource names of the models that are taken for their work where none is named."""
    manifests = _readable(models)
    return frozenset(
        f"{PREFIX}{manifest.name}"
        for manifest in manifests
        if taken_instead_of(manifest, manifests, defaults) is None
    )


def remark_on(directory: Path, *, defaults: Sequence[str] = ()) -> str | None:
    """A line for who made the model in `directory` and may wonder that another is taken."""
    first = chosen_instead(directory, defaults=defaults)
    if first is None:
        return None
    name = read_manifest(directory).name
    return (
        f"who names no model gets models/{first}; ask for --model models/{name}, or serve with "
        f"--default-model {name}"
    )


def _readable(models: Path) -> list[Manifest]:
    manifests = []
    for path in model_directories(models):
        try:
            manifests.append(read_manifest(path))
        except ModelDamaged:
            continue  # `mujaz models verify` tells of it
    return manifests

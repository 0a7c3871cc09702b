"""Which of several models is taken where a caller names none."""

from __future__ import annotations

from pathlib import Path

from mujaz.cli.model_facts import model_directories
from mujaz.engine.manifest import read_manifest
from mujaz.errors import ModelDamaged


def chosen_instead(directory: Path) -> str | None:
    """The name of the model beside that in `directory` which is taken for the same work, as it
    comes first by name; None where the one in `directory` is. Raises ModelDamaged."""
    own = read_manifest(directory)
    names = [own.name]
    for path in model_directories(directory.parent):
        try:
            other = read_manifest(path)
        except ModelDamaged:
            continue  # `mujaz models verify` tells of it
        same_languages = (other.source_language, other.target_language) == (
            own.source_language,
            own.target_language,
        )
        if other.task is own.task and same_languages:
            names.append(other.name)
    first = min(names)
    return None if first == own.name else first


def remark_on(directory: Path) -> str | None:
    """A line for who made the model in `directory` and may wonder that another is taken."""
    first = chosen_instead(directory)
    if first is None:
        return None
    name = read_manifest(directory).name
    return (
        f"who names no model gets models/{first}, as it comes first by name; ask for "
        f"--model models/{name}, or move models/{first} away"
    )

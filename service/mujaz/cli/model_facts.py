"""What `mujaz models` says of a model, from its directory or from a server."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mujaz.client import Model, ModelTask
from mujaz.engine.manifest import MANIFEST_NAME, parse_manifest, read_manifest_bytes, revision
from mujaz.errors import ModelDamaged


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What both a directory and a server know; `weights` is how they are stored, or computed.

    `is_default` says that who names no model gets this one for its task and languages.
    """

    name: str
    revision: str
    task: str
    languages: str
    weights: str
    license: str
    max_source_token_count: int
    scores: Mapping[str, float]
    is_default: bool

    def as_dict(self) -> dict[str, Any]:
        """The facts for JSON."""
        return asdict(self)

    def line(self) -> tuple[str, ...]:
        """The facts that fit in a table."""
        default = "default" if self.is_default else ""
        facts = (self.name, self.revision, self.task, self.languages, self.weights, self.license)
        return (*facts, default)


def model_directories(directory: Path) -> list[Path]:
    """The subdirectories of `directory` that hold a model; raises ModelDamaged where none does."""
    try:
        paths = sorted(path for path in directory.iterdir() if (path / MANIFEST_NAME).is_file())
    except OSError as error:
        raise ModelDamaged(f"{directory}: {error.strerror}; name another with --models") from error
    if not paths:
        raise ModelDamaged(f"{directory}: no subdirectory has a {MANIFEST_NAME}")
    return paths


def facts_of_directory(directory: Path, *, default_names: Container[str] = ()) -> ModelFacts:
    """The facts in the manifest of one model directory; raises ModelDamaged."""
    manifest_bytes = read_manifest_bytes(directory)
    manifest = parse_manifest(manifest_bytes, directory)
    return ModelFacts(
        name=f"models/{manifest.name}",
        revision=revision(manifest_bytes),
        task=manifest.task.value,
        languages=f"{manifest.source_language}→{manifest.target_language}",
        weights=manifest.quantization.value,
        license=manifest.license,
        max_source_token_count=manifest.max_source_token_count,
        scores=dict(sorted(manifest.scores.items())),
        is_default=f"models/{manifest.name}" in default_names,
    )


def facts_of_message(model: Model) -> ModelFacts:
    """The facts a server gives of a model it has loaded."""
    return ModelFacts(
        name=model.name,
        revision=model.revision,
        task=ModelTask.Name(model.task).removeprefix("MODEL_TASK_").lower(),
        languages=f"{model.source_language_code}→{model.target_language_code}",
        weights=model.compute_type,
        license=model.license,
        max_source_token_count=model.max_source_token_count,
        scores=dict(sorted(model.scores.items())),
        is_default=model.is_default,
    )


def table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Lines with the columns of the rows below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def details(facts: ModelFacts) -> Iterator[str]:
    """One line a fact."""
    for name, value in facts.as_dict().items():
        if isinstance(value, Mapping):
            yield from (f"{name}: {key} {number:g}" for key, number in value.items())
        else:
            yield f"{name}: {value}"


def to_json(value: object) -> str:
    """The value as indented JSON, with letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)

"""Writes the manifest of an exported model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mujaz.engine.digests import describe_files
from mujaz.engine.manifest import (
    DataSource,
    Manifest,
    Quantization,
    TokenizerScheme,
    TokenizerSettings,
    write_manifest,
)

from .corpus import NORMALIZATION
from .experiment import Experiment, ModelShape, RecipeError
from .model_binary import read_variables
from .model_export import MODEL_FILES, TOKENIZER_FILE
from .restoration import restore_checkpoint

_STORED_AS = {
    "int8": Quantization.INT8,
    "int16": Quantization.INT16,
    "float16": Quantization.FLOAT16,
}


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores by `test-set/metric`, and how they were computed."""

    values: Mapping[str, float] = field(default_factory=dict)
    signature: str = ""


def release_model(
    directory: Path,
    experiment: Experiment,
    *,
    scores: Scores,
    inherited: Iterable[DataSource] = (),
    recipe_revision: str = "",
) -> Manifest:
    """Writes `manifest.json` into an exported model's directory and returns it.

    `inherited` are the data sources of the weights the run started from. `recipe_revision`, a
    commit, becomes the build part of the version. Raises RecipeError where the model lacks a file
    or is not of the experiment's shape.
    """
    missing = [name for name in MODEL_FILES if not (directory / name).is_file()]
    if missing:
        raise RecipeError(f"{directory} lacks {', '.join(missing)}; run export.py first.")
    publication = experiment.publication
    manifest = Manifest(
        format_version=1,
        name=experiment.name,
        version=publication.version + (f"+{recipe_revision}" if recipe_revision else ""),
        task=experiment.task,
        source_language=experiment.source_language,
        target_language=experiment.target_language,
        architecture=_architecture(directory, experiment.model),
        tokenizer=TokenizerSettings(
            scheme=TokenizerScheme.MUJAZ,
            source_file=TOKENIZER_FILE,
            target_file=TOKENIZER_FILE,
            source_prefix=experiment.tokenizer.source_prefix,
        ),
        normalization=NORMALIZATION,
        decoding=publication.decoding,
        retry_decoding=publication.retry_decoding,
        max_source_token_count=publication.max_source_token_count,
        max_position_count=experiment.model.position_count,
        target_token_ratio=publication.target_token_ratio,
        target_token_margin=publication.target_token_margin,
        quantization=_quantization(directory),
        license=publication.license,
        data_sources=_data_sources(experiment, inherited),
        scores=scores.values,
        scores_signature=scores.signature,
        self_test=publication.self_test,
        files=describe_files(directory, MODEL_FILES),
        score_floor=publication.score_floor,
    )
    write_manifest(directory, manifest)
    return manifest


def _data_sources(
    experiment: Experiment, inherited: Iterable[DataSource]
) -> tuple[DataSource, ...]:
    sources = {source.name: source for source in inherited}
    for group in experiment.groups:
        for corpus in group.corpora:
            sources[corpus.name] = DataSource(name=corpus.name, license=corpus.license)
    return tuple(sorted(sources.values(), key=lambda source: source.name.lower()))


def _architecture(directory: Path, shape: ModelShape) -> str:
    checkpoint = restore_checkpoint(directory / "model.bin", shape)
    million = sum(weight.numel() for weight in checkpoint.weights.values()) / 1e6
    return (
        f"Transformer, {shape.encoder_layer_count} encoder and {shape.decoder_layer_count} decoder "
        f"layers, {shape.width} wide, {million:.1f}M parameters"
    )


def _quantization(directory: Path) -> Quantization:
    stored = read_variables(directory / "model.bin")["decoder/embeddings/weight"].dtype.name
    return _STORED_AS.get(stored, Quantization.FLOAT32)

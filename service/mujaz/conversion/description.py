"""The manifest of a converted model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mujaz.conversion.checkpoint import Checkpoint, CheckpointKind
from mujaz.conversion.layout import Layout
from mujaz.conversion.request import ConversionRequest
from mujaz.conversion.weights import WeightFacts
from mujaz.domain.normalize import NormalizationOptions
from mujaz.engine.digests import describe_files
from mujaz.engine.manifest import (
    FORMAT_VERSION,
    Manifest,
    ModelTask,
    SelfTest,
    TokenizerSettings,
)
from mujaz.engine.protocols import DecodingOptions

# T5 was trained on 512 positions; without a table of them nothing but quality bounds its input.
_RELATIVE_POSITION_COUNT = 512
_LONGEST_SENTENCE = 256
_TRANSLATION_MARGIN = 32
_SUMMARY_TOKEN_COUNT = 128
# What Transformers writes where the makers of a model chose no length.
_UNSET_MAX_LENGTH = 20

_SENTENCES = {
    "ar": "قال الرئيس إن الوضع في المدينة جيد.",
    "en": "The president said that the situation in the city is good.",
}
_SCRIPTS = {"ar": "[\u0621-\u064a]", "en": "[A-Za-z]"}


def describe(
    checkpoint: Checkpoint,
    request: ConversionRequest,
    *,
    directory: Path,
    layout: Layout,
    facts: WeightFacts,
    task: ModelTask,
    license: str,
    tokenizer_files: tuple[str, str],
) -> Manifest:
    """The manifest of the model in `directory`, whose other files are complete."""
    settings = _settings(checkpoint, task)
    decoding = _decoding(settings)
    positions = facts.position_count or _relative_positions(checkpoint)
    source_file, target_file = tokenizer_files
    return Manifest(
        format_version=FORMAT_VERSION,
        name=request.name,
        version=request.version,
        task=task,
        source_language=request.source_language,
        target_language=request.target_language,
        architecture=(
            f"{checkpoint.kind}, {facts.encoder_layer_count} encoder and "
            f"{facts.decoder_layer_count} decoder layers, {facts.width} wide, "
            f"{facts.parameter_count / 1e6:.1f}M parameters"
        ),
        tokenizer=TokenizerSettings(
            scheme=layout.scheme,
            source_file=source_file,
            target_file=target_file,
            source_prefix=layout.source_prefix,
            source_suffix=layout.source_suffix,
            target_prefix=layout.target_prefix,
        ),
        normalization=_normalization(checkpoint.kind),
        decoding=decoding,
        retry_decoding=DecodingOptions(
            beam_size=min(32, decoding.beam_size + 2),
            length_penalty=decoding.length_penalty,
            repetition_penalty=max(1.3, decoding.repetition_penalty),
            no_repeat_ngram_size=decoding.no_repeat_ngram_size or 3,
        ),
        **_lengths(task, positions, settings),
        quantization=request.quantization,
        license=license,
        data_sources=(),
        scores={},
        scores_signature="",
        self_test=_self_test(request),
        files=describe_files(directory, [path.name for path in directory.iterdir()]),
        origin=request.origin or checkpoint.directory.resolve().name,
    )


def _settings(checkpoint: Checkpoint, task: ModelTask) -> Mapping[str, Any]:
    """The generation settings, those for the task over the general ones."""
    config = checkpoint.config
    if checkpoint.kind is CheckpointKind.MARIAN_NATIVE:
        return {"num_beams": config.get("beam-size"), "length_penalty": config.get("normalize")}
    own = (config.get("task_specific_params") or {}).get(task.value) or {}
    return {**config, **own}


def _decoding(settings: Mapping[str, Any]) -> DecodingOptions:
    default = DecodingOptions()
    ngram_size = settings.get("no_repeat_ngram_size")
    return DecodingOptions(
        beam_size=min(32, max(1, int(settings.get("num_beams") or default.beam_size))),
        length_penalty=max(0.0, _number(settings.get("length_penalty"), default.length_penalty)),
        repetition_penalty=max(
            1.0, _number(settings.get("repetition_penalty"), default.repetition_penalty)
        ),
        no_repeat_ngram_size=max(0, int(ngram_size or 0)),
    )


def _number(value: Any, default: float) -> float:
    return default if value is None else float(value)


def _relative_positions(checkpoint: Checkpoint) -> int:
    stated = checkpoint.config.get("n_positions")
    return stated if isinstance(stated, int) and stated > 1 else _RELATIVE_POSITION_COUNT


def _lengths(task: ModelTask, positions: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The limits of the manifest, so that an output of the usual length finds its positions."""
    if task is ModelTask.TRANSLATION:
        return {
            "max_position_count": positions,
            "max_source_token_count": min(_LONGEST_SENTENCE, positions // 2),
            "target_token_ratio": 2.0,
            "target_token_margin": _TRANSLATION_MARGIN,
        }
    longest = int(settings.get("max_length") or 0)
    is_stated = longest > _UNSET_MAX_LENGTH
    return {
        "max_position_count": positions,
        "max_source_token_count": positions - 1,
        "target_token_ratio": 0.25,
        "target_token_margin": min(positions, longest if is_stated else _SUMMARY_TOKEN_COUNT),
    }


def _normalization(kind: CheckpointKind) -> NormalizationOptions:
    """What came before SentencePiece in training; SentencePiece applies NFKC itself.

    OPUS-MT unified quotation marks and dashes (Moses, normalize-punctuation); nobody took
    diacritics or digits away.
    """
    return NormalizationOptions(
        compatibility=False,
        strip_diacritics=False,
        ascii_digits=False,
        ascii_punctuation=kind in (CheckpointKind.MARIAN_NATIVE, CheckpointKind.MARIAN),
    )


def _self_test(request: ConversionRequest) -> SelfTest:
    source = request.self_test_source or _SENTENCES.get(
        request.source_language.partition("-")[0], _SENTENCES["en"]
    )
    pattern = _SCRIPTS.get(request.target_language.partition("-")[0], "")
    return SelfTest(source=source, pattern=pattern)

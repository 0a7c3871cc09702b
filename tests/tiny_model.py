"""Writes small random models in the layout of `models/`, for tests of other or bad ones."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import common_spec, transformer_spec

from mujaz.domain.normalize import NormalizationOptions
from mujaz.engine.digests import describe_files
from mujaz.engine.manifest import (
    MANIFEST_NAME,
    Manifest,
    ModelTask,
    Quantization,
    SelfTest,
    TokenizerScheme,
    TokenizerSettings,
    write_manifest,
)
from mujaz.engine.protocols import DecodingOptions

POSITION_COUNT = 64
TOKENIZER_FILE = "sentencepiece.model"
_FILES = ("config.json", "model.bin", "shared_vocabulary.json", TOKENIZER_FILE)
_WIDTH = 16
_NEVER = -1e4
_TEXT = (
    "قال الرئيس إن الوضع في المدينة جيد .",
    "أعلنت الوزارة أن عدد المصابين بلغ عشرة .",
    "the president said the situation in the city is good .",
    "the ministry said ten people were injured .",
)


def write_tiny_model(
    directory: Path,
    *,
    seed: int = 7,
    end_bias: float = 8.0,
    adds_source_end: bool = True,
    **changes: Any,
) -> Manifest:
    """Writes a whole model directory and returns its manifest, which `changes` may alter.

    The greater `end_bias`, the sooner an output ends; far below 0 it never does. Without
    `adds_source_end`, CTranslate2 leaves it to the caller to end the source.
    """
    directory.mkdir(parents=True)
    tokenizer = _trained_tokenizer()
    (directory / TOKENIZER_FILE).write_bytes(tokenizer)
    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer)
    vocabulary = processor.id_to_piece(list(range(processor.get_piece_size())))
    spec = _random_spec(vocabulary, seed=seed, end_bias=end_bias)
    spec.config.add_source_eos = adds_source_end
    spec.save(str(directory))
    manifest = replace(_manifest(directory), **changes)
    write_manifest(directory, manifest)
    return manifest


def change_manifest(directory: Path, **changes: Any) -> None:
    """Overwrites top-level keys of a manifest as plain JSON, valid or not."""
    path = directory / MANIFEST_NAME
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | changes), encoding="utf-8")


def _manifest(directory: Path) -> Manifest:
    return Manifest(
        format_version=1,
        name="tiny",
        version="1.0.0",
        task=ModelTask.TRANSLATION,
        source_language="ar",
        target_language="en",
        architecture="random weights",
        tokenizer=TokenizerSettings(
            scheme=TokenizerScheme.MUJAZ, source_file=TOKENIZER_FILE, target_file=TOKENIZER_FILE
        ),
        normalization=NormalizationOptions(),
        decoding=DecodingOptions(beam_size=1),
        retry_decoding=DecodingOptions(beam_size=2, no_repeat_ngram_size=3),
        max_source_token_count=40,
        max_position_count=POSITION_COUNT,
        target_token_ratio=1.5,
        target_token_margin=8,
        quantization=Quantization.FLOAT32,
        license="CC0-1.0",
        data_sources=(),
        scores={},
        scores_signature="",
        self_test=SelfTest(source="قال الرئيس"),
        files=describe_files(directory, _FILES),
    )


def _trained_tokenizer() -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_TEXT),
        model_writer=model,
        vocab_size=360,
        hard_vocab_limit=False,
        byte_fallback=True,
        pad_id=0,
        unk_id=1,
        bos_id=2,
        eos_id=3,
        user_defined_symbols=["<2en>", "<2ar>", "<sum>"],
        normalization_rule_name="identity",
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def _random_spec(
    vocabulary: list[str], *, seed: int, end_bias: float
) -> transformer_spec.TransformerSpec:
    random = np.random.default_rng(seed)

    def weights(*shape: int) -> Any:
        return random.normal(0, 0.3, shape).astype(np.float32)

    def set_linear(spec: Any, rows: int, columns: int) -> None:
        spec.weight, spec.bias = weights(rows, columns), weights(rows)

    def set_norm(spec: Any) -> None:
        spec.gamma, spec.beta = np.ones(_WIDTH, np.float32), np.zeros(_WIDTH, np.float32)

    def set_attention(spec: Any, *rows: int) -> None:
        set_norm(spec.layer_norm)
        for linear, row_count in zip(spec.linear, rows, strict=True):
            set_linear(linear, row_count, _WIDTH)

    spec = transformer_spec.TransformerSpec.from_config(
        (1, 1), 2, pre_norm=True, activation=common_spec.Activation.RELU
    )
    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = weights(len(vocabulary), _WIDTH)
        side.position_encodings.encodings = weights(POSITION_COUNT, _WIDTH)
        set_norm(side.layer_norm)
        layer = side.layer[0]
        set_attention(layer.self_attention, 3 * _WIDTH, _WIDTH)
        set_norm(layer.ffn.layer_norm)
        set_linear(layer.ffn.linear_0, 2 * _WIDTH, _WIDTH)
        set_linear(layer.ffn.linear_1, _WIDTH, 2 * _WIDTH)
    set_attention(spec.decoder.layer[0].attention, _WIDTH, 2 * _WIDTH, _WIDTH)
    spec.decoder.projection.weight = weights(len(vocabulary), _WIDTH)
    spec.decoder.projection.bias = np.array(
        [_output_bias(piece, end_bias) for piece in vocabulary], np.float32
    )
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.decoder_start_token = "<s>"
    spec.validate()
    spec.optimize()
    return spec


def _output_bias(piece: str, end_bias: float) -> float:
    """Lets only words and the end token out: control tokens and lone bytes are no text."""
    if piece == "</s>":
        return end_bias
    return _NEVER if piece.startswith("<") or piece == "▁" else 0.0

"""Writes a checkpoint as a CTranslate2 model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sentencepiece
from ctranslate2.specs import common_spec, model_spec, transformer_spec

from .checkpoint import Checkpoint
from .experiment import RecipeError
from .transformer import sinusoidal_positions
from .weight_names import (
    EMBEDDING_SCOPES,
    POSITION_SCOPES,
    PROJECTION_SCOPE,
    linear_maps,
    norms,
)

TOKENIZER_FILE = "sentencepiece.model"
MODEL_FILES = ("config.json", "model.bin", "shared_vocabulary.json", TOKENIZER_FILE)

_NORM_EPSILON = 1e-5


def export_model(
    checkpoint: Checkpoint, tokenizer: bytes, out: Path, *, quantization: str = "int8"
) -> None:
    """Writes `MODEL_FILES` into the folder `out`.

    `quantization` is one of CTranslate2's names; `float32` keeps the weights as they are. Raises
    RecipeError where tokenizer and weights do not fit.
    """
    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer)
    pieces = [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
    if len(pieces) != checkpoint.vocabulary_size:
        raise RecipeError(
            f"The tokenizer has {len(pieces)} pieces and the checkpoint "
            f"{checkpoint.vocabulary_size}; give the one that the run was trained with."
        )
    spec = _spec(checkpoint)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.add_source_eos = True
    spec.config.decoder_start_token = "<s>"
    spec.config.layer_norm_epsilon = _NORM_EPSILON
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    out.mkdir(parents=True, exist_ok=True)
    spec.save(str(out))
    (out / TOKENIZER_FILE).write_bytes(tokenizer)


def _spec(checkpoint: Checkpoint) -> transformer_spec.TransformerSpec:
    shape = checkpoint.shape
    weights = {name: weight.numpy() for name, weight in checkpoint.weights.items()}
    spec = transformer_spec.TransformerSpec.from_config(
        (shape.encoder_layer_count, shape.decoder_layer_count),
        shape.head_count,
        pre_norm=True,
        activation=common_spec.Activation.RELU,
    )
    table = sinusoidal_positions(shape.position_count, shape.width).numpy()
    for scope in POSITION_SCOPES:
        _at(spec, scope).encodings = table
    for scope in EMBEDDING_SCOPES:
        _at(spec, scope).weight = weights["embedding.weight"]
    projection = _at(spec, PROJECTION_SCOPE)
    projection.weight, projection.bias = weights["embedding.weight"], weights["output_bias"]
    spec.encoder.scale_embeddings = spec.decoder.scale_embeddings = True
    for scope, modules in linear_maps(shape).items():
        linear = _at(spec, scope)
        linear.weight = _joined(weights, modules, "weight")
        linear.bias = _joined(weights, modules, "bias")
    for scope, module in norms(shape).items():
        norm = _at(spec, scope)
        norm.gamma, norm.beta = weights[f"{module}.weight"], weights[f"{module}.bias"]
    return spec


def _at(spec: Any, scope: str) -> Any:
    return model_spec.index_spec(spec, scope)


def _joined(
    weights: dict[str, npt.NDArray[np.float32]], modules: tuple[str, ...], kind: str
) -> npt.NDArray[np.float32]:
    return np.concatenate([weights[f"{module}.{kind}"] for module in modules])

"""The weights of an OPUS-MT checkpoint in the classes of Transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

from tests.conversion import marian_checkpoint as native
from tests.conversion.checkpoints import POSITION_COUNT

_PROJECTIONS = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}


def write_marian_reference(checkpoint: Path, directory: Path) -> None:
    """The same model as in `checkpoint`, as MarianMT: one more token, for padding."""
    from ctranslate2.converters.marian import load_vocab  # noqa: PLC0415

    tokens = load_vocab(str(checkpoint / native.VOCABULARY))
    size = len(tokens) + 1
    config = transformers.MarianConfig(
        vocab_size=size,
        d_model=native.WIDTH,
        encoder_layers=native.ENCODER_LAYER_COUNT,
        decoder_layers=native.DECODER_LAYER_COUNT,
        encoder_attention_heads=native.HEAD_COUNT,
        decoder_attention_heads=native.HEAD_COUNT,
        encoder_ffn_dim=native.INNER_WIDTH,
        decoder_ffn_dim=native.INNER_WIDTH,
        max_position_embeddings=POSITION_COUNT,
        scale_embedding=True,
        activation_function="swish",
        static_position_embeddings=True,
        pad_token_id=size - 1,
        eos_token_id=0,
        decoder_start_token_id=size - 1,
    )
    model = transformers.MarianMTModel(config)
    with np.load(checkpoint / native.WEIGHTS) as arrays:
        _fill(model, dict(arrays))
    model.generation_config.bad_words_ids = [[size - 1]]
    model.save_pretrained(directory)
    numbers = {token: number for number, token in enumerate([*tokens, "<pad>"])}
    (directory / "vocab.json").write_text(json.dumps(numbers), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        (directory / name).write_bytes((checkpoint / name).read_bytes())
    (directory / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "source_lang": "ar"}), encoding="utf-8"
    )


@torch.no_grad()
def _fill(model: Any, arrays: dict[str, Any]) -> None:
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}
    embeddings = model.get_input_embeddings().weight
    embeddings[:-1] = weights["Wemb"]
    embeddings[-1] = 0
    model.final_logits_bias[:, :-1] = weights["decoder_ff_logit_out_b"]
    for side in ("encoder", "decoder"):
        for number, layer in enumerate(getattr(model.model, side).layers, start=1):
            scope = f"{side}_l{number}"
            _attention(layer.self_attn, layer.self_attn_layer_norm, weights, f"{scope}_self")
            if side == "decoder":
                norm = layer.encoder_attn_layer_norm
                _attention(layer.encoder_attn, norm, weights, f"{scope}_context")
            _dense(layer.fc1, weights, f"{scope}_ffn", "1")
            _dense(layer.fc2, weights, f"{scope}_ffn", "2")
            _norm(layer.final_layer_norm, weights, f"{scope}_ffn_ffn")


def _attention(attention: Any, norm: Any, weights: dict[str, Any], scope: str) -> None:
    for letter, name in _PROJECTIONS.items():
        _dense(getattr(attention, name), weights, scope, letter)
    _norm(norm, weights, f"{scope}_Wo")


def _dense(linear: Any, weights: dict[str, Any], scope: str, suffix: str) -> None:
    linear.weight.copy_(weights[f"{scope}_W{suffix}"].T)
    linear.bias.copy_(weights[f"{scope}_b{suffix}"].squeeze(0))


def _norm(norm: Any, weights: dict[str, Any], scope: str) -> None:
    norm.weight.copy_(weights[f"{scope}_ln_scale"].squeeze(0))
    norm.bias.copy_(weights[f"{scope}_ln_bias"].squeeze(0))

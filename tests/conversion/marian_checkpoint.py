"""A small OPUS-MT checkpoint with random weights, in Marian's own files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from tests.conversion.pieces import names, pieces

WIDTH = 64
INNER_WIDTH = 96
HEAD_COUNT = 4
ENCODER_LAYER_COUNT = 2
DECODER_LAYER_COUNT = 1
WEIGHTS = "opus.bpe32k-bpe32k.transformer-align.model1.npz.best-perplexity.npz"
VOCABULARY = "opus.bpe32k-bpe32k.vocab.yml"
_SEED, _GAIN, _ENDING = 4, 1.2, 1.7
_SETTINGS = {
    "type": "transformer",
    "enc-depth": ENCODER_LAYER_COUNT,
    "dec-depth": DECODER_LAYER_COUNT,
    "transformer-heads": HEAD_COUNT,
    "transformer-ffn-activation": "swish",
    "transformer-preprocess": "",
    "transformer-postprocess": "dan",
    "transformer-postprocess-emb": "d",
    "transformer-decoder-autoreg": "self-attention",
    "transformer-no-projection": False,
    "transformer-guided-alignment-layer": "last",
}


def write_marian_checkpoint(directory: Path, *, tags: tuple[str, ...] = ()) -> None:
    """Writes weights, vocabulary, SentencePiece files, decoder.yml and a README with a licence."""
    directory.mkdir(parents=True)
    source, target = pieces(english=False), pieces(arabic=False, vocab_size=400)
    vocabulary = list(dict.fromkeys(["</s>", "<unk>", *tags, *names(target), *names(source)]))
    (directory / "source.spm").write_bytes(source)
    (directory / "target.spm").write_bytes(target)
    lines = (f"{json.dumps(token, ensure_ascii=False)}: {i}" for i, token in enumerate(vocabulary))
    (directory / VOCABULARY).write_text("\n".join(lines) + "\n", encoding="utf-8")
    np.savez(directory / WEIGHTS, **random_arrays(len(vocabulary)))
    decoder = {
        "models": [WEIGHTS],
        "vocabs": [VOCABULARY, VOCABULARY],
        "beam-size": 6,
        "normalize": 1,
        "relative-paths": True,
    }
    (directory / "decoder.yml").write_text(yaml.safe_dump(decoder), encoding="utf-8")
    (directory / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n", encoding="utf-8")


def random_arrays(vocabulary_size: int) -> dict[str, Any]:
    """Weights under Marian's names, so that outputs have many tokens and lengths."""
    random = np.random.default_rng(_SEED)

    def noise(*shape: int) -> Any:
        return random.normal(size=shape).astype(np.float32)

    def dense(arrays: dict[str, Any], scope: str, suffix: str, rows: int, columns: int) -> None:
        arrays[f"{scope}_W{suffix}"] = noise(rows, columns) * np.float32(_GAIN / math.sqrt(rows))
        arrays[f"{scope}_b{suffix}"] = noise(1, columns) * np.float32(0.1)

    def norm(arrays: dict[str, Any], scope: str) -> None:
        arrays[f"{scope}_ln_scale"] = np.sign(noise(1, WIDTH))
        arrays[f"{scope}_ln_bias"] = noise(1, WIDTH) * np.float32(0.1)

    embeddings = noise(vocabulary_size, WIDTH)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    embeddings[0] *= _ENDING  # the longer the embedding of the end, the sooner outputs end
    arrays = {"Wemb": embeddings, "decoder_ff_logit_out_b": noise(1, vocabulary_size) * 0.1}
    arrays["decoder_ff_logit_out_b"] = arrays["decoder_ff_logit_out_b"].astype(np.float32)
    counts = {"encoder": ENCODER_LAYER_COUNT, "decoder": DECODER_LAYER_COUNT}
    for side, count in counts.items():
        for layer in range(1, count + 1):
            scope = f"{side}_l{layer}"
            for attention in ("self", "context")[: 1 + (side == "decoder")]:
                for part in "qkvo":
                    dense(arrays, f"{scope}_{attention}", part, WIDTH, WIDTH)
                norm(arrays, f"{scope}_{attention}_Wo")
            dense(arrays, f"{scope}_ffn", "1", WIDTH, INNER_WIDTH)
            dense(arrays, f"{scope}_ffn", "2", INNER_WIDTH, WIDTH)
            norm(arrays, f"{scope}_ffn_ffn")
    settings = yaml.safe_dump(_SETTINGS).encode() + b"\0"
    arrays["special:model.yml"] = np.frombuffer(settings, dtype=np.int8)
    return arrays

"""Small checkpoints with random weights, in the files and settings of each public family."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sentencepiece
import tokenizers
import torch
import transformers
from transformers.convert_slow_tokenizer import BarthezConverter, T5Converter
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES
from transformers.utils import sentencepiece_model_pb2_new

from tests.conversion.pieces import names, pieces

# What SentencePiece brings itself asks for a newer protobuf than the generated code of grpcio.
sentencepiece.sentencepiece_model_pb2 = sentencepiece_model_pb2_new
torch.set_num_threads(1)

WIDTH = 64
POSITION_COUNT = 160
_SHAPE = {
    "d_model": WIDTH,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 96,
    "decoder_ffn_dim": 96,
    "max_position_embeddings": POSITION_COUNT,
}
_T5_SHAPE = {
    "d_model": WIDTH,
    "d_kv": 16,
    "d_ff": 96,
    "num_layers": 2,
    "num_decoder_layers": 1,
    "num_heads": 4,
}


@dataclass(frozen=True)
class Noise:
    """What the random weights of a family are drawn with, so that its outputs differ.

    `ending` is how much longer the embedding of the end token is than the others.
    """

    seed: int = 1
    embedding: float = 2.0
    gain: float = 0.7
    ending: float = 2.5


@dataclass(frozen=True)
class Family:
    """How to write a checkpoint of a family, and how its own tokenizer is told the languages."""

    write: Callable[[Path, Noise], None]
    noise: Noise = Noise()
    source: str = ""
    target: str = ""
    prefix: str = ""
    tag: str = ""


def write_marian(directory: Path, noise: Noise, *, tags: tuple[str, ...] = ()) -> None:
    """OPUS-MT as on the hub: two SentencePiece files, one vocabulary, padding last."""
    source, target = pieces(english=False), pieces(arabic=False, vocab_size=400)
    vocabulary = {"</s>": 0, "<unk>": 1}
    for token in (*tags, *names(target), *names(source), "<pad>"):
        vocabulary.setdefault(token, len(vocabulary))
    size = len(vocabulary)
    config = transformers.MarianConfig(
        **_SHAPE,
        vocab_size=size,
        pad_token_id=size - 1,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=size - 1,
        forced_eos_token_id=0,
        scale_embedding=True,
        activation_function="swish",
        static_position_embeddings=True,
    )
    _save(transformers.MarianMTModel(config), directory, noise, end=0)
    _write_json(
        directory / "generation_config.json",
        {
            "num_beams": 6,
            "bad_words_ids": [[size - 1]],
            "decoder_start_token_id": size - 1,
            "eos_token_id": 0,
            "pad_token_id": size - 1,
        },
    )
    (directory / "source.spm").write_bytes(source)
    (directory / "target.spm").write_bytes(target)
    _write_json(directory / "vocab.json", vocabulary)
    _write_json(
        directory / "tokenizer_config.json",
        {"tokenizer_class": "MarianTokenizer", "source_lang": "ar", "target_lang": "en"},
    )
    _write_card(directory, "apache-2.0")


def write_m2m100(directory: Path, noise: Noise) -> None:
    """M2M100: a vocabulary of its own, which lacks some of the pieces."""
    model = pieces()
    known = ["<s>", "<pad>", "</s>", "<unk>", *names(model)[3:-20]]
    config = transformers.M2M100Config(
        **_SHAPE,
        vocab_size=len(known) + 108,
        scale_embedding=True,
        decoder_start_token_id=2,
    )
    _save(transformers.M2M100ForConditionalGeneration(config), directory, noise, end=2)
    (directory / "sentencepiece.bpe.model").write_bytes(model)
    _write_json(directory / "vocab.json", {token: number for number, token in enumerate(known)})
    _write_json(directory / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer"})
    _write_card(directory, "mit")


def write_nllb(directory: Path, noise: Noise) -> None:
    """NLLB: BPE pieces behind fairseq's specials, then 202 languages."""
    model = pieces(model_type="bpe")
    config = transformers.M2M100Config(
        **_SHAPE,
        vocab_size=len(names(model)) + 206,
        scale_embedding=True,
        decoder_start_token_id=2,
    )
    _save(transformers.M2M100ForConditionalGeneration(config), directory, noise, end=2)
    (directory / "sentencepiece.bpe.model").write_bytes(model)
    _write_json(
        directory / "tokenizer_config.json",
        {
            "tokenizer_class": "NllbTokenizer",
            "additional_special_tokens": list(FAIRSEQ_LANGUAGE_CODES),
        },
    )
    _write_nllb_tokenizer(directory)
    _write_card(directory, "cc-by-nc-4.0")


def write_mbart50(directory: Path, noise: Noise) -> None:
    """mBART-50: pieces behind fairseq's specials, then 52 languages and the mask."""
    model = pieces()
    config = transformers.MBartConfig(
        **_SHAPE,
        vocab_size=len(names(model)) + 54,
        scale_embedding=True,
        decoder_start_token_id=2,
    )
    _save(transformers.MBartForConditionalGeneration(config), directory, noise, end=2)
    (directory / "sentencepiece.bpe.model").write_bytes(model)
    _write_json(directory / "tokenizer_config.json", {"tokenizer_class": "MBart50Tokenizer"})
    _write_card(directory, "mit", pipeline_tag="translation")


def write_bart(directory: Path, noise: Noise) -> None:
    """AraBART: the layers of mBART, no languages, pieces numbered as SentencePiece does."""
    model = pieces(bos_id=0, pad_id=1, eos_id=2, unk_id=3)
    config = transformers.MBartConfig(
        **_SHAPE,
        vocab_size=len(names(model)) + 2,
        scale_embedding=False,
        decoder_start_token_id=2,
    )
    _save(
        transformers.MBartForConditionalGeneration(config),
        directory,
        noise,
        end=2,
        settings={"no_repeat_ngram_size": 3, "max_length": 60, "length_penalty": 0.8},
    )
    (directory / "sentencepiece.bpe.model").write_bytes(model)
    _write_json(directory / "tokenizer_config.json", {"tokenizer_class": "BarthezTokenizer"})
    tokenizer = _tokenizer(directory / "sentencepiece.bpe.model", BarthezConverter)
    tokenizer.save(str(directory / "tokenizer.json"))
    _write_card(directory, "apache-2.0", pipeline_tag="summarization")


def write_t5(directory: Path, noise: Noise) -> None:
    """T5 as first published: shared embeddings, sentinels behind the pieces, a prefix a task."""
    model = _t5_pieces()
    config = transformers.T5Config(
        **_T5_SHAPE, vocab_size=len(names(model)) + 128, decoder_start_token_id=0
    )
    task = {"prefix": "summarize: ", "num_beams": 3, "no_repeat_ngram_size": 3, "max_length": 90}
    weights = transformers.T5ForConditionalGeneration(config)
    _save_t5(weights, directory, noise, model, task_specific_params={"summarization": task})


def write_mt5(directory: Path, noise: Noise) -> None:
    """mT5: gated layers, and an output embedding of its own; the sentinels are pieces."""
    model = _t5_pieces(user_defined_symbols="▁<extra_id_1>,▁<extra_id_0>")
    config = transformers.MT5Config(
        **_T5_SHAPE,
        vocab_size=len(names(model)) + 12,
        feed_forward_proj="gated-gelu",
        decoder_start_token_id=0,
    )
    _save_t5(
        transformers.MT5ForConditionalGeneration(config), directory, noise, model, shared=False
    )
    tokenizer = _tokenizer(directory / "spiece.model", T5Converter)
    tokenizer.save(str(directory / "tokenizer.json"))


def write_madlad(directory: Path, noise: Noise) -> None:
    """MADLAD: a T5 whose pieces name the target language, and whose outputs begin with `<unk>`."""
    model = pieces(user_defined_symbols="<2en>,<2ar>")
    config = transformers.T5Config(
        **_T5_SHAPE,
        vocab_size=len(names(model)),
        feed_forward_proj="gated-gelu",
        decoder_start_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
    )
    weights = transformers.T5ForConditionalGeneration(config)
    _save_t5(weights, directory, noise, model, shared=False, end=2, pipeline_tag="translation")
    tokenizer = _tokenizer(directory / "spiece.model", T5Converter)
    tokenizer.save(str(directory / "tokenizer.json"))


def write_pegasus(directory: Path, noise: Noise) -> None:
    """Pegasus: 103 tokens of its training before the pieces."""
    model = pieces(pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    config = transformers.PegasusConfig(
        **_SHAPE,
        vocab_size=len(names(model)) + 103,
        scale_embedding=True,
        static_position_embeddings=True,
        decoder_start_token_id=0,
        eos_token_id=1,
        pad_token_id=0,
    )
    _save(transformers.PegasusForConditionalGeneration(config), directory, noise, end=1)
    (directory / "spiece.model").write_bytes(model)
    _write_json(directory / "tokenizer_config.json", {"tokenizer_class": "PegasusTokenizer"})
    _write_card(directory, "apache-2.0")


FAMILIES: Mapping[str, Family] = {
    "marian": Family(write_marian, Noise(ending=2.2)),
    "m2m100": Family(
        write_m2m100, Noise(2, embedding=1, gain=0.7, ending=1.7), source="ar", target="__en__"
    ),
    "nllb": Family(
        write_nllb,
        Noise(3, embedding=2, gain=1.2, ending=2.2),
        source="arb_Arab",
        target="eng_Latn",
    ),
    "mbart50": Family(
        write_mbart50, Noise(embedding=1, gain=1.2, ending=2.8), source="ar_AR", target="en_XX"
    ),
    "bart": Family(write_bart, Noise(2, embedding=4, gain=1.2, ending=1.7)),
    "t5": Family(write_t5, Noise(embedding=2, gain=1.2, ending=1.7), prefix="summarize: "),
    "mt5": Family(write_mt5),
    "madlad": Family(write_madlad, tag="<2en>"),
    "pegasus": Family(write_pegasus, Noise(3, embedding=1, gain=1.2, ending=1.7)),
}


def _t5_pieces(**options: str) -> bytes:
    return pieces(pad_id=0, eos_id=1, unk_id=2, bos_id=-1, **options)


def _save_t5(
    model: Any,
    directory: Path,
    noise: Noise,
    tokenizer: bytes,
    *,
    shared: bool = True,
    end: int = 1,
    pipeline_tag: str = "summarization",
    **settings: Any,
) -> None:
    settings = {"tie_word_embeddings": shared, **settings}
    _save(model, directory, noise, end=end, shared=shared, settings=settings)
    (directory / "spiece.model").write_bytes(tokenizer)
    _write_json(directory / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer"})
    _write_card(directory, "apache-2.0", pipeline_tag=pipeline_tag)


def _save(
    model: Any,
    directory: Path,
    noise: Noise,
    *,
    end: int,
    shared: bool = True,
    settings: Mapping[str, Any] | None = None,
) -> None:
    if not shared:
        model.lm_head.weight = torch.nn.Parameter(torch.empty_like(model.lm_head.weight))
    _scramble(model, noise, end=end)
    directory.mkdir(parents=True)
    model.save_pretrained(directory)
    # As it was published: with settings that newer releases keep elsewhere, or not at all.
    path = directory / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config.pop("scale_decoder_outputs", None)
    _write_json(path, {**config, **(settings or {})})


def _scramble(model: Any, noise: Noise, *, end: int) -> None:
    """Weights that give outputs of many tokens and lengths.

    Embeddings of one length keep a few tokens from winning always, the signs of the norms keep a
    token from being its own best successor, and the longer embedding of `end` ends outputs.
    """
    random = torch.Generator().manual_seed(noise.seed)
    output = model.lm_head.weight
    with torch.no_grad():
        for name, weights in model.named_parameters():
            values = torch.randn(weights.shape, generator=random)
            if weights is output or weights is model.get_input_embeddings().weight:
                weights.copy_(noise.embedding * values / values.norm(dim=1, keepdim=True))
                weights[end] *= noise.ending
            elif "layer_norm" in name or "layernorm" in name:
                weights.copy_(values.sign() if name.endswith("weight") else values * 0.1)
            elif name.endswith("bias"):
                weights.copy_(values * 0.1)
            else:
                gain = noise.gain * (3 if "embed_positions" in name else 1)
                weights.copy_(values * gain / math.sqrt(weights.shape[-1]))
        model.get_input_embeddings().weight[model.config.pad_token_id] = 0


def _tokenizer(path: Path, converter: Any) -> Any:
    """The `tokenizer.json` that stands beside the pieces of most checkpoints on the hub."""
    numbers = {token: number for number, token in enumerate(names(path.read_bytes()))}
    original = SimpleNamespace(
        vocab_file=str(path), convert_tokens_to_ids=numbers.__getitem__, _extra_ids=0
    )
    return converter(original).converted()


def _write_nllb_tokenizer(directory: Path) -> None:
    """The `tokenizer.json` of NLLB, which numbers the mask behind the languages."""
    tokenizer = transformers.NllbTokenizer.from_pretrained(directory)
    document = json.loads(tokenizer.backend_tokenizer.to_str())
    first = len(names((directory / "sentencepiece.bpe.model").read_bytes())) + 1
    order = [*FAIRSEQ_LANGUAGE_CODES, "<mask>"]
    for token in document["added_tokens"]:
        if token["content"] in order:
            token["id"] = first + order.index(token["content"])
    document["added_tokens"].sort(key=lambda token: token["id"])
    document["post_processor"] = None
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(document))
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="arb_Arab $A </s>",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("arb_Arab", "</s>")],
    )
    tokenizer.save(str(directory / "tokenizer.json"))


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _write_card(directory: Path, license: str, *, pipeline_tag: str = "") -> None:
    lines = [f"license: {license}", *([f"pipeline_tag: {pipeline_tag}"] if pipeline_tag else [])]
    text = "\n".join(["---", *lines, "---", "# A model", ""])
    (directory / "README.md").write_text(text, encoding="utf-8")

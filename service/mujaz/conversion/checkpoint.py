"""A checkpoint as it was published: which family it is of, and what its files say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from mujaz.errors import ConversionFailed


class CheckpointKind(StrEnum):
    """The families that can be converted, named for readers."""

    MARIAN_NATIVE = "OPUS-MT (Marian)"
    MARIAN = "MarianMT"
    M2M100 = "M2M100"
    NLLB = "NLLB"
    MBART = "mBART"
    MBART50 = "mBART-50"
    BART = "BART"
    T5 = "T5"
    MT5 = "mT5"
    PEGASUS = "Pegasus"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A directory, the family it is of, and its settings.

    `config` is `config.json` with `generation_config.json` over it, or Marian's `decoder.yml`.
    """

    directory: Path
    kind: CheckpointKind
    config: Mapping[str, Any]
    tokenizer_config: Mapping[str, Any]

    def path(self, *names: str) -> Path:
        """The first of these files that is there; raises ConversionFailed."""
        for name in names:
            path = self.directory / name
            if path.is_file():
                return path
        raise ConversionFailed(
            "A file of the checkpoint is missing; download the checkpoint again, whole.",
            directory=str(self.directory),
            missing=" or ".join(names),
        )


_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)


def read_checkpoint(directory: Path) -> Checkpoint:
    """Recognizes the checkpoint in `directory` by its files; raises ConversionFailed."""
    if not directory.is_dir():
        raise ConversionFailed(
            "There is no checkpoint directory at that path; correct it.", directory=str(directory)
        )
    if (directory / "decoder.yml").is_file():
        config = _read_yaml(directory / "decoder.yml")
        return Checkpoint(directory, CheckpointKind.MARIAN_NATIVE, config, {})
    if not (directory / "config.json").is_file():
        raise ConversionFailed(
            "The directory is no checkpoint: it has neither a decoder.yml (OPUS-MT) nor a "
            "config.json (Hugging Face); name the directory that holds one.",
            directory=str(directory),
        )
    config = read_json(directory / "config.json")
    tokenizer_config = _read_optional(directory / "tokenizer_config.json")
    kind = _kind(directory, config, tokenizer_config)
    generation = _read_optional(directory / "generation_config.json")
    merged = {**config, **{key: value for key, value in generation.items() if value is not None}}
    checkpoint = Checkpoint(directory, kind, merged, tokenizer_config)
    checkpoint.path(*_WEIGHTS)
    return checkpoint


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file of a checkpoint; raises ConversionFailed."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ConversionFailed(
            "A file of the checkpoint is not readable JSON; download it again.",
            file=str(path),
            cause=str(error),
        ) from error
    if not isinstance(value, dict):
        raise ConversionFailed(
            "A file of the checkpoint must hold a JSON object; download it again.", file=str(path)
        )
    return value


def _read_optional(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConversionFailed(
            "The decoder.yml of the checkpoint is not readable YAML; download it again.",
            file=str(path),
        ) from error
    if not isinstance(value, dict):
        raise ConversionFailed(
            "The decoder.yml of the checkpoint must hold settings; download it again.",
            file=str(path),
        )
    return value


def _kind(
    directory: Path, config: Mapping[str, Any], tokenizer_config: Mapping[str, Any]
) -> CheckpointKind:
    model_type = config.get("model_type")
    tokenizer = str(tokenizer_config.get("tokenizer_class") or config.get("tokenizer_class") or "")
    tokenizer = tokenizer.removesuffix("Fast")
    if model_type == "m2m_100":
        has_pieces = (directory / "vocab.json").is_file()
        is_nllb = tokenizer == "NllbTokenizer" or not has_pieces
        return CheckpointKind.NLLB if is_nllb else CheckpointKind.M2M100
    if model_type == "mbart":
        return _mbart_kind(config, tokenizer)
    kinds = {
        "marian": CheckpointKind.MARIAN,
        "bart": CheckpointKind.BART,
        "t5": CheckpointKind.T5,
        "mt5": CheckpointKind.MT5,
        "pegasus": CheckpointKind.PEGASUS,
    }
    if model_type in kinds:
        return kinds[model_type]
    raise ConversionFailed(
        f"Checkpoints of this type cannot be converted; supported are {', '.join(CheckpointKind)}.",
        model_type=str(model_type),
    )


def _mbart_kind(config: Mapping[str, Any], tokenizer: str) -> CheckpointKind:
    """AraBART and BARThez have the layers of mBART, and no languages."""
    by_tokenizer = {
        "MBart50Tokenizer": CheckpointKind.MBART50,
        "MBartTokenizer": CheckpointKind.MBART,
        "BarthezTokenizer": CheckpointKind.BART,
    }
    # The published mBART models, 25 languages and 50.
    by_size = {250_054: CheckpointKind.MBART50, 250_027: CheckpointKind.MBART}
    size = config.get("vocab_size")
    return by_tokenizer.get(tokenizer) or by_size.get(size or 0) or CheckpointKind.BART

"""Which files of a repository make up a checkpoint that can be converted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mujaz.conversion.repository import RemoteFile, Repository
from mujaz.errors import CheckpointNotFound

# Nothing with code in it, no weights of other frameworks, nothing in subdirectories.
_CONFIGURATION = frozenset(
    {
        "config.json",
        "generation_config.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "tokenizer.json",
        "vocab.json",
    }
)
_SENTENCEPIECE = frozenset(
    {
        "source.spm",
        "target.spm",
        "spiece.model",
        "sentencepiece.model",
        "sentencepiece.bpe.model",
    }
)
# In the order of preference. A pickle is read without running what it may hold, but a format that
# cannot hold code is better still.
_WEIGHTS = (
    r"model\.safetensors",
    r"model-\d{5}-of-\d{5}\.safetensors|model\.safetensors\.index\.json",
    r"pytorch_model\.bin",
    r"pytorch_model-\d{5}-of-\d{5}\.bin|pytorch_model\.bin\.index\.json",
)


def checkpoint_files(repository: Repository) -> tuple[RemoteFile, ...]:
    """What to download: configuration, tokenizer, and the weights in one format only.

    Raises CheckpointNotFound where the repository holds no checkpoint that can be converted.
    """
    names = {file.name for file in repository.files}
    _require("config.json" in names, repository, "a config.json")
    _require(bool(names & _SENTENCEPIECE), repository, "a SentencePiece model (.spm or .model)")
    weights = _weights(names)
    _require(bool(weights), repository, "weights as model.safetensors or pytorch_model.bin")
    wanted = _CONFIGURATION | _SENTENCEPIECE | weights
    return tuple(file for file in repository.files if file.name in wanted)


def holds_pickle(files: Iterable[RemoteFile]) -> bool:
    """Whether the weights come in PyTorch's pickle format."""
    return any(file.name.endswith(".bin") for file in files)


def _weights(names: set[str]) -> frozenset[str]:
    for pattern in _WEIGHTS:
        found = frozenset(name for name in names if re.fullmatch(pattern, name))
        if any(not name.endswith(".index.json") for name in found):
            return found
    return frozenset()


def _require(condition: bool, repository: Repository, what: str) -> None:
    if not condition:
        raise CheckpointNotFound(f"{repository.name} cannot be converted: it has no {what}")

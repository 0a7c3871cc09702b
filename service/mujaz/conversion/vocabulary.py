"""The tokens of a checkpoint in the order of its embeddings."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor

from mujaz.conversion.checkpoint import Checkpoint, CheckpointKind, read_json
from mujaz.errors import ConversionFailed

# The order in which fairseq numbers its special tokens, whatever the SentencePiece file says.
_FAIRSEQ_SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_SENTENCEPIECE_SPECIALS = ("<unk>", "<s>", "</s>")

_LANGUAGE_LISTS: Mapping[CheckpointKind, str] = {
    CheckpointKind.M2M100: "transformers.models.m2m_100.tokenization_m2m_100",
    CheckpointKind.NLLB: "transformers.models.nllb.tokenization_nllb",
    CheckpointKind.MBART: "transformers.models.mbart.tokenization_mbart",
    CheckpointKind.MBART50: "transformers.models.mbart50.tokenization_mbart50",
}


def open_pieces(path: Path) -> SentencePieceProcessor:
    """The SentencePiece model in a file of a checkpoint; raises ConversionFailed."""
    try:
        return SentencePieceProcessor(model_proto=path.read_bytes())
    except (OSError, RuntimeError) as error:
        raise ConversionFailed(
            "The SentencePiece file of the checkpoint cannot be opened; download it again.",
            file=str(path),
        ) from error


def read_vocabulary(checkpoint: Checkpoint, pieces: SentencePieceProcessor) -> tuple[str, ...]:
    """Every token of a Hugging Face checkpoint; the place of a token is the row of its weights.

    What the files of the checkpoint say holds: `tokenizer.json`, else the order its family gives
    the pieces, with added tokens on top. Rows nothing names are called `<unused_N>`. Raises
    ConversionFailed.
    """
    size = int(checkpoint.config.get("vocab_size") or 0)
    tokens = _numbered(checkpoint) or dict(enumerate(_ordered(checkpoint, pieces)))
    for number, token in _added(checkpoint).items():
        tokens.setdefault(number, token)
    if size < 1 or max(tokens) >= size or len(set(tokens.values())) != len(tokens):
        raise ConversionFailed(
            "The tokenizer and the weights of the checkpoint are not of the same model; "
            "download the checkpoint again, whole.",
            directory=str(checkpoint.directory),
            token_count=max(tokens) + 1,
            vocab_size=size,
        )
    return tuple(tokens.get(number, f"<unused_{number}>") for number in range(size))


def _numbered(checkpoint: Checkpoint) -> dict[int, str]:
    """The numbers `tokenizer.json` gives, none where there is no such file."""
    path = checkpoint.directory / "tokenizer.json"
    if not path.is_file() or checkpoint.kind in (CheckpointKind.MARIAN, CheckpointKind.M2M100):
        return {}
    document = read_json(path)
    try:
        vocabulary = document["model"]["vocab"]
        if isinstance(vocabulary, dict):
            tokens = {number: token for token, number in vocabulary.items()}
        else:
            tokens = {number: item[0] for number, item in enumerate(vocabulary)}
        tokens.update({item["id"]: item["content"] for item in document.get("added_tokens", ())})
    except (KeyError, IndexError, TypeError) as error:
        raise ConversionFailed(
            "The tokenizer.json of the checkpoint has no vocabulary; download it again.",
            file=str(path),
        ) from error
    return tokens


def _added(checkpoint: Checkpoint) -> dict[int, str]:
    tokens: dict[int, str] = {}
    path = checkpoint.directory / "added_tokens.json"
    if path.is_file():
        tokens.update({int(number): token for token, number in read_json(path).items()})
    decoder: Mapping[str, Any] = checkpoint.tokenizer_config.get("added_tokens_decoder") or {}
    tokens.update({int(number): str(token["content"]) for number, token in decoder.items()})
    return tokens


def _ordered(checkpoint: Checkpoint, processor: SentencePieceProcessor) -> list[str]:
    """The tokens in the order that the family of the checkpoint gives them."""
    pieces = processor.id_to_piece(list(range(processor.get_piece_size())))
    kind = checkpoint.kind
    if kind is CheckpointKind.MARIAN:
        return _counted(checkpoint)
    if kind is CheckpointKind.M2M100:
        codes = str(checkpoint.tokenizer_config.get("language_codes") or "m2m100")
        languages = [f"__{code}__" for code in _languages(kind)[codes]]
        return [*_counted(checkpoint), *languages]
    if kind in (CheckpointKind.NLLB, CheckpointKind.MBART, CheckpointKind.MBART50):
        return [*_fairseq(pieces), *_languages(kind), "<mask>"]
    if kind is CheckpointKind.BART:
        return [*_fairseq(pieces), "<mask>"]
    if kind is CheckpointKind.PEGASUS:
        return [*_pegasus_specials(checkpoint), *pieces[2:]]
    return [*pieces, *_sentinels(checkpoint, pieces)]


def _counted(checkpoint: Checkpoint) -> list[str]:
    """The tokens of a `vocab.json`, which numbers them from 0."""
    path = checkpoint.path("vocab.json")
    numbers = read_json(path)
    if sorted(numbers.values()) != list(range(len(numbers))):
        raise ConversionFailed(
            "The vocab.json of the checkpoint leaves numbers out; download it again.",
            file=str(path),
        )
    return sorted(numbers, key=numbers.__getitem__)


def _fairseq(pieces: list[str]) -> Iterable[str]:
    if tuple(pieces[: len(_SENTENCEPIECE_SPECIALS)]) != _SENTENCEPIECE_SPECIALS:
        return pieces
    return [*_FAIRSEQ_SPECIALS, *pieces[len(_SENTENCEPIECE_SPECIALS) :]]


def _languages(kind: CheckpointKind) -> Any:
    # These lists are part of the models and nowhere in the files of some checkpoints.
    return importlib.import_module(_LANGUAGE_LISTS[kind]).FAIRSEQ_LANGUAGE_CODES


def _pegasus_specials(checkpoint: Checkpoint) -> list[str]:
    offset = int(checkpoint.tokenizer_config.get("offset", 103))
    masks = ["<mask_1>", "<mask_2>", *(f"<unk_{number}>" for number in range(2, offset))]
    return ["<pad>", "</s>", *masks[:offset]]


def _sentinels(checkpoint: Checkpoint, pieces: list[str]) -> list[str]:
    """T5 numbers its sentinels downwards, behind the pieces; in later files they are pieces."""
    default = 100 if checkpoint.kind is CheckpointKind.T5 else 0
    count = int(checkpoint.tokenizer_config.get("extra_ids", default))
    count = min(count, int(checkpoint.config.get("vocab_size") or 0) - len(pieces))
    known = frozenset(pieces)
    sentinels = [f"<extra_id_{number}>" for number in range(count - 1, -1, -1)]
    return [token for token in sentinels if token not in known]

"""How a family of models writes its sequences: tokenizer files, affixes, start token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor

from mujaz.conversion.checkpoint import Checkpoint, CheckpointKind
from mujaz.conversion.language_codes import is_target_tag, language_token, target_tag
from mujaz.conversion.request import ConversionRequest
from mujaz.conversion.vocabulary import open_pieces, read_vocabulary
from mujaz.engine.manifest import ModelTask, TokenizerScheme
from mujaz.errors import ConversionFailed, FieldInvalid

END_TOKEN = "</s>"
_PIECE_FILES = ("sentencepiece.bpe.model", "spiece.model", "sentencepiece.model")
_SCHEMES = {
    CheckpointKind.MARIAN_NATIVE: TokenizerScheme.MARIAN,
    CheckpointKind.MARIAN: TokenizerScheme.MARIAN,
    CheckpointKind.M2M100: TokenizerScheme.M2M100,
    CheckpointKind.NLLB: TokenizerScheme.NLLB,
    CheckpointKind.MBART: TokenizerScheme.MBART,
    CheckpointKind.MBART50: TokenizerScheme.MBART,
    CheckpointKind.BART: TokenizerScheme.BART,
    CheckpointKind.T5: TokenizerScheme.T5,
    CheckpointKind.MT5: TokenizerScheme.T5,
    CheckpointKind.PEGASUS: TokenizerScheme.PEGASUS,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around the pieces of a sequence, and the vocabulary of the weights.

    `start_token` begins every output, before the `target_prefix`.
    """

    scheme: TokenizerScheme
    source_pieces: Path
    target_pieces: Path
    vocabulary: tuple[str, ...]
    source_prefix: tuple[str, ...]
    source_suffix: tuple[str, ...]
    target_prefix: tuple[str, ...]
    start_token: str


def layout_of(
    checkpoint: Checkpoint,
    request: ConversionRequest,
    *,
    task: ModelTask,
    native_vocabulary: tuple[str, ...] = (),
) -> Layout:
    """The layout of a checkpoint for the languages of `request`.

    Marian's own checkpoints come with their vocabulary read. Raises ConversionFailed, and
    FieldInvalid for a language that the model does not know.
    """
    if checkpoint.kind in (CheckpointKind.MARIAN_NATIVE, CheckpointKind.MARIAN):
        source, target = checkpoint.path("source.spm"), checkpoint.path("target.spm")
    else:
        source = target = _pieces_file(checkpoint)
    pieces = open_pieces(source)
    vocabulary = native_vocabulary or read_vocabulary(checkpoint, pieces)
    _check_end_token(checkpoint, vocabulary)
    affixes = _Affixes(checkpoint, request, task, pieces, vocabulary)
    prefix, suffix = affixes.source()
    return Layout(
        scheme=_SCHEMES[checkpoint.kind],
        source_pieces=source,
        target_pieces=target,
        vocabulary=vocabulary,
        source_prefix=prefix,
        source_suffix=suffix,
        target_prefix=affixes.target(),
        start_token=affixes.start(),
    )


@dataclass(frozen=True, slots=True)
class _Affixes:
    checkpoint: Checkpoint
    request: ConversionRequest
    task: ModelTask
    pieces: SentencePieceProcessor
    vocabulary: Sequence[str]

    def source(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What stands before and after the pieces of a source."""
        instruction = self._instruction()
        match self.checkpoint.kind:
            case CheckpointKind.MARIAN_NATIVE:
                return instruction, ()  # CTranslate2 adds the end itself
            case CheckpointKind.NLLB if self.checkpoint.tokenizer_config.get("legacy_behaviour"):
                return instruction, (END_TOKEN, self._language("source_language"))
            case CheckpointKind.M2M100 | CheckpointKind.NLLB | CheckpointKind.MBART50:
                return (self._language("source_language"), *instruction), (END_TOKEN,)
            case CheckpointKind.MBART:
                return instruction, (END_TOKEN, self._language("source_language"))
            case CheckpointKind.BART:
                return ("<s>", *instruction), (END_TOKEN,)
        return instruction, (END_TOKEN,)

    def target(self) -> tuple[str, ...]:
        """What every output is forced to begin with, after the start token."""
        kind = self.checkpoint.kind
        if kind in (CheckpointKind.M2M100, CheckpointKind.NLLB, CheckpointKind.MBART50):
            return (self._language("target_language"),)
        forced = self.checkpoint.config.get("forced_bos_token_id")
        if forced is None or kind in (CheckpointKind.MARIAN_NATIVE, CheckpointKind.MBART):
            return ()
        return (self._token(forced, "forced_bos_token_id"),)

    def start(self) -> str:
        """The token the decoder reads first."""
        if self.checkpoint.kind is CheckpointKind.MBART:
            return self._language("target_language")
        if self.checkpoint.kind in (CheckpointKind.MARIAN_NATIVE, CheckpointKind.MARIAN):
            return END_TOKEN  # any: Marian begins with a zero embedding
        start = self.checkpoint.config.get("decoder_start_token_id")
        if start is None:
            is_padded = _SCHEMES[self.checkpoint.kind] in (
                TokenizerScheme.T5,
                TokenizerScheme.PEGASUS,
            )
            return "<pad>" if is_padded else END_TOKEN
        return self._token(start, "decoder_start_token_id")

    def _token(self, number: Any, setting: str) -> str:
        if not isinstance(number, int) or not 0 <= number < len(self.vocabulary):
            raise ConversionFailed(
                f"The {setting} of the checkpoint is no token of it; correct its config.json.",
                value=str(number),
            )
        return self.vocabulary[number]

    def _language(self, field: str) -> str:
        code = str(getattr(self.request, field))
        token = language_token(code, self.vocabulary)
        if token is None:
            raise FieldInvalid(
                f"the checkpoint does not know the language {code}; name another", field=field
            )
        return token

    def _instruction(self) -> tuple[str, ...]:
        """The tokens that tell the model what to do with the text after them."""
        if self.request.prefix is not None:
            return self._encoded(self.request.prefix)
        if self.checkpoint.kind in (CheckpointKind.T5, CheckpointKind.MT5):
            return self._encoded(self._stated_prefix())
        return self._target_tag()

    def _target_tag(self) -> tuple[str, ...]:
        tags = [token for token in self.vocabulary if is_target_tag(token)]
        if not tags:
            return ()
        tag = target_tag(self.request.target_language, tags)
        if tag is None:
            raise FieldInvalid(
                f"the checkpoint has no tag for the language {self.request.target_language}; "
                f"its tags are {' '.join(tags[:20])}; name one with --prefix",
                field="target_language",
            )
        return (tag,)

    def _stated_prefix(self) -> str:
        tag = target_tag(self.request.target_language, self.vocabulary)
        if tag is not None and self.task is ModelTask.TRANSLATION:
            return f"{tag} "
        settings = self.checkpoint.config.get("task_specific_params") or {}
        stated = settings.get(self.task.value) or {}
        return str(stated.get("prefix") or "")

    def _encoded(self, prefix: str) -> tuple[str, ...]:
        if is_target_tag(prefix.strip()) and prefix.strip() in self.vocabulary:
            return (prefix.strip(),)
        probe: list[str] = self.pieces.encode("a", out_type=str)
        # A prefix is a word of its own, so that the pieces of the text do not depend on it.
        tokens: list[str] = self.pieces.encode(f"{prefix.strip()} a", out_type=str)
        return tuple(tokens[: -len(probe)]) if prefix.strip() else ()


def _pieces_file(checkpoint: Checkpoint) -> Path:
    if not any((checkpoint.directory / name).is_file() for name in _PIECE_FILES):
        raise ConversionFailed(
            "The checkpoint has no SentencePiece file, and other tokenizers (such as the "
            "byte-level BPE of English BART) are not supported; choose another checkpoint.",
            directory=str(checkpoint.directory),
            missing=" or ".join(_PIECE_FILES),
        )
    return checkpoint.path(*_PIECE_FILES)


def _check_end_token(checkpoint: Checkpoint, vocabulary: Sequence[str]) -> None:
    if END_TOKEN not in vocabulary:
        raise ConversionFailed(
            f"The vocabulary of the checkpoint has no {END_TOKEN}; choose another checkpoint.",
            directory=str(checkpoint.directory),
        )

"""The SentencePiece model of a run, and text as the ids the network reads."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import sentencepiece

from .experiment import RecipeError, TokenizerChoices

PAD, UNKNOWN, START, END = 0, 1, 2, 3
TASK_PIECES = ("<2en>", "<2ar>", "<sum>")
"""Pieces that may open a source, for a model of several tasks."""

_SAMPLE_SENTENCES = 800_000
_LONGEST_SENTENCE_BYTES = 8000


def train_tokenizer(texts: Iterable[str], piece_count: int, *, thread_count: int = 2) -> bytes:
    """A serialized unigram model (Kudo 2018) of both languages, digits apart, bytes as a fallback.

    Texts come in normalized, so the model changes nothing itself. Raises RecipeError where the
    text is too little for `piece_count`.
    """
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=model,
            vocab_size=piece_count,
            model_type="unigram",
            character_coverage=0.9998,
            byte_fallback=True,
            split_digits=True,
            pad_id=PAD,
            unk_id=UNKNOWN,
            bos_id=START,
            eos_id=END,
            user_defined_symbols=list(TASK_PIECES),
            normalization_rule_name="identity",
            input_sentence_size=_SAMPLE_SENTENCES,
            shuffle_input_sentence=True,
            max_sentence_length=_LONGEST_SENTENCE_BYTES,
            num_threads=thread_count,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise RecipeError(
            f"SentencePiece cannot make {piece_count} pieces of this text; lower piece_count or "
            f"add text. It says: {error}"
        ) from error
    return model.getvalue()


def open_tokenizer(model: bytes) -> sentencepiece.SentencePieceProcessor:
    """A processor whose special ids are those the network is trained with; raises RecipeError."""
    try:
        processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    except RuntimeError as error:
        raise RecipeError("The SentencePiece model cannot be read; train it again.") from error
    ids = (processor.pad_id(), processor.unk_id(), processor.bos_id(), processor.eos_id())
    if ids != (PAD, UNKNOWN, START, END):
        raise RecipeError(
            f"The SentencePiece model numbers pad, unk, bos and eos {ids}, not "
            f"{(PAD, UNKNOWN, START, END)}; take one that the tokenizer step trained."
        )
    return processor


def encode_sources(
    processor: sentencepiece.SentencePieceProcessor,
    texts: Sequence[str],
    choices: TokenizerChoices,
) -> list[list[int]]:
    """Ids of each source, its prefix first, cut to the longest where the experiment says so.

    Raises RecipeError where the SentencePiece model lacks a piece of the prefix.
    """
    prefix = [processor.piece_to_id(piece) for piece in choices.source_prefix]
    if UNKNOWN in prefix:
        raise RecipeError(
            f"The SentencePiece model lacks one of {', '.join(choices.source_prefix)}; choose "
            f"source_prefix from {', '.join(TASK_PIECES)}."
        )
    room = choices.maximum_source_pieces - len(prefix) if choices.cut_source else None
    return [prefix + ids[:room] for ids in processor.encode(list(texts))]

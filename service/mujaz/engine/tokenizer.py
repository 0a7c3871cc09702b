"""SentencePiece, and the special tokens each family of models puts around the pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from mujaz.engine.manifest import TokenizerScheme, TokenizerSettings
from mujaz.errors import ModelDamaged

# Never text, whatever the SentencePiece file calls them: the fairseq families keep them outside it.
_SPECIAL_TOKENS = frozenset({"<s>", "</s>", "<pad>", "<unk>"})
# What fills a gap in T5's training; in the files of mT5 it is a piece like any other.
_SENTINEL = re.compile(r"▁?<extra_id_\d+>")
_TARGET_TAG = re.compile(r">>.+<<")


class Tokenizer:
    """Turns text into the tokens a model reads, and a model's tokens into text."""

    __slots__ = ("_settings", "_source", "_source_specials", "_target", "_target_specials")

    def __init__(self, directory: Path, settings: TokenizerSettings) -> None:
        self._settings = settings
        self._source, self._source_specials = _open(directory / settings.source_file)
        if settings.target_file == settings.source_file:
            self._target, self._target_specials = self._source, self._source_specials
        else:
            self._target, self._target_specials = _open(directory / settings.target_file)

    def encode(self, text: str) -> tuple[str, ...]:
        """The tokens of `text` between the prefix and the suffix; none for an empty text.

        A control token spelled out in the text is text: it is encoded character by character, so
        that no caller can steer the model with it.
        """
        pieces: list[str] = self._source.encode(text, out_type=str)
        if not self._source_specials.isdisjoint(pieces):
            pieces = [
                token
                for piece in pieces
                for token in (self._spelled(piece) if piece in self._source_specials else (piece,))
            ]
        if not pieces:
            return ()
        return (*self._settings.source_prefix, *pieces, *self._settings.source_suffix)

    def count(self, text: str) -> int:
        """How many tokens `encode` gives."""
        return len(self.encode(text))

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of a whole output; special tokens are not part of it."""
        text = str(self._target.decode([token for token in tokens if self._is_text(token)]))
        # SentencePiece gives a piece it does not know as it stands.
        return text.replace("▁", " ").strip()

    def _is_text(self, token: str) -> bool:
        """Whether a token of an output is a piece, and no language, sentinel or spare row."""
        if token in self._target_specials:
            return False
        if self._settings.scheme is TokenizerScheme.MARIAN:
            # One vocabulary for both sides: the target file does not know all that is text.
            return not _TARGET_TAG.fullmatch(token)
        is_known = self._target.piece_to_id(token) != self._target.unk_id()
        return is_known and not _SENTINEL.fullmatch(token)

    def _spelled(self, piece: str) -> list[str]:
        unknown = self._source.unk_id()
        tokens: list[str] = []
        for character in piece:
            octets = [f"<0x{octet:02X}>" for octet in character.encode()]
            if self._source.piece_to_id(character) != unknown:
                tokens.append(character)
            elif all(self._source.piece_to_id(octet) != unknown for octet in octets):
                tokens.extend(octets)
            else:
                tokens.append(character)
        return tokens


def _open(path: Path) -> tuple[SentencePieceProcessor, frozenset[str]]:
    try:
        model = path.read_bytes()
        processor = SentencePieceProcessor(model_proto=model)
    except (OSError, RuntimeError) as error:
        raise ModelDamaged(
            "The tokenizer of the model cannot be opened; restore or convert the model.",
            file=str(path),
        ) from error
    return processor, _SPECIAL_TOKENS | _special_pieces(processor, model)


def _special_pieces(processor: SentencePieceProcessor, model: bytes) -> frozenset[str]:
    """The control pieces and the user-defined symbols of more than one character.

    User-defined symbols are matched inside any text. The Python API does not tell them from other
    pieces of score 0, so the type is looked up in the serialized entry, where it follows the
    piece and its score (sentencepiece_model.proto: score = 2, type = 3, USER_DEFINED = 4).
    """
    ids = list(range(processor.get_piece_size()))
    pieces, scores = processor.id_to_piece(ids), processor.get_score(ids)
    controls = {pieces[i] for i in ids if processor.is_control(i)}
    user_defined = {
        piece
        for piece, score in zip(pieces, scores, strict=True)
        if score == 0
        and len(piece) > 1
        and piece.encode() + b"\x15\x00\x00\x00\x00\x18\x04" in model
    }
    return frozenset(controls | user_defined)

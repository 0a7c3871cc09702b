"""Turns pairs of text into packed ids."""

from __future__ import annotations

from collections.abc import Sequence

import sentencepiece

from .experiment import TokenizerChoices
from .packed_pairs import PackedPairs, pack
from .prepared_folder import GroupedPairs
from .tokenization import encode_sources

_RATIO_LIMIT = 4
_RATIO_SLACK = 8


def pack_pairs(
    processor: sentencepiece.SentencePieceProcessor,
    grouped: GroupedPairs,
    choices: TokenizerChoices,
    shares: Sequence[tuple[str, float]],
) -> PackedPairs:
    """The pairs whose sides are neither empty nor too long; in translation, of like length too."""
    sources = encode_sources(processor, [pair.source for pair in grouped.pairs], choices)
    targets: list[list[int]] = processor.encode([pair.target for pair in grouped.pairs])
    kept = [
        number
        for number, (source, target) in enumerate(zip(sources, targets, strict=True))
        if _fits(source, target, choices)
    ]
    return pack(
        [sources[number] for number in kept],
        [targets[number] for number in kept],
        [grouped.groups[number] for number in kept],
        shares=shares,
        vocabulary_size=processor.get_piece_size(),
    )


def _fits(source: Sequence[int], target: Sequence[int], choices: TokenizerChoices) -> bool:
    if not 0 < len(source) <= choices.maximum_source_pieces:
        return False
    if not 0 < len(target) <= choices.maximum_target_pieces:
        return False
    if len(target) > _RATIO_LIMIT * len(source) + _RATIO_SLACK:
        return False
    return choices.cut_source or len(source) <= _RATIO_LIMIT * len(target) + _RATIO_SLACK

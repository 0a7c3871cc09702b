"""Which source sentences make the points of a brief."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mujaz.domain.stems import content_stems

# Maximal marginal relevance (Carbonell and Goldstein, 1998): what a chosen sentence says already,
# and what stands right beside one, counts less. Tuned by `benchmarks/brief_extractive.py`.
_RELEVANCE_SHARE = 0.8
_NEIGHBOR_REDUNDANCY = 0.3
_DUPLICATE_SIMILARITY = 0.6
# A brief is shorter than its article.
_SENTENCES_PER_POINT = 2


def select_points(scores: Sequence[float], sentences: Sequence[str], count: int) -> tuple[int, ...]:
    """Positions of the sentences to take as points, most important first.

    At most `count`, and at most one for every two sentences, but one where there is any. Sentences
    that say nearly the same are taken once.
    """
    limit = min(count, max(1, len(sentences) // _SENTENCES_PER_POINT))
    relevance = _scaled(scores)
    stems = [frozenset(content_stems(sentence)) for sentence in sentences]
    redundancy = [0.0] * len(sentences)
    candidates = set(range(len(sentences)))
    chosen: list[int] = []
    while candidates and len(chosen) < limit:
        best = max(
            candidates,
            key=lambda index: (
                _RELEVANCE_SHARE * relevance[index] - (1 - _RELEVANCE_SHARE) * redundancy[index],
                -index,
            ),
        )
        chosen.append(best)
        candidates.discard(best)
        for index in tuple(candidates):
            similarity = cosine(stems[best], stems[index])
            if similarity >= _DUPLICATE_SIMILARITY:
                candidates.discard(index)
            beside = _NEIGHBOR_REDUNDANCY if abs(index - best) == 1 else 0.0
            redundancy[index] = max(redundancy[index], similarity + beside)
    return tuple(chosen)


def cosine(left: frozenset[str], right: frozenset[str]) -> float:
    """The similarity of two sets of stems, from 0 to 1."""
    if not left or not right:
        return 0.0
    return len(left & right) / math.sqrt(len(left) * len(right))


def _scaled(scores: Sequence[float]) -> list[float]:
    """Scores moved to the range from 0 to 1."""
    if not scores:
        return []
    lowest, highest = min(scores), max(scores)
    width = (highest - lowest) or 1.0
    return [(score - lowest) / width for score in scores]

"""Which source sentences make the points of a brief."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mujaz.domain.stems import content_stems

# Maximal marginal relevance (Carbonell and Goldstein, 1998): what a chosen sentence says already,
# and what stands right beside one, counts less. Chosen on the same data as the weights of salience.
_RELEVANCE_SHARE = 0.85
_NEIGHBOR_REDUNDANCY = 0.23
_DUPLICATE_SIMILARITY = 0.5
# A text is said already where so much of it stands in another, if it is more than a phrase.
_CONTAINED_SHARE = 0.65
_PHRASE_STEMS = 4
# A brief is shorter than its article.
_SENTENCES_PER_POINT = 2


def point_limit(sentence_count: int, point_count: int) -> int:
    """How many points an article of so many sentences gives when `point_count` are asked for.

    At most one for every two sentences, but one where there is any.
    """
    if sentence_count == 0:
        return 0
    return min(point_count, max(1, sentence_count // _SENTENCES_PER_POINT))


def select_points(
    scores: Sequence[float], texts: Sequence[str], limit: int, *, taken: Sequence[str] = ()
) -> tuple[int, ...]:
    """Positions of at most `limit` of `texts` to take as points, most important first.

    `texts` stand in source order. Of those that say nearly the same, and nearly the same as one of
    `taken`, only one is taken.
    """
    relevance = _scaled(scores)
    stems = [frozenset(content_stems(text)) for text in texts]
    redundancy = [0.0] * len(texts)
    candidates = set(range(len(texts)))

    def leave(chosen: frozenset[str], position: int | None) -> None:
        """Drop the candidates that repeat `chosen` and hold its likeness against the others."""
        for index in tuple(candidates):
            similarity = cosine(chosen, stems[index])
            if is_duplicate(chosen, stems[index]):
                candidates.discard(index)
            is_beside = position is not None and abs(index - position) == 1
            beside = _NEIGHBOR_REDUNDANCY if is_beside else 0.0
            redundancy[index] = max(redundancy[index], similarity + beside)

    for text in taken:
        leave(frozenset(content_stems(text)), None)
    selected: list[int] = []
    while candidates and len(selected) < limit:
        best = max(
            candidates,
            key=lambda index: (
                _RELEVANCE_SHARE * relevance[index] - (1 - _RELEVANCE_SHARE) * redundancy[index],
                -index,
            ),
        )
        selected.append(best)
        candidates.discard(best)
        leave(stems[best], best)
    return tuple(selected)


def is_duplicate(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two sets of stems say nearly the same, or one says little but what the other does."""
    if cosine(left, right) >= _DUPLICATE_SIMILARITY:
        return True
    smaller = min(len(left), len(right))
    return smaller > _PHRASE_STEMS and len(left & right) >= _CONTAINED_SHARE * smaller


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

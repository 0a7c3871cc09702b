"""Which pairs a round of training sees: each group by its share of the target tokens."""

from __future__ import annotations

import numpy as np

from .packed_pairs import Array, PackedPairs


class Mixture:
    """Draws rounds of pairs. A round depends on its number and the seed only, so a run that was
    stopped goes on with the round it would have seen.

    Within a group every pair is drawn once before any is drawn again.
    """

    __slots__ = ("_members", "_pair_rates", "_seed")

    def __init__(self, pairs: PackedPairs, *, round_target_tokens: int, seed: int) -> None:
        self._seed = seed
        self._members = [
            np.flatnonzero(pairs.group == number) for number in range(len(pairs.shares))
        ]
        total = sum(
            share
            for share, members in zip(pairs.shares, self._members, strict=True)
            if len(members)
        )
        lengths = pairs.target_lengths
        self._pair_rates = [
            round_target_tokens * share / total / float(lengths[members].mean())
            if len(members)
            else 0.0
            for share, members in zip(pairs.shares, self._members, strict=True)
        ]

    def round(self, number: int) -> Array:
        """The indices of the pairs of round `number`, from 0."""
        parts = [
            self._draw(group, int(number * rate), int((number + 1) * rate))
            for group, rate in enumerate(self._pair_rates)
        ]
        return np.concatenate(parts)

    def passes(self, round_count: int) -> list[float]:
        """How often each group has been gone through after so many rounds."""
        return [
            round_count * rate / max(1, len(members))
            for rate, members in zip(self._pair_rates, self._members, strict=True)
        ]

    def _draw(self, group: int, start: int, end: int) -> Array:
        """Members `start` to `end` of the endless row of shuffled copies of a group."""
        members = self._members[group]
        parts: list[Array] = [members[:0]]
        while start < end:
            copy, offset = divmod(start, len(members))
            shuffled = np.random.default_rng((self._seed, group, copy)).permutation(members)
            part = shuffled[offset : offset + end - start]
            parts.append(part)
            start += len(part)
        return np.concatenate(parts)

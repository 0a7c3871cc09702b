from __future__ import annotations

import numpy as np
import pytest

from mujaz_training.mixture import Mixture
from mujaz_training.packed_pairs import PackedPairs, pack


def packed(sizes: list[int], shares: list[float], length: int = 10) -> PackedPairs:
    groups = [number for number, size in enumerate(sizes) for _ in range(size)]
    rows = [[5] * length for _ in groups]
    names = [(f"group {number}", share) for number, share in enumerate(shares)]
    return pack(rows, rows, groups, shares=names, vocabulary_size=10)


def test_each_group_gets_its_share_of_the_target_tokens() -> None:
    pairs = packed([50, 400, 30], [0.6, 0.3, 0.1])
    indices = Mixture(pairs, round_target_tokens=10_000, seed=1).round(4)
    shares = np.bincount(pairs.group[indices]) / len(indices)
    assert shares == pytest.approx([0.6, 0.3, 0.1], abs=0.01)


def test_every_pair_is_drawn_once_before_any_is_drawn_again() -> None:
    pairs = packed([40, 60], [0.5, 0.5])
    mixture = Mixture(pairs, round_target_tokens=200, seed=1)
    drawn = np.concatenate([mixture.round(number) for number in range(12)])
    counts = np.bincount(drawn, minlength=100)
    assert np.ptp(counts[:40]) <= 1
    assert np.ptp(counts[40:]) <= 1
    assert mixture.passes(12) == pytest.approx([3.0, 2.0])


def test_a_round_depends_on_its_number_only() -> None:
    pairs = packed([40, 60], [0.5, 0.5])
    one, other = (Mixture(pairs, round_target_tokens=300, seed=1) for _ in range(2))
    for number in range(3):
        one.round(number)
    assert one.round(3).tolist() == other.round(3).tolist()


def test_an_empty_group_leaves_its_share_to_the_others() -> None:
    pairs = packed([40, 0], [0.5, 0.5])
    assert len(Mixture(pairs, round_target_tokens=300, seed=1).round(0)) == 30

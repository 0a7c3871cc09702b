"""All pairs of a run as token ids in flat arrays, the form that training reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .experiment import RecipeError

Array = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class PackedPairs:
    """Pair `i` is `source[source_offsets[i]:source_offsets[i + 1]]`, and its target likewise.

    `group` has the number of each pair's group; `shares` is indexed by that number. Ids are
    uint16, offsets int64, neither prefix nor end token of the target is stored.
    """

    source: Array
    target: Array
    source_offsets: Array
    target_offsets: Array
    group: Array
    group_names: tuple[str, ...]
    shares: tuple[float, ...]
    vocabulary_size: int

    def __len__(self) -> int:
        return len(self.group)

    @property
    def source_lengths(self) -> Array:
        """Source tokens of each pair."""
        return np.diff(self.source_offsets)

    @property
    def target_lengths(self) -> Array:
        """Target tokens of each pair."""
        return np.diff(self.target_offsets)


def pack(
    sources: Sequence[Sequence[int]],
    targets: Sequence[Sequence[int]],
    group: Sequence[int],
    *,
    shares: Sequence[tuple[str, float]],
    vocabulary_size: int,
) -> PackedPairs:
    """Lists of ids as flat arrays; `shares` has the name and the share of each group."""
    return PackedPairs(
        source=_flat(sources),
        target=_flat(targets),
        source_offsets=_offsets(sources),
        target_offsets=_offsets(targets),
        group=np.array(group, np.uint8),
        group_names=tuple(name for name, _ in shares),
        shares=tuple(share for _, share in shares),
        vocabulary_size=vocabulary_size,
    )


def save_packed(path: Path, pairs: PackedPairs) -> None:
    """Writes an `.npz` file that `load_packed` reads."""
    meta = {
        "group_names": pairs.group_names,
        "shares": pairs.shares,
        "vocabulary_size": pairs.vocabulary_size,
    }
    np.savez(
        path,
        source=pairs.source,
        target=pairs.target,
        source_offsets=pairs.source_offsets,
        target_offsets=pairs.target_offsets,
        group=pairs.group,
        meta=np.array(json.dumps(meta)),
    )


def load_packed(path: Path) -> PackedPairs:
    """Reads what `save_packed` wrote; raises RecipeError."""
    try:
        with np.load(path) as arrays:
            meta = json.loads(str(arrays["meta"]))
            return PackedPairs(
                source=arrays["source"],
                target=arrays["target"],
                source_offsets=arrays["source_offsets"],
                target_offsets=arrays["target_offsets"],
                group=arrays["group"],
                group_names=tuple(meta["group_names"]),
                shares=tuple(meta["shares"]),
                vocabulary_size=meta["vocabulary_size"],
            )
    except (OSError, ValueError, KeyError) as error:
        raise RecipeError(f"{path} holds no packed pairs; run tokenizer.py first.") from error


def _flat(rows: Sequence[Sequence[int]]) -> Array:
    return np.fromiter((token for row in rows for token in row), np.uint16)


def _offsets(rows: Sequence[Sequence[int]]) -> Array:
    return np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)

"""Chooses what is computed together: a pure function over what waits.

Who is first in the order of fair queueing (`flow.py`) anchors the batch; sequences of like length
fill it up, since padding costs as much as text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Final, Generic, TypeVar

# How much virtual time a token costs: bulk work gets one token in nine while both wait.
_COST: Final = {1: 1.0, 2: 8.0}


class Priority(IntEnum):
    """Which work goes first; named as in the contract."""

    INTERACTIVE = 1
    BULK = 2

    @property
    def cost(self) -> float:
        """The virtual time that a token costs."""
        return _COST[self]


@dataclass(slots=True, eq=False)
class QueueEntry:
    """One sequence that waits. `deadline` is an instant of the scheduler's clock."""

    token_count: int
    deadline: float | None = None


Entry = TypeVar("Entry", bound=QueueEntry)


@dataclass(frozen=True, slots=True)
class BatchChoice(Generic[Entry]):
    """What to compute now, anchor first, and what to drop because its deadline has passed."""

    batch: Sequence[Entry]
    late: Sequence[Entry]


def choose_batch(
    anchor: Entry, kind: Collection[Entry], *, token_budget: int, now: float
) -> BatchChoice[Entry]:
    """The batch around `anchor`, from its `kind`: the entries that may share a batch with it.

    The padded cost, longest sequence × number of sequences, stays within `token_budget` tokens
    unless the anchor alone is longer. The late of the kind are dropped; where the anchor is among
    them the batch is empty.
    """
    late = [entry for entry in kind if entry.deadline is not None and entry.deadline <= now]
    alive = list(set(kind).difference(late)) if late else list(kind)
    if late and anchor not in alive:
        return BatchChoice((), late)
    return BatchChoice(_fill(anchor, alive, token_budget), late)


def _fill(anchor: Entry, entries: list[Entry], token_budget: int) -> list[Entry]:
    """The anchor and its nearest in length, as many as the budget holds."""
    entries.sort(key=attrgetter("token_count"))
    low = bisect_left(entries, anchor.token_count, key=attrgetter("token_count"))
    low = entries.index(anchor, low)
    high = low + 1
    while True:
        count = high - low + 1
        shorter = entries[low - 1].token_count if low > 0 else None
        longer = entries[high].token_count if high < len(entries) else None
        if shorter is not None and entries[high - 1].token_count * count > token_budget:
            shorter = None
        if longer is not None and longer * count > token_budget:
            longer = None
        if shorter is None and longer is None:
            break
        if longer is None or (
            shorter is not None and anchor.token_count - shorter <= longer - anchor.token_count
        ):
            low -= 1
        else:
            high += 1
    batch = entries[low:high]
    batch.remove(anchor)
    return [anchor, *batch]

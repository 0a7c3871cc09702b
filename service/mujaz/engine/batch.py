"""Chooses what the engine computes next: a pure function over what waits.

Order is self-clocked fair queueing (Golestani 1994): each sequence carries the virtual time at
which its request may have it served, so a long article cannot hold up a headline, and bulk work,
which is charged more virtual time per token, gives way without ever starving. Whoever is first in
that order anchors the batch; sequences of like length fill it up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Final, Generic, TypeVar

# How much virtual time a token costs: bulk work gets about one token in nine while both wait.
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
    priority: Priority = Priority.INTERACTIVE
    deadline: float | None = None
    start_tag: float = 0.0

    @property
    def finish_tag(self) -> float:
        """The virtual time at which it has been served."""
        return self.start_tag + self.token_count * self.priority.cost


Entry = TypeVar("Entry", bound=QueueEntry)


@dataclass(frozen=True, slots=True)
class BatchChoice(Generic[Entry]):
    """What to compute now, anchor first, and what to drop because its deadline has passed."""

    batch: Sequence[Entry]
    late: Sequence[Entry]


def choose_batch(
    kinds: Iterable[Collection[Entry]], *, token_budget: int, now: float
) -> BatchChoice[Entry]:
    """The next batch, from one of the non-empty `kinds`: sets of entries that may share a batch.

    It is the kind whose first entry has the least start tag. The padded cost, longest sequence ×
    number of sequences, stays within `token_budget` tokens unless the anchor alone is longer. The
    late of that kind are dropped; where all of it is late the batch is empty.
    """
    kind = min(kinds, key=_first_tag, default=None)
    if kind is None:
        return BatchChoice((), ())
    late = [entry for entry in kind if entry.deadline is not None and entry.deadline <= now]
    alive = list(set(kind).difference(late)) if late else list(kind)
    return BatchChoice(_fill(alive, token_budget) if alive else (), late)


def _first_tag(kind: Collection[QueueEntry]) -> float:
    return min(entry.start_tag for entry in kind)


def _fill(entries: list[Entry], token_budget: int) -> list[Entry]:
    """The first in virtual time and its nearest in length, as many as the budget holds."""
    anchor = min(entries, key=attrgetter("start_tag"))
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

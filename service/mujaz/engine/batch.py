"""Chooses what the engine computes next: a pure function over what waits.

Order is start-time fair queueing (Goyal, Vin and Cheng 1997): each sequence carries the virtual
time at which its request may have it served, so a long article cannot hold up a headline, and bulk
work, which is charged more virtual time per token, gives way without ever starving. Whoever is
first in that order anchors the batch; sequences of like length fill it up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Generic, TypeVar


class Priority(IntEnum):
    """Which work goes first; named as in the contract."""

    INTERACTIVE = 1
    BULK = 2


@dataclass(slots=True, eq=False)
class QueueEntry:
    """One sequence that waits.

    `start_tag` is its virtual start time. Only entries of one `group` (model, decoding options,
    priority) share a batch. `urgent` marks the first sentence of a text, which a reader waits for:
    such entries share a batch with each other only, so that it is short. `deadline` is an instant
    of the scheduler's clock.
    """

    token_count: int
    group: Hashable
    start_tag: float = 0.0
    urgent: bool = False
    deadline: float | None = None


Entry = TypeVar("Entry", bound=QueueEntry)


@dataclass(frozen=True, slots=True)
class BatchChoice(Generic[Entry]):
    """What to compute now, and what to drop because its deadline has passed."""

    batch: Sequence[Entry]
    late: Sequence[Entry]


def choose_batch(entries: Iterable[Entry], *, token_budget: int, now: float) -> BatchChoice[Entry]:
    """The next batch: never empty while an entry in time waits.

    The padded cost, longest sequence × number of sequences, stays within `token_budget` tokens
    unless a single sequence is longer than that.
    """
    late: list[Entry] = []
    alive: list[Entry] = []
    for entry in entries:
        is_late = entry.deadline is not None and entry.deadline <= now
        (late if is_late else alive).append(entry)
    if not alive:
        return BatchChoice((), late)
    anchor = min(alive, key=attrgetter("start_tag"))
    kin = [e for e in alive if e.group == anchor.group and e.urgent == anchor.urgent]
    return BatchChoice(_fill(anchor, kin, token_budget), late)


def _fill(anchor: Entry, kin: list[Entry], token_budget: int) -> list[Entry]:
    """Anchor and its nearest in length, as many as the budget holds; `kin` contains the anchor."""
    kin.sort(key=attrgetter("token_count", "start_tag"))
    low = bisect_left(kin, (anchor.token_count, anchor.start_tag), key=_length_order)
    while kin[low] is not anchor:  # equal length and tag: walk to the anchor itself
        low += 1
    high = low + 1
    while True:
        count = high - low + 1
        longest = kin[high - 1].token_count
        shorter = kin[low - 1].token_count if low > 0 else None
        longer = kin[high].token_count if high < len(kin) else None
        if shorter is not None and longest * count > token_budget:
            shorter = None
        if longer is not None and longer * count > token_budget:
            longer = None
        if shorter is None and longer is None:
            return kin[low:high]
        if longer is None or (
            shorter is not None and anchor.token_count - shorter <= longer - anchor.token_count
        ):
            low -= 1
        else:
            high += 1


def _length_order(entry: QueueEntry) -> tuple[int, float]:
    return entry.token_count, entry.start_tag

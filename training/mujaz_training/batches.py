"""Padded batches of pairs of like length, built while the network computes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from .packed_pairs import Array, PackedPairs
from .tokenization import END, PAD, START

_LENGTH_NOISE = 3.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids, padded with 0, int64: `source` ends with the end token; `target` starts and ends."""

    source: Array
    target: Array


def make_batches(
    pairs: PackedPairs,
    indices: Array,
    *,
    batch_tokens: int,
    generator: np.random.Generator,
    multiple: int = 1,
) -> Iterator[Batch]:
    """`indices` in batches of at most `batch_tokens` padded tokens a side, in random order.

    A pair longer than that gets a batch of its own. Lengths are padded to a `multiple`, which GPUs
    are faster with.
    """
    longest = np.maximum(pairs.source_lengths[indices], pairs.target_lengths[indices])
    noisy = longest + generator.uniform(0, _LENGTH_NOISE, len(indices))
    order = np.argsort(noisy, kind="stable")
    groups = list(_cut(longest[order] + 2, batch_tokens))
    for number in generator.permutation(len(groups)):
        start, end = groups[number]
        yield _padded(pairs, indices[order[start:end]], multiple)


def _cut(lengths: Array, batch_tokens: int) -> Iterator[tuple[int, int]]:
    start, peak = 0, 0
    for position, length in enumerate(lengths.tolist()):
        peak = max(peak, length)
        if position > start and peak * (position - start + 1) > batch_tokens:
            yield start, position
            start, peak = position, length
    if start < len(lengths):
        yield start, len(lengths)


def _padded(pairs: PackedPairs, rows: Array, multiple: int) -> Batch:
    source_width = int(pairs.source_lengths[rows].max()) + 1
    target_width = int(pairs.target_lengths[rows].max()) + 2
    source = np.full((len(rows), _rounded(source_width, multiple)), PAD, np.int64)
    # The network reads all but the last column and writes all but the first.
    target = np.full((len(rows), _rounded(target_width - 1, multiple) + 1), PAD, np.int64)
    target[:, 0] = START
    for row, pair in enumerate(rows):
        ids = pairs.source[pairs.source_offsets[pair] : pairs.source_offsets[pair + 1]]
        source[row, : len(ids)], source[row, len(ids)] = ids, END
        ids = pairs.target[pairs.target_offsets[pair] : pairs.target_offsets[pair + 1]]
        target[row, 1 : len(ids) + 1], target[row, len(ids) + 1] = ids, END
    return Batch(source, target)


def _rounded(width: int, multiple: int) -> int:
    return -(-width // multiple) * multiple


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException


class Prefetcher(Generic[T]):
    """Runs an iterator in a background thread, a few items ahead; close it when done.

    An error of the iterator is raised where its item would have come.
    """

    __slots__ = ("_closed", "_items", "_thread")

    def __init__(self, make: Callable[[], Iterator[T]], *, depth: int = 8) -> None:
        self._items: queue.Queue[T | _Failure | None] = queue.Queue(depth)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._fill, args=(make,), daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        while True:
            item = self._items.get()
            if item is None:
                return
            if isinstance(item, _Failure):
                raise item.error
            yield item

    def close(self) -> None:
        """Ends the thread; what it has built is dropped."""
        self._closed.set()
        while self._thread.is_alive():
            try:
                self._items.get(timeout=0.05)
            except queue.Empty:
                continue

    def _fill(self, make: Callable[[], Iterator[T]]) -> None:
        try:
            for item in make():
                self._items.put(item)
                if self._closed.is_set():
                    return
            self._items.put(None)
        except BaseException as error:
            self._items.put(_Failure(error))

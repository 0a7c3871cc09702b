from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz_training.batches import Prefetcher, make_batches
from mujaz_training.packed_pairs import pack

LENGTHS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=40)


@given(lengths=LENGTHS, batch_tokens=st.integers(40, 300), multiple=st.sampled_from([1, 8]))
def test_batches_hold_every_pair_once_within_the_budget(
    lengths: list[tuple[int, int]], batch_tokens: int, multiple: int
) -> None:
    sources = [[10 + row] * source for row, (source, _) in enumerate(lengths)]
    targets = [[10 + row] * target for row, (_, target) in enumerate(lengths)]
    pairs = pack(sources, targets, [0] * len(lengths), shares=[("all", 1.0)], vocabulary_size=99)
    seen = []
    for batch in make_batches(
        pairs,
        np.arange(len(pairs)),
        batch_tokens=batch_tokens,
        generator=np.random.default_rng(1),
        multiple=multiple,
    ):
        assert len(batch.source) == 1 or max(batch.source.size, batch.target.size) <= (
            batch_tokens + len(batch.source) * multiple
        )
        assert batch.source.shape[1] % multiple == (batch.target.shape[1] - 1) % multiple == 0
        for source, target in zip(batch.source.tolist(), batch.target.tolist(), strict=True):
            row = source[0] - 10
            seen.append(row)
            assert [token for token in source if token] == [*sources[row], 3]
            assert [token for token in target if token] == [2, *targets[row], 3]
    assert sorted(seen) == list(range(len(lengths)))


def test_a_prefetcher_gives_the_items_in_order() -> None:
    assert list(Prefetcher(lambda: iter(range(50)), depth=2)) == list(range(50))


def test_a_prefetcher_raises_what_its_iterator_raises() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError("no more")

    items = iter(Prefetcher(failing))
    assert next(items) == 1
    with pytest.raises(LookupError, match="no more"):
        next(items)


def test_a_closed_prefetcher_ends_its_thread() -> None:
    def endless() -> Iterator[int]:
        while True:
            yield 1

    prefetcher = Prefetcher(endless, depth=2)
    assert next(iter(prefetcher)) == 1
    prefetcher.close()
    assert not prefetcher._thread.is_alive()

"""Which sequences are computed next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.batch import BatchChoice, Priority, QueueEntry, choose_batch

NOW = 10.0
entries = st.builds(
    QueueEntry,
    token_count=st.integers(1, 200),
    start_tag=st.floats(0, 1000),
    deadline=st.none() | st.floats(0, 20),
)
queues = st.lists(st.lists(entries, min_size=1, max_size=20), max_size=4)
budgets = st.integers(1, 2000)


def choose(queue: list[list[QueueEntry]], budget: int) -> BatchChoice[QueueEntry]:
    return choose_batch(queue, token_budget=budget, now=NOW)


def is_late(entry: QueueEntry) -> bool:
    return entry.deadline is not None and entry.deadline <= NOW


@given(queues, budgets)
def test_what_is_taken_comes_from_one_kind_and_only_once(
    queue: list[list[QueueEntry]], budget: int
) -> None:
    choice = choose(queue, budget)
    taken = [*choice.batch, *choice.late]
    assert len(taken) == len(set(taken))
    assert not taken or any(set(taken) <= set(kind) for kind in queue)


@given(queues, budgets)
def test_something_is_taken_from_every_queue_that_is_not_empty(
    queue: list[list[QueueEntry]], budget: int
) -> None:
    choice = choose(queue, budget)
    assert bool(choice.batch or choice.late) == bool(queue)


@given(queues, budgets)
def test_the_padded_cost_stays_within_the_budget_unless_one_entry_alone_is_over_it(
    queue: list[list[QueueEntry]], budget: int
) -> None:
    batch = choose(queue, budget).batch
    if len(batch) > 1:
        assert max(e.token_count for e in batch) * len(batch) <= budget


@given(queues, budgets)
def test_the_late_are_dropped_and_never_computed(
    queue: list[list[QueueEntry]], budget: int
) -> None:
    choice = choose(queue, budget)
    assert all(map(is_late, choice.late))
    assert not any(map(is_late, choice.batch))


@given(queues, budgets)
def test_the_entry_first_in_virtual_time_anchors_the_batch(
    queue: list[list[QueueEntry]], budget: int
) -> None:
    choice = choose(queue, budget)
    first = min((e.start_tag for kind in queue for e in kind), default=None)
    if choice.batch and not choice.late:
        assert choice.batch[0].start_tag == first


@given(queues, budgets)
def test_no_entry_left_behind_lies_between_the_lengths_of_the_chosen(
    queue: list[list[QueueEntry]], budget: int
) -> None:
    batch = choose(queue, budget).batch
    if not batch:
        return
    low, high = min(e.token_count for e in batch), max(e.token_count for e in batch)
    kind = next(kind for kind in queue if batch[0] in kind)
    left = [e for e in kind if e not in batch and not is_late(e)]
    assert not [e for e in left if low < e.token_count < high]


def test_like_lengths_fill_the_batch_of_the_oldest() -> None:
    oldest = QueueEntry(20)
    near = [QueueEntry(length, start_tag=5) for length in (19, 21, 22)]
    far = [QueueEntry(length, start_tag=1) for length in (3, 90)]
    batch = choose([[*far, oldest, *near]], 88).batch
    assert batch[0] is oldest
    assert set(batch) == {oldest, *near}


def test_a_bulk_token_costs_more_virtual_time() -> None:
    interactive = QueueEntry(10, Priority.INTERACTIVE)
    bulk = QueueEntry(10, Priority.BULK)
    assert bulk.finish_tag == 8 * interactive.finish_tag


def test_an_empty_queue_gives_an_empty_batch() -> None:
    choice = choose([], 100)
    assert not choice.batch
    assert not choice.late

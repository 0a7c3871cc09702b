"""Which sequences are computed next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.batch import BatchChoice, Priority, QueueEntry, choose_batch

NOW = 10.0
entries = st.builds(
    QueueEntry, token_count=st.integers(1, 200), deadline=st.none() | st.floats(0, 20)
)
kinds = st.lists(entries, min_size=1, max_size=30)
budgets = st.integers(1, 2000)


def choose(kind: list[QueueEntry], budget: int) -> BatchChoice[QueueEntry]:
    return choose_batch(kind[0], kind, token_budget=budget, now=NOW)


def is_late(entry: QueueEntry) -> bool:
    return entry.deadline is not None and entry.deadline <= NOW


@given(kinds, budgets)
def test_what_is_taken_comes_from_the_kind_and_only_once(
    kind: list[QueueEntry], budget: int
) -> None:
    choice = choose(kind, budget)
    taken = [*choice.batch, *choice.late]
    assert taken
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(kind)


@given(kinds, budgets)
def test_the_padded_cost_stays_within_the_budget_unless_one_entry_alone_is_over_it(
    kind: list[QueueEntry], budget: int
) -> None:
    batch = choose(kind, budget).batch
    if len(batch) > 1:
        assert max(e.token_count for e in batch) * len(batch) <= budget


@given(kinds, budgets)
def test_the_late_are_dropped_and_never_computed(kind: list[QueueEntry], budget: int) -> None:
    choice = choose(kind, budget)
    assert set(choice.late) == set(filter(is_late, kind))
    assert not any(map(is_late, choice.batch))


@given(kinds, budgets)
def test_the_anchor_leads_the_batch_unless_it_is_late(kind: list[QueueEntry], budget: int) -> None:
    choice = choose(kind, budget)
    assert list(choice.batch[:1]) == [entry for entry in kind[:1] if not is_late(entry)]


@given(kinds, budgets)
def test_no_entry_left_behind_lies_between_the_lengths_of_the_chosen(
    kind: list[QueueEntry], budget: int
) -> None:
    batch = choose(kind, budget).batch
    if not batch:
        return
    low, high = min(e.token_count for e in batch), max(e.token_count for e in batch)
    left = [e for e in kind if e not in batch and not is_late(e)]
    assert not [e for e in left if low < e.token_count < high]


def test_like_lengths_fill_the_batch_of_the_anchor() -> None:
    anchor = QueueEntry(20)
    near = [QueueEntry(length) for length in (19, 21, 22)]
    far = [QueueEntry(length) for length in (3, 90)]
    batch = choose([anchor, *far, *near], 88).batch
    assert batch[0] is anchor
    assert set(batch) == {anchor, *near}


def test_a_bulk_token_costs_more_virtual_time() -> None:
    assert Priority.BULK.cost == 8 * Priority.INTERACTIVE.cost

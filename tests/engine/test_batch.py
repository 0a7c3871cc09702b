"""Which sequences are computed next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.batch import QueueEntry, choose_batch

entries = st.lists(
    st.builds(
        QueueEntry,
        token_count=st.integers(1, 200),
        start_tag=st.floats(0, 1000),
        group=st.sampled_from(["greedy", "beam"]),
        urgent=st.booleans(),
        deadline=st.none() | st.floats(0, 20),
    ),
    max_size=40,
)
budgets = st.integers(1, 2000)


def entry(token_count: int, start_tag: float = 0.0, **fields: object) -> QueueEntry:
    return QueueEntry(token_count=token_count, start_tag=start_tag, group="g", **fields)  # type: ignore[arg-type]  # keyword forwarding


@given(entries, budgets)
def test_every_chosen_or_dropped_entry_comes_from_the_queue_once(
    queue: list[QueueEntry], budget: int
) -> None:
    choice = choose_batch(queue, token_budget=budget, now=10.0)
    taken = [id(e) for e in (*choice.batch, *choice.late)]
    assert len(taken) == len(set(taken))
    assert set(taken) <= {id(e) for e in queue}


@given(entries, budgets)
def test_the_padded_cost_stays_within_the_budget_unless_one_entry_alone_is_over_it(
    queue: list[QueueEntry], budget: int
) -> None:
    batch = choose_batch(queue, token_budget=budget, now=10.0).batch
    if len(batch) > 1:
        assert max(e.token_count for e in batch) * len(batch) <= budget


@given(entries, budgets)
def test_exactly_the_late_are_dropped_and_never_computed(
    queue: list[QueueEntry], budget: int
) -> None:
    choice = choose_batch(queue, token_budget=budget, now=10.0)
    late = {id(e) for e in queue if e.deadline is not None and e.deadline <= 10.0}
    assert {id(e) for e in choice.late} == late
    assert not late & {id(e) for e in choice.batch}


@given(entries, budgets)
def test_the_entry_first_in_virtual_time_is_always_served(
    queue: list[QueueEntry], budget: int
) -> None:
    choice = choose_batch(queue, token_budget=budget, now=10.0)
    alive = [e for e in queue if e.deadline is None or e.deadline > 10.0]
    assert bool(choice.batch) == bool(alive)
    if alive:
        assert min(e.start_tag for e in choice.batch) == min(e.start_tag for e in alive)


@given(entries, budgets)
def test_a_batch_holds_one_kind_of_entry(queue: list[QueueEntry], budget: int) -> None:
    batch = choose_batch(queue, token_budget=budget, now=10.0).batch
    assert len({(e.group, e.urgent) for e in batch}) <= 1


@given(entries, budgets)
def test_no_skipped_entry_is_nearer_in_length_on_its_side_than_a_chosen_one(
    queue: list[QueueEntry], budget: int
) -> None:
    batch = choose_batch(queue, token_budget=budget, now=10.0).batch
    if not batch:
        return
    low, high = min(e.token_count for e in batch), max(e.token_count for e in batch)
    chosen = {id(e) for e in batch}
    kin = [
        e
        for e in queue
        if id(e) not in chosen
        and (e.group, e.urgent) == (batch[0].group, batch[0].urgent)
        and (e.deadline is None or e.deadline > 10.0)
    ]
    assert not [e for e in kin if low < e.token_count < high]


def test_like_lengths_fill_the_batch_of_the_oldest() -> None:
    oldest = entry(20, 0)
    near = [entry(19, 5), entry(21, 6), entry(22, 7)]
    far = [entry(3, 1), entry(90, 2)]
    batch = choose_batch([*far, oldest, *near], token_budget=88, now=0.0).batch
    assert set(map(id, batch)) == set(map(id, [oldest, *near]))


def test_a_first_sentence_does_not_wait_for_the_rest_of_its_article() -> None:
    first = entry(20, 0, urgent=True)
    rest = [entry(20, tag) for tag in range(1, 30)]
    assert choose_batch([first, *rest], token_budget=4000, now=0.0).batch == [first]


def test_an_empty_queue_gives_an_empty_batch() -> None:
    choice = choose_batch([], token_budget=100, now=0.0)
    assert not choice.batch
    assert not choice.late

"""Who is let in and who is refused, without an engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.engine.admission import SHARE_OF_FREE, Admission, Load, SchedulerLimits, Work, may_take
from mujaz.engine.batch import Priority
from mujaz.engine.speed import Speed
from mujaz.errors import CallerShareExceeded, Overloaded, QueueFull, WaitExceedsDeadline

IDLE = Load(queued_tokens=0, queued_tokens_of_caller=0, running_tokens=0)
INTERACTIVE, BULK = Priority.INTERACTIVE, Priority.BULK


def make(seconds_per_token: float = 0.0, **limits: int) -> Admission:
    speed = Speed(worker_count=1, batch_token_budget=4)
    if seconds_per_token:
        speed.add_batch(1_000, 1_000 * seconds_per_token, priority=BULK, now=0.0)
    return Admission(SchedulerLimits(**limits), speed)


def enter(
    admission: Admission,
    caller: str,
    *,
    priority: Priority = INTERACTIVE,
    tokens: int = 10,
    load: Load = IDLE,
    seconds: float | None = None,
) -> Work:
    work = Work(caller, priority, tokens)
    admission.enter(work, load, remaining_seconds=seconds, now=0.0)
    return work


def flood(
    admission: Admission, caller: str, *, priority: Priority = INTERACTIVE, tokens: int = 10
) -> int:
    """How many requests of a caller are let in until one is refused."""
    count = 0
    try:
        while True:
            enter(admission, caller, priority=priority, tokens=tokens)
            count += 1
    except Overloaded:
        return count


@given(st.lists(st.sampled_from(Priority), min_size=1, max_size=3), st.integers(0, 100))
def test_however_many_flood_the_next_caller_finds_room(
    priorities: list[Priority], more: int
) -> None:
    # Each flood takes at most four fifths of what is free, but of at least one place.
    limit = 5 ** len(priorities) + more
    admission = make(request_limit=limit)
    for number, priority in enumerate(priorities):
        flood(admission, f"caller {number}", priority=priority)
    assert admission.request_count < limit
    enter(admission, "newcomer")


def test_callers_end_with_equal_parts_whoever_came_first() -> None:
    admission = make(request_limit=900)
    works: dict[str, list[Work]] = {"first": [], "second": []}
    flood_first = 0
    while True:
        try:
            works["first"].append(enter(admission, "first"))
        except CallerShareExceeded:
            break
        flood_first += 1
    assert flood_first == 720  # four times what is then still free
    for _ in range(2_000):  # one ends, and both ask for its place
        for caller in ("second", "first"):
            try:
                works[caller].append(enter(admission, caller))
            except Overloaded:
                continue
        longest = max(works.values(), key=len)
        admission.leave(longest.pop(0))
    assert abs(len(works["first"]) - len(works["second"])) <= 2


def test_bulk_leaves_half_of_the_room_to_interactive_work_of_the_same_caller() -> None:
    admission = make(request_limit=100)
    assert flood(admission, "desk", priority=BULK) == 50
    assert flood(admission, "desk") == 30


def test_texts_are_bounded_by_their_length() -> None:
    admission = make(text_token_limit=1_000)
    assert flood(admission, "desk", tokens=100) == 8
    with pytest.raises(CallerShareExceeded):
        enter(admission, "desk", tokens=1)
    enter(admission, "other", tokens=100)


def test_a_queue_full_of_tokens_refuses_and_a_caller_with_its_share_of_them_too() -> None:
    admission = make(queue_token_limit=100)
    with pytest.raises(QueueFull):
        enter(admission, "desk", load=Load(100, 0, 0))
    with pytest.raises(CallerShareExceeded) as refused:
        enter(admission, "desk", load=Load(85, 85, 0))
    assert refused.value.retry_after_seconds > 0
    enter(admission, "other", load=Load(85, 0, 0))


@given(st.sampled_from(Priority), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1, 1e6))
def test_nobody_takes_more_of_what_is_full(
    priority: Priority, held: float, excess: float, limit: float
) -> None:
    assert not may_take(held, limit + excess, limit, priority=priority)
    assert may_take(0, limit / 2, limit, priority=priority)
    assert SHARE_OF_FREE[priority] >= 1


def test_long_work_of_others_does_not_keep_a_headline_out() -> None:
    admission = make(seconds_per_token=0.01)
    for number in range(5):
        enter(admission, f"caller {number}", tokens=50_000, seconds=10_000)
    enter(admission, "desk", tokens=20, seconds=4)
    with pytest.raises(WaitExceedsDeadline) as refused:
        enter(admission, "desk", tokens=20_000, seconds=300)
    assert refused.value.retry_after_seconds > 0


def test_what_is_promised_to_one_caller_is_kept_when_another_comes() -> None:
    """With a second caller the first has half the engine, and is still in time."""
    admission = make(seconds_per_token=0.01)
    first = 0
    for _ in range(1_000):
        try:
            enter(admission, "first", tokens=10, seconds=10)
        except WaitExceedsDeadline:
            break
        first += 1
    seconds_of_work = first * 10 * 0.01
    assert 1.5 <= seconds_of_work <= 10 / 2


def test_work_that_is_done_makes_room() -> None:
    admission = make(seconds_per_token=0.01)
    work = enter(admission, "desk", tokens=400, seconds=10)
    with pytest.raises(WaitExceedsDeadline):
        enter(admission, "desk", tokens=400, seconds=10)
    admission.progress(work, submitted=400)
    admission.progress(work, answered=350)
    enter(admission, "desk", tokens=400, seconds=10)


def test_bulk_is_promised_its_sure_part_only_while_interactive_work_comes() -> None:
    speed = Speed(worker_count=1, batch_token_budget=4)
    speed.add_batch(1_000, 10.0, priority=INTERACTIVE, now=0.0)
    admission = Admission(SchedulerLimits(), speed)
    work = Work("desk", BULK, 100)
    admission.enter(work, IDLE, remaining_seconds=10, now=0.0)
    with pytest.raises(WaitExceedsDeadline):
        admission.enter(Work("desk", BULK, 100), IDLE, remaining_seconds=10, now=1.0)
    admission.enter(Work("desk", BULK, 100), IDLE, remaining_seconds=10, now=1_000.0)


def test_windows_are_shared_among_callers_then_among_their_requests() -> None:
    admission = make(queue_token_limit=8_000, window_token_limit=8_000)
    enter(admission, "one")
    assert admission.window_tokens("one", IDLE) == 4_000
    for _ in range(4):
        enter(admission, "many")
    assert admission.window_tokens("one", IDLE) == 2_000
    assert admission.window_tokens("many", IDLE) == 500
    assert admission.window_tokens("many", Load(2_000, 2_000, 0)) == 0
    assert admission.window_tokens("one", Load(2_000, 0, 0)) == 2_000
    assert admission.window_tokens("one", Load(8_000, 0, 0)) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(Priority), st.integers(0, 50))))
def test_what_has_left_leaves_nothing_behind(
    requests: list[tuple[str, Priority, int]],
) -> None:
    admission = make(seconds_per_token=0.01)
    works = [enter(admission, c, priority=p, tokens=t) for c, p, t in requests]
    for work in works:
        admission.progress(work, submitted=work.token_count + 3)
        admission.progress(work, answered=work.token_count)
        admission.leave(work)
    assert admission.request_count == 0
    assert not any(admission._remaining[p] or admission._works[p] for p in Priority)
    assert not admission._text_tokens

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.errors import FieldInvalid, QueueFull, QuotaExceeded
from mujaz.transport.quota import CharacterBudget, Meter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def metered(rate: int) -> tuple[Meter, Clock]:
    clock = Clock()
    budget = CharacterBudget(rate, clock=clock)
    return Meter(budget, name="desk", clock=clock, sleep=clock.sleep), clock


steps = st.lists(st.tuples(st.floats(0, 90), st.integers(1, 300)), min_size=1, max_size=60)


@given(st.integers(1, 200), steps)
def test_in_the_long_run_no_more_than_the_rate_is_let_through(
    rate: int, steps: list[tuple[float, int]]
) -> None:
    clock = Clock()
    budget = CharacterBudget(rate, clock=clock)
    began = clock.now
    taken = 0
    for pause, count in steps:
        clock.now += pause
        allowed = rate + (clock.now - began) * rate / 60 + 1e-6
        if budget.take(count) == 0.0:
            # A text over the minute may leave a debt, but none is let through on top of one.
            assert taken + min(count, rate) <= allowed
            taken += count


@given(st.integers(1, 200), steps)
def test_after_the_wait_that_was_told_there_is_room(
    rate: int, steps: list[tuple[float, int]]
) -> None:
    clock = Clock()
    budget = CharacterBudget(rate, clock=clock)
    for pause, count in steps:
        clock.now += pause
        wait = budget.take(count)
        assert wait >= 0.0
        if wait:
            clock.now += wait + 1e-6
            assert budget.take(count) == 0.0


def test_a_refusal_costs_nothing_and_says_when_and_whose() -> None:
    meter, clock = metered(600)
    meter.charge(600)
    for _ in range(3):
        with pytest.raises(QuotaExceeded) as caught:
            meter.charge(100)
    assert caught.value.retry_after_seconds == pytest.approx(10.0)
    assert caught.value.subject == "desk"
    assert caught.value.metadata == {"characters_per_minute": "600", "character_count": "100"}
    clock.now += 10.0
    meter.charge(100)


def test_a_text_over_the_minute_is_let_through_when_full_and_paid_off_later() -> None:
    meter, clock = metered(600)
    meter.charge(1_800)
    with pytest.raises(QuotaExceeded) as caught:
        meter.charge(1)
    assert caught.value.retry_after_seconds == pytest.approx(120.1)
    clock.now += 121.0
    meter.charge(1)


def test_work_the_server_had_no_room_for_is_not_counted() -> None:
    meter, _ = metered(600)
    for _ in range(3):
        with (
            pytest.raises(QueueFull),
            meter.charged(600),
        ):
            raise QueueFull("full", retry_after_seconds=1.0)
    with pytest.raises(FieldInvalid), meter.charged(600):
        raise FieldInvalid("bad", field="x")
    with pytest.raises(QuotaExceeded):
        meter.charge(600)


def test_nothing_to_charge_is_let_through_in_debt_too() -> None:
    meter, _ = metered(600)
    meter.charge(1_800)
    meter.charge(0)


async def test_who_waits_is_let_through_in_turn() -> None:
    meter, clock = metered(600)
    await meter.charge_in_turn(600, until=0.0)
    await meter.charge_in_turn(100, until=clock.now + 60)
    assert clock.slept == [pytest.approx(10.0)]


async def test_a_wait_that_is_too_long_is_refused_at_once_and_costs_nothing() -> None:
    meter, clock = metered(600)
    meter.charge(600)
    for _ in range(3):
        with pytest.raises(QuotaExceeded):
            await meter.charge_in_turn(100, until=clock.now + 9)
    assert clock.slept == []
    await meter.charge_in_turn(100, until=clock.now + 11)


async def test_who_gives_up_waiting_is_not_charged() -> None:
    clock = Clock()
    budget = CharacterBudget(600, clock=clock)
    entered = asyncio.Event()

    async def never(seconds: float) -> None:
        entered.set()
        await asyncio.Event().wait()

    meter = Meter(budget, clock=clock, sleep=never)
    meter.charge(600)
    waiting = asyncio.create_task(meter.charge_in_turn(600, until=clock.now + 600))
    await entered.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    clock.now += 60
    meter.charge(600)


async def test_without_a_budget_there_is_no_limit() -> None:
    meter = Meter()
    meter.charge(10**12)
    with meter.charged(10**12):
        await meter.charge_in_turn(10**12, until=0.0)


def test_a_new_rate_keeps_what_was_used() -> None:
    clock = Clock()
    budget = CharacterBudget(600, clock=clock)
    assert budget.take(600) == 0.0
    assert budget.changed_to(60_000).take(1) > 0.0
    full = CharacterBudget(600, clock=clock)
    assert full.changed_to(60).take(60) == 0.0

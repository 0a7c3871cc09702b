"""Events of several tasks become one stream."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from mujaz.app.relay import Emit, relay


async def test_events_come_in_the_order_they_were_emitted() -> None:
    async def produce(emit: Emit[int]) -> None:
        for number in range(5):
            await emit(number)

    assert [event async for event in relay(produce, ahead=2)] == [0, 1, 2, 3, 4]


async def test_an_error_comes_behind_the_events_before_it() -> None:
    async def produce(emit: Emit[int]) -> None:
        await emit(1)
        raise ValueError("broken")

    events = relay(produce, ahead=4)
    assert await anext(events) == 1
    with pytest.raises(ValueError, match="broken"):
        await anext(events)


async def test_a_slow_reader_holds_the_producer_back() -> None:
    emitted = 0

    async def produce(emit: Emit[int]) -> None:
        nonlocal emitted
        for number in range(10):
            await emit(number)
            emitted += 1

    async with aclosing(relay(produce, ahead=2)) as events:
        await anext(events)
        for _ in range(20):
            await asyncio.sleep(0)
        assert emitted <= 1 + 2 + 1


async def test_a_reader_that_leaves_ends_the_producer() -> None:
    ended = asyncio.Event()

    async def produce(emit: Emit[int]) -> None:
        try:
            for number in range(100):
                await emit(number)
        finally:
            ended.set()

    async with aclosing(relay(produce, ahead=1)) as events:
        await anext(events)
    assert ended.is_set()
    assert len(asyncio.all_tasks()) == 1


async def test_a_producer_that_fails_as_the_reader_leaves_does_not_hang() -> None:
    """A TaskGroup that aborts turns a cancellation into its child's error."""
    failing = asyncio.Event()

    async def produce(emit: Emit[int]) -> None:
        async def fill() -> None:
            for number in range(100):
                await emit(number)

        async def fail() -> None:
            await failing.wait()
            raise ValueError("broken")

        async with asyncio.TaskGroup() as group:
            group.create_task(fill())
            group.create_task(fail())

    events = relay(produce, ahead=1)
    await anext(events)
    await asyncio.sleep(0)
    failing.set()
    await asyncio.wait_for(events.aclose(), 10)

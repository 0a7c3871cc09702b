"""One stream of events that several tasks write to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

Event = TypeVar("Event")
Emit = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


async def relay(
    produce: Callable[[Emit[Event]], Awaitable[None]], *, ahead: int
) -> AsyncGenerator[Event, None]:
    """What `produce` emits, then what it raised, if it did.

    `produce` runs in a task of its own, waits once `ahead` events are unread, and is cancelled and
    awaited when the reader stops early.
    """
    # The events are bounded, the end is not: a producer that fails just as the reader leaves must
    # not wait for room that nobody makes.
    queue: asyncio.Queue[Event | _End] = asyncio.Queue()
    room = asyncio.Semaphore(ahead)

    async def emit(event: Event) -> None:
        await room.acquire()
        queue.put_nowait(event)

    async def run() -> None:
        error = None
        try:
            await produce(emit)
        except Exception as raised:  # it is the reader's: passed on behind the events before it
            error = raised
        queue.put_nowait(_End(error))

    producer = asyncio.create_task(run())
    try:
        while True:
            event = await queue.get()
            if not isinstance(event, _End):
                room.release()
                yield event
                continue
            if event.error is not None:
                raise event.error
            return
    finally:
        producer.cancel()
        await asyncio.wait({producer})

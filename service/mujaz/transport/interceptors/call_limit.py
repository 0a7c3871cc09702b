"""Bounds the calls open at a time, over all connections: idle streams hold memory too."""

from __future__ import annotations

from collections import Counter
from typing import Final

from google.protobuf.message import Message

from mujaz.engine.admission import may_take
from mujaz.engine.batch import Priority
from mujaz.errors import CallerShareExceeded, QueueFull
from mujaz.transport.interceptors.wrap import Call, Proceed

# How fast calls end says little here, as what fills the limit is streams that stay.
RETRY_AFTER_SECONDS: Final = 1.0


class CallLimit:
    """Refuses a call where `limit` are open, or where its caller has its share of them.

    Raises QueueFull and CallerShareExceeded. Belongs to one event loop.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._count = 0
        self._open: Counter[str] = Counter()

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        held = self._open[call.caller]
        if self._count >= self._limit:
            raise QueueFull(
                "Too many calls are open; try again after the given delay.",
                retry_after_seconds=RETRY_AFTER_SECONDS,
            )
        if not may_take(held, self._count, self._limit, priority=Priority.INTERACTIVE):
            raise CallerShareExceeded(
                "This caller has its share of calls open already; end some, and try again after "
                "the given delay.",
                retry_after_seconds=RETRY_AFTER_SECONDS,
            )
        self._count += 1
        self._open[call.caller] += 1
        try:
            return await proceed()
        finally:
            self._count -= 1
            self._open[call.caller] -= 1
            if not self._open[call.caller]:
                del self._open[call.caller]

"""Knows whether calls are being answered, so that a drain can wait for their end."""

from __future__ import annotations

import asyncio

from google.protobuf.message import Message

from mujaz.transport.interceptors.wrap import Call, Proceed


class CallsInProgress:
    """Counts calls from their first to their last moment; belongs to one event loop."""

    def __init__(self) -> None:
        self._count = 0
        self._ended = asyncio.Event()

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        self._count += 1
        try:
            return await proceed()
        finally:
            self._count -= 1
            self._ended.set()

    async def wait_until_none(self, timeout_seconds: float) -> None:
        """Returns once no call is in progress, or when the time is over."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._count:
                    self._ended.clear()
                    await self._ended.wait()
        except TimeoutError:
            return

"""Holds every call to a deadline: the caller's, or the server's default where it set none."""

from __future__ import annotations

import asyncio
from time import monotonic

from google.protobuf.message import Message

from mujaz.errors import DeadlineExceeded
from mujaz.transport.interceptors.wrap import Call, Proceed


class Deadline:
    """Cancels the work of a call that is over its deadline, and says so."""

    def __init__(self, *, unary_seconds: float, stream_seconds: float) -> None:
        self._unary_seconds = unary_seconds
        self._stream_seconds = stream_seconds

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        # None where the caller set no deadline, whatever the stubs say.
        seconds: float | None = call.context.time_remaining()
        if seconds is None:
            seconds = self._stream_seconds if call.streaming else self._unary_seconds
        call.deadline = monotonic() + seconds
        try:
            async with asyncio.timeout(seconds) as timeout:
                return await proceed()
        except TimeoutError as error:
            if not timeout.expired():
                raise
            raise DeadlineExceeded(
                "The deadline passed before the answer was complete; set a later one."
            ) from error

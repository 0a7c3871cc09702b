"""SIGTERM, for commands that run no event loop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn


@contextlib.contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Raises CancelledError in the block when the process is told to end, so that what was begun
    is cleared away; `reported` makes the line and the exit code of it."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise asyncio.CancelledError

    if threading.current_thread() is not threading.main_thread():  # others get no signals
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

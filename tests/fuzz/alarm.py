"""Ends what takes too long, in the midst of a regular expression as well."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def alarm() -> Iterator[Callable[[float], None]]:
    """Gives what sets the alarm, and sets it anew: AssertionError after so many seconds."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError("an input took too long")

    def start(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)

    before = signal.signal(signal.SIGALRM, fail)
    try:
        yield start
    finally:
        start(0)
        signal.signal(signal.SIGALRM, before)

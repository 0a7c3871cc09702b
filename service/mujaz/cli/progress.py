"""The line on a terminal that says how far the work is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

# Work that ends sooner needs no line.
QUIET_SECONDS = 1.0
REDRAW_SECONDS = 0.1
_ERASE_LINE = "\r\x1b[K"


class Progress:
    """Draws on standard error where that is a terminal; elsewhere, or told not to, does nothing."""

    def __init__(
        self,
        *,
        enabled: bool,
        stream: TextIO | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream or sys.stderr
        self.enabled = enabled and self._stream.isatty()
        self._now = now
        self._next_draw = now() + QUIET_SECONDS
        self._drawn = False

    def show(self, text: str) -> None:
        """Draws the line anew, unless it was drawn a moment ago."""
        if not self.enabled or self._now() < self._next_draw:
            return
        self._next_draw = self._now() + REDRAW_SECONDS
        self._stream.write(f"{_ERASE_LINE}{text}")
        self._stream.flush()
        self._drawn = True

    def clear(self) -> None:
        """Takes the line away, so that something else can be printed."""
        if self._drawn:
            self._stream.write(_ERASE_LINE)
            self._stream.flush()
            self._drawn = False
